"""Strict reading of factor files: CSV, UTF-8, the columns of a factor, every fault at once."""

from __future__ import annotations

import csv
import difflib
import io
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, get_args

from lingtan.errors import FactorError, Fault, Place, fault, has_errors
from lingtan.factors.records import Factor
from lingtan.factors.tables import factor_kinds, regions
from lingtan.trace import Basis

REQUIRED = (
    "id", "activity", "kind", "name_zh", "name_en", "value", "unit", "gas", "region", "year", "valid_from",
    "valid_to", "published_on", "source", "source_url", "basis", "second_hand", "review_by",
)  # fmt: skip
OPTIONAL = ("note", "replaced_by", "method", "overrides")
NOT_FOUND = "not found"
LARGEST_BYTES = 20_000_000
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.\-]*")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d{1,3})?")
_NAME = re.compile(r"[a-z][a-z0-9_]*")
Placed = tuple[Factor, Place]


class _CellError(ValueError):
    """A cell that does not fit; the message shows what would (empty: it must be filled in)."""


def read_folder(folder: Path) -> tuple[list[Placed], list[Fault]]:
    """Every factor of the `*.csv` files of `folder`, with its place, and every fault."""
    files = sorted(folder.glob("*.csv")) if folder.is_dir() else []
    if not files:
        return [], [fault("factor.no-files", Place(folder.name), folder=folder.name)]
    placed: list[Placed] = []
    faults: list[Fault] = []
    for file in files:
        found, wrong = _read_file(file)
        placed += found
        faults += wrong
    return placed, faults


def read_text(text: str, name: str) -> list[Factor]:
    """The factors of a file's text. FactorError with every fault."""
    placed, faults = _read_rows(list(csv.reader(io.StringIO(text, newline=""), strict=True)), name)
    if has_errors(faults):
        raise FactorError(faults)
    return [factor for factor, _ in placed]


def _read_file(file: Path) -> tuple[list[Placed], list[Fault]]:
    here = Place(file.name)
    try:
        raw = file.read_bytes()
        if len(raw) > LARGEST_BYTES:
            return [], [fault("factor.unreadable", here, reason=f"> {LARGEST_BYTES} bytes")]
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return [], [fault("factor.unreadable", here, reason="UTF-8")]
    except OSError as error:
        return [], [fault("factor.unreadable", here, reason=error.strerror or "")]
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error as error:
        return [], [fault("factor.unreadable", here, reason=error)]
    return _read_rows(rows, file.name)


def _read_rows(rows: list[list[str]], name: str) -> tuple[list[Placed], list[Fault]]:
    header = [cell.strip() for cell in rows[0]] if rows else []
    faults = list(_header_faults(header, name))
    if faults:
        return [], faults
    placed: list[Placed] = []
    for number, row in enumerate(rows[1:], start=2):
        if not any(row):
            continue
        place = Place(file=name, row=number)
        if len(row) != len(header):
            faults.append(fault("factor.bad-width", place, given=len(row), expected=len(header)))
            continue
        factor, wrong = read_row(dict(zip(header, row, strict=True)), place)
        faults += wrong
        if factor is not None:
            placed.append((factor, place))
    return placed, faults


def _header_faults(header: list[str], name: str) -> Iterable[Fault]:
    known = (*REQUIRED, *OPTIONAL)
    problems = [f"- {column}" for column in REQUIRED if column not in header]
    problems += [f"+ {column!r}" for column in header if column not in known]
    problems += [f"2 × {column}" for column in sorted(set(header)) if header.count(column) > 1]
    if problems:
        yield fault(
            "factor.bad-header", Place(name, row=1), problem="，".join(problems), hint=", ".join(known)
        )


def read_row(cells: Mapping[str, str], place: Place) -> tuple[Factor | None, list[Fault]]:
    """The cells of one row as a factor, or every fault of the row."""
    values: dict[str, Any] = {}
    faults: list[Fault] = []
    for column, text in cells.items():
        try:
            values[column] = _READERS[column](text.strip())
        except _CellError as error:
            faults.append(_cell_fault(place, column, text, str(error)))
    if not faults and values["valid_to"] and values["valid_from"] > values["valid_to"]:
        first, last = values["valid_from"], values["valid_to"]
        faults.append(fault("factor.bad-years", place, first=first, last=last))
    return (None, faults) if faults else (Factor(**values), [])


def _cell_fault(place: Place, column: str, given: str, hint: str) -> Fault:
    at = Place(place.file, place.sheet, place.row, column)
    if not given.strip():
        return fault("factor.empty-cell", at, column=column)
    return fault("factor.bad-cell", at, column=column, given=given[:80], hint=hint)


def _text(text: str) -> str:
    return text


def _required(text: str) -> str:
    if not text:
        raise _CellError
    return text


def _identifier(text: str) -> str:
    if not _ID.fullmatch(text):
        raise _CellError("own.grid.2024 (A–Z a–z 0–9 . _ -)")
    return text


def _activity(text: str) -> str:
    if not _NAME.fullmatch(text):
        raise _CellError("natural_gas (a–z 0–9 _)")
    return text


def _kind(text: str) -> str:
    return _one_of(text, factor_kinds())


def _region(text: str) -> str:
    return _one_of(text, regions())


def _basis(text: str) -> str:
    return _one_of(text, get_args(Basis))


def _one_of(text: str, known: Iterable[str]) -> str:
    choices = list(known)
    if text not in choices:
        raise _CellError(", ".join(difflib.get_close_matches(text, choices, n=3) or choices))
    return text


def _value(text: str) -> Decimal | None:
    if text == NOT_FOUND:
        return None
    try:
        if _NUMBER.fullmatch(text):
            return Decimal(text)
    except InvalidOperation:
        pass
    raise _CellError(f"0.5737 / {NOT_FOUND}")


def _year(text: str) -> int:
    if text in ("", "0"):
        return 0
    if re.fullmatch(r"(?:19|20)\d\d", text):
        return int(text)
    raise _CellError("2024 / 0")


def _yes_no(text: str) -> bool:
    if text in ("yes", "no"):
        return text == "yes"
    raise _CellError("yes / no")


def _day(text: str) -> date:
    try:
        if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise _CellError("2027-12-31")


_READERS: Mapping[str, Callable[[str], object]] = {
    "id": _identifier,
    "activity": _activity,
    "kind": _kind,
    "name_zh": _required,
    "name_en": _required,
    "value": _value,
    "unit": _required,
    "gas": _text,
    "region": _region,
    "year": _year,
    "valid_from": _year,
    "valid_to": _year,
    "published_on": _text,
    "source": _required,
    "source_url": _text,
    "basis": _basis,
    "second_hand": _yes_no,
    "review_by": _day,
    "note": _text,
    "replaced_by": _text,
    "method": _text,
    "overrides": _text,
}
