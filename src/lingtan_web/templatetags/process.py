"""Words of tasks."""

from __future__ import annotations

from django import template

from lingtan_web.languages import say
from lingtan_web.process.models import Task
from lingtan_web.process.words import ACT_WORDS, EVENT_WORDS, STATE_TAGS, STATE_WORDS
from lingtan_web.process.workflow import Act, State
from lingtan_web.roles import ROLE_WORDS, Role

register = template.Library()

BASIS_WORDS: dict[str, tuple[str, str]] = {
    "standard": ("标准规定", "standard"),
    "inferred": ("据条款推断", "inferred"),
    "precedent": ("参照先例", "precedent"),
    "operator-set": ("本软件设定", "operator-set"),
}
MEASURE_WORDS: dict[str, tuple[str, str]] = {
    "planned": ("计划", "Planned"),
    "in_progress": ("实施中", "In progress"),
    "implemented": ("已实施", "Implemented"),
}


@register.filter
def state_name(state: str) -> str:
    """A state in words."""
    return say(*STATE_WORDS[State(state)])


@register.filter
def state_tag(state: str) -> str:
    """The look of a state; the words say it too, so that colour is never alone."""
    return STATE_TAGS[State(state)]


@register.filter
def act_name(act: str) -> str:
    """An act in words, as a button says it."""
    return say(*ACT_WORDS[Act(act)])


@register.filter
def event_name(act: str) -> str:
    """What happened, in words."""
    return say(*EVENT_WORDS[act])


@register.filter
def owner_name(task: Task) -> str:
    """Whose a task is: the person, else the organisation, else the part."""
    if task.owner is not None:
        return str(task.owner)
    if task.owner_organisation is not None:
        one = task.owner_organisation
        return say(one.name_zh, one.name_en or one.name_zh)
    return say(*ROLE_WORDS[Role(task.owner_role)])


@register.filter
def basis_name(basis: str) -> str:
    """What something rests on, in words."""
    return say(*BASIS_WORDS[basis])


@register.filter
def measure_state(status: str) -> str:
    """The state of a measure in words; as it was written where the register does not know it."""
    return say(*MEASURE_WORDS[status]) if status in MEASURE_WORDS else status or "—"
