"""A ledger held against its own rules, whoever made it."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from lingtan.errors import Fault, fault
from lingtan.ledger.records import Entry, Ledger
from lingtan.quantities import exactly
from lingtan.trace import Node

_PARTS = ("removed_tco2e", "green_tco2e", "credits_tco2e", "residual_tco2e")
_ROUNDING = Decimal("1e-30")  # 50 digits are carried: a quotient cannot be off by more
_STEPS = {"own": "removed_tco2e", "green": "green_tco2e", "credits": "credits_tco2e"}


@exactly
def check_ledger(ledger: Ledger) -> tuple[Fault, ...]:
    """All that is wrong with `ledger`: its own faults, and every rule that its numbers break.

    The rules: gross is the sum of what was taken off and what is left; no entry uses more than
    it offers, or anything once refused as a whole; the entries of a step add up to its total.
    """
    broken = [*_unbalanced(ledger.totals), *_overdrawn(ledger.entries), *_different(ledger)]
    return (*ledger.faults, *broken)


def _unbalanced(totals: Mapping[str, Node]) -> list[Fault]:
    gross = totals["gross_tco2e"].value
    parts = [totals[name].value for name in _PARTS]
    known = [part for part in parts if isinstance(part, Decimal)]
    if not isinstance(gross, Decimal) or len(known) < len(parts) or abs(sum(known) - gross) <= _ROUNDING:
        return []
    return [fault("ledger.not-balanced", gross=gross, parts=sum(known))]


def _overdrawn(entries: tuple[Entry, ...]) -> list[Fault]:
    return [
        fault("ledger.overdrawn", entry.place, id=entry.id, offered=entry.offered, used=entry.used)
        for entry in entries
        if not 0 <= entry.used <= entry.offered or entry.used_tco2e < 0
    ]


def _different(ledger: Ledger) -> list[Fault]:
    found = []
    for step, name in _STEPS.items():
        total = ledger.totals[name].value
        entered = sum((entry.used_tco2e for entry in ledger.entries if entry.step == step), Decimal(0))
        if isinstance(total, Decimal) and abs(entered - total) > _ROUNDING:
            found.append(fault("ledger.entries-differ", total=name, value=total, entered=entered))
    return found
