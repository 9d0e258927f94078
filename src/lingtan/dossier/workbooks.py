"""Workbooks (.xlsx) read safely: sizes checked before anything is unpacked, error values seen.

The cells come from calamine. It returns blanks for error values and for formulas never
calculated, and shows no number formats; these are looked up in the sheet's own XML.
"""

from __future__ import annotations

import html
import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from python_calamine import CalamineWorkbook, SheetTypeEnum

from lingtan.dossier.archives import check_archive
from lingtan.dossier.cells import EmptyFormula, ErrorCell, PercentCell, Raw
from lingtan.dossier.findings import shown
from lingtan.errors import DossierError, Place, fault

LARGEST_BYTES = 600_000_000  # XML of a workbook, unpacked
MOST_CELLS = 60_000_000  # of the rectangle that holds all cells of one sheet

_NEEDED = re.compile(r"\[Content_Types\]\.xml|_rels/\.rels|xl/_rels/[^/]+|xl/(worksheets/)?[^/]+\.xml")
_CELL = re.compile(rb"<(?:\w+:)?c\s([^<>]*)>")
_REFERENCE = re.compile(rb"""\br\s*=\s*["']\s*([A-Za-z]{1,10})([0-9]{1,10})\s*["']""")
_STYLE = re.compile(rb"""\bs\s*=\s*["']([0-9]{1,6})["']""")
_FORMULA = rb"<(?:\w+:)?f\b[^<>]*(?:/>|>([^<]*)</(?:\w+:)?f>)"
_ERROR = re.compile(
    rb"""<(?:\w+:)?c\s([^<>]*\bt\s*=\s*["']e["'][^<>]*)>\s*(?:"""
    + _FORMULA
    + rb""")?\s*<(?:\w+:)?v>([^<]*)<"""
)
_NOT_CALCULATED = re.compile(
    rb"<(?:\w+:)?c\s([^<>]*)>\s*" + _FORMULA + rb"\s*"
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
_FORMATS = re.compile(rb"""<(?:\w+:)?numFmt\s([^<>]*)>""")
_FORMAT = re.compile(rb"""numFmtId\s*=\s*["'](\d+)["']""")
_USED_FORMATS = re.compile(rb"<(?:\w+:)?cellXfs\b.*?</(?:\w+:)?cellXfs>", re.DOTALL)
_FORMAT_ID = re.compile(rb"""<(?:\w+:)?xf\s[^<>]*numFmtId\s*=\s*["'](\d+)["']""")
_PERCENT_FORMATS = frozenset([9, 10])  # built into Excel: 0% and 0.00%
_READ_ERRORS = (OSError, zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError)

Grid = list[list[Raw]]


@dataclass(frozen=True, slots=True)
class Workbook:
    """The sheets of a workbook by title, in their order, each a grid of raw cells from A1."""

    name: str
    sheets: Mapping[str, Grid]


def read_workbook(path: Path) -> Workbook:
    """The workbook at `path`. DossierError if it is damaged, encrypted, hostile or no workbook."""
    place = Place(path.name)
    try:
        with zipfile.ZipFile(path) as archive:
            parts = _parts(archive)
    except _READ_ERRORS as error:
        raise DossierError([fault("dossier.workbook-damaged", place, reason=shown(error))]) from None
    _refuse_hostile(parts, place)
    workbook = _opened(parts, place)
    percent = _percent_styles(parts.get("xl/styles.xml", b""))
    files = _sheet_files(parts)
    sheets: dict[str, Grid] = {}
    for title in (meta.name for meta in workbook.sheets_metadata if meta.typ == SheetTypeEnum.WorkSheet):
        xml = parts.get(files.get(title, ""), b"")
        _refuse_wide(xml, Place(path.name, title))
        sheets[title] = _marked(_grid(workbook, title, place), xml, percent)
    return Workbook(path.name, sheets)


def _parts(archive: zipfile.ZipFile) -> dict[str, bytes]:
    """The parts that hold cells. zipfile never unpacks more of a part than the archive declares."""
    check_archive(archive)
    needed = [info for info in archive.infolist() if _NEEDED.fullmatch(info.filename)]
    size = sum(info.file_size for info in needed)
    if size > LARGEST_BYTES:
        place = Place(Path(archive.filename or "").name)
        raise DossierError([fault("dossier.file-too-large", place, size=size, limit=LARGEST_BYTES)])
    return {info.filename: archive.read(info) for info in needed}


def _refuse_hostile(parts: Mapping[str, bytes], place: Place) -> None:
    """A workbook has no document type; one that has wants its entities expanded."""
    if any(b"<!DOCTYPE" in xml or b"<!ENTITY" in xml for xml in parts.values()):
        raise DossierError([fault("dossier.workbook-entities", place)])


def _opened(parts: Mapping[str, bytes], place: Place) -> CalamineWorkbook:
    """calamine on a copy that holds only the checked parts, not compressed."""
    copy = io.BytesIO()
    with zipfile.ZipFile(copy, "w") as archive:
        for name, xml in parts.items():
            archive.writestr(name, xml)
    copy.seek(0)
    with _guarded(place):
        return CalamineWorkbook.from_filelike(copy)
    raise AssertionError("unreachable")


class _guarded:  # noqa: N801 - reads as a statement
    """Errors of calamine, also the panics of its Rust code, become a DossierError."""

    def __init__(self, place: Place) -> None:
        self._place = place

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: object) -> None:
        if kind is None or issubclass(kind, KeyboardInterrupt | SystemExit):
            return
        raise DossierError([fault("dossier.workbook-damaged", self._place, reason=shown(error))]) from None


