"""Words and signs of certificates."""

from __future__ import annotations

from functools import cache

from django import template

from lingtan.certificate.bundle import DOSSIER
from lingtan.certificate.lifecycle.records import Ground
from lingtan.certificate.words import OutcomeText, WordText, find_words
from lingtan.errors import EditionError
from lingtan.standards import load_edition
from lingtan.texts import visible
from lingtan_web.certificates.words import DATE_WORDS, OUTCOME_WORDS
from lingtan_web.languages import say

register = template.Library()
_CLASSES = {"good": "passed", "open": "warned", "bad": "failed", "neutral": ""}
_ASKS = "M9 9a3 3 0 1 1 4.5 2.6c-1 .6-1.5 1.2-1.5 2.4M12 17.6v.4"
_CLOCK = "M12 6v6l4 2.5"
_SIGNS = {
    "valid": "M5 12.5l4.5 4.5L19 7.5",
    "unchecked": _ASKS,
    "unreadable": _ASKS,
    "not_yet": _CLOCK,
    "expired": _CLOCK,
    "suspended": "M9 6v12M15 6v12",
    "exited": "M6 12h12M13 7l5 5-5 5",
    "superseded": "M6 9h11l-3-3M18 15H7l3 3",
    "altered": "M12 5v9M12 18v.5",
}
"""Paths in a circle of 24 by 24; what has none is crossed out."""
_ACTS = {"suspend": ("暂停", "suspend"), "withdraw": ("撤销", "withdraw"), "supersede": ("换发", "supersede")}
_PARTS = {
    "dossier/registers/": ("各登记表", "registers"), "dossier/readings/": ("计量读数", "readings"),
    "dossier/evidence/": ("证明材料", "evidence"), "dossier/park.yaml": ("园区概况", "profile of the park"),
    "dossier/boundary.geojson": ("园区边界", "boundary"),
}  # fmt: skip
_CROSS = "M7 7l10 10M17 7L7 17"


@register.filter
def word(name: str) -> WordText:
    """A word of a verdict, with its meaning."""
    return find_words()[name]  # type: ignore[index]


@register.filter
def label(text: object) -> str:
    """What has words as `zh` and `en`, in the language of the page."""
    return say(getattr(text, "zh", ""), getattr(text, "en", ""))


@register.filter
def meaning(text: WordText) -> str:
    """What a word of a verdict means."""
    return say(text.means_zh, text.means_en)


@register.filter
def tone(name: str) -> str:
    """The colour of a word of a verdict."""
    return _CLASSES[word(name).tone]


@register.filter
def colour(words: OutcomeText) -> str:
    """The colour of what a trial comes to."""
    return _CLASSES[words.tone]


@register.filter
def sign(name: str) -> str:
    """The path of the sign that stands beside a word: colour is never alone."""
    return _SIGNS.get(name, _CROSS)


@register.filter
def date_name(what: str) -> str:
    """What a day ahead is for."""
    return say(*DATE_WORDS[what])


@register.filter
def outcome_name(outcome: str) -> str:
    """The outcome of a case."""
    return say(*OUTCOME_WORDS[outcome])


@register.filter
def act_name(outcome: str) -> str:
    """What a ground allows, in one word."""
    return say(*_ACTS[outcome])


@register.filter
def outcomes_of(ground: Ground) -> list[str]:
    """What a decision on a ground may come to; a case may always be dismissed."""
    return ["dismiss", *ground.acts]


@register.filter
def part_name(name: str) -> str:
    """A part of a bundle in words; a single file by its name."""
    return say(*_PARTS[name]) if name in _PARTS else visible(name.removeprefix(DOSSIER))


@register.filter
def edition_name(edition: str) -> str:
    """An edition by its name; by its id where it is not shipped any more."""
    return say(*_edition(edition))


@cache
def _edition(edition: str) -> tuple[str, str]:
    try:
        found = load_edition(edition)
    except EditionError:
        return edition, edition
    return found.zh, found.en
