"""Codes of the results in both languages at once."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from lingtan.errors import Fault
from lingtan.reports.documents.labels import Labels
from lingtan.reports.words import Words

Pair = dict[str, str]


@cache
def _labels() -> tuple[Labels, Labels]:
    return Labels(Words("zh")), Labels(Words("en"))


def _both(say: Callable[[Labels], str]) -> Pair:
    zh, en = _labels()
    return {"zh": say(zh), "en": say(en)}


def say_total(name: str) -> Pair:
    """A total of an inventory or a ledger."""
    return _both(lambda labels: labels.total(name))


def say_source_of(name: str) -> Pair:
    """A source category of an inventory."""
    return _both(lambda labels: labels.source(name))


def say_scope(name: str) -> Pair:
    """A scope, or what is shown apart."""
    return _both(lambda labels: labels.scope(name))


def say_view(name: str) -> Pair:
    """Which total of scope 2 a line belongs to."""
    return _both(lambda labels: labels.view(name))


def say_carrier(name: str) -> Pair:
    """An energy carrier, a process or a gas."""
    return _both(lambda labels: labels.carrier(name))


def say_register(name: str) -> Pair:
    """A register of the dossier."""
    return _both(lambda labels: labels.register(name))


def say_phrase(key: str) -> Pair:
    """A phrase of the documents."""
    return _both(lambda labels: labels.words.text(key))


def say_fault(fault: Fault) -> dict[str, object]:
    """A fault for a page: code, severity, place, words in both languages."""
    told = fault.as_dict()
    return {key: told[key] for key in ("code", "severity", "sheet", "file", "row", "column", "zh", "en")}
