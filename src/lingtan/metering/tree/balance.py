"""What came in by a meter against what its submeters say went where."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

import numpy as np
from numpy.typing import NDArray

from lingtan.documents import Record, load_record
from lingtan.errors import Fault, fault
from lingtan.metering.limits import Limit
from lingtan.metering.tree.building import MeterTree
from lingtan.metering.tree.totals import compute_virtual
from lingtan.quantities import exactly, scale


class TreeLimits(Record):
    """Limits of `lingtan_data/methods/meter_tree.yaml`."""

    residual_tolerance: Limit


@cache
def load_tree_limits() -> TreeLimits:
    """The shipped limits; EditionError if our file is wrong."""
    return load_record(TreeLimits, "methods", "meter_tree.yaml")


@dataclass(frozen=True, slots=True)
class Balance:
    """A meter with submeters, in its unit: `inflow` − `outflow` = `residual`.

    inflow: what the meter read, and own generation below it. outflow: submeters and exports.
    A positive residual is not submetered, or lost; a negative one cannot be. `unknown` are
    submeters without energy: they are in neither, and the residual is then an upper bound.
    """

    meter: str
    unit: str
    inflow: Decimal
    outflow: Decimal
    residual: Decimal
    children: tuple[str, ...]
    unknown: tuple[str, ...] = ()

    @property
    def share(self) -> Decimal | None:
        """Residual over inflow; None if nothing came in."""
        return self.residual / self.inflow if self.inflow else None


@exactly
def compute_balances(tree: MeterTree, energies: Mapping[str, Decimal | None]) -> tuple[Balance, ...]:
    """The balance of every meter with children whose own energy is known, by id.

    `energies` are in the unit of each meter's sums, multiplied already.
    """
    return tuple(found for meter in tree.children if (found := _balance(tree, meter, energies)) is not None)


def _balance(tree: MeterTree, meter: str, energies: Mapping[str, Decimal | None]) -> Balance | None:
    own = compute_virtual(tree, meter, energies)
    if own is None:
        return None
    unit, inflow, outflow, unknown = tree.unit(meter), own, Decimal(0), []
    for child in tree.children[meter]:
        energy = compute_virtual(tree, child, energies)
        if energy is None:
            unknown.append(child)
            continue
        converted = energy * scale(tree.unit(child), unit)
        if tree.rows[child].text("role") == "generation":
            inflow += converted
        else:
            outflow += converted
    return Balance(meter, unit, inflow, outflow, inflow - outflow, tree.children[meter], tuple(unknown))


def check_balances(tree: MeterTree, balances: tuple[Balance, ...]) -> tuple[Fault, ...]:
    """Meters whose submeters read more than came in, beyond the tolerance."""
    tolerance = load_tree_limits().residual_tolerance.value
    found = []
    for one in balances:
        if -one.residual * 100 > tolerance * one.inflow:
            share = f"{-one.residual * 100 / one.inflow:.2f}" if one.inflow else "—"
            context = {"residual": f"{-one.residual.normalize():f}", "share": share, "tolerance": tolerance}
            place = tree.rows[one.meter].place
            found.append(fault("tree.children-exceed", place, meter=one.meter, unit=one.unit, **context))
    return tuple(found)


def compute_residuals(
    tree: MeterTree, series: Mapping[str, NDArray[np.int64]]
) -> dict[str, NDArray[np.int64]]:
    """Inflow less outflow by slot, whole numbers of one unit, where all children are in `series`."""
    found = {}
    for meter, children in tree.children.items():
        if meter not in series or not all(child in series for child in children):
            continue
        residual = series[meter].copy()
        for child in children:
            is_inflow = tree.rows[child].text("role") == "generation"
            residual += series[child] if is_inflow else -series[child]
        found[meter] = residual
    return found
