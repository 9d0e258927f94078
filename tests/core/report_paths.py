"""Where a number of a document stands in the JSON of the results: `assessment/indicators/C1.1/value`.

A part of a path is a key of an object, or chooses an item of a list by its code, id, name, datum (or another
of the keys below), else by its place from 0. A path that ends at a list means how many it has. Beside the
results there are `edition` (the main one as it is written), `park` (park.yaml), `registers` (rows by key)
and `faults` (of the dossier and the readings).
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from lingtan.assessment.export import export_assessment
from lingtan.dossier.records import Cell
from lingtan.inventory.export import export_inventory
from lingtan.inventory.matching import export_matching
from lingtan.inventory.restatement.export import export_restatement
from lingtan.inventory.uncertainty.export import export_uncertainty
from lingtan.ledger.export import export_ledger
from lingtan.metering.records import Metering
from lingtan.periods import Period
from lingtan.quantities import less
from lingtan.reports.numbering import name_blocks
from lingtan.reports.records import Amount, Block, Reference, Report, Table, runs_of
from lingtan.reports.results import Results
from lingtan.trace import plain

MOST_COLUMNS = 8  # what a page holds at 9 pt
CHOOSERS = ("code", "id", "edition", "label", "datum", "name", "enterprise")
Indices = dict[int, dict[Any, list[Any]]]
"""Of each list (by its identity, while its data live) the items by their names and registers."""


def export_results(results: Results) -> dict[str, Any]:
    """The JSON of the results that paths lead into."""
    return {
        "assessment": export_assessment(results.assessment),
        "assessments": [export_assessment(one) for one in results.assessments],
        "faults": [fault.as_dict() for fault in results.assessment.faults],
        "edition": results.edition.model_dump(mode="json"),
        "park": results.dossier.park.model_dump(mode="json"),
        "registers": {
            name: {row.key: {key: _plain(cell) for key, cell in row.values.items()} for row in rows}
            for name, rows in results.dossier.rows.items()
        },
        "inventory": export_inventory(results.inventory),
        "national": export_inventory(results.assessment.national),
        "ledger": export_ledger(results.ledger),
        "uncertainty": export_uncertainty(results.uncertainty),
        "factors": [factor.as_dict() for factor in results.factors],
        "metering": _metering(results.metering),
        "matching": None if results.matching is None else export_matching(results.matching),
        "restatements": [export_restatement(one) for one in results.restatements],
    }


def _metering(metering: Metering) -> dict[str, Any]:
    """Each meter by its id, beside what is said of all of them."""
    names = ("quantity", "expected", "completeness", "estimated")
    meters = {one.meter: {name: _number(getattr(one, name)) for name in names} for one in metering.meters}
    listed = {"meters": list(meters), "findings": [one.id for one in metering.findings]}
    return meters | listed | {"dismissed": metering.dismissed}


def _number(value: Decimal | int) -> str:
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def _plain(cell: Cell) -> str | bool | None:
    return str(cell) if isinstance(cell, Period) else plain(cell)


def resolve(data: Any, path: str, indices: Indices | None = None) -> Decimal | None:
    """The exact number at `path`, None where nothing is known; KeyError where nothing stands there.

    `a - b` is the exact difference of two paths. `indices` keeps what lists of the same data were found
    to hold from one path to the next.
    """
    kept: Indices = {} if indices is None else indices
    if " - " in path:
        left, right = (resolve(data, part, kept) for part in path.split(" - "))
        return None if left is None or right is None else less(left, right)
    found = data
    parts = _split(path)
    while parts:
        found, parts = _step(found, parts, path, kept)
    if isinstance(found, list | dict):
        return Decimal(len(found))
    return None if found is None else Decimal(repr(found) if isinstance(found, float) else str(found))


def _split(path: str) -> list[str]:
    return path.split("/")


def _step(found: Any, parts: list[str], path: str, indices: Indices) -> tuple[Any, list[str]]:
    """One key or item further; an id may itself hold slashes, so the longest that fits is taken.

    A register chooses all its entries, among which the next part goes on choosing.
    """
    for length in range(len(parts), 0, -1):
        key = "/".join(parts[:length])
        if isinstance(found, dict) and key in found:
            return found[key], parts[length:]
        if isinstance(found, list):
            chosen = _named(found, indices).get(key, [])
            if len(chosen) == 1:
                return chosen[0], parts[length:]
            if entries := _named(found, indices).get(("register", key), []):
                return entries, parts[length:]
    if isinstance(found, list) and parts[0].isdigit():
        return found[int(parts[0])], parts[1:]
    raise KeyError(f"{path}: nothing at {'/'.join(parts)}")


def _named(listed: list[Any], indices: Indices) -> dict[Any, list[Any]]:
    """The items of a list by each of their names and by register, found once per list."""
    if id(listed) not in indices:
        names: dict[Any, list[Any]] = {}
        for one in listed:
            keys = {one.get(key) for key in CHOOSERS} if isinstance(one, dict) else set()
            if isinstance(one, dict) and one.get("register"):
                keys.add(("register", one["register"]))
            for key in keys - {None}:
                names.setdefault(key, []).append(one)
        indices[id(listed)] = names
    return indices[id(listed)]


def amounts_of(blocks: Iterator[Block] | tuple[Block, ...]) -> Iterator[Amount]:
    """Every number of the blocks, in reading order."""
    for block in blocks:
        for run in runs_of(block):
            if isinstance(run, Amount):
                yield run


def find_broken_blocks(report: Report) -> list[str]:
    """References without a target; tables without rows, with rows that do not fit, with too many columns."""
    names, broken = name_blocks(report.all_blocks(), report.language), []
    for block in report.all_blocks():
        lost = {run.target for run in runs_of(block) if isinstance(run, Reference)} - set(names)
        broken += [f"{target} is nowhere" for target in sorted(lost)]
        if isinstance(block, Table):
            broken += _find_broken_rows(block)
    return broken


def _find_broken_rows(table: Table) -> list[str]:
    count = len(table.columns)
    whole = bool(table.rows) and count <= MOST_COLUMNS
    fits = all(len(row.cells) == (1 if row.look == "group" else count) for row in table.rows)
    return [] if whole and fits else [f"{table.id} is broken"]


def find_wrong_paths(report: Report, data: Any) -> list[str]:
    """Numbers without a path, with one that leads nowhere, or that differ from what stands there."""
    wrong = []
    indices: Indices = {}
    for amount in amounts_of(tuple(report.all_blocks())):
        if not amount.path:
            if amount.value is not None or not amount.formula:
                wrong.append(f"no path: {amount.text}")
            continue
        try:
            exact = resolve(data, amount.path, indices)
        except KeyError as error:
            wrong.append(str(error))
            continue
        if exact != amount.value:
            wrong.append(f"{amount.path}: {amount.value} printed, {exact} in the result")
    return wrong
