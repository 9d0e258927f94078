"""Words of the evidence library for its pages."""

from __future__ import annotations

from collections.abc import Iterable

from django import template

from lingtan.dossier.park_files import park_keys
from lingtan.dossier.registers import registers
from lingtan_web.evidence.kinds import Kind
from lingtan_web.evidence.uses import PROFILE, Use
from lingtan_web.evidence.wanting import State
from lingtan_web.languages import say

register = template.Library()
_MOST_SHOWN = 8


@register.filter
def register_name(name: str) -> str:
    """A register, or the profile of the park, in words."""
    if name == PROFILE:
        return say("园区概况", "Profile of the park")
    found = registers().get(name)
    return say(found.zh, found.en) if found else name


@register.filter
def registers_of(uses: Iterable[Use]) -> list[str]:
    """The registers of some uses in words, each once."""
    return list(dict.fromkeys(register_name(use.register) for use in uses))


@register.filter
def column_name(use: Use) -> str:
    """The column of a use in words."""
    if use.register == PROFILE:
        key = park_keys().get(f"profile.{use.column}") or park_keys().get(use.column)
        return say(key.zh, key.en) if key else use.column
    column = registers()[use.register].columns[use.column]
    return say(column.zh, column.en)


@register.filter
def kind_words(kind: Kind) -> str:
    """The kind of a file in words."""
    return say(kind.zh, kind.en)


@register.filter
def file_size(size: int) -> str:
    """The size of a file as people read it."""
    if size < 1024:
        return f"{size} B"
    return f"{size / 1024:,.0f} KB" if size < 1_048_576 else f"{size / 1_048_576:,.1f} MB"


@register.filter
def row_name(reference: str) -> str:
    """`energy_activity[2024-01/E001]` in words."""
    name, _, key = reference.partition("[")
    return f"{register_name(name)} {key.removesuffix(']')}"


@register.filter
def state_words(state: str) -> str:
    """How a document stands, in words."""
    words = {
        State.HERE: ("齐全", "in order"),
        State.ABSENT: ("缺文件", "file missing"),
        State.CHANGED: ("与清单不符", "not as listed"),
        State.EXPIRED: ("已过期", "expired"),
    }
    return say(*words[State(state)])


@register.filter
def grouped(uses: Iterable[Use]) -> list[tuple[str, int, str]]:
    """Uses by register and column in words: how many rows, and the first of them."""
    found: dict[tuple[str, str], list[str]] = {}
    for use in uses:
        found.setdefault((register_name(use.register), column_name(use)), []).append(use.key)
    return [
        (
            f"{name} · {column}",
            len(keys),
            say("、", ", ").join(keys[:_MOST_SHOWN]) + (" …" if len(keys) > _MOST_SHOWN else ""),
        )
        for (name, column), keys in found.items()
    ]
