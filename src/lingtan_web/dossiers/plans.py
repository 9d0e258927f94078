"""What an import would do, row by row, before anything is written. No Django here.

A plan is plain data, so that it can be kept as it was shown and carried out exactly so.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from lingtan.dossier.lines import read_lines, row_line
from lingtan.dossier.records import Dossier, Row
from lingtan.dossier.registers import Register
from lingtan.errors import Fault, Place, fault
from lingtan_web.dossiers.carrying import CarriedFile
from lingtan_web.dossiers.differences import RowDifference, compute_differences
from lingtan_web.dossiers.profiles import profile_data, profile_texts
from lingtan_web.dossiers.scopes import Scope

Plan = dict[str, Any]
Standing = Mapping[str, Sequence[tuple[str, Mapping[str, str]]]]
"""The rows there are: mark and cells, by register, in order."""


def build_plan(
    given: Dossier, files: Sequence[CarriedFile], standing: Standing, facts: Mapping[str, Any], scope: Scope
) -> Plan:
    """The plan of importing `given` over what stands."""
    notes: list[Fault] = []
    parts = [_register(given, register, standing.get(name, ()), scope, notes)
             for name, register in scope.registers().items()]  # fmt: skip
    plan: Plan = {"registers": [part for part in parts if part["rows"]], "profile": [], "files": []}
    plan["boundary"] = None
    if scope.is_whole:
        plan["profile"] = _profile(given, facts, notes)
        plan["files"] = [[one.path, one.sha256, one.size] for one in files]
        plan["boundary"] = given.boundary
    told = [one for one in given.faults if scope.is_whole or _is_theirs(one, given, scope)]
    plan["faults"] = [keep_fault(one) for one in (*notes, *told)]
    return plan


def plan_bytes(plan: Plan) -> bytes:
    """The plan in its one spelling."""
    return json.dumps(plan, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def read_faults(kept: Sequence[Any]) -> list[Fault]:
    """Faults as a plan keeps them, of the whole file or of one row."""
    return [Fault(code, Place(*place), context) for code, place, context in kept]


def _register(
    given: Dossier, register: Register, standing: Sequence[tuple[str, Mapping[str, str]]], scope: Scope,
    notes: list[Fault],
) -> dict[str, Any]:  # fmt: skip
    rows = given.rows.get(register.name, ())
    mine = [row for row in rows if scope.has_row(row.text("enterprise"))] if not scope.is_whole else [*rows]
    if len(mine) < len(rows):
        notes.append(
            fault("dossiers.others-left-out", Place(sheet=register.name), count=len(rows) - len(mine))
        )
    before = [_canonical(row) for row in read_lines(register, [cells for _, cells in standing]).rows]
    after = [row_line(row) for row in mine]
    found = compute_differences(register, before, after)
    if not scope.is_whole and register.name == "enterprises":
        found = tuple(one for one in found if one.kind in ("changed", "unchanged"))
    faulty = _by_row(given.faults)
    shown = [_row(one, (before, after), standing, mine, faulty) for one in found]
    counts = Counter(one.kind for one in found)
    return {"name": register.name, "is_given": bool(mine), "counts": dict(counts), "rows": shown}


def _canonical(row: Row | None) -> dict[str, str]:
    return row_line(row) if row is not None else {}


def _row(
    one: RowDifference, states: tuple[Sequence[Mapping[str, str]], Sequence[Mapping[str, str]]],
    standing: Sequence[tuple[str, Mapping[str, str]]], mine: Sequence[Row], faulty: Mapping[Place, list[Any]],
) -> dict[str, Any]:  # fmt: skip
    """One row of the plan; `line` is the whole row where it comes or goes."""
    before, after = states
    place = mine[one.after].place if one.after is not None else None
    line: Mapping[str, str] = {}
    if one.kind == "added" and one.after is not None:
        line = after[one.after]
    elif one.kind == "removed" and one.before is not None:
        line = before[one.before]
    return {
        "kind": one.kind,
        "key": one.key,
        "mark": standing[one.before][0] if one.before is not None else "",
        "number": place.row if place else 0,
        "cells": [[cell.column, cell.old, cell.new] for cell in one.cells],
        "line": dict(line),
        "faults": faulty.get(place, []) if place else [],
    }


def _by_row(faults: Sequence[Fault]) -> dict[Place, list[Any]]:
    """The faults of each row."""
    found: dict[Place, list[Any]] = {}
    for one in faults:
        if one.place.row:
            found.setdefault(Place(one.place.file, one.place.sheet, one.place.row), []).append(
                keep_fault(one)
            )
    return found


def _profile(given: Dossier, facts: Mapping[str, Any], notes: list[Fault]) -> list[list[str]]:
    """Keys of park.yaml that would change: key, what stands, what comes. Id and year stay."""
    park, own = given.park, profile_texts(facts)
    if park.id != own["id"]:
        notes.append(fault("dossiers.park-differs", Place("park.yaml"), given=park.id, own=own["id"]))
    if str(park.reporting.year) != own["reporting.year"]:
        words = {"given": park.reporting.year, "own": own["reporting.year"]}
        notes.append(fault("dossiers.year-differs", Place("park.yaml"), **words))
    new = profile_texts(profile_data(park)) | {name: own[name] for name in ("id", "reporting.year")}
    keys = [*new, *(key for key in own if key not in new)]
    return [[key, own.get(key, ""), new.get(key, "")] for key in keys if own.get(key, "") != new.get(key, "")]


def imported_profile(given: Dossier, facts: Mapping[str, Any]) -> dict[str, Any]:
    """park.yaml of the file for this dossier: its own id and year stay."""
    data = profile_data(given.park)
    data["id"] = facts["id"]
    data["reporting"] = {**data.get("reporting", {}), "year": facts["reporting"]["year"]}
    return data


def _is_theirs(one: Fault, given: Dossier, scope: Scope) -> bool:
    """Whether a fault is of a row of theirs."""
    for name in scope.registers():
        for row in given.rows.get(name, ()):
            if row.place == Place(one.place.file, one.place.sheet, one.place.row):
                return scope.has_row(row.text("enterprise"))
    return False


def keep_fault(one: Fault) -> list[Any]:
    """A fault as a plan keeps it."""
    place = one.place
    return [one.code, [place.file, place.sheet, place.row, place.column], dict(one.context)]
