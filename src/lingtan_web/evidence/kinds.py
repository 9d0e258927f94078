"""Kinds of file that the library takes, those it refuses, and its limits, as `web/evidence.yaml` has them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from lingtan.documents import load_shipped


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file: its names, its endings (without dot, the usual one first), its media type."""

    name: str
    zh: str
    en: str
    endings: tuple[str, ...]
    media_type: str


class RefusedError(Exception):
    """What a file is refused for: a code of the family `evidence` and its context; `member` of an archive."""

    def __init__(self, code: str, *, member: str = "", **context: object) -> None:
        super().__init__(code)
        self.code, self.member, self.context = code, member, context


@cache
def kinds() -> Mapping[str, Kind]:
    """Every kind that is taken, by name."""
    return {
        name: Kind(name, raw["zh"], raw["en"], tuple(raw["endings"]), raw["media_type"])
        for name, raw in _data()["kinds"].items()
    }


@cache
def kind_of_ending() -> Mapping[str, Kind]:
    """The kind that an ending belongs to."""
    return {ending: kind for kind in kinds().values() for ending in kind.endings}


@cache
def refused_endings() -> Mapping[str, str]:
    """The fault code (`evidence.kind-…`) of every ending that is known and not taken."""
    return {
        ending: f"evidence.kind-{code}" for code, endings in _data()["refused"].items() for ending in endings
    }


@cache
def inner_endings() -> frozenset[str]:
    """Endings that must not stand before the last one."""
    return frozenset(_data()["inner"])


@cache
def limit(name: str) -> int:
    """The value of a limit, in the unit its file states."""
    return int(_data()["limits"][name]["value"])


@cache
def taken_endings() -> tuple[str, ...]:
    """Every ending that is taken, with its dot, in the order of the kinds."""
    return tuple(f".{ending}" for kind in kinds().values() for ending in kind.endings)


@cache
def _data() -> Mapping[str, Any]:
    return dict(load_shipped("web", "evidence.yaml"))
