"""A register as its grid needs it: what the columns are, and rows with what is wrong in each cell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from lingtan.dossier.cells_words import known_units
from lingtan.dossier.headers import unit_hint
from lingtan.dossier.lines import read_lines
from lingtan.dossier.records import Row
from lingtan.dossier.registers import Column, Register
from lingtan.dossier.tables import example_text
from lingtan.errors import Fault, Language
from lingtan_web.dossiers.models import RegisterRow, WorkingDossier
from lingtan_web.dossiers.queries import find_alike, find_known, find_numbers, scoped_rows
from lingtan_web.dossiers.scopes import Scope
from lingtan_web.dossiers.wording import cell_words

MOST_ROWS = 200  # of one answer; the core tells up to as many faults of a kind one by one
_ANSWERS: dict[str, list[list[str]]] = {
    "zh": [["yes", "是"], ["no", "否"]],
    "en": [["yes", "yes"], ["no", "no"]],
}
_HINTS_EN = {"yes_no": "yes / no", "date": "YYYY-MM-DD", "period": "YYYY or YYYY-MM", "year": "year",
             "choice": "choice", "evidence": "evidence ids; …"}  # fmt: skip


def describe_columns(
    register: Register,
    scope: Scope,
    language: Language,
    *,
    own: Sequence[str],
    idents: Mapping[str, Sequence[str]],
) -> list[dict[str, Any]]:
    """Every column of the register, then those people added."""
    declared = [_column(register, column, scope, language, idents) for column in register.columns.values()]
    further = [{"name": name, "label": name, "kind": "text", "locked": not scope.can_edit} for name in own]
    return [*declared, *further]


def _column(
    register: Register, column: Column, scope: Scope, language: Language, idents: Mapping[str, Sequence[str]]
) -> dict[str, Any]:
    label = column.en if language == "en" else column.zh
    return {
        "name": column.name,
        "label": label,
        "hint": _hint(column, language),
        "kind": column.type,
        "required": column.required,
        "locked": scope.is_locked(register.name, column.name),
        "choices": _choices(column, language),
        "options": _options(column, scope, idents),
        "help": _help(register, column, language),
        "example": _example(register, column, language),
    }


def _choices(column: Column, language: Language) -> list[list[str]]:
    if column.type == "yes_no":
        return _ANSWERS[language]
    index = 1 if language == "en" else 0
    return (
        [[word, labels[index]] for word, labels in column.choices.items()] if column.type == "choice" else []
    )


def _options(column: Column, scope: Scope, idents: Mapping[str, Sequence[str]]) -> list[str]:
    if column.to == "enterprises" and scope.keys is not None:
        return sorted(scope.keys)
    if column.type == "unit":
        return list(known_units())
    if column.type == "evidence":
        return list(idents.get("evidence", ()))
    return list(idents.get(column.to, ())) if column.to else []


def _hint(column: Column, language: Language) -> str:
    if language == "zh":
        return unit_hint(column)
    return _HINTS_EN.get(column.type) or ("see unit" if column.unit_column else unit_hint(column))


def _example(register: Register, column: Column, language: Language) -> str:
    if column.example is None or language == "zh":
        return example_text(column)
    return cell_words(register.name, column.name, str(column.example), language)


def _help(register: Register, column: Column, language: Language) -> str:
    """The label in the other language, the name in files, limits, an example."""
    other, example = column.zh if language == "en" else column.en, _example(register, column, language)
    parts = [f"{other}（{column.name}）" if language == "zh" else f"{other} ({column.name})"]
    if column.min is not None:
        parts.append(f"≥ {column.min}" if column.max is None else f"{column.min} … {column.max}")
    if example:
        parts.append(f"例：{example}" if language == "zh" else f"e.g. {example}")
    return " · ".join(parts)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A register of a dossier as somebody sees it."""

    dossier: WorkingDossier
    register: Register
    scope: Scope
    language: Language

    @property
    def rows(self) -> QuerySet[RegisterRow]:
        """Its rows in order."""
        return scoped_rows(self.dossier, self.scope).filter(register=self.register.name)


def find_block(sheet: Sheet, *, start: int, count: int) -> list[dict[str, Any]]:
    """Rows from the place `start` on, each with its faults."""
    block = list(sheet.rows[start : start + min(count, MOST_ROWS)])
    return _with_faults(sheet, block, {row.mark: start + index for index, row in enumerate(block, start=1)})


def find_marked(sheet: Sheet, marks: Sequence[str]) -> list[dict[str, Any]]:
    """The rows with these marks, each with its faults."""
    found: list[dict[str, Any]] = []
    for at in range(0, len(marks), MOST_ROWS):
        found += _with_faults(sheet, list(sheet.rows.filter(mark__in=marks[at : at + MOST_ROWS])), {})
    return found


def _with_faults(
    sheet: Sheet, block: Sequence[RegisterRow], numbers: Mapping[str, int]
) -> list[dict[str, Any]]:
    """Each row with the faults of its cells: what the readers find, equal keys, references to nothing."""
    register, scope = sheet.register, sheet.scope
    alike = find_alike(sheet.rows, block)
    lines = sorted([*block, *alike], key=lambda row: (row.position, row.pk))
    texts = [row.cells for row in lines]
    known = None
    if scope.is_whole:  # what others have is not for an enterprise to find out by trying ids
        known = find_known(sheet.dossier, _wanted(register, read_lines(register, texts).rows))
    by_mark: dict[str, list[dict[str, str]]] = {row.mark: [] for row in block}
    places = _places(sheet, lines, numbers)
    for one in read_lines(register, texts, known).faults:
        mark = lines[one.place.row - 1].mark if one.place.row else ""
        if mark in by_mark and one.severity != "note":
            by_mark[mark].append(_told(_renumbered(one, places), sheet.language))
    return [{"id": row.mark, "cells": row.cells, "faults": by_mark[row.mark]} for row in block]


def _places(sheet: Sheet, lines: Sequence[RegisterRow], numbers: Mapping[str, int]) -> list[int]:
    """The places of the lines in the register; looked up only where equal keys stand elsewhere."""
    times = Counter(row.key for row in lines)
    doubled = [row for row in lines if row.key and times[row.key] > 1 and row.mark not in numbers]
    known = {**numbers, **find_numbers(sheet.rows, doubled)}
    return [known.get(row.mark, 0) for row in lines]


def _renumbered(one: Fault, places: Sequence[int]) -> Fault:
    if "other" not in one.context:
        return one
    return Fault(one.code, one.place, {**one.context, "other": str(places[int(one.context["other"]) - 1])})


def _told(one: Fault, language: Language) -> dict[str, str]:
    return {"column": one.place.column, "severity": one.severity, "text": sentence(one, language)}


def sentence(one: Fault, language: Language) -> str:
    """A fault in one line: what, why, how to mend."""
    said = one.words(language)
    parts = [part.rstrip("。. ") for part in (said.what, said.why, said.mend)]
    if language == "zh":
        return "。".join(parts) + "。"
    return ". ".join(part[:1].upper() + part[1:] for part in parts) + "."


def _wanted(register: Register, rows: Sequence[Row | None]) -> dict[str, set[str]]:
    """The ids that rows refer to, by the register that should have them."""
    wanted: dict[str, set[str]] = {}
    for name, column in register.columns.items():
        target = column.to or ("evidence" if column.type == "evidence" else "")
        if target:
            named = wanted.setdefault(target, set())
            for row in rows:
                named.update(row.listed(name) if row is not None and not column.to else ())
                named.update({row.text(name)} if row is not None and column.to and row.text(name) else ())
    return wanted
