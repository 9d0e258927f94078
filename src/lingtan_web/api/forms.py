"""The shapes of what the operations take and give."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Annotated, Any, Generic, TypeVar

from ninja import Field, Path, Schema
from pydantic import BeforeValidator, ConfigDict
from pydantic_core import PydanticKnownError

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def _as_written(given: object) -> object:
    """A day is written as 2026-11-30; the library would also take seconds since 1970."""
    if isinstance(given, str) and not _DAY.fullmatch(given):
        raise PydanticKnownError("date_parsing", {"error": "not a day"})
    if not isinstance(given, str | date):
        raise PydanticKnownError("date_type")
    return given


PER_PAGE = 50
MOST_PER_PAGE = 500
Item = TypeVar("Item")
Day = Annotated[date, BeforeValidator(_as_written)]
NO_NUL = r"^[^\x00]*$"
"""What a database can keep as text."""
Slug = Annotated[str, Path(pattern=r"^[a-z0-9][a-z0-9-]{0,59}$", max_length=60)]
Year = Annotated[int, Path(ge=1990, le=2100)]
Number = Annotated[int, Path(ge=1, le=2**31 - 1)]


class Pages(Schema):
    """Which page of a list, and how many items of it."""

    page: int = Field(1, ge=1, le=1_000_000, description="页码 Page")
    per_page: int = Field(PER_PAGE, ge=1, le=MOST_PER_PAGE, description="每页条数 Items per page")


class Strict(Schema):
    """What is sent to us: a field we do not know is told, not passed over."""

    model_config = ConfigDict(extra="forbid")


class Detail(Schema):
    """A refusal."""

    detail: str


class Words(Schema):
    """A fault in one language."""

    what: str
    why: str
    mend: str


class FaultOut(Schema):
    """What is wrong, where, and how to mend it. `index`: of the item of a list (0 first)."""

    code: str
    severity: str
    file: str | None
    sheet: str | None
    row: int | None
    column: str | None
    context: dict[str, str]
    zh: Words
    en: Words


class Faults(Schema):
    """Everything that is wrong with a request."""

    faults: list[FaultOut]


class Paged(Schema, Generic[Item]):
    """A page of a list. `total`: of all pages."""

    items: list[Item]
    page: int
    pages: int
    total: int


class RoleOut(Schema):
    """A role that is held for an organisation."""

    role: str
    organisation: int
    organisation_zh: str
    organisation_en: str


class Me(Schema):
    """Whom the token acts for, and what it may do."""

    email: str
    name: str
    roles: list[RoleOut]
    token: str
    scopes: list[str]
    expires_at: datetime


class ParkOut(Schema):
    """A park."""

    slug: str
    name_zh: str
    name_en: str
    operator_zh: str
    operator_en: str
    created_at: datetime


class ParkFull(ParkOut):
    """A park, what the token's owner is for it, and the years there are dossiers of."""

    roles: list[str]
    enterprises: list[str] = Field(description="自己的企业编号 Keys of one's own enterprises")
    years: list[int]


Refused: dict[int, Any] = {401: Detail, 403: Detail, 404: Detail, 422: Faults, 429: Detail}
"""The answers that every operation may give besides its own."""
