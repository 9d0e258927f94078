"""Members, what moves between them, and the park: one table that adds up to the last digit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from lingtan.inventory.records import Inventory, Member
from lingtan.quantities import add_exactly, less
from lingtan.trace import export_gaps, plain

COLUMNS = ("scope1", "over_fence", "received", "passed_on", "scope2")
Amounts = Mapping[str, Decimal | None]


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """Rows by member (blank name: the park as a whole), sums of what is known, the park, the difference.

    Received and passed on are no amounts of the park: their difference is `internal`, which the sum of
    scope 2 has beyond the park. `difference`: sums − park, and for scope 2 also − `internal`; 0 in every
    column, None where the park does not know the total.
    """

    rows: tuple[Member, ...]
    sums: Mapping[str, Decimal]
    park: Amounts
    internal: Decimal | None
    difference: Amounts

    @property
    def is_exact(self) -> bool:
        """Whether every known difference is 0."""
        return all(not value for value in self.difference.values())


def amounts_of(member: Member) -> dict[str, Decimal | None]:
    """The columns of one member, None where not known."""
    return {
        "scope1": member.scope1_tco2e,
        "over_fence": member.over_fence_tco2e,
        "received": member.received_tco2e,
        "passed_on": member.passed_on_tco2e,
        "scope2": member.scope2_location_tco2e,
    }


def reconcile(inventory: Inventory) -> Reconciliation:
    """The table of an inventory that has members; of any other method it has no rows and knows no park."""
    table = [amounts_of(member) for member in inventory.members]
    sums = {name: add_exactly(_known(row[name] for row in table)) for name in COLUMNS}
    scope1, scope2, internal = (
        _total(inventory, name)
        for name in ("scope1_tco2e", "scope2_location_tco2e", "internal_transfers_tco2e")
    )
    park = {"scope1": scope1, "over_fence": scope2, "received": None, "passed_on": None, "scope2": scope2}
    difference = {
        "scope1": _less(sums["scope1"], scope1),
        "over_fence": _less(sums["over_fence"], scope2),
        "internal": _less(sums["received"], sums["passed_on"], internal),
        "scope2": _less(sums["scope2"], internal, scope2),
    }
    return Reconciliation(inventory.members, sums, park, internal, difference)


def _total(inventory: Inventory, name: str) -> Decimal | None:
    """A total of the park; None if the method does not have it, or it is not known."""
    value = inventory.totals[name].value if name in inventory.totals and inventory.members else None
    return value if isinstance(value, Decimal) else None


def _known(values: Iterable[Decimal | None]) -> list[Decimal]:
    return [value for value in values if value is not None]


def _less(amount: Decimal, *others: Decimal | None) -> Decimal | None:
    known = _known(others)
    if len(known) < len(others):
        return None
    return less(amount, *known)


def export_reconciliation(found: Reconciliation) -> dict[str, Any]:
    """The table as plain data."""
    return {
        "rows": [
            {"enterprise": row.enterprise, **_plain(amounts_of(row)), "missing": export_gaps(row.gaps)}
            for row in found.rows
        ],
        "sums": _plain(found.sums),
        "park": _plain(found.park),
        "internal": plain(found.internal),
        "difference": _plain(found.difference),
        "exact": found.is_exact,
    }


def _plain(amounts: Mapping[str, Decimal] | Amounts) -> dict[str, Any]:
    return {name: plain(value) for name, value in amounts.items()}
