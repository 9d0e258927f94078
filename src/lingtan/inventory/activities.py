"""Rows of the energy register as activities of the year, in canonical order."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from lingtan.dossier.records import Dossier, Row
from lingtan.dossier.registers import Carrier, carriers
from lingtan.errors import NOWHERE, Fault, Place, fault
from lingtan.periods import Period
from lingtan.quantities import is_unit, same_dimension
from lingtan.trace import Gap, Node

Key = tuple[str, str, str, str]


@dataclass(frozen=True, slots=True)
class Activity:
    """A quantity of one carrier put to one use. `node` is the quantity with its origin.

    `row` is None for what was metered and not reported; `hourly` then holds emissions known from
    readings x hourly intensity (tCO2). `ref` names the row or the meters. `unread` are the months
    of which a meter has no readings.
    """

    period: Period
    enterprise: str
    carrier: Carrier
    use: str
    item: str
    unit: str
    node: Node
    ref: str
    row: Row | None = None
    hourly: Decimal | None = None
    unread: frozenset[int] = frozenset()

    @property
    def key(self) -> Key:
        """Enterprise, carrier, use and item: what is reported month by month."""
        return (self.enterprise, self.carrier.name, self.use, self.item)

    @property
    def order(self) -> tuple[str, ...]:
        """The canonical place of this activity."""
        row = str(self.row.place.row) if self.row is not None else ""
        return (*self.key, str(self.period), self.ref, str(self.node.value), self.unit, row)

    def at(self, column: str) -> Place:
        """The place of one cell of the row; nowhere for what was metered."""
        return self.row.at(column) if self.row is not None else NOWHERE


def read_activities(dossier: Dossier, *, year: int) -> tuple[list[Activity], list[Gap], list[Fault]]:
    """Energy rows of `year`, those that cannot be used as gaps, and a note on other years."""
    found: list[Activity] = []
    gaps: list[Gap] = []
    other_years: set[str] = set()
    for row in dossier.rows.get("energy_activity", ()):
        period, carrier = row.values.get("period"), carriers().get(row.text("carrier"))
        if isinstance(period, Period) and period.year != year:
            other_years.add(str(period.year))
            continue
        quantity = row.number("quantity")
        if not isinstance(period, Period) or carrier is None or quantity is None or not row.text("unit"):
            gaps.append(cell_gap(row, "quantity"))
            continue
        found.append(_activity(row, period, carrier))
    return found, gaps, _other_years(other_years, year)


def _activity(row: Row, period: Period, carrier: Carrier) -> Activity:
    return Activity(
        period=period,
        enterprise=row.text("enterprise"),
        carrier=carrier,
        use=row.text("use"),
        item=row.text("item"),
        unit=row.text("unit"),
        node=cell(row, "quantity", row.text("unit")),
        ref=row.key,
        row=row,
    )


def cell(row: Row, column: str, unit: str) -> Node:
    """A filled numeric cell as a leaf of the trace."""
    origin = row.origin(column)
    return Node(origin.reference, row.number(column), unit, origin=origin)


def is_unproven_zero(dossier: Dossier, row: Row, column: str) -> bool:
    """Whether a factor of nought stands there without evidence that is in the list of evidence."""
    return row.number(column) == 0 and not row.is_proven_by(dossier.listed_evidence())


def cell_gap(row: Row, column: str) -> Gap:
    """The gap of a blank cell, asked of the row's enterprise."""
    return Gap(f"{row.register}[{row.key}].{column}", row.text("enterprise") or "park", row.at(column))


def rows_of_year(dossier: Dossier, register: str, year: int) -> tuple[Row, ...]:
    """The rows of a register with periods within `year`, by key (and place, should a key stand twice)."""
    rows = (row for row in dossier.rows.get(register, ()) if _year_of(row) == year)
    return tuple(sorted(rows, key=lambda row: (row.key, row.place)))


def _year_of(row: Row) -> int | None:
    period = row.values.get("period")
    return period.year if isinstance(period, Period) else None


def _other_years(years: Iterable[str], year: int) -> list[Fault]:
    listed = "、".join(sorted(years))
    return [fault("inventory.other-years", years=listed, year=year)] if listed else []


def refuse_units(activities: Iterable[Activity]) -> tuple[list[Activity], list[Gap], list[Fault]]:
    """Activities without electricity in a unit that is none of energy; each such is an error and a gap."""
    keep: list[Activity] = []
    gaps: list[Gap] = []
    faults: list[Fault] = []
    for activity in activities:
        if not _must_be_power(activity) or _is_energy(activity.unit):
            keep.append(activity)
            continue
        words = {"carrier": activity.carrier.zh, "name": activity.carrier.en, "unit": activity.unit}
        faults.append(fault("inventory.activity-unit", activity.at("unit"), **words))
        gaps.append(Gap(f"energy_activity[{activity.ref}].unit", activity.enterprise, activity.at("unit")))
    return keep, gaps, faults


def _must_be_power(activity: Activity) -> bool:
    is_own_power = activity.carrier.kind == "biogenic" and activity.use == "own_generation"
    return activity.carrier.kind == "electricity" or is_own_power


def _is_energy(unit: str) -> bool:
    return is_unit(unit) and same_dimension(unit, "MWh")
