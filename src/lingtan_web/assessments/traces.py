"""The traces of a calculation as one read-only SQLite file, so that no page computes anything again.

Every node stands once, whatever number of totals and editions share it. `names` are what
`lingtan.explain` knows under each edition. Opening a page reads a few rows; nothing is held in memory.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from lingtan.assessment import explainable
from lingtan.reports.documents.desk import Desk
from lingtan.reports.documents.formulas import say_formula
from lingtan.reports.results import Results
from lingtan.reports.words import Words
from lingtan.trace import Node, as_dict, walk
from lingtan_web.assessments.owners import Owners
from lingtan_web.assessments.titles import Titles

_SCHEMA = """
CREATE TABLE nodes(
  id INTEGER PRIMARY KEY, name TEXT NOT NULL, title_zh TEXT, title_en TEXT, size REAL,
  owners TEXT NOT NULL, sealed INTEGER NOT NULL, body TEXT NOT NULL);
CREATE TABLE edges(
  parent INTEGER NOT NULL, position INTEGER NOT NULL, label TEXT NOT NULL, child INTEGER NOT NULL,
  PRIMARY KEY(parent, position)) WITHOUT ROWID;
CREATE TABLE editions(id INTEGER PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE names(
  folded TEXT NOT NULL, edition INTEGER NOT NULL, name TEXT, position INTEGER NOT NULL,
  node INTEGER NOT NULL, PRIMARY KEY(folded, edition)) WITHOUT ROWID;
CREATE TABLE labels(label TEXT PRIMARY KEY, zh TEXT NOT NULL, en TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE rules(rule TEXT PRIMARY KEY, zh TEXT NOT NULL, en TEXT NOT NULL) WITHOUT ROWID;
"""
_AFTER = "CREATE INDEX edges_child ON edges(child);"
LEFT_OUT = ("name", "inputs", "input_count")
_UNSAID = ("", "sum", "count")


def write_traces(results: Results, file: Path) -> dict[int, int]:
    """Every explainable number of every edition of `results`, and every line of its inventory, as `file`.

    The file must not exist yet. Gives the number of each node in it by the node's identity.
    """
    with closing(sqlite3.connect(file)) as store:
        store.executescript(f"PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; {_SCHEMA}")
        known = [explainable(one) for one in results.assessments]
        roots = [node for names in known for node in names.values()]
        roots += [line.node for line in results.inventory.lines]
        ids = _write_nodes(store, roots, results)
        store.executemany(
            "INSERT INTO editions VALUES (?,?)", enumerate(one.edition for one in results.assessments)
        )
        store.executemany("INSERT INTO names VALUES (?,?,?,?,?)", _names(known, ids))
        store.executescript(_AFTER)
        store.commit()
    return ids


def _names(known: Sequence[Mapping[str, Node]], ids: Mapping[int, int]) -> Iterator[tuple[Any, ...]]:
    """As `explain` finds them: of names that differ by case only the last one.

    The first edition has all its names; another one those that it has alone, or for another node.
    """
    main: dict[str, int] = {}
    for edition, names in enumerate(known):
        folded = {name.casefold(): (position, name) for position, name in enumerate(names)}
        for key, (position, name) in folded.items():
            node = ids[id(names[name])]
            if not edition:
                main[key] = node
            if not edition or main.get(key) != node:
                yield key, edition, None if name == key else name, position, node


def _write_nodes(store: sqlite3.Connection, roots: Sequence[Node], results: Results) -> dict[int, int]:
    owners, titles = Owners(results.dossier), Titles(results.editions)
    ids: dict[int, int] = {}
    rules: set[str] = set()
    labels: set[str] = set()
    for number, node in enumerate(walk(*roots), 1):
        ids[id(node)] = number
        rules.add(node.rule)
        labels.update(label for label, _ in node.inputs)
        of, is_sealed = owners.add(node)
        said = titles.find(node)
        size = float(node.value) if isinstance(node.value, Decimal) else None
        words = said or (None, None)
        body = _body(node)
        row = (number, node.name, *words, size, " ".join(sorted(of)), is_sealed, body)
        store.execute("INSERT INTO nodes VALUES (?,?,?,?,?,?,?,?)", row)
        edges = ((number, at, label, ids[id(child)]) for at, (label, child) in enumerate(node.inputs))
        store.executemany("INSERT INTO edges VALUES (?,?,?,?)", edges)
    store.executemany("INSERT INTO rules VALUES (?,?,?)", _said(rules.difference(_UNSAID), results, titles))
    named = ((label, titles.name(label)) for label in sorted(labels))
    store.executemany("INSERT INTO labels VALUES (?,?,?)", ((one, *said) for one, said in named if said))
    return ids


def _body(node: Node) -> str:
    """The node as `as_dict` gives it, without its name, its inputs, and what is nothing."""
    told = as_dict(replace(node, inputs=()))
    told = {key: value for key, value in told.items() if key not in LEFT_OUT and value not in (None, [])}
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


def _said(rules: Iterable[str], results: Results, titles: Titles) -> Iterator[tuple[str, str, str]]:
    """Formulas in words, by the terms of the main edition, then of the others."""
    zh, en = Desk(results, Words("zh")), Desk(results, Words("en"))
    for rule in sorted(rules):
        yield (
            rule,
            titles.translate(say_formula(rule, zh), "zh"),
            titles.translate(say_formula(rule, en), "en"),
        )
