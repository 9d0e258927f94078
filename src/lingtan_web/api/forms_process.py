"""The shapes of plans, tasks and of what waits for a person."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from ninja import Field, Schema

from lingtan_web.api.forms import NO_NUL, Day, Pages, Strict
from lingtan_web.api.forms_files import Truth
from lingtan_web.process.services import MOST_LETTERS, TITLE_LETTERS
from lingtan_web.roles import Role

Text = Annotated[str, Field(max_length=MOST_LETTERS, pattern=NO_NUL)]


class PlanOut(Schema):
    """The plan of a year."""

    year: int
    first_day: date


class PhaseOut(Schema):
    """A phase of the plan: how many tasks one sees of it, how many of them are done (dropped ones aside)."""

    id: str
    zh: str
    en: str
    tasks: int
    done: int


class PlanFull(PlanOut):
    """A plan with its phases and how many of its tasks are late."""

    phases: list[PhaseOut]
    late: int


class Start(Strict):
    """The year, and the day from which the due days are counted (today if left out)."""

    year: int = Field(strict=True, ge=1990, le=2100)
    first_day: Day | None = None


class TaskOut(Schema):
    """A task. `step`: its id in the template; `code`: what an assessment found; else somebody wrote it.

    `owner`: the person it was given to (null: whoever of the part). `is_mine`: it waits for you.
    """

    number: int
    phase: str
    step: str
    code: str
    title_zh: str
    title_en: str
    role: str
    organisation: int | None
    owner: int | None
    owner_name: str | None
    due: date | None
    is_late: bool
    state: str
    is_mine: bool


class EventOut(Schema):
    """What happened to a task."""

    act: str
    text: str
    by: str | None
    at: datetime


class PersonOut(Schema):
    """Somebody to whom a task can be given."""

    number: int
    name: str


class TaskFull(TaskOut):
    """A task with what it is about, what you may do with it now, to whom it can be given, what happened."""

    about_zh: str
    about_en: str
    acts: list[str]
    people: list[PersonOut]
    events: list[EventOut]


class Choose(Pages):
    """Which tasks: of a phase, in a state, those that wait for you, those that are late."""

    phase: str = Field("", max_length=40, description="阶段 Phase")
    state: Literal["", "open", "in_progress", "done", "dropped", "reopened"] = Field(
        "", description="状态 State"
    )
    mine: Truth = Field("false", description="只看等我办的 Only those that wait for you")
    late: Truth = Field("false", description="只看逾期的 Only late ones")


class NewTaskIn(Strict):
    """A task for a part that one leads. `organisation`: the enterprise, if it is for one."""

    title: str = Field(min_length=1, max_length=TITLE_LETTERS, pattern=NO_NUL)
    role: Role
    phase: str = Field(max_length=40)
    about: Text = ""
    organisation: int | None = Field(default=None, strict=True, ge=1, le=2**31 - 1)
    due: Day | None = None


class Move(Strict):
    """Start, finish, drop, reopen; the last two with a reason."""

    act: Literal["start", "finish", "drop", "reopen"]
    text: Text = ""


class Comment(Strict):
    """Something said about a task."""

    act: Literal["comment"]
    text: Text


class Reschedule(Strict):
    """Another due day; null: none."""

    act: Literal["reschedule"]
    due: Day | None


class Assign(Strict):
    """The number of the person who does it; null: whoever of the part."""

    act: Literal["assign"]
    owner: int | None = Field(strict=True, ge=1, le=2**31 - 1)


Deed = Annotated[Move | Comment | Reschedule | Assign, Field(discriminator="act")]


class WorkOut(Schema):
    """Something that waits for you: a task, a mandate that ends, a document to renew, a turn in a review.

    `link`: the page where it is done.
    """

    kind: str
    key: str
    zh: str
    en: str
    park: str
    park_zh: str
    park_en: str
    due: date | None
    is_late: bool
    link: str
