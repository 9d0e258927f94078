"""One number and what it is made of, as a page shows it: read from the index, never computed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from lingtan.errors import LingtanError
from lingtan_web.assessments.naming import DatumPlace, find_place
from lingtan_web.assessments.queries import Opened
from lingtan_web.assessments.records import Said
from lingtan_web.assessments.rules import Viewer
from lingtan_web.assessments.trace_index import TraceIndex, TraceInput, TraceNode

PER_PAGE = 50
USERS_SHOWN = 8


@dataclass(frozen=True, slots=True)
class Shown:
    """A node as this viewer may see it; `is_covered`: its number is not shown."""

    node: TraceNode
    label: str = ""
    label_title: Said | None = None
    is_covered: bool = False

    @property
    def value(self) -> Any:
        """The value, None also where it is covered."""
        return None if self.is_covered else self.node.body["value"]


@dataclass(frozen=True, slots=True)
class Told:
    """A number: the node, its formula, a page of its inputs, what is made of it.

    `cell` is the row of data (the first is 1) and the column of the register it stands in.
    """

    node: TraceNode
    rule: Said | None
    inputs: tuple[Shown, ...]
    count: int
    page: int
    users: tuple[Shown, ...]
    place: DatumPlace | None = None
    cell: tuple[int, str] | None = None
    evidence: tuple[str, ...] = field(default=())

    @property
    def pages(self) -> int:
        """How many pages of inputs there are."""
        return max(1, -(-self.count // PER_PAGE))


def explain_number(opened: Opened, name: str, asked: Mapping[str, str]) -> Told | None:
    """The number of that name (or node); None if there is none, or not for this viewer.

    A name that nothing is called by is a fault with near names for those who see the park; an enterprise
    is told only that it is not there.
    """
    with opened.open_traces() as index:
        node = _find(index, opened, name, asked.get("node", ""))
        if node is None or not opened.viewer.can_open(node):
            return None
        return _tell(index, opened.viewer, node, _number(asked.get("page", "")) or 1)


def _find(index: TraceIndex, opened: Opened, name: str, asked: str) -> TraceNode | None:
    if number := _number(asked):
        return index.read(number)
    try:
        return index.find(name, opened.chosen.edition)
    except LingtanError:
        if opened.viewer.sees_park and opened.viewer.sees_confidential:
            raise
        return None


def _number(given: str) -> int:
    return int(given) if given.isascii() and given.isdigit() and len(given) < 10 else 0


def _tell(index: TraceIndex, viewer: Viewer, node: TraceNode, page: int) -> Told:
    count = index.count_inputs(node)
    page = min(max(page, 1), max(1, -(-count // PER_PAGE)))
    is_long = count > PER_PAGE
    inputs = index.read_inputs(node, limit=PER_PAGE, offset=(page - 1) * PER_PAGE, largest=is_long)
    origin = node.body["origin"] or {}
    evidence = (origin.get("detail") or {}).get("evidence", "")
    is_cell = origin.get("kind") in ("cell", "profile", "readings", "missing")
    return Told(
        node=node,
        rule=index.say_rule(node.body["rule"] or ""),
        inputs=tuple(_shown(one, viewer) for one in inputs),
        count=count,
        page=page,
        users=tuple(Shown(one) for one in index.find_users(node, USERS_SHOWN) if viewer.can_open(one)),
        place=find_place(origin["reference"] if origin.get("kind") != "readings" else "readings")
        if is_cell
        else None,
        cell=_cell(str(origin.get("place") or "")) if is_cell else None,
        evidence=tuple(part.strip() for part in evidence.split(";") if part.strip()),
    )


def _cell(place: str) -> tuple[int, str] | None:
    """The row and column of `registers/buildings.csv › 2 › floor_area_m2`, rows of data from 1."""
    file, _, rest = place.partition(" › ")
    row, _, column = rest.partition(" › ")
    return (int(row) - 1, column) if file and row.isdigit() and int(row) > 1 else None


def _shown(one: TraceInput, viewer: Viewer) -> Shown:
    return Shown(one.node, one.label, one.title, not viewer.can_open(one.node))
