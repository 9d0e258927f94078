"""The words of verdicts and of the facts of a certificate: the same on a terminal and on a page."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Literal

from lingtan.certificate.verifying import Word
from lingtan.documents import Record, load_shipped

Tone = Literal["good", "open", "bad"]
"""Rely on it · this check does not decide it · do not rely on it."""
Outcome = Literal["keeps", "gains", "loses", "unstarred"]
"""Stars under another edition; `unstarred`: it gives no stars at all."""
Tried = Outcome | Literal["untried"]
"""What a trial of an edition comes to for a park; `untried` where it could not be told."""


class WordText(Record):
    """A word of a verdict, and what it means, in one sentence."""

    tone: Tone
    zh: str
    en: str
    means_zh: str
    means_en: str


class FieldText(Record):
    """The name of a fact."""

    zh: str
    en: str


class OutcomeText(Record):
    """What another edition would do to a park."""

    tone: Tone | Literal["neutral"]
    zh: str
    en: str


class _Texts(Record):
    words: Mapping[Word, WordText]
    fields: Mapping[str, FieldText]
    outcomes: Mapping[Tried, OutcomeText]


@cache
def _texts() -> _Texts:
    return _Texts.model_validate(load_shipped("certificates", "words.yaml"))


def find_words() -> Mapping[Word, WordText]:
    """Every word of a verdict with its meaning."""
    return _texts().words


def find_fields() -> Mapping[str, FieldText]:
    """Every fact of a certificate, and `address` and `credential`, with its name."""
    return _texts().fields


def find_outcomes() -> Mapping[Tried, OutcomeText]:
    """Every outcome of a trial in words, the most urgent first."""
    return _texts().outcomes
