"""The list of improvements from a result: the steps that the cockpit names become tasks, each once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from lingtan.assessment.naming import kind_of_datum
from lingtan.errors import LingtanError, fault
from lingtan_web.audit.services import Actor, recorded
from lingtan_web.organisations.models import Organisation
from lingtan_web.parks.models import Park
from lingtan_web.process.models import Task
from lingtan_web.process.services import TITLE_LETTERS, NewTask, create_task_from
from lingtan_web.roles import Role

OF_AN_INDICATOR = frozenset(["indicator", "target", "improve"])


@dataclass(frozen=True, slots=True)
class Candidate:
    """A step of a result that may become a task; `task` is the one that it is already."""

    code: str
    title: Mapping[str, str]
    why: Mapping[str, str]
    points: str
    is_blocking: bool
    asked_of: tuple[str, ...]
    task: Task | None


def find_code(edition: str, step: Mapping[str, Any]) -> str:
    """What a step is about, the same in every result: an indicator, a gate, a column of missing data."""
    kind, about = str(step["kind"]), str(step["of"])
    if kind in OF_AN_INDICATOR:
        return f"{edition}/indicator:{about}"
    if kind == "supply":
        return f"{edition}/missing:{kind_of_datum(about)}:{step['explain']}"[:200]
    return f"{edition}/{kind}:{about}"[:200]


def find_candidates(
    park: Park, year: int, edition: str, steps: Iterable[Mapping[str, Any]]
) -> list[Candidate]:  # fmt: skip
    """The steps of a result with the tasks that some are already: one query."""
    listed = {find_code(edition, step): step for step in steps}
    tasks = Task.objects.filter(plan__park=park, plan__year=year, code__in=listed)
    there = {task.code: task for task in tasks}
    return [
        Candidate(
            code, step["title"], step["why"], str(step["points"]), bool(step["is_blocking"]),
            tuple(step["asked_of"]), there.get(code),
        )
        for code, step in listed.items()
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Place:
    """For which park and year tasks are listed, from which day on, and by when they are due."""

    park: Park
    year: int
    today: date
    due: date | None = None


def list_improvements(actor: Actor, *, place: Place, chosen: Sequence[Candidate]) -> int:
    """Put the chosen steps on the list of improvements, all of them or none; how many tasks that is.

    Data that one enterprise can supply are asked of it, if it fills in its own part. LingtanError if
    nothing is chosen.
    """
    if not chosen:
        raise LingtanError([fault("process.nothing-chosen")])
    with recorded(actor, "improvements.listed", park=place.park, subject=str(place.year)) as found:
        for new in _new_tasks(place, chosen):
            create_task_from(actor, park=place.park, year=place.year, new=new, today=place.today)
        found["tasks"] = len(chosen)
    return len(chosen)


def _new_tasks(place: Place, chosen: Iterable[Candidate]) -> Iterator[NewTask]:
    placed = place.park.enterprises.exclude(organisation=None).select_related("organisation")
    tenants: dict[str, Organisation | None] = {one.key: one.organisation for one in placed}
    for one in chosen:
        tenant = tenants.get(one.asked_of[0]) if len(one.asked_of) == 1 else None
        yield NewTask(
            one.title["zh"][:TITLE_LETTERS], Role.ENTERPRISE if tenant else Role.PARK,
            en=one.title["en"][:300], about_zh=one.why["zh"], about_en=one.why["en"], organisation=tenant,
            due=place.due, code=one.code,
        )  # fmt: skip
