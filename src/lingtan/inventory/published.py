"""A published figure held against the computed one."""

from __future__ import annotations

from decimal import Decimal

from lingtan.errors import Fault, fault
from lingtan.quantities import exactly


@exactly
def compare_published(
    computed: Decimal,
    published: Decimal,
    tolerance: Decimal,
    *,
    name: str = "",
    unit: str = "",
) -> Fault | None:
    """The fault of a published figure that is further than `tolerance` from the computed one, else None.

    The computed figure is never bent to the published one.
    """
    apart = abs(computed - published)
    if apart <= tolerance:
        return None
    return fault(
        "inventory.published-figure-wrong",
        name=name or "-",
        computed=f"{computed:f}",
        published=f"{published:f}",
        apart=f"{apart:f}",
        tolerance=f"{tolerance:f}",
        unit=unit,
    )
