"""A trace as a tree: formula, inputs, factor with source, cell or reading, clause, basis."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from rich.text import Text
from rich.tree import Tree

from lingtan.cli.show import console
from lingtan.texts import number, visible
from lingtan.trace import Node

INPUTS_SHOWN = 4
DIGITS = 10


def show_trace(root: Node, *, full: bool = False) -> None:
    """Print the tree below `root`; of long sums the largest inputs, unless `full`."""
    tree = Tree(_words("", root))
    _grow(tree, root, None if full else INPUTS_SHOWN, opened=set())
    console().print(tree)


def _grow(tree: Tree, node: Node, limit: int | None, *, opened: set[int]) -> None:
    if id(node) in opened:
        if node.inputs:
            tree.add(Text("（见上 see above）", style="dim"))
        return
    opened.add(id(node))
    inputs = node.inputs if limit is None else _largest(node, limit)
    for label, child in inputs:
        _grow(tree.add(_words(label, child)), child, limit, opened=opened)
    if len(inputs) < len(node.inputs):
        rest = len(node.inputs) - len(inputs)
        tree.add(Text(f"… 另有 {rest} 项，用 --full 展开 {rest} more, open with --full", style="dim"))


def _largest(node: Node, limit: int) -> Sequence[tuple[str, Node]]:
    """Inputs of a short rule as they stand; of a long sum the largest ones, gaps first."""
    if len(node.inputs) <= limit:
        return node.inputs
    return sorted(node.inputs, key=lambda pair: _rank(pair[1]))[:limit]


def _rank(node: Node) -> Decimal:
    if node.value is None:
        return Decimal("-Infinity")
    return -abs(node.value) if isinstance(node.value, Decimal) else Decimal(0)


def _words(label: str, node: Node) -> Text:
    text = Text()
    title = label if label and label != node.name else ""
    if title:
        text.append(f"{visible(title)}: ", style="cyan")
    text.append(visible(node.name), style="bold")
    text.append(" = ").append(
        visible(_value(node)), style="bold green" if node.value is not None else "yellow"
    )
    for part in _ground(node):
        text.append("\n  ").append(visible(part), style="dim")
    return text


def _value(node: Node) -> str:
    if node.value is None:
        return "未知 not known"
    if isinstance(node.value, bool):
        return "是 yes" if node.value else "否 no"
    shown = number(node.value, DIGITS) if isinstance(node.value, Decimal) else str(node.value)
    return shown if node.unit == "1" else f"{shown} {node.unit}"


def _ground(node: Node) -> list[str]:
    """What a node says of itself: rule, place, source, clause, basis, note, gaps."""
    parts = []
    if node.rule:
        parts.append(f"公式 rule: {node.rule}" + (f" × {len(node.inputs)}" if node.rule == "sum" else ""))
    if node.origin:
        reference = "" if node.origin.reference == node.name else node.origin.reference
        place = f"@ {node.origin.place}" if str(node.origin.place) else ""
        found = " ".join(part for part in (reference, place) if part)
        parts.append(f"来源 {node.origin.kind}: {found}" if found else f"来源 {node.origin.kind}")
        parts.extend(f"{key}: {value}" for key, value in node.origin.detail.items() if value)
    if node.clause:
        parts.append(f"条款 clause: {node.clause}")
    if node.basis:
        parts.append(f"依据性质 basis: {node.basis}")
    if node.note:
        parts.append(node.note)
    parts.extend(f"缺 missing: {gap.datum}（{gap.asked_of}）" for gap in node.gaps)
    return parts
