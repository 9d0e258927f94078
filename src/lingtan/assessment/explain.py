"""The whole chain behind one number of an assessment, or of an inventory."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping

from lingtan.assessment.records import Assessment
from lingtan.errors import LingtanError, fault
from lingtan.inventory.records import Inventory
from lingtan.trace import Node, walk


def explain(result: Assessment, name: str) -> Node:
    """The trace behind `name`: a total, an indicator (code or id), a gate, a term, a factor.

    Raises LingtanError with near names if nothing in the assessment is called so.
    """
    return find_named(explainable(result), name)


def explain_inventory(inventory: Inventory, name: str) -> Node:
    """The trace behind `name` in the inventory of any method: a total, a line, a factor, a cell."""
    roots = [*inventory.totals.values(), *(line.node for line in inventory.lines)]
    names = dict(inventory.totals)
    for root in roots:
        for node in walk(root):
            names.setdefault(node.name, node)
    return find_named(names, name)


def find_named(names: Mapping[str, Node], name: str) -> Node:
    """The node called `name`, whatever the case; LingtanError with near names if there is none."""
    folded = {key.casefold(): key for key in names}
    if name.casefold() in folded:
        return names[folded[name.casefold()]]
    near = difflib.get_close_matches(name.casefold(), list(folded), n=5, cutoff=0.4)
    hint = "、".join(folded[key] for key in near) or "、".join(list(names)[:20])
    raise LingtanError([fault("assessment.unknown-name", name=name, hint=hint)])


def explainable(result: Assessment) -> Mapping[str, Node]:
    """Every name that `explain` knows, most important first."""
    names: dict[str, Node] = {}
    for key, node in _named(result):
        names.setdefault(key, node)
    return names


def _named(result: Assessment) -> Iterator[tuple[str, Node]]:
    yield "score", result.score_node
    for indicator in result.indicators:
        yield indicator.code, indicator.node
        yield indicator.id, indicator.node
    for gate in result.gates:
        yield gate.id, gate.node
        yield f"gate.{gate.id}", gate.node
    balances = (("park", result.inventory.totals), ("ndrc", result.national.totals),
                ("ledger", result.ledger.totals))  # fmt: skip
    for prefix, totals in balances:
        for key, node in totals.items():
            yield f"{prefix}.{key}", node
            yield key, node
    roots = [result.score_node, *(gate.node for gate in result.gates)]
    roots += [indicator.node for indicator in result.indicators]
    roots += [node for _, totals in balances for node in totals.values()]
    for root in roots:
        for node in walk(root):
            yield node.name, node
