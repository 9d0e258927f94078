"""Shares of a common total: by named keys among users, by named methods between electricity and heat."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from lingtan.errors import Fault, LingtanError, fault
from lingtan.inventory.lines import Labelled
from lingtan.inventory.members.allocation_methods import Sharing, load_allocation_methods
from lingtan.inventory.members.sharing import share_known, share_out
from lingtan.inventory.members.weighing import Weighing
from lingtan.quantities import exactly
from lingtan.trace import Node

S = TypeVar("S", bound=Sharing)


@dataclass(frozen=True, slots=True)
class User:
    """Who uses what is shared; `measures` by the names of the key (see `methods/allocation.yaml`)."""

    name: str
    measures: Mapping[str, Node]


@dataclass(frozen=True, slots=True)
class Whole:
    """The whole by the unit of the key (all space, the main meter), and who bears what no user takes."""

    measure: Node
    rest: str


@dataclass(frozen=True, slots=True)
class Allocation:
    """Shares by name, in the unit of `common`; with an error all are unknown, a gap leaves some unknown.

    If all shares are known, they add up to exactly `common`.
    """

    by: str
    common: Node
    shares: Mapping[str, Node]
    faults: tuple[Fault, ...] = ()


@exactly
def allocate(
    common: Node, users: Sequence[User], key: str, *, whole: Whole | None = None, places: int | None = None
) -> Allocation:
    """`common` shared among `users` by `key`, the rest of `whole` named. LingtanError: no such key.

    `places`: decimals that shares keep, if sums of several allocations are to be exact.
    """
    found = _find(load_allocation_methods().keys, key)
    work = Weighing(found, f"{common.name}.{key}")
    over = {"whole": whole.measure} if whole else {}
    unit = found.unit or work.common_unit([*(user.measures for user in users), over])
    weights = [(user.name, work.weigh(user.name, found.formula, unit, user.measures)) for user in users]
    if whole is None:
        return _share(work, key, common, weights, work.used(weights, unit), places)
    taken = work.used(weights, unit)
    there = work.whole(whole.measure, weights, unit)
    return _share(work, key, common, [*weights, (whole.rest, work.rest(there, taken))], there, places)


@exactly
def allocate_cogeneration(common: Node, method: str, measures: Mapping[str, Node]) -> Allocation:
    """`common` (emissions or fuel) between `electricity` and `heat`. LingtanError: no such method.

    Outputs and efficiencies may be given alike; an efficiency of 0, and two that make more than 1
    together, cannot be.
    """
    found = _find(load_allocation_methods().cogeneration, method)
    work = Weighing(found, f"{common.name}.{method}")
    unit = work.common_unit([measures])
    work.is_efficiency = unit == "1"
    parts = (("electricity", found.electricity), ("heat", found.heat))
    weights = [(name, work.weigh("", formula, unit, measures)) for name, formula in parts]
    work.check_efficiencies(weights, measures)
    return _share(work, method, common, weights, work.used(weights, unit))


def _find(table: Mapping[str, S], name: str) -> S:
    if name not in table:
        known = "、".join(sorted(table))
        raise LingtanError([fault("inventory.unknown-allocation", name=name, known=known)])
    return table[name]


def _share(  # noqa: PLR0913 called from two places, all of it needed
    work: Weighing, by: str, common: Node, weights: list[Labelled], whole: Node, places: int | None = None
) -> Allocation:
    """The shares once all is checked; what is not known stays so."""
    work.check(common, common.name)
    work.check_names([name for name, _ in weights])
    if whole.value == 0:
        work.say("inventory.allocation-of-nothing", whole)
    faults = tuple(work.faults)
    known = [node.value is not None for _, node in weights]
    if faults or not all(known) or common.value is None or whole.value is None:
        shares = {
            name: share_known(common, (name, node), whole, is_refused=bool(faults)) for name, node in weights
        }
        return Allocation(by, common, shares, faults)
    return Allocation(by, common, share_out(common, weights, whole, work.sharing, places))
