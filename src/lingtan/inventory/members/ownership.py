"""The ownership table: who holds how much of whom, who controls, who operates; and what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from graphlib import CycleError, TopologicalSorter
from typing import Literal

from lingtan.errors import NOWHERE, Fault, Place, fault
from lingtan.inventory.lines import ONE, ZERO
from lingtan.inventory.members.amounts import check_amount
from lingtan.trace import Node, Origin

Control = Literal["sole", "joint", "none"]


@dataclass(frozen=True, slots=True)
class Holding:
    """`owner` holds `share` (0 to 1) of `owned`; None: not handed in.

    `control`: financial control, alone, with others, or none. `operates`: the owner has operational
    control, which it may have without a share (a contractor, a lessee).
    """

    owner: str
    owned: str
    share: Decimal | None = None
    control: Control | None = None
    operates: bool | None = None
    place: Place = NOWHERE

    @property
    def reference(self) -> str:
        """The name of this row in traces."""
        return f"ownership[{self.owner}/{self.owned}]"


def check_ownership(table: Sequence[Holding], reporter: str) -> tuple[Fault, ...]:
    """Everything that keeps `table` from being used, at once."""
    named = {name for row in table for name in (row.owner, row.owned)}
    unknown = bool(table) and reporter not in named
    first = [fault("inventory.ownership-unknown-reporter", table[0].place, name=reporter)] if unknown else []
    return (*first, *_shares(table), *_rows_of_one(table), *_cycles(table))


def _shares(table: Sequence[Holding]) -> Iterator[Fault]:
    for row in table:
        leaf = Node("share", row.share, origin=Origin("cell", row.reference, row.place))
        found = check_amount(leaf, f"{row.reference}.share", most=ONE)
        if found:
            yield found


def _rows_of_one(table: Sequence[Holding]) -> Iterator[Fault]:
    """What the rows of one owned enterprise cannot be together."""
    for owned in sorted({row.owned for row in table}):
        rows = [row for row in table if row.owned == owned]
        owners = [row.owner for row in rows]
        for owner in sorted({name for name in owners if owners.count(name) > 1}):
            yield fault("inventory.ownership-twice", rows[-1].place, owner=owner, owned=owned)
        known = [row.share for row in rows if row.share is not None and row.share.is_finite()]
        if sum(known, ZERO) > ONE:
            yield fault(
                "inventory.ownership-over-one", rows[-1].place, owned=owned, sum=f"{sum(known, ZERO):f}"
            )
        sole = [row.owner for row in rows if row.control == "sole"]
        joint = [row.owner for row in rows if row.control == "joint"]
        if len(sole) > 1 or (sole and joint):
            yield _controllers(rows[-1], "financial", [*sole, *joint])
        operators = [row.owner for row in rows if row.operates]
        if len(operators) > 1:
            yield _controllers(rows[-1], "operational", operators)


def _controllers(row: Holding, kind: str, names: Sequence[str]) -> Fault:
    zh = {"financial": "财务控制权", "operational": "运营控制权"}[kind]
    words = {"owned": row.owned, "kind": zh, "kind_en": f"{kind} control", "names": "、".join(names)}
    return fault("inventory.ownership-controllers", row.place, **words)


def _cycles(table: Sequence[Holding]) -> Iterator[Fault]:
    """Each ring of enterprises that own themselves; the last link of one is cut to find the next."""
    owners = {row.owned: sorted({one.owner for one in table if one.owned == row.owned}) for row in table}
    while True:
        try:
            TopologicalSorter(owners).prepare()
        except CycleError as error:
            ring: list[str] = error.args[1]
            places = {(row.owner, row.owned): row.place for row in table}
            yield fault("inventory.ownership-cycle", places[ring[0], ring[1]], ring=" → ".join(ring))
            owners[ring[1]].remove(ring[0])
        else:
            return


def owners_first(table: Sequence[Holding]) -> tuple[str, ...]:
    """Every enterprise of a table without cycles after all that hold a part of it."""
    owners: dict[str, set[str]] = {name: set() for row in table for name in (row.owner, row.owned)}
    for row in table:
        owners[row.owned].add(row.owner)
    return tuple(TopologicalSorter(owners).static_order())
