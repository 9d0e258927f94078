"""Carbon-free electricity of the park, matched hour by hour and over the year.

What is made in the park counts in its own hour. Contracts and certificates say how much, not when, so
they count over the year only, however green they are: the two shares side by side show what an
annual claim rests on. No Chinese rule asks for hourly matching yet (accounting/method.md 5).
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from lingtan.dossier.records import Dossier
from lingtan.dossier.registers import carriers
from lingtan.errors import Fault, fault
from lingtan.instruments import Screening, load_rules, screen_green
from lingtan.metering import energy_rows
from lingtan.metering.carbon import Matching
from lingtan.metering.carbon.parks import WH_PER_MWH, ParkHours, compute_park_hours, match_hours
from lingtan.metering.importing import ImportOptions
from lingtan.metering.records import Metering

_RENEWABLE = "renewable_electricity"


@dataclass(frozen=True, slots=True)
class ParkMatching:
    """`matching` in watt-hours, `hours` it was made of (in which any meter was read), `meters` counted.

    `refused`: why instruments or generation do not count as carbon-free.
    """

    matching: Matching
    hours: ParkHours
    meters: tuple[str, ...]
    refused: tuple[Fault, ...]


def compute_park_matching(
    dossier: Dossier, metering: Metering, *, options: ImportOptions | None = None
) -> ParkMatching | None:
    """Load is what was bought and made less what was sold; None without hourly readings of electricity.

    An hour in which one of the meters was not read in full is left out and counted. Generation is
    carbon-free where its enterprise reports own generation from sun, wind or biogenic fuel and no other;
    the rest is load that is met, not carbon-free energy. Exports are taken off what is carbon-free.
    """
    roles = _meters(dossier, metering)
    free, other = _generation(dossier, metering, roles)
    screening = Screening(dossier, load_rules())
    claims = [claim for claim in screen_green(screening) if not claim.refused]
    undated = int(sum((claim.offered for claim in claims), Decimal(0)) * WH_PER_MWH)
    hours = compute_park_hours(dossier, roles, free, options=options)
    if hours is None:
        return None
    matching = match_hours(hours, undated=undated)
    not_free = [fault("carbon.generation-not-free", meters="、".join(other))] if other else []
    return ParkMatching(matching, hours, tuple(sorted(roles)), (*screening.faults, *not_free))


def _meters(dossier: Dossier, metering: Metering) -> dict[str, str]:
    """The meters that make up the park's electricity, each once, by role."""
    roles: dict[str, str] = {}
    for metered in energy_rows(dossier, metering):
        carrier = carriers().get(metered.carrier)
        if carrier is not None and carrier.kind == "electricity":
            roles |= dict.fromkeys(metered.meters, metered.role)
    return roles


def _generation(dossier: Dossier, metering: Metering, roles: dict[str, str]) -> tuple[list[str], list[str]]:
    """Meters of generation that is carbon-free, and the others, by what their enterprises report."""
    reported: dict[str, set[bool]] = {}
    for row in dossier.rows.get("energy_activity", ()):
        carrier = carriers().get(row.text("carrier"))
        if row.text("use") == "own_generation" and carrier is not None:
            is_free = carrier.kind == "biogenic" or carrier.group == _RENEWABLE
            reported.setdefault(row.text("enterprise"), set()).add(is_free)
    owner = {energy.meter: energy.enterprise for energy in metering.meters}
    made = sorted(name for name, role in roles.items() if role == "generation")
    free = [name for name in made if reported.get(owner[name]) == {True}]
    return free, [name for name in made if name not in free]
