"""Where a number comes from: a graph of named values down to cells, readings and factors.

A node is data, not prose: `expressions.replay` evaluates its rule again from its inputs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

from lingtan.errors import NOWHERE, Place

Value = Decimal | bool | str | date | None
Basis = Literal["standard", "inferred", "precedent", "operator-set"]
OriginKind = Literal["cell", "profile", "readings", "factor", "parameter", "confirmed", "missing"]


@dataclass(frozen=True, slots=True)
class Origin:
    """What a leaf rests on: a cell, readings, a factor with its source, a parameter."""

    kind: OriginKind
    reference: str
    place: Place = NOWHERE
    detail: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, order=True)
class Gap:
    """A datum that was not handed in, and who can supply it (`park` or an enterprise id)."""

    datum: str
    asked_of: str
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True)
class Node:
    """A named value with unit, rule and inputs.

    `rule` is empty for a leaf, `sum` for the sum of all inputs, else an expression over
    the labels of `inputs`. `value` None means not known; `gaps` says what is lacking here
    (those of the inputs are found by `gaps_of`).
    """

    name: str
    value: Value
    unit: str = "1"
    rule: str = ""
    inputs: tuple[tuple[str, Node], ...] = ()
    origin: Origin | None = None
    basis: Basis | None = None
    clause: str = ""
    note: str = ""
    gaps: tuple[Gap, ...] = ()


def walk(*roots: Node) -> Iterator[Node]:
    """Every node below `roots` once, inputs before the node that uses them."""
    seen: set[int] = set()
    stack: list[tuple[Node, bool]] = [(root, False) for root in reversed(roots)]
    while stack:
        node, opened = stack.pop()
        if opened:
            yield node
        elif id(node) not in seen:
            seen.add(id(node))
            if node.inputs:
                stack.append((node, True))
                stack.extend((child, False) for _, child in reversed(node.inputs))
            else:
                yield node


def gaps_of(*roots: Node) -> tuple[Gap, ...]:
    """All data lacking below `roots`, sorted, each once."""
    return tuple(sorted({gap for node in walk(*roots) for gap in node.gaps}))


def gaps_below(roots: Sequence[Node]) -> tuple[tuple[Gap, ...], ...]:
    """The gaps of each of `roots`, as `gaps_of` finds them, in one walk over what they share."""
    below: dict[int, frozenset[Gap]] = {}
    nothing: frozenset[Gap] = frozenset()
    for node in walk(*roots):
        found = nothing.union(node.gaps, *(below[id(child)] for _, child in node.inputs))
        below[id(node)] = found or nothing
    return tuple(tuple(sorted(below[id(root)])) for root in roots)


def bases_of(roots: Iterable[Node]) -> dict[Basis, int]:
    """How many distinct values behind `roots` have which basis; leaves differ by what they rest on."""
    named = {(_identity(node), node.basis) for node in walk(*roots) if node.basis}
    counts: dict[Basis, int] = {"standard": 0, "inferred": 0, "precedent": 0, "operator-set": 0}
    for _, basis in named:
        if basis:
            counts[basis] += 1
    return counts


def _identity(node: Node) -> str:
    """What tells values apart: `points` is the name of many leaves, each with a reference of its own."""
    return node.origin.reference if node.origin else node.name


def as_dict(node: Node, *, depth: int | None = None) -> dict[str, object]:
    """A node for JSON with its inputs down to `depth` levels; below that only `input_count` is given."""
    below = None if depth is None else depth - 1
    shown = () if depth == 0 else node.inputs
    inputs = [{"label": label, **as_dict(child, depth=below)} for label, child in shown]
    counted = {"rule": node.rule or None, "input_count": len(node.inputs), "inputs": inputs}
    return {**_named(node), **counted, **_ground(node)}


def _named(node: Node) -> dict[str, object]:
    return {"name": node.name, "value": plain(node.value), "unit": node.unit}


def _ground(node: Node) -> dict[str, object]:
    origin = node.origin
    return {
        "origin": None
        if origin is None
        else {
            "kind": origin.kind,
            "reference": origin.reference,
            "place": str(origin.place) or None,
            "detail": dict(origin.detail),
        },
        "basis": node.basis,
        "clause": node.clause or None,
        "note": node.note or None,
        "gaps": export_gaps(node.gaps),
    }


def export_gaps(gaps: Iterable[Gap]) -> list[dict[str, str]]:
    """Gaps for JSON, sorted, each datum once however many places lack it."""
    named = sorted({(gap.datum, gap.asked_of) for gap in gaps})
    return [{"datum": datum, "asked_of": asked_of} for datum, asked_of in named]


def plain(value: Value) -> str | bool | None:
    """A value for JSON: exact decimals as strings without exponent, dates in ISO form."""
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value.isoformat() if isinstance(value, date) else value
