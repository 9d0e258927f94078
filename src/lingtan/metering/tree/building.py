"""The meters of the register as a tree: who is above whom, and what virtual meters are made of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from lingtan.dossier.records import Row
from lingtan.errors import Fault, fault
from lingtan.metering.register import ancestors, is_in_ring
from lingtan.metering.tree.formulas import FormulaError, parse_formula
from lingtan.metering.units import sum_unit
from lingtan.quantities import UnitError, same_dimension, scale


@dataclass(frozen=True, slots=True)
class MeterTree:
    """Meters by id: their rows, parents, children, and the physical meters virtual ones consist of.

    `parts[v]` has for a virtual meter the coefficient of each physical meter, both in the unit of
    their own sums (see `units.sum_unit`); meters whose formula is wrong are not in it. Faults name
    the row and the column.
    """

    rows: Mapping[str, Row]
    children: Mapping[str, tuple[str, ...]]
    parts: Mapping[str, Mapping[str, Decimal]]
    faults: tuple[Fault, ...] = ()
    formulas: Mapping[str, Mapping[str, Decimal]] = field(default_factory=dict)

    def unit(self, meter: str) -> str:
        """The unit in which the meter's energy adds up."""
        return sum_unit(self.rows[meter])[0]

    def above(self, meter: str) -> tuple[str, ...]:
        """The meters above, nearest first; none in a ring."""
        return tuple(row.text("meter") for row in ancestors(meter, dict(self.rows)))

    def expand(self, meter: str) -> Mapping[str, Decimal]:
        """The physical meters it consists of; a physical meter consists of itself."""
        return self.parts.get(meter, {meter: Decimal(1)} if not self.is_virtual(meter) else {})

    def is_virtual(self, meter: str) -> bool:
        """Whether it is computed from others."""
        return bool(self.rows[meter].text("formula"))

    def roots(self) -> Iterator[str]:
        """Meters with children and none above them, by id."""
        return (meter for meter in self.children if not self.above(meter))


def build_tree(rows: Mapping[str, Row]) -> MeterTree:
    """The tree of `rows` (by id). Wrong parents and formulas are faults, and left out."""
    faults: list[Fault] = []
    children: dict[str, list[str]] = {}
    for meter in sorted(rows):
        parent = rows[meter].text("parent")
        if parent not in rows or is_in_ring(meter, dict(rows)):
            continue  # an unknown parent and a ring are faults of the dossier and of metering
        if _fit(rows, meter, parent, "parent", faults):
            children.setdefault(parent, []).append(meter)
    formulas = _formulas(rows, faults)
    parts = {meter: form for meter in formulas if (form := _resolve(meter, formulas, rows, faults))}
    ordered = {meter: tuple(below) for meter, below in sorted(children.items())}
    return MeterTree(rows, ordered, parts, tuple(faults), formulas)


def _fit(rows: Mapping[str, Row], meter: str, other: str, column: str, faults: list[Fault]) -> bool:
    """Whether two meters measure the same carrier in units that convert."""
    mine, theirs, place = rows[meter], rows[other], rows[meter].at(column)
    carriers = mine.text("carrier"), theirs.text("carrier")
    if carriers[0] != carriers[1]:
        context = {"carrier": carriers[0], "another": carriers[1]}
        faults.append(fault("tree.other-carrier", place, meter=meter, other=other, **context))
        return False
    units = sum_unit(mine)[0], sum_unit(theirs)[0]
    if not _convert(*units):
        faults.append(
            fault("tree.other-unit", place, meter=meter, other=other, unit=units[0], another=units[1])
        )
        return False
    return True


def _convert(one: str, other: str) -> bool:
    try:
        return same_dimension(one, other)
    except UnitError:
        return False


def _formulas(rows: Mapping[str, Row], faults: list[Fault]) -> dict[str, dict[str, Decimal]]:
    """Formulas that can be read and whose meters fit."""
    found = {}
    for meter, row in sorted(rows.items()):
        if not row.text("formula"):
            continue
        place = row.at("formula")
        try:
            form = parse_formula(row.text("formula"))
        except FormulaError as error:
            faults.append(fault("tree.bad-formula", place, meter=meter, reason=error))
            continue
        unknown = [other for other in form if other not in rows]
        faults += [fault("tree.unknown-meter", place, meter=meter, other=other) for other in unknown]
        fitting = [_fit(rows, meter, other, "formula", faults) for other in form if other in rows]
        if not unknown and all(fitting):
            found[meter] = form
    return found


def _resolve(
    meter: str, formulas: Mapping[str, Mapping[str, Decimal]], rows: Mapping[str, Row], faults: list[Fault]
) -> dict[str, Decimal] | None:
    """`meter` in physical meters only; None, with the ring named, where it is made of itself."""
    result: dict[str, Decimal] = {}
    stack: list[tuple[str, Decimal, tuple[str, ...]]] = [(meter, Decimal(1), ())]
    while stack:
        one, coefficient, path = stack.pop()
        if one in path:
            ring = " › ".join([*path[path.index(one) :], one])
            if one == meter:
                faults.append(fault("tree.ring", rows[meter].at("formula"), meter=meter, path=ring))
            return None
        if one not in formulas:
            if rows[one].text("formula"):
                return None  # its formula is wrong and was told
            result[one] = result.get(one, Decimal(0)) + coefficient
            continue
        for other, factor in formulas[one].items():
            unit = scale(sum_unit(rows[other])[0], sum_unit(rows[one])[0])
            stack.append((other, coefficient * factor * unit, (*path, one)))
    return {one: value for one, value in sorted(result.items()) if value}
