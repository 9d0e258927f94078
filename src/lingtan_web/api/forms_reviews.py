"""The shapes of findings and questions."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from ninja import Field, Path, Schema

from lingtan_web.api.forms import NO_NUL, Strict
from lingtan_web.reviews.rules.findings import LONGEST

Code = Annotated[
    str,
    Path(max_length=60, description="指标编号或基本要求编号，如 A1.1 Code of the indicator or requirement"),
]
Text = Annotated[str, Field(max_length=LONGEST, pattern=NO_NUL)]
Written = Annotated[str, Field(min_length=1, max_length=LONGEST, pattern=NO_NUL)]


class FindingOut(Schema):
    """What one evaluator says last of a subject. `value`: theirs; `seen`: the park's that they spoke of."""

    number: int
    by: str
    verdict: str
    value: str | None
    seen: str | None
    reasons: str
    reference: str
    at: datetime


class SubjectOut(Schema):
    """An indicator or basic requirement under review: the park's value, points, what the evaluators say.

    `is_hidden`: another evaluator has judged it; it is shown once you have. `is_outdated`: the value has
    changed since. `earned_verified`: points by the evaluators' values. `rank`: its place in the sample.
    """

    code: str
    zh: str
    en: str
    is_gate: bool
    applies: bool
    value: str | None
    unit: str
    points: str
    earned: str
    earned_verified: str | None
    passed: bool | None
    findings: list[FindingOut]
    is_hidden: bool
    is_outdated: bool
    do_differ: bool
    is_done: bool
    open_questions: int
    rank: int | None
    needs_two: bool


class Judgement(Strict):
    """A verdict. `correct` needs `value`, `reasons` and `reference`; `reject` needs `reasons`."""

    verdict: Literal["accept", "correct", "reject"]
    value: str | None = Field(default=None, max_length=60, pattern=NO_NUL)
    reasons: Text = ""
    reference: Text = ""


class MessageOut(Schema):
    """A line of the thread. `kind`: ask, answer, settle."""

    kind: str
    role: str
    by: str
    text: str
    at: datetime


class QuestionFull(Schema):
    """A question with its thread; `fields` are open to the park until it is settled."""

    number: int
    code: str
    fields: list[str]
    is_answered: bool
    is_settled: bool
    messages: list[MessageOut]


class Asking(Strict):
    """A question about a subject, with the fields it reopens, written as `buildings[B07].floor_area_m2`."""

    code: str = Field(min_length=1, max_length=60, pattern=NO_NUL)
    text: Written
    fields: list[Annotated[str, Field(max_length=400, pattern=NO_NUL)]] = Field(min_length=1, max_length=200)


class Saying(Strict):
    """A line of the thread."""

    text: Written


class Settling(Strict):
    """A note, which may be blank."""

    text: Text = ""


class ChangeOut(Schema):
    """One difference. `field` as a question names it; a row that came or went has all its `cells`."""

    field: str
    kind: str
    old: str
    new: str
    cells: dict[str, str]


class ChangesOut(Schema):
    """What changed from one version handed in to the next; both as numbered in `rounds`."""

    before: int
    after: int
    changes: list[ChangeOut]
