"""The shapes of working dossiers."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from ninja import Field, Schema

from lingtan.dossier.cells import LONGEST_CELL
from lingtan_web.api.forms import FaultOut, Strict
from lingtan_web.dossiers.edits import LONGEST_HEADING, MOST_EDITS

Mark = Annotated[
    str,
    Field(
        pattern=r"^[0-9a-f]{16}$",
        description="行标识；新行由客户端随机取 Mark of a row; of a new one chosen at random",
    ),
]
Heading = Annotated[str, Field(min_length=1, max_length=LONGEST_HEADING)]
Text = Annotated[str, Field(max_length=LONGEST_CELL)]


class DossierOut(Schema):
    """The working dossier of a year; `revision` counts changes."""

    year: int
    revision: int


class RegisterOut(Schema):
    """A register and how many rows of it one may see."""

    name: str
    zh: str
    en: str
    rows: int


class DossierFull(DossierOut):
    """A dossier: park.yaml as data (null for an enterprise), and the registers one may see."""

    profile: dict[str, Any] | None
    registers: list[RegisterOut]


class RowOut(Schema):
    """A row as text cells; blank cells are left out."""

    row: str
    cells: dict[str, str]


class CellEdit(Strict):
    """A cell that changes: `old` is what it said when it was read."""

    kind: Literal["cell"]
    row: Mark
    column: Heading
    old: Text
    new: Text


class RowEdit(Strict):
    """A row that comes, or one that goes with the cells it had when it was read."""

    kind: Literal["add", "remove"]
    row: Mark
    cells: dict[Heading, Text] = Field(max_length=100)


class Batch(Strict):
    """Edits that were made looking at `revision`."""

    revision: int = Field(strict=True, ge=0, le=2**53)
    edits: list[Annotated[CellEdit | RowEdit, Field(discriminator="kind")]] = Field(max_length=MOST_EDITS)


class ConflictOut(Schema):
    """A cell, or without `column` a row, that is not what was seen; nothing of it was written."""

    row: str
    column: str
    yours: str
    theirs: str
    cells: dict[str, str]
    is_gone: bool


class Outcome(Schema):
    """What became of a batch: revisions before and after, the rows as they are now, conflicts."""

    previous: int
    revision: int
    rows: list[RowOut]
    conflicts: list[ConflictOut]


class DossierFault(FaultOut):
    """A fault of the dossier; `sheet` is the register, `index` (0 first) which of its rows it is."""

    index: int | None


class VersionOut(Schema):
    """A frozen version; nobody can change it."""

    number: int
    revision: int
    label: str
    fingerprint: str
    manifest_sha256: str
    made_at: datetime


class Freeze(Strict):
    """What the version is to be called."""

    label: str = Field(default="", max_length=120)


class Opening(Strict):
    """The year of a new dossier."""

    year: int = Field(strict=True, ge=1990, le=2100)
