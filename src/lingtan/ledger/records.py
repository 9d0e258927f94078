"""The ordered cancellation as a result."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from lingtan.errors import Fault
from lingtan.trace import Node

Step = Literal["own", "green", "credits"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One instrument: what was handed in, what of it was used, and why not the rest (`refused`, a fault code)."""

    step: Step
    id: str
    offered: Decimal
    unit: str
    used: Decimal
    used_tco2e: Decimal
    refused: str = ""


@dataclass(frozen=True, slots=True)
class Ledger:
    """Entries in the order of cancellation, and totals by name as trace nodes.

    totals: gross_tco2e, own_reduction_tco2e, removed_tco2e (what step 1 takes off), green_mwh,
    green_tco2e, credits_tco2e, residual_tco2e, reductions_tco2e, net_zero_rate.
    """

    year: int
    entries: tuple[Entry, ...]
    totals: Mapping[str, Node]
    faults: tuple[Fault, ...]
