"""The values an edition's formulas speak of, each with its trace, computed when first asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from lingtan import expressions
from lingtan.assessment.facts import Groundwork
from lingtan.assessment.rows import find_rows
from lingtan.dossier.records import Row
from lingtan.standards import CompiledEdition, CompiledFormula, declared_columns
from lingtan.standards.records import Sourced
from lingtan.trace import Node, Origin


class Values:
    """Names of terms, facts and parameters as trace nodes; registers as rows."""

    def __init__(self, ground: Groundwork, compiled: CompiledEdition) -> None:
        self._ground = ground
        self.compiled = compiled
        self._known: dict[str, Node] = dict(ground.facts)
        self._rows: dict[str, tuple[Row, ...] | None] = {}
        self._known.update(parameter_nodes(compiled.edition.id, compiled.edition.parameters))

    def assume(self, nodes: Mapping[str, Node]) -> None:
        """Take these names as given instead of computing them."""
        self._known.update(nodes)

    def __call__(self, name: str) -> Node:
        """The node of a fact, a parameter or a term."""
        if name not in self._known:
            term = self.compiled.terms[name]
            self._known[name] = self.evaluate(term, name, self.compiled.edition.terms[name].unit)
        return self._known[name]

    def rows(self, register: str) -> tuple[Row, ...] | None:
        """The rows of a register that count for the year; None if it was not handed in."""
        if register not in self._rows:
            self._rows[register] = find_rows(self._ground.dossier, register)
        return self._rows[register]

    def evaluate(self, formula: CompiledFormula, name: str, unit: str) -> Node:
        """A compiled formula as a node of `unit`."""
        node = expressions.evaluate(
            formula.expression, name=name, unit=unit, names=self, rows=self.rows, columns=declared_columns
        )
        return scaled(node, formula.scale)


def parameter_nodes(edition: str, parameters: Mapping[str, Sourced]) -> dict[str, Node]:
    """The parameters of an edition as leaves with unit, basis and source."""
    return {
        name: Node(
            name,
            sourced.value,
            sourced.unit,
            origin=Origin("parameter", f"{edition}:{name}", detail={"source": sourced.source}),
            basis=sourced.basis,
            note=sourced.zh,
        )
        for name, sourced in parameters.items()
    }


def scaled(node: Node, scale: Decimal) -> Node:
    """`node` times the factor between the unit of its formula and its declared unit."""
    if scale == 1:
        return node
    leaf = Node("unit_scale", scale, origin=Origin("parameter", "unit_scale"))
    if not node.rule:
        return replace(
            node,
            rule="unscaled * unit_scale",
            value=_times(node, scale),
            inputs=(("unscaled", node), ("unit_scale", leaf)),
            origin=None,
        )
    rule = f"({node.rule}) * unit_scale"
    return replace(node, rule=rule, value=_times(node, scale), inputs=(*node.inputs, ("unit_scale", leaf)))


def _times(node: Node, scale: Decimal) -> Decimal | None:
    return node.value * scale if isinstance(node.value, Decimal) else None
