"""What people must know about the readings of a meter, as faults."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from lingtan.dossier.records import Row
from lingtan.errors import Fault, fault
from lingtan.metering.records import MeterEnergy
from lingtan.metering.register import is_in_ring
from lingtan.quantities import same_dimension

_SHOWN = 5
FaultOf = Callable[..., Fault]


def meter_faults(energy: MeterEnergy, row: Row, facts: dict[str, Any], fault_of: FaultOf) -> list[Fault]:
    """Gaps, doubted zeros, clipped values, wrong interval, hours without intensity of one meter."""
    span = {"meter": energy.meter, "first": energy.first, "last": energy.last}
    found = []
    if energy.expected > energy.present:
        lacking = energy.expected - energy.present
        share = _percent(lacking, energy.expected)
        found.append(fault_of("metering.incomplete", **span, count=lacking, share=share))
    if energy.suspect_zeros:
        found.append(
            fault_of(
                "metering.suspect-zeros",
                energy.meter,
                count=energy.suspect_zeros,
                share=_percent(energy.suspect_zeros, energy.expected or energy.present),
                first=facts["suspects_first"],
                last=facts["suspects_last"],
            )
        )
    if energy.clipped:
        found.append(fault_of("metering.clipped", **span, count=energy.clipped, value=_plain(energy.highest)))
    stated = row.number("interval_minutes")
    if stated is not None and facts["observed"] and facts["observed"] != stated:
        context = {"stated": stated, "observed": facts["observed"]}
        found.append(fault_of("metering.interval-differs", energy.meter, **context))
    if energy.spread:
        share = _percent(energy.spread, energy.quantity)
        found.append(fault_of("metering.spread", energy.meter, share=share, unit=energy.unit,
                              quantity=_plain(energy.spread)))  # fmt: skip
    if energy.unpriced:
        found.append(fault_of("metering.intensity-short", **span, count=energy.unpriced))
    return found


def overall_faults(
    meters: tuple[MeterEnergy, ...], rows: dict[str, Row], *, has_intensity: bool
) -> list[Fault]:
    """Meters without readings, parents in a ring, and electricity that is not measured as energy."""
    silent = sorted(rows.keys() - {energy.meter for energy in meters})
    faults = []
    if silent:
        shown = ", ".join(silent[:_SHOWN]) + (" …" if len(silent) > _SHOWN else "")
        faults.append(fault("metering.no-readings", rows[silent[0]].place, count=len(silent), meters=shown))
    rings = [meter for meter in sorted(rows) if is_in_ring(meter, rows)]
    faults += [fault("metering.parent-ring", rows[meter].at("parent"), meter=meter) for meter in rings]
    for energy in meters if has_intensity else ():
        if energy.carrier == "electricity" and not same_dimension(energy.unit, "kWh"):
            place = rows[energy.meter].at("unit")
            faults.append(fault("metering.not-energy", place, meter=energy.meter, unit=energy.unit))
    return faults


def _plain(value: Decimal | None) -> str:
    return "" if value is None else f"{value.normalize():f}"


def _percent(part: int | Decimal, whole: int | Decimal) -> str:
    return f"{Decimal(part) * 100 / Decimal(whole):.2f}"
