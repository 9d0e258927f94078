"""How much is metered: fitted meters by level and medium, energy read online, energy submetered."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from lingtan.dossier.records import Dossier
from lingtan.metering.records import Metering
from lingtan.metering.supply import energy_rows, online_supply_meters
from lingtan.metering.tree.balance import Balance
from lingtan.quantities import exactly, scale


@dataclass(frozen=True, slots=True)
class Fitting:
    """Metering points of a level and medium: how many must be metered, are fitted, are not answered."""

    level: str
    medium: str
    required: int
    fitted: int
    unanswered: int

    @property
    def rate(self) -> Decimal | None:
        """Fitted over required; an unanswered point counts as not fitted. None if none is required."""
        return Decimal(self.fitted) / self.required if self.required else None


def compute_fitting(dossier: Dossier) -> tuple[Fitting, ...]:
    """Rates of fitted meters by level and medium, from the register of metering points (GB 17167 配备率)."""
    counts: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0, 0])
    for row in dossier.rows.get("metering_points", ()):
        if row.values.get("must_be_metered") is not True:
            continue
        count = counts[row.text("level"), row.text("medium")]
        count[0] += 1
        count[1] += row.values.get("fitted") is True
        count[2] += row.values.get("fitted") is None
    return tuple(Fitting(*key, *count) for key, count in sorted(counts.items()))


@dataclass(frozen=True, slots=True)
class Online:
    """Metered supply of a carrier in `unit`, and the part that the platform reads at least hourly."""

    carrier: str
    unit: str
    metered: Decimal
    online: Decimal

    @property
    def share(self) -> Decimal | None:
        """The part read online; None if nothing was metered."""
        return self.online / self.metered if self.metered else None


@exactly
def compute_online(dossier: Dossier, metering: Metering) -> tuple[Online, ...]:
    """Energy read online at least hourly against all metered supply, by carrier; nothing counts twice."""
    found: dict[str, tuple[str, Decimal, Decimal]] = {}
    online = {energy.meter for energy in online_supply_meters(dossier, metering)}
    energies = {energy.meter: energy for energy in metering.meters}
    for row in energy_rows(dossier, metering):
        if row.role != "supply":
            continue
        unit, metered, read = found.get(row.carrier, (row.unit, Decimal(0), Decimal(0)))
        for meter in row.meters:
            quantity = energies[meter].quantity * scale(energies[meter].unit, unit)
            metered += quantity
            read += quantity if meter in online else 0
        found[row.carrier] = unit, metered, read
    return tuple(Online(carrier, *facts) for carrier, facts in sorted(found.items()))


def find_submetered(balance: Balance) -> Decimal | None:
    """The share of what came in by a meter that its submeters account for; None if nothing came in."""
    return balance.outflow / balance.inflow if balance.inflow else None
