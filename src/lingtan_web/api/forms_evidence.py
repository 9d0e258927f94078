"""The shapes of evidence."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from ninja import Field, Schema

from lingtan_web.api.forms import NO_NUL, FaultOut, Pages, Strict
from lingtan_web.api.forms_files import Truth
from lingtan_web.evidence.saying import LONGEST_WORDS


class UseOut(Schema):
    """Where a document is named: register (or `profile`), key of the row, column."""

    sheet: str
    key: str
    column: str


class FileOut(Schema):
    """A file of a document. `is_scanned`: a scanner saw it; `threat`: what it found later, or blank."""

    number: int
    name: str
    kind: str
    sha256: str
    size: int
    uploaded_at: datetime
    is_scanned: bool
    threat: str


class DocumentOut(Schema):
    """A document of the list of a year. `number` names it here (null: its row has no file yet).

    `id` is what registers call it (EV001), `row` its row in the register `evidence`. `state`: here,
    absent, changed (the file is not the one listed), expired. `version`: the file that the list names.
    """

    number: int | None
    id: str
    row: str
    title: str
    supports: str
    page: str
    valid_to: date | None
    days_left: int | None
    state: str
    version: int | None
    is_superseded: bool
    is_confidential: bool
    uses: list[UseOut]
    may_open: bool
    may_change: bool


class DocumentFull(Schema):
    """One document with every file it ever had; `listed` is null where this year does not list it."""

    number: int
    id: str
    owner: int
    owner_zh: str
    owner_en: str
    is_sealed: bool
    listed: DocumentOut | None
    files: list[FileOut]


class Look(Pages):
    """Which documents: with words in id, title or file name; by state."""

    q: str = Field("", max_length=100, description="编号、标题、文件名中的文字 Words of id, title, file name")
    state: Literal["", "here", "absent", "expired"] = Field("", description="状态 State")


class Words(Schema):
    """What is said of documents that are handed in; one title for several files is left out.

    `sealed`: for evaluators only, not for the park. `owner`: for which of one's organisations.
    """

    title: str = Field("", max_length=LONGEST_WORDS, pattern=NO_NUL)
    supports: str = Field("", max_length=LONGEST_WORDS, pattern=NO_NUL)
    page: str = Field("", max_length=LONGEST_WORDS, pattern=NO_NUL)
    valid_to: str = Field("", max_length=40, pattern=NO_NUL, description="有效至，如 2026-12-31 Valid until")
    confidential: Truth = "false"
    sealed: Truth = "false"
    owner: int = Field(
        0, ge=0, le=2**31 - 1, description="机构编号；0 为自己的机构 Organisation; 0 is one's own"
    )


class Description(Strict):
    """The words of a document in the list of a year, all of them."""

    title: str = Field(min_length=1, max_length=LONGEST_WORDS, pattern=NO_NUL)
    supports: str = Field(default="", max_length=LONGEST_WORDS, pattern=NO_NUL)
    page: str = Field(default="", max_length=LONGEST_WORDS, pattern=NO_NUL)
    valid_to: str = Field(default="", max_length=40, pattern=NO_NUL)
    confidential: bool = Field(default=False, strict=True)
    sealed: bool = Field(default=False, strict=True)


class HandedIn(Schema):
    """The documents that were made, one for each file."""

    documents: list[DocumentFull]


class Adopted(Schema):
    """How many files that came with an import became documents, and why others did not."""

    adopted: int
    faults: list[FaultOut]


class TroubleOut(Schema):
    """A document that an indicator rests on and that is not in order."""

    id: str
    state: str


class WantingOut(Schema):
    """What an indicator or basic requirement lacks: rows without evidence, ids not listed, documents.

    `points`: of the indicator, an exact decimal.
    """

    code: str
    zh: str
    en: str
    points: str | None
    rows: int
    rows_without: list[str]
    unlisted: list[str]
    troubled: list[TroubleOut]
    is_complete: bool


class MissingOut(Schema):
    """What is missing of evidence, by the calculation `result`; null as long as there is none."""

    result: int | None
    edition: str | None
    editions: list[str]
    indicators: list[WantingOut]
