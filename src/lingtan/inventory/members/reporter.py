"""The view of one reporter: its part of the members by share or by control; the park stays as it is."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, cast

from lingtan.dossier.records import Dossier, Row
from lingtan.inventory.members.consolidation import Approach, Fractions, consolidate, find_fractions
from lingtan.inventory.members.ownership import Control, Holding
from lingtan.inventory.records import Inventory, Member
from lingtan.quantities import exactly
from lingtan.trace import Gap, Node, Origin, as_dict, export_gaps, plain

REGISTER = "ownership"
UNIT = "tCO2e"


@dataclass(frozen=True, slots=True)
class Share:
    """Scope 1 and scope 2 by place of one reporter, and the fractions they were made with.

    Scope 2 is that of the members: what one of them received from another of the same reporter is in it.
    """

    reporter: str
    approach: Approach
    scope1: Node
    scope2: Node
    fractions: Fractions


@exactly
def compute_share(inventory: Inventory, dossier: Dossier, reporter: str, approach: Approach) -> Share:
    """The part of `reporter` in the members of `inventory`, by the register of ownership.

    An enterprise that the register does not name is a gap, and a table that contradicts itself is refused
    whole (`fractions.faults`). Lines of the park as a whole belong to no enterprise and are no part of it.
    """
    fractions = find_fractions(read_holdings(dossier), reporter, approach)
    named = [member for member in inventory.members if member.enterprise]
    scope1 = [(one.enterprise, _leaf(inventory, one, "scope1_tco2e", one.scope1_tco2e)) for one in named]
    scope2 = [
        (one.enterprise, _leaf(inventory, one, "scope2_location_tco2e", one.scope2_location_tco2e))
        for one in named
    ]
    name = f"share[{reporter}/{approach}]"
    return Share(
        reporter,
        approach,
        consolidate(f"{name}.scope1_tco2e", scope1, fractions, UNIT),
        consolidate(f"{name}.scope2_location_tco2e", scope2, fractions, UNIT),
        fractions,
    )


def read_holdings(dossier: Dossier) -> tuple[Holding, ...]:
    """The rows of the register, shares from 0 to 1."""
    return tuple(_holding(row) for row in dossier.rows.get(REGISTER, ()))


def _holding(row: Row) -> Holding:
    share, operates = row.number("share_percent"), row.values.get("operates")
    return Holding(
        row.text("owner"),
        row.text("owned"),
        None if share is None else share * Decimal("0.01"),
        cast("Control | None", row.text("control") or None),
        operates if isinstance(operates, bool) else None,
        row.place,
    )


def _leaf(inventory: Inventory, member: Member, column: str, value: Decimal | None) -> Node:
    name = f"members[{member.enterprise}].{column}"
    origin = Origin("parameter", f"inventory[{inventory.method}].{name}")
    gaps = member.gaps
    if value is None:
        origin, gaps = Origin("missing", name), gaps or (Gap(name, member.enterprise),)
    return Node(name, value, UNIT, origin=origin, gaps=gaps)


def export_share(share: Share) -> dict[str, Any]:
    """A reporter's part as plain data."""
    return {
        "reporter": share.reporter,
        "approach": share.approach,
        "scope1_tco2e": plain(share.scope1.value),
        "scope2_location_tco2e": plain(share.scope2.value),
        "fractions": {name: plain(node.value) for name, node in share.fractions.of.items()},
        "missing": export_gaps((*share.scope1.gaps, *share.scope2.gaps)),
        "faults": [one.as_dict() for one in share.fractions.faults],
        "trace": [as_dict(node, depth=2) for node in (share.scope1, share.scope2)],
    }
