"""What is still missing of evidence behind each indicator and gate of an assessment.

The trace of a result ends in cells and rows, and the dossier says which evidence a row names. A row that
names none, an id that is not listed, a document whose file is not there or is no longer valid: each is
something to hand in, told per indicator with the points that hang on it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from lingtan.assessment.records import Assessment
from lingtan.dossier.records import Dossier
from lingtan.trace import Node, walk
from lingtan_web.evidence.uses import evidence_columns

Proofs = Mapping[str, tuple[str, ...]]


class State(StrEnum):
    """How a document of the list stands."""

    HERE = "here"
    ABSENT = "absent"
    CHANGED = "changed"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Ground:
    """One indicator or gate: how many rows it rests on, those that name no evidence, ids the others name."""

    code: str
    zh: str
    en: str
    points: str
    rows: int
    unproven: tuple[str, ...]
    named: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Wanting:
    """What a ground still lacks: ids that are not listed, documents that are not in order."""

    ground: Ground
    unlisted: tuple[str, ...]
    troubled: tuple[tuple[str, State], ...]

    @property
    def is_complete(self) -> bool:
        """Whether nothing is missing."""
        return not (self.ground.unproven or self.unlisted or self.troubled)


def find_proofs(dossier: Dossier) -> Proofs:
    """The ids that each row names, by `register[key]`, for registers that can name evidence."""
    found: dict[str, set[str]] = {}
    for register, columns in evidence_columns().items():
        for row in dossier.rows.get(register, ()):
            named = found.setdefault(f"{register}[{row.key}]", set())
            named.update(one for column in columns for one in row.listed(column))
    return {row: tuple(sorted(named)) for row, named in found.items()}


def find_grounds(assessment: Assessment, proofs: Proofs) -> tuple[Ground, ...]:
    """Every gate, then every indicator that applies."""
    gates = [_ground(gate.id, (gate.zh, gate.en), "", gate.node, proofs) for gate in assessment.gates]
    indicators = [
        _ground(one.code, (one.zh, one.en), "" if one.points is None else f"{one.points:f}", one.node, proofs)
        for one in assessment.indicators
        if one.applies
    ]
    return (*gates, *indicators)


def _ground(code: str, words: tuple[str, str], points: str, node: Node, proofs: Proofs) -> Ground:
    rows = {row for row in _rows(node) if row in proofs}
    unproven = sorted(row for row in rows if not proofs[row])
    named = sorted({one for row in rows for one in proofs[row]})
    return Ground(code, *words, points, len(rows), tuple(unproven), tuple(named))


def export_grounds(assessments: Iterable[Assessment], dossier: Dossier) -> dict[str, list[dict[str, object]]]:
    """The grounds of each edition as plain data, kept with a calculation."""
    proofs = find_proofs(dossier)
    return {one.edition: [asdict(ground) for ground in find_grounds(one, proofs)] for one in assessments}


def read_grounds(data: Mapping[str, Sequence[Mapping[str, Any]]], edition: str) -> tuple[Ground, ...]:
    """The grounds of one edition from `export_grounds`."""
    lists = ("unproven", "named")
    return tuple(
        Ground(**{**one, **{name: tuple(one[name]) for name in lists}}) for one in data.get(edition, ())
    )


def find_wanting(grounds: Iterable[Ground], states: Mapping[str, State]) -> tuple[Wanting, ...]:
    """What each ground lacks, those that lack something first. `states`: of each listed document, by id."""
    found = [
        Wanting(
            ground,
            tuple(one for one in ground.named if one not in states),
            tuple((one, states[one]) for one in ground.named if states.get(one, State.HERE) != State.HERE),
        )
        for ground in grounds
    ]
    return tuple(sorted(found, key=lambda one: (one.is_complete, -Decimal(one.ground.points or 0))))


def _rows(root: Node) -> Iterator[str]:
    """`register[key]` of every cell and every counted row below a node."""
    for node in walk(root):
        if node.origin is not None and node.origin.kind == "cell":
            reference = node.origin.reference
            yield reference if reference.endswith("]") else f"{reference.rpartition('].')[0]}]"
