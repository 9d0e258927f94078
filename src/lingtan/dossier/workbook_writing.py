"""A dossier as a workbook a person likes to fill: the same for an empty one and a full one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import xlsxwriter  # type: ignore[import-untyped]

from lingtan.dossier.contents import OWN_SHEETS
from lingtan.dossier.own_sheets import write_boundary, write_park, write_start
from lingtan.dossier.records import Dossier, Park, Row
from lingtan.dossier.register_sheet import Sheets, sheet_title, write_register_sheet
from lingtan.dossier.registers import registers
from lingtan.dossier.workbook_style import Style
from lingtan.errors import DossierError, Place, fault

MOST_ROWS = 1_048_000  # a sheet has 1,048,576; some are taken by headings
_MADE = datetime(2000, 1, 1)  # no clock: equal content, equal bytes

Uses = Mapping[str, Sequence[str]]


def write_workbook(dossier: Dossier, path: Path) -> None:
    """`dossier` as .xlsx at `path`, with the sheets of the empty workbook around its data.

    Files of evidence stay outside; their SHA-256 is written into the list. DossierError if a
    register has more rows than a sheet.
    """
    for name, rows in dossier.rows.items():
        if len(rows) > MOST_ROWS:
            words = {"register": registers()[name].zh, "count": len(rows), "limit": MOST_ROWS}
            raise DossierError([fault("dossier.too-many-rows", Place(path.name), **words)])
    parts = _Parts(dossier.rows, dossier.park, dossier.boundary, dossier.evidence_files)
    _write(parts, path)


def write_empty_workbook(
    path: Path, rows: Mapping[str, Sequence[Row]], *, uses: Uses, preset: Mapping[str, str]
) -> None:
    """An empty workbook. `rows` are lists to start from, `uses` names the indicators that need a
    register, `preset` are values of the sheet `park` by key."""
    _write(_Parts(rows, uses=uses, preset=preset), path)


@dataclass(frozen=True, slots=True)
class _Parts:
    """What goes into the sheets."""

    rows: Mapping[str, Sequence[Row]]
    park: Park | None = None
    boundary: Mapping[str, object] | None = None
    hashes: Mapping[str, str] = field(default_factory=dict)
    uses: Uses = field(default_factory=dict)
    preset: Mapping[str, str] = field(default_factory=dict)


def _write(parts: _Parts, path: Path) -> None:
    book = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": "零碳园区档案 Lingtan dossier", "created": _MADE})
    style = Style(book)
    write_start(book.add_worksheet(OWN_SHEETS["start"]), style, parts.rows, parts.uses)
    write_park(book.add_worksheet(OWN_SHEETS["park"]), style, parts.park, parts.preset)
    write_boundary(book.add_worksheet(OWN_SHEETS["boundary"]), style, parts.boundary)
    every = registers().items()
    sheets = Sheets({name: book.add_worksheet(sheet_title(register)) for name, register in every})
    for name, register in every:
        write_register_sheet(sheets, register, style, parts.rows.get(name, ()), parts.hashes)
    choices = book.add_worksheet(OWN_SHEETS["choices"])
    sheets.write_choices(choices)
    choices.hide()
    book.close()
