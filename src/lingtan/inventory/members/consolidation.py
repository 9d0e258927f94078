"""What part of an enterprise's emissions is the reporter's: by equity, financial or operational control."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from lingtan.errors import Fault
from lingtan.inventory.lines import ONE, ZERO, multiply, number, total
from lingtan.inventory.members.amounts import lacking
from lingtan.inventory.members.ownership import Holding, check_ownership, owners_first
from lingtan.quantities import add_up, exactly
from lingtan.trace import Gap, Node, Origin, gaps_of

Approach = Literal["equity_share", "financial_control", "operational_control"]
_CONTROL = {"sole": ONE, "none": ZERO}


@dataclass(frozen=True, slots=True)
class Fractions:
    """The fraction of each enterprise that `reporter` counts; with faults in the table all are unknown."""

    approach: Approach
    reporter: str
    of: Mapping[str, Node]
    faults: tuple[Fault, ...] = ()


@exactly
def find_fractions(table: Sequence[Holding], reporter: str, approach: Approach) -> Fractions:
    """Fractions along every chain from `reporter`: products of the links, several chains added.

    A link counts: by equity its share; by financial control 1 if sole, the share if joint, else 0; by
    operational control 1 for the operator, else 0. A table that contradicts itself is refused whole.
    """
    faults = check_ownership(table, reporter)
    names = {reporter, *(name for row in table for name in (row.owner, row.owned))}
    if faults:
        refused = {
            name: lacking(f"fraction[{name}]", "1", Gap("ownership", "park")) for name in sorted(names)
        }
        return Fractions(approach, reporter, refused, faults)
    found = {reporter: _given("fraction", reporter, ONE, "the reporter itself")}
    rows: defaultdict[str, list[Holding]] = defaultdict(list)
    for row in sorted(table, key=lambda one: (one.owned, one.owner)):
        rows[row.owned].append(row)
    for name in owners_first(table):
        if name != reporter:
            found[name] = _fraction(name, rows[name], found, approach)
    return Fractions(approach, reporter, {name: found[name] for name in sorted(found)})


def _given(what: str, name: str, value: Decimal, note: str) -> Node:
    return Node(f"{what}[{name}]", value, origin=Origin("confirmed", f"ownership[{name}]"), note=note)


def _fraction(name: str, rows: Sequence[Holding], found: Mapping[str, Node], approach: Approach) -> Node:
    """The sum over the owners of `name`; a link of 0 ends a chain, whatever else is unknown in it."""
    chains: list[Node] = []
    for row in rows:
        above, link = found[row.owner], _link(row, approach)
        if above.value != ZERO and link.value != ZERO:
            is_known = above.value is not None and link.value is not None
            value = number(above) * number(link) if is_known else None
            inputs = (("above", above), ("link", link))
            chains.append(Node(f"{row.reference}.chain", value, rule="above * link", inputs=inputs))
    if not chains:
        return _given("fraction", name, ZERO, "no chain leads here")
    is_known = all(chain.value is not None for chain in chains)
    numbered = tuple((f"n{index}", chain) for index, chain in enumerate(chains, 1))
    value = add_up(number(chain) for chain in chains) if is_known else None
    return Node(f"fraction[{name}]", value, rule="sum", inputs=numbered, gaps=gaps_of(*chains))


def _link(row: Holding, approach: Approach) -> Node:
    """What one row counts by `approach`, or the gap of the cell that would say so."""
    column, value = _value(row, approach)
    name = f"{row.reference}.{column}"
    if value is None:
        return lacking(name, "1", Gap(name, row.owner, row.place))
    return Node(name, value, origin=Origin("cell", name, row.place))


def _value(row: Holding, approach: Approach) -> tuple[str, Decimal | None]:
    if approach == "equity_share" or (approach == "financial_control" and row.control == "joint"):
        return "share", row.share
    if approach == "financial_control":
        return "control", None if row.control is None else _CONTROL[row.control]
    return "operates", None if row.operates is None else ONE if row.operates else ZERO


@exactly
def consolidate(name: str, amounts: Sequence[tuple[str, Node]], fractions: Fractions, unit: str) -> Node:
    """The reporter's part of `amounts` (enterprise, emissions), in `unit`; only of one scope at a time.

    An enterprise that the table does not name, an unknown fraction and an unknown amount are gaps; an
    amount of which nothing is the reporter's is not asked for.
    """
    parts: list[Node] = []
    gaps: set[Gap] = set()
    for enterprise, amount in amounts:
        fraction = fractions.of.get(enterprise)
        if fraction is None:
            gaps.add(Gap(f"ownership[{enterprise}]", enterprise))
        elif fraction.value != ZERO and (fraction.value is None or amount.value is None):
            gaps.update(gaps_of(fraction, amount) or {Gap(f"{name}[{enterprise}]", enterprise)})
        elif amount.value is not None:
            inputs = (("amount", amount), ("fraction", fraction))
            parts.append(multiply(f"{name}[{enterprise}]", inputs, unit))
            gaps.update(gaps_of(amount) if fraction.value != ZERO else ())
    return total(name, parts, unit, gaps=gaps)
