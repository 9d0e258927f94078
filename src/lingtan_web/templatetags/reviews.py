"""Words of the review on its pages."""

from __future__ import annotations

from collections.abc import Mapping

from django import template

from lingtan.dossier.park_files import park_keys
from lingtan.dossier.registers import registers
from lingtan_web.languages import current_language, say
from lingtan_web.reviews.rules.experts import Ballot, Outcome
from lingtan_web.reviews.rules.fields import BOUNDARY, NEW_ROWS, PARK, Field, read_field
from lingtan_web.reviews.rules.findings import NO, YES, Verdict
from lingtan_web.reviews.rules.terms import Declaration, load_review_terms
from lingtan_web.reviews.words import ACTS, BALLOTS, GRADES, OUTCOMES, STATES, VERDICTS
from lingtan_web.reviews.workflow import Act, State
from lingtan_web.templatetags.lingtan import figure

register = template.Library()
_TONES: Mapping[str, str] = {
    "accept": "passed", "correct": "warned", "reject": "failed", "question": "accent",
    "approve": "passed", "refuse": "failed", "award": "passed", "refusal": "failed",
    "returned": "failed", "withdrawn": "failed", "decided": "passed", "appeal-decided": "passed",
    "questioned": "warned", "appealed": "warned",
}  # fmt: skip


@register.filter
def state_name(state: str) -> str:
    """A state in words."""
    return say(*STATES[State(state)])


@register.filter
def act_name(act: str) -> str:
    """An act in words."""
    return say(*ACTS[Act(act)])


@register.filter
def verdict_name(verdict: str) -> str:
    """A verdict in words."""
    return say(*VERDICTS[Verdict(verdict)])


@register.filter
def ballot_name(ballot: str) -> str:
    """A ballot in words."""
    return say(*BALLOTS[Ballot(ballot)])


@register.filter
def outcome_name(outcome: str) -> str:
    """The outcome of a decision in words."""
    return say(*OUTCOMES[Outcome(outcome)])


@register.filter
def grade_name(grade: str) -> str:
    """What a value rests on in words."""
    return say(*GRADES[grade])


@register.filter
def tone(word: str) -> str:
    """The colour of a tag for a verdict, ballot, outcome or state."""
    return _TONES.get(str(word), "accent")


@register.filter
def in_words(thing: object) -> str:
    """What has words as `zh` and `en`, in the language of the page."""
    return say(getattr(thing, "zh", ""), getattr(thing, "en", ""))


@register.filter
def value_of(value: str | None) -> str:
    """A value for people: yes and no of a requirement, a number else, a dash where there is none."""
    if value in (YES, NO):
        return say("是", "yes") if value == YES else say("否", "no")
    return figure(value)


@register.filter
def sentence(declaration: Declaration) -> str:
    """A sentence of a declaration with its years."""
    return load_review_terms().sentence(declaration, current_language())


@register.filter
def starred(count: int | None) -> str:
    """Stars as signs."""
    return "★" * count if count else ""


@register.filter
def change_kind(kind: str) -> str:
    """The kind of a change in words."""
    return say(
        *{"added": ("新增", "added"), "removed": ("删除", "removed"), "changed": ("修改", "changed")}[kind]
    )


@register.filter
def field_words(text: object) -> str:
    """A field in words: the register, the row, the column."""
    field = read_field(str(text))
    if field is None:
        return str(text)
    if field.register == PARK:
        key = park_keys().get(field.column)
        return (
            say("园区概况", "park sheet") + say("：", ": ") + (say(key.zh, key.en) if key else field.column)
        )
    return _register_words(field)


def _register_words(field: Field) -> str:
    if field.register == BOUNDARY:
        return say("边界", "boundary")
    if field.register not in registers():
        return str(field)
    known = registers()[field.register]
    parts = [say(known.zh, known.en), say("新增行", "new rows") if field.row == NEW_ROWS else field.row]
    if field.column:
        column = known.columns.get(field.column)
        parts.append(say(column.zh, column.en) if column else field.column)
    return " › ".join(parts)


_UNITS: Mapping[str, tuple[str, str]] = {
    "day": ("天", "days"), "year": ("年", "years"), "review": ("次", "reviews"), "person": ("人", "persons"),
    "percent": ("%", "%"), "indicator": ("项", "indicators"), "row": ("行", "rows"), "1": ("", ""),
}  # fmt: skip


@register.filter
def unit_name(unit: str) -> str:
    """The unit of a term in words."""
    return say(*_UNITS.get(unit, (unit, unit)))
