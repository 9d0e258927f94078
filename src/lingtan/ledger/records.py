"""The ordered cancellation as a result."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from lingtan.errors import NOWHERE, Fault, Place
from lingtan.instruments import Step
from lingtan.trace import Gap, Node


@dataclass(frozen=True, slots=True)
class Entry:
    """One instrument: what was handed in, what of it was used, and why not the rest.

    `id` is the key of the row in `register`; `refused` a fault code, empty if all of it was
    used. `offered` and `used` are in `unit`; `used_tco2e` is what it takes off the balance. An
    own reduction that the inventory shows already is used and takes nothing off.
    """

    step: Step
    id: str
    offered: Decimal
    unit: str
    used: Decimal
    used_tco2e: Decimal
    refused: str = ""
    register: str = ""
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True)
class Ledger:
    """Entries in the order of cancellation, and totals by name as trace nodes.

    totals: gross_tco2e, own_reduction_tco2e, removed_tco2e (what step 1 takes off), green_mwh,
    green_tco2e, credits_tco2e, residual_tco2e, reductions_tco2e, net_zero_rate. Where they are
    known, gross = removed + green + credits + residual. `missing` are data that would let more
    count; totals are right without them (what makes a total uncertain is a gap of its node).
    """

    year: int
    entries: tuple[Entry, ...]
    totals: Mapping[str, Node]
    faults: tuple[Fault, ...]
    missing: tuple[Gap, ...] = ()
