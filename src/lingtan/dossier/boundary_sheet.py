"""The boundary as a sheet: one corner a row, or GeoJSON as text in pieces."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal

from lingtan.dossier.boundary import BoundaryError, parse_geojson
from lingtan.dossier.cells import CellError, Raw, decimal_of_float, plain_number, raw_text
from lingtan.dossier.cells_numbers import read_decimal
from lingtan.dossier.findings import Findings, shown
from lingtan.dossier.headers import SEARCHED_ROWS, folded
from lingtan.errors import Place

HEADINGS = ("polygon", "ring", "longitude", "latitude")
LABELS = ("多边形", "环", "经度", "纬度")
TEXT_HEADING = "geojson"
LONGEST_PIECE = 30_000
_MARKS = ("示例", "example")

Corner = tuple[int, int, float, float]


def read_boundary_sheet(
    grid: Sequence[Sequence[Raw]], place: Place, findings: Findings
) -> Mapping[str, object] | None:
    """The GeoJSON object of the sheet, None if nothing is filled in."""
    for index, row in enumerate(grid[:SEARCHED_ROWS]):
        names = [_column_of(cell) for cell in row]
        if TEXT_HEADING in names:
            return _from_text(grid[index + 1 :], names.index(TEXT_HEADING), place, findings)
        if "longitude" in names and "latitude" in names:
            columns = {name: names.index(name) for name in HEADINGS if name in names}
            corners = _corners(grid, index + 1, columns, place, findings)
            return _geometry(corners, place, findings)
    if any(cell != "" for row in grid for cell in row):
        findings.add("dossier.boundary-no-header", place)
    return None


def _column_of(cell: Raw) -> str:
    text = folded(raw_text(cell))
    for name, label in zip(HEADINGS, LABELS, strict=True):
        if text in (name, label, label + name, name + label):
            return name
    return TEXT_HEADING if text == TEXT_HEADING else ""


def _from_text(
    rows: Sequence[Sequence[Raw]], column: int, place: Place, findings: Findings
) -> Mapping[str, object] | None:
    text = "".join(raw_text(row[column]) for row in rows if column < len(row))
    if not text.strip():
        return None
    try:
        return parse_geojson(text)
    except BoundaryError as error:
        findings.add(error.code, place, **error.context)
        return None


def _corners(
    grid: Sequence[Sequence[Raw]], start: int, columns: Mapping[str, int], place: Place, findings: Findings
) -> list[Corner]:
    found: list[Corner] = []
    for number, row in enumerate(grid[start:], start=start + 1):
        cells = {name: row[index] if index < len(row) else "" for name, index in columns.items()}
        marked = any(folded(raw_text(cell)).startswith(_MARKS) for cell in row)
        headed = any(_column_of(cell) for cell in cells.values())
        if marked or headed or all(raw_text(cell).strip() == "" for cell in cells.values()):
            continue
        values = {name: _number(cell, name, number, place, findings) for name, cell in cells.items()}
        if values["longitude"] is not None and values["latitude"] is not None:
            polygon, ring = int(values.get("polygon") or 1), int(values.get("ring") or 1)
            found.append((polygon, ring, float(values["longitude"]), float(values["latitude"])))
    return found


def _number(cell: Raw, name: str, row: int, place: Place, findings: Findings) -> Decimal | None:
    here = Place(place.file, place.sheet, row, name)
    text = raw_text(cell).strip()
    try:
        value = read_decimal(text, []) if isinstance(cell, str) and text else None
        if isinstance(cell, int | float) and not isinstance(cell, bool):
            value = decimal_of_float(cell)
    except CellError as refusal:
        findings.add(refusal.code, here, label=LABELS[HEADINGS.index(name)], **refusal.context)
        return None
    if value is None and (text or name in ("longitude", "latitude")):
        findings.add("dossier.not-a-number", here, label=LABELS[HEADINGS.index(name)], given=shown(text))
    return value


def _geometry(corners: Sequence[Corner], place: Place, findings: Findings) -> Mapping[str, object] | None:
    """Corners as Polygon or MultiPolygon; a ring whose first corner was not repeated is closed."""
    polygons: dict[int, dict[int, list[list[float]]]] = {}
    for polygon, ring, longitude, latitude in corners:
        polygons.setdefault(polygon, {}).setdefault(ring, []).append([longitude, latitude])
    for number, rings in polygons.items():
        for points in rings.values():
            if points[0] != points[-1]:
                points.append(list(points[0]))
                findings.count("dossier.boundary-closed", place, given=number)
    shapes = [list(rings.values()) for rings in polygons.values()]
    if not shapes:
        return None
    if len(shapes) == 1:
        return {"type": "Polygon", "coordinates": shapes[0]}
    return {"type": "MultiPolygon", "coordinates": shapes}


def boundary_rows(boundary: Mapping[str, object]) -> list[list[str | float]] | None:
    """The corners as rows, if they say all there is in the GeoJSON; else None (write it as text)."""
    kind, coordinates = boundary.get("type"), boundary.get("coordinates")
    shapes = [coordinates] if kind == "Polygon" else coordinates
    rows: list[list[str | float]] = []
    try:
        for p, rings in enumerate(shapes, start=1):  # type: ignore[arg-type, var-annotated]
            for r, ring in enumerate(rings, start=1):
                rows.extend([p, r, _exact(point[0]), _exact(point[1])] for point in ring)
        again = _geometry([(int(p), int(r), float(x), float(y)) for p, r, x, y in rows], Place(), Findings())
    except (TypeError, ValueError, IndexError, KeyError):
        return None
    return rows if again == boundary else None


def _exact(value: float) -> str | float:
    """A number Excel can hold, else its digits as text."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError("not a number")
    short = decimal_of_float(float(value))
    return float(value) if float(short) == value else plain_number(Decimal(repr(float(value))))


def boundary_text(boundary: Mapping[str, object]) -> list[str]:
    """The GeoJSON as text, in pieces that fit a cell."""
    text = json.dumps(boundary, separators=(",", ":"))
    return [text[at : at + LONGEST_PIECE] for at in range(0, len(text), LONGEST_PIECE)]
