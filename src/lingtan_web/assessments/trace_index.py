"""Reading the traces of a calculation: a few rows per page."""

from __future__ import annotations

import difflib
import json
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from lingtan.errors import LingtanError, fault
from lingtan_web.assessments.records import Said

_COLUMNS = "n.id, n.name, n.title_zh, n.title_en, n.size, n.owners, n.sealed, n.body"
_NOTHING: dict[str, Any] = {
    "value": None, "unit": "1", "rule": None, "origin": None, "basis": None, "clause": None, "note": None,
    "gaps": [],
}  # fmt: skip
_NEAR = 5


@dataclass(frozen=True, slots=True)
class TraceNode:
    """A node without its inputs; `body` as `lingtan.trace.as_dict` gives it."""

    id: int
    name: str
    title: Said | None
    size: float | None
    owners: frozenset[str]
    is_sealed: bool
    body: dict[str, Any]


@dataclass(frozen=True, slots=True)
class TraceInput:
    """An input of a formula: the label the formula calls it by."""

    position: int
    label: str
    title: Said | None
    node: TraceNode


class TraceIndex:
    """The open file; use it as a context. Reads only: the file is never changed."""

    def __init__(self, file: Path) -> None:
        self._store = sqlite3.connect(f"file:{file}?mode=ro&immutable=1", uri=True)

    def __enter__(self) -> TraceIndex:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._store.close()

    def find(self, name: str, edition: str = "") -> TraceNode:
        """The node called `name`, whatever the case, under `edition` or else the main one.

        LingtanError (assessment.unknown-name) with near names if nothing is called so.
        """
        folded = name.casefold()
        row = self._one(
            f"SELECT {_COLUMNS} FROM names m JOIN nodes n ON n.id = m.node WHERE m.folded = ? AND m.edition"
            " IN (0, (SELECT id FROM editions WHERE name = ?)) ORDER BY m.edition DESC LIMIT 1",
            (folded, edition),
        )
        if row is None:
            raise LingtanError([fault("assessment.unknown-name", name=name, hint=self._hint(folded))])
        return _node(row)

    def _hint(self, folded: str) -> str:
        rows = self._all("SELECT folded, name FROM names WHERE edition = 0 ORDER BY position", ())
        names = {key: name or key for key, name in rows}
        near = difflib.get_close_matches(folded, list(names), n=_NEAR, cutoff=0.4) or list(names)[:20]
        return "、".join(names[key] for key in near)

    def read(self, id: int) -> TraceNode | None:
        """The node of that number; None if there is none."""
        row = self._one(f"SELECT {_COLUMNS} FROM nodes n WHERE n.id = ?", (id,))
        return _node(row) if row else None

    def count_inputs(self, node: TraceNode) -> int:
        """How many inputs a node has."""
        row = self._one("SELECT count(*) FROM edges WHERE parent = ?", (node.id,))
        return int(row[0]) if row else 0

    def read_inputs(
        self, node: TraceNode, *, limit: int = -1, offset: int = 0, largest: bool = False
    ) -> list[TraceInput]:
        """Inputs in their order, or (`largest`) what is not known first and then by size."""
        order = "n.size IS NOT NULL, abs(n.size) DESC, e.position" if largest else "e.position"
        rows = self._all(
            f"SELECT e.position, e.label, {_COLUMNS} FROM edges e JOIN nodes n ON n.id = e.child"
            f" WHERE e.parent = ? ORDER BY {order} LIMIT ? OFFSET ?",
            (node.id, limit, offset),
        )
        said = self._titles({row[1] for row in rows})
        return [TraceInput(row[0], row[1], said.get(row[1]), _node(row[2:])) for row in rows]

    def _titles(self, labels: Iterable[str]) -> dict[str, Said]:
        wanted = sorted(labels)[:200]
        marks = ",".join("?" * len(wanted))
        rows = self._all(f"SELECT label, zh, en FROM labels WHERE label IN ({marks})", tuple(wanted))
        return {label: Said(zh, en) for label, zh, en in rows}

    def find_users(self, node: TraceNode, limit: int) -> list[TraceNode]:
        """What is made of a node, each once."""
        rows = self._all(
            f"SELECT DISTINCT {_COLUMNS} FROM edges e JOIN nodes n ON n.id = e.parent WHERE e.child = ?"
            " ORDER BY n.id LIMIT ?",
            (node.id, limit),
        )
        return [_node(row) for row in rows]

    def say_rule(self, rule: str) -> Said | None:
        """A formula in words; None for sums, counts and leaves."""
        row = self._one("SELECT zh, en FROM rules WHERE rule = ?", (rule,))
        return Said(*row) if row else None

    def names(self, edition: str = "") -> list[str]:
        """Every name under the main edition, and those that `edition` has for itself."""
        rows = self._all(
            "SELECT folded, name FROM names WHERE edition IN (0, (SELECT id FROM editions WHERE name = ?))"
            " ORDER BY edition, position",
            (edition,),
        )
        return [name or folded for folded, name in rows]

    def _one(self, query: str, values: tuple[Any, ...]) -> Any:
        with closing(self._store.execute(query, values)) as cursor:
            return cursor.fetchone()

    def _all(self, query: str, values: tuple[Any, ...]) -> list[Any]:
        with closing(self._store.execute(query, values)) as cursor:
            return cursor.fetchall()


def export_node(index: TraceIndex, node: TraceNode) -> dict[str, Any]:
    """A node and its inputs as `lingtan.trace.as_dict(…, depth=1)` gives them."""
    inputs = index.read_inputs(node)
    return {
        **_as_dict(node, len(inputs)),
        "inputs": [
            {"label": one.label, **_as_dict(one.node, index.count_inputs(one.node))} for one in inputs
        ],
    }


def _as_dict(node: TraceNode, inputs: int) -> dict[str, Any]:
    return {**node.body, "name": node.name, "input_count": inputs, "inputs": []}


def _node(row: Any) -> TraceNode:
    id, name, zh, en, size, owners, sealed, body = row
    title = Said(zh, en) if zh else None
    told = {**_NOTHING, **json.loads(body)}
    return TraceNode(id, name, title, size, frozenset(owners.split()), bool(sealed), told)
