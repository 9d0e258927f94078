"""The result of an inventory."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from lingtan.errors import Fault
from lingtan.trace import Gap, Node

Scope = Literal["1", "2", "biogenic", "non_kyoto"]
View = Literal["both", "location", "market", "none"]


@dataclass(frozen=True, slots=True)
class Line:
    """One activity with its factor. `node` is the trace of `emissions`.

    `view` says which scope 2 total a line belongs to: `location`, `market` or `both`; `none` is a line
    that is shown and counted in no total (energy received inside the fence, used in the members' views).
    """

    source: str
    scope: Scope
    enterprise: str
    carrier: str
    activity: Decimal
    unit: str
    factor: Decimal
    factor_unit: str
    factor_id: str
    emissions: Decimal
    node: Node
    view: View = "both"


@dataclass(frozen=True, slots=True)
class Member:
    """The view of one enterprise: its own scope 1 and 2, internal receipts included.

    Scope 2 = `over_fence` + `received` − `passed_on`: bought over the fence less sold, received inside,
    and handed on inside (as a positive number, up to what it bought and received). None: nothing of it is
    known; where only a part is lacking the rest is counted, and `gaps` says what is lacking. A blank
    `enterprise` holds lines of the park as a whole.
    """

    enterprise: str
    scope1_tco2e: Decimal | None
    scope2_location_tco2e: Decimal | None
    energy_tce: Decimal | None
    over_fence_tco2e: Decimal | None = None
    received_tco2e: Decimal | None = None
    passed_on_tco2e: Decimal | None = None
    gaps: tuple[Gap, ...] = ()


@dataclass(frozen=True, slots=True)
class Inventory:
    """Totals by name (each a trace node; value None = not known), lines, members, gaps, warnings.

    `totals` of method `park`: scope1_tco2e, scope2_location_tco2e, scope2_market_tco2e,
    gross_tco2e, biogenic_tco2, energy_tce_calorific, energy_tce_equal_value, electricity_mwh,
    electricity_tce_calorific, purchased_electricity_mwh, own_renewable_mwh,
    nonfossil_tce_equal_value, members_energy_tce, inventoried_energy_tce,
    internal_transfers_tco2e, non_kyoto_tco2e. Of `cn-ndrc-910`: emissions_tco2, energy_tce,
    carbon_per_energy, e_fuel_tco2, e_conversion_tco2, e_electricity_tco2, e_heat_tco2, e_process_tco2.

    A total keeps the value of what is there when data are lacking; its node then has `gaps`, all of
    them, so that nobody need walk the trace to know that it is not the whole.
    """

    method: str
    year: int
    gwp: str
    totals: Mapping[str, Node]
    lines: tuple[Line, ...]
    members: tuple[Member, ...]
    missing: tuple[Gap, ...]
    warnings: tuple[Fault, ...]
