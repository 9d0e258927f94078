"""What tests of plans and of the work queue share: a first day, people, ways to find a task."""

from datetime import date

import pytest
from tests.web.matrix import ROLES

from lingtan.errors import LingtanError
from lingtan_web.process.models import Plan, Task
from lingtan_web.process.workflow import Standing

FIRST = date(2026, 1, 1)
PEOPLE = tuple(role for role in ROLES if role != "public")
LEADER = frozenset([Standing.LEADER])


def step(plan: Plan, name: str) -> Task:
    """The first task of a step."""
    return plan.tasks.filter(step=name).order_by("pk")[0]


def address(task: Task, act: str = "") -> str:
    """The page of a task, or of an act on it."""
    return f"/parks/alpha/process/2024/tasks/{task.pk}/{act + '/' if act else ''}"


def find_refusal(act: object) -> set[str]:
    """The codes of the faults that an act is refused with; fails where it is not refused."""
    with pytest.raises(LingtanError) as caught:
        act()  # type: ignore[operator]
    return {fault.code for fault in caught.value.faults}
