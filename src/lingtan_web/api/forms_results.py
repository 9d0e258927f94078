"""The shapes of results."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from ninja import Field, Schema

from lingtan_web.api.forms import Day, Strict

Plain = str | int | float | bool | list[Any] | dict[str, Any] | None


class Ask(Strict):
    """Which version to compute, as of which day (today if left out), under which editions."""

    year: int = Field(strict=True, ge=1990, le=2100)
    version: int = Field(strict=True, ge=1, le=2**31 - 1)
    on: Day | None = None
    editions: list[str] = Field(default=[], max_length=20)


class Explaining(Schema):
    """Which number: by name, or by the node of an input; `page` is of its inputs."""

    name: str = Field("", max_length=300, description="名称，如 net_zero_rate Name")
    node: int = Field(0, ge=0, le=10**9 - 1, description="节点编号，取自 inputs Node, from inputs")
    edition: str = Field(
        "", max_length=100, description="版本，缺省为主版本 Edition; the main one if left out"
    )
    page: int = Field(1, ge=1, le=1_000_000, description="页码 Page")


class EditionOut(Schema):
    """What a calculation came to under one edition; `score` is an exact decimal."""

    edition: str
    stars: int | None
    stage: str | None
    score: str | None


class ResultOut(Schema):
    """A calculation. `state`: queued, running, done or failed."""

    number: int
    year: int
    version: int
    on: date
    state: str
    software: str
    asked_at: datetime
    finished_at: datetime | None
    editions: list[EditionOut]


class ResultFull(ResultOut):
    """A calculation with the faults that were found, and the exports there are."""

    faults: list[dict[str, Any]]
    files: list[str]


class InputOut(Schema):
    """An input of a formula. `is_covered`: its value is not for you."""

    label: str
    node: int
    name: str
    title_zh: str
    title_en: str
    value: Plain
    unit: str | None
    is_covered: bool


class Explained(Schema):
    """One number: where it comes from, and a page of its inputs."""

    node: int
    name: str
    title_zh: str
    title_en: str
    value: Plain
    unit: str | None
    rule: str | None
    origin: dict[str, Any] | None
    basis: str | None
    clause: str | None
    note: str | None
    gaps: list[Any]
    inputs: list[InputOut]
    page: int
    pages: int
    total: int
