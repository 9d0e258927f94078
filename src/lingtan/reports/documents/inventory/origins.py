"""Where the activity of a line was handed in: rows of registers, or meters."""

from __future__ import annotations

import re
from collections.abc import Iterable

from lingtan.dossier.records import Row
from lingtan.inventory.records import Line
from lingtan.periods import Period
from lingtan.reports.documents.bench import Bench
from lingtan.trace import walk

NAMED = 3
"""Meters named in a cell; the register of meters has them all."""


def find_rows(bench: Bench, line: Line) -> tuple[Row, ...]:
    """The rows behind the activity of `line` (its first input), each once."""
    root = line.node.inputs[0][1] if line.node.inputs else line.node
    found: dict[tuple[str, str], Row] = {}
    for node in walk(root):
        row = bench.find_row(node.origin.reference) if node.origin and node.origin.kind == "cell" else None
        if row is not None:
            found[row.register, row.key] = row
    return tuple(found.values())


def find_meters(line: Line) -> tuple[str, ...]:
    """The readings behind the activity of a line that nobody reported."""
    leaves = (node for node in walk(line.node) if node.origin is not None and node.origin.kind == "readings")
    return tuple(dict.fromkeys(leaf.name for leaf in leaves))


def say_meters(bench: Bench, meters: tuple[str, ...]) -> str:
    """The meters by their ids; of many the first few and how many there are."""
    ids = [re.sub(r"^meters\[(.*)\]\.energy$", r"\1", meter) for meter in meters]
    if len(ids) <= NAMED:
        return bench.comma.join(ids)
    return bench.words.text("inventory.some_meters", names=bench.comma.join(ids[:NAMED]), many=len(ids))


def say_periods(rows: Iterable[Row], otherwise: str) -> str:
    """`2024-01 – 2024-12`, or the only period; `otherwise` where rows have none."""
    found = sorted(
        {str(row.values["period"]) for row in rows if isinstance(row.values.get("period"), Period)}
    )
    if not found:
        return otherwise
    return found[0] if len(found) == 1 else f"{found[0]} – {found[-1]}"


def say_registers(bench: Bench, rows: Iterable[Row]) -> str:
    """The registers of the rows in words."""
    return bench.comma.join(dict.fromkeys(bench.labels.register(row.register) for row in rows))


def say_grounds(bench: Bench, rows: Iterable[Row]) -> str:
    """How the rows were measured (bill, meter, …), in words; empty where the register does not ask."""
    said = (bench.labels.choice(row, "source") for row in rows)
    return bench.comma.join(dict.fromkeys(word for word in said if word))


def say_evidence(bench: Bench, rows: Iterable[Row]) -> str:
    """The ids of evidence that rows name, each once, in order."""
    return bench.comma.join(sorted({id for row in rows for id in row.listed("evidence")}))
