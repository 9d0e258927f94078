"""Fields that a question on a subject is likely about, from the registers it rests on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lingtan.dossier.registers import registers
from lingtan_web.reviews.queries.facts import Case
from lingtan_web.reviews.queries.sampling import register_users
from lingtan_web.reviews.versions import find_snapshot

MOST_ROWS = 400
"""Rows offered per register; others are typed."""


@dataclass(frozen=True, slots=True)
class Offered:
    """A register that a subject rests on: its words, columns and rows to choose from."""

    name: str
    zh: str
    en: str
    columns: tuple[tuple[str, str, str], ...]
    rows: tuple[str, ...]
    left_out: int


def suggest_fields(case: Case, code: str) -> list[Offered]:
    """The registers a subject rests on."""
    return list(_offered(case, code))


def _offered(case: Case, code: str) -> Iterator[Offered]:
    snapshot = find_snapshot(case.round.snapshot)
    for name, codes in register_users(case.submission.edition).items():
        if code in codes:
            register, keys = registers()[name], sorted(snapshot.registers.get(name, {}))
            columns = tuple((one.name, one.zh, one.en) for one in register.columns.values())
            shown = tuple(keys[:MOST_ROWS])
            yield Offered(name, register.zh, register.en, columns, shown, len(keys) - len(shown))
