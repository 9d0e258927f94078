"""What is still missing of evidence behind each indicator and gate of an assessment.

The trace of a result ends in cells, and each cell says which evidence its row names. A row that names
none, an id that is not listed, a document whose file is not there or is no longer valid: each is
something to hand in, told per indicator with the points that hang on it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from lingtan.assessment.records import Assessment
from lingtan.trace import Node, walk
from lingtan_web.evidence.uses import evidence_columns, named_ids


class State(StrEnum):
    """How a document of the list stands."""

    HERE = "here"
    ABSENT = "absent"
    CHANGED = "changed"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Wanting:
    """One indicator or gate: its rows, those without evidence, ids not listed, documents not in order."""

    code: str
    zh: str
    en: str
    points: Decimal | None
    rows: int
    unproven: tuple[str, ...]
    unlisted: tuple[str, ...]
    troubled: tuple[tuple[str, State], ...]

    @property
    def is_complete(self) -> bool:
        """Whether nothing is missing."""
        return not (self.unproven or self.unlisted or self.troubled)


def find_wanting(assessment: Assessment, states: Mapping[str, State]) -> tuple[Wanting, ...]:
    """Every gate, then every indicator that applies. `states`: of each document of the list, by id."""
    gates = [_wanting(gate.id, (gate.zh, gate.en), None, gate.node, states) for gate in assessment.gates]
    indicators = [
        _wanting(one.code, (one.zh, one.en), one.points, one.node, states)
        for one in assessment.indicators
        if one.applies
    ]
    return (*gates, *indicators)


def _wanting(
    code: str, words: tuple[str, str], points: Decimal | None, node: Node, states: Mapping[str, State]
) -> Wanting:
    rows = dict(_rows(node))
    named = sorted({one for ids in rows.values() for one in ids})
    return Wanting(
        code=code,
        zh=words[0],
        en=words[1],
        points=points,
        rows=len(rows),
        unproven=tuple(sorted(row for row, ids in rows.items() if not ids)),
        unlisted=tuple(one for one in named if one not in states),
        troubled=tuple((one, states[one]) for one in named if states.get(one, State.HERE) != State.HERE),
    )


def _rows(root: Node) -> Iterator[tuple[str, tuple[str, ...]]]:
    """`register[key]` of every row below a node that could name evidence, with the ids it names."""
    for node in walk(root):
        if node.origin is not None and node.origin.kind == "cell":
            row = node.origin.reference.rpartition("].")[0]
            register = row.partition("[")[0]
            if register in evidence_columns():
                yield f"{row}]", named_ids(node.origin.detail.get("evidence", ""))
