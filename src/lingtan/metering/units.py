"""In what unit readings of a meter add up."""

from __future__ import annotations

from decimal import Decimal

from lingtan.dossier.records import Row
from lingtan.quantities import UnitError, scale

_SUMS = ("kWh", "m3", "t")


def sum_unit(row: Row) -> tuple[str, Decimal]:
    """The unit of the meter's sums, and what the kernel's sums are multiplied by to have it.

    Energy of intervals and registers is in the unit of the readings. Power (kW, m3/h, t/h) adds up
    over seconds to kWh, m3 or t. A power in another unit is left in its unit times seconds.
    """
    unit = row.text("unit")
    if row.text("quantity") != "power":
        return unit, Decimal(1)
    for target in _SUMS:
        try:
            return target, scale(f"({unit}) * s", target)
        except UnitError:
            continue
    return f"({unit}) * s", Decimal(1)
