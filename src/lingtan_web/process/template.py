"""The plan that a park starts from: `lingtan_data/process/creation.yaml`, read strictly."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from typing import Annotated, Self

from pydantic import Field, model_validator

from lingtan.documents import Record, load_record
from lingtan.dossier.registers import registers
from lingtan.trace import Basis
from lingtan_web.roles import Role

NOT_FOUND = "not found"
Text = Annotated[str, Field(min_length=1)]


class Step(Record):
    """What has to be done, by which part, in how many days after the steps before it."""

    id: Text
    zh: Text
    en: Text
    about_zh: Text
    about_en: Text
    owner: Role
    days: Annotated[int, Field(ge=1, le=1830)]
    after: tuple[str, ...] = ()
    clause: Text
    basis: Basis
    registers: tuple[str, ...] = ()


class Phase(Record):
    """One of the phases of the annex."""

    id: Text
    zh: Text
    en: Text
    basis: Basis
    clause: Text
    steps: Annotated[tuple[Step, ...], Field(min_length=1)]


class Process(Record):
    """The phases in their order; `annex` and `annex_steps` say what the documents we hold do not."""

    id: Text
    zh: Text
    en: Text
    source: Text
    annex: Text
    annex_steps: Text
    span_basis: Basis
    owner_basis: Basis
    remark_zh: Text
    remark_en: Text
    review_by: date
    phases: Annotated[tuple[Phase, ...], Field(min_length=1)]

    @property
    def steps(self) -> Iterator[tuple[Phase, Step]]:
        """Every step with its phase, in order."""
        return ((phase, step) for phase in self.phases for step in phase.steps)

    @model_validator(mode="after")
    def _check(self) -> Self:
        names = Counter([phase.id for phase in self.phases] + [step.id for _, step in self.steps])
        twice = sorted(name for name, many in names.items() if many > 1)
        if twice:
            raise ValueError(f"named twice: {', '.join(twice)}")
        seen: set[str] = set()
        for _, step in self.steps:
            if unknown := set(step.after) - seen:
                raise ValueError(f"{step.id} comes after {sorted(unknown)}, which do not stand before it")
            if unknown := set(step.registers) - set(registers()):
                raise ValueError(f"{step.id} names registers that do not exist: {sorted(unknown)}")
            seen.add(step.id)
        return self


@cache
def load_process() -> Process:
    """The shipped process. EditionError if our file is wrong."""
    return load_record(Process, "process", "creation.yaml")


def compute_due_days(process: Process, first_day: date) -> dict[str, date]:
    """The due day of every step: its span after the last of the steps it waits for."""
    due: dict[str, date] = {}
    for _, step in process.steps:
        begins = max((due[name] for name in step.after), default=first_day)
        due[step.id] = begins + timedelta(days=step.days)
    return due
