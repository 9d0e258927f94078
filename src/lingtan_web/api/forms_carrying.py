"""The shapes of importing a dossier: what a file would change, and what of it is carried out."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from ninja import Field, Schema

from lingtan_web.api.forms import FaultOut, Pages, Strict

Kind = Literal["added", "changed", "removed", "unchanged", "faults", ""]


class PlannedRegister(Schema):
    """A register of the file: how many rows come, change, go or stay, and of how many something is wrong.

    `is_given`: the file has rows of it.
    """

    name: str
    zh: str
    en: str
    is_given: bool
    added: int
    changed: int
    removed: int
    unchanged: int
    faults: int


class PlannedKey(Schema):
    """A key of park.yaml that changes."""

    key: str
    old: str
    new: str


class PlannedFile(Schema):
    """A file (readings, evidence) that comes along."""

    path: str
    sha256: str
    size: int


class PreviewOut(Schema):
    """What importing a file would change; nothing is written before it is confirmed.

    `state`: `ready`; `waiting` for the worker to read a large file (ask again); `failed`, and `faults` say
    why; `expired`, nobody confirmed it in time. `revision` is null where there is no plan. `digest` is over
    the whole plan; `is_outdated`: the dossier has changed since; `confirmed_as`: the revision it became.
    """

    id: str
    file: str
    state: Literal["ready", "waiting", "failed", "expired"]
    digest: str
    made_at: datetime
    revision: int | None
    is_outdated: bool
    confirmed_as: int | None
    registers: list[PlannedRegister]
    profile: list[PlannedKey]
    has_boundary: bool
    files: list[PlannedFile]
    faults: list[FaultOut]


class PlannedCell(Schema):
    """A cell: what stands and what comes."""

    column: str
    old: str
    new: str


class PlannedRow(Schema):
    """A row of the plan: `sheet` is its register, `number` its line in the file (0 for one that goes).

    Rows that come or go have all of their cells, others those that change.
    """

    sheet: str
    kind: str
    key: str
    number: int
    cells: list[PlannedCell]
    faults: list[FaultOut]


class Which(Pages):
    """Which rows of a plan: of one register, of one kind (`faults`: those that something is wrong with)."""

    sheet: str = Field("", max_length=40, description="登记表 Register")
    kind: Kind = Field("", description="类别；缺省不含未变的行 Kind; unchanged rows only if asked for")


class Confirm(Strict):
    """What of a plan is carried out. `registers` left out: all that the file has rows of.

    `digest`, if given, must be that of the preview.
    """

    registers: list[str] | None = Field(default=None, max_length=100)
    profile: bool = Field(default=False, strict=True)
    boundary: bool = Field(default=False, strict=True)
    files: bool = Field(default=False, strict=True)
    digest: str | None = Field(default=None, max_length=64)


class Imported(Schema):
    """What an import became. `adopted`, `wanting`: ids of evidence whose files came into the library, or are
    still to be handed in; `faults`: why files were refused. It can be undone on the pages.
    """

    revision: int
    adopted: list[str]
    wanting: list[str]
    faults: list[FaultOut]