def _grid(workbook: CalamineWorkbook, title: str, place: Place) -> Grid:
    with _guarded(Place(place.file, title)):
        sheet = workbook.get_sheet_by_name(title)
        return sheet.to_python(skip_empty_area=False)
    raise AssertionError("unreachable")


def _sheet_files(parts: Mapping[str, bytes]) -> dict[str, str]:
    """Title of each sheet to the part that holds it."""
    targets = {}
    for tag in _tags(parts.get("xl/_rels/workbook.xml.rels", b""), "Relationship"):
        target = tag.get("Target", "")
        targets[tag.get("Id", "")] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    sheets = _tags(parts.get("xl/workbook.xml", b""), "sheet")
    found: dict[str, str] = {}
    for tag in sheets:
        key = next((value for name, value in tag.items() if name.endswith(":id")), "")
        found[tag.get("name", "")] = targets.get(key, "")
    return found


def _tags(xml: bytes, name: str) -> Iterator[dict[str, str]]:
    text = xml.decode("utf-8", errors="replace")
    for match in re.finditer(rf"<(?:\w+:)?{name}\s([^<>]*)>", text):
        pairs = re.findall(r"""([\w:]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""", match[1])
        yield {key: html.unescape(one or other) for key, one, other in pairs}


def _refuse_wide(xml: bytes, place: Place) -> None:
    """calamine lays out the whole rectangle of cells: one stray cell far away would fill the memory."""
    columns = rows = cells = 0
    for match in _CELL.finditer(xml):
        cells += 1
        reference = _REFERENCE.search(match[1])
        if reference:
            columns = max(columns, _column(reference[1]))
            rows = max(rows, int(reference[2]))
    if max(columns, 1) * rows > max(MOST_CELLS // 10, 100 * cells) or columns > 16_384 or rows > 1_048_576:
        raise DossierError([fault("dossier.stray-cell", place, rows=rows, columns=columns)])


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _percent_styles(xml: bytes) -> frozenset[bytes]:
    """Style numbers of cells that are shown as percentages."""
    tags = (tag for tag in _FORMATS.findall(xml) if b"%" in tag)
    named = {int(number) for tag in tags for number in _FORMAT.findall(tag)[:1]}
    used = _USED_FORMATS.search(xml)
    ids = _FORMAT_ID.findall(used[0]) if used else []
    percent = named | _PERCENT_FORMATS
    return frozenset(str(index).encode() for index, number in enumerate(ids) if int(number) in percent)


def _marked(grid: Grid, xml: bytes, percent: frozenset[bytes]) -> Grid:
    """The grid with error values, formulas without value, and percentages as what they are."""
    for match in _ERROR.finditer(xml) if b"e" in xml else ():
        _put(grid, match[1], ErrorCell(match[3].decode("utf-8", "replace")))
    for match in _NOT_CALCULATED.finditer(xml):
        if not re.search(rb"\bt\s*=\s*[\"']str", match[1]):
            _put(grid, match[1], EmptyFormula("=" + (match[2] or b"").decode("utf-8", "replace")))
    if percent:
        for match in _CELL.finditer(xml):
            style = _STYLE.search(match[1])
            if style and style[1] in percent:
                _put(grid, match[1], None)
    return grid


def _put(grid: Grid, attributes: bytes, value: Raw | None) -> None:
    """Put `value` into the cell; None turns the number that stands there into a percentage."""
    reference = _REFERENCE.search(attributes)
    if not reference:
        return
    row, column = int(reference[2]) - 1, _column(reference[1]) - 1
    while len(grid) <= row and value is not None:
        grid.append([""] * len(grid[0]) if grid else [])
    if not 0 <= row < len(grid):
        return
    cells = grid[row]
    if value is None:
        number = cells[column] if column < len(cells) else ""
        if type(number) is float:
            cells[column] = PercentCell(number)
        return
    cells.extend([""] * (column + 1 - len(cells)))
    cells[column] = value
