"""A boundary as text: GeoJSON, or lines of coordinates as people paste them from a table.

The text is the accessible equal of the map: whatever can be drawn can be written, and the other way round.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from lingtan.dossier.boundary import BoundaryError, parse_geojson
from lingtan.errors import LingtanError, fault
from lingtan_web.parks.boundaries import PLACE, find_rings

HOLE_WORDS = ("孔", "hole", "内环")
_NUMBER = r"[-+]?\d+(?:\.\d+)?"
_DEGREES = rf"{_NUMBER}\s*[°度]\s*\d+(?:\.\d+)?\s*[′'’分]\s*(?:\d+(?:\.\d+)?\s*(?:[″\"”秒]|''))?\s*[EWNS]?"
_POINT = re.compile(
    rf"(?:\d+[.、)]\s+)?(?P<lon>{_DEGREES}|{_NUMBER})°?\s*[,，;；\t\s]\s*(?P<lat>{_DEGREES}|{_NUMBER})°?\s*[,;，；]?",
    re.IGNORECASE,
)
_PART = re.compile(
    rf"({_NUMBER})\s*[°度]\s*(\d+(?:\.\d+)?)\s*[′'’分]\s*(?:(\d+(?:\.\d+)?))?.*?([EWNS]?)", re.IGNORECASE
)
_SHOWN = 40


def parse_outline(text: str) -> Mapping[str, object] | None:
    """The boundary in a text; None if there is none. LingtanError for what can be read as neither.

    Lines: a point each; a blank line begins another area, a line with `孔` or `hole` a hole in the
    last one. Rings are closed by themselves.
    """
    if not text.strip():
        return None
    if text.lstrip().startswith(("{", "[")):
        return _parse_json(text)
    polygons = _parse_lines(text)
    if not polygons:
        return None
    if len(polygons) == 1:
        return {"type": "Polygon", "coordinates": polygons[0]}
    return {"type": "MultiPolygon", "coordinates": polygons}


def _parse_json(text: str) -> Mapping[str, object]:
    try:
        return parse_geojson(text)
    except BoundaryError as error:
        raise LingtanError([fault(error.code, PLACE, **error.context)]) from None


def _parse_lines(text: str) -> list[list[list[list[float]]]]:
    polygons: list[list[list[list[float]]]] = []
    faults, begins = [], True
    for number, raw in enumerate(text.splitlines(), start=1):
        line = raw.strip()
        if not line:
            begins = True
        elif line.lower().startswith(HOLE_WORDS):
            begins = False
            (polygons or [[]])[-1].append([])
        elif (point := _point(line)) is None:
            faults.append(fault("boundary.bad-line", PLACE, line=number, given=line[:_SHOWN]))
        else:
            if begins or not polygons:
                polygons.append([[]])
            begins = False
            polygons[-1][-1].append(point)
    if faults:
        raise LingtanError(faults)
    return [[_closed(ring) for ring in rings if ring] for rings in polygons]


def _closed(ring: list[list[float]]) -> list[list[float]]:
    return ring if ring[0] == ring[-1] and len(ring) > 1 else [*ring, ring[0]]


def _point(line: str) -> list[float] | None:
    found = _POINT.fullmatch(line)
    return [_degrees(found["lon"]), _degrees(found["lat"])] if found else None


def _degrees(text: str) -> float:
    parts = _PART.fullmatch(text.strip())
    if parts is None:
        return float(text)
    whole = float(parts[1])
    size = abs(whole) + float(parts[2]) / 60 + float(parts[3] or 0) / 3600
    is_negative = parts[1].startswith("-") or parts[4].upper() in ("W", "S")
    return -size if is_negative else size


def write_outline(boundary: Mapping[str, Any] | None) -> str:
    """The boundary as lines of coordinates, as `parse_outline` reads them."""
    if boundary is None:
        return ""
    areas = []
    for rings in find_rings(boundary):
        written = ["\n".join(f"{point[0]}, {point[1]}" for point in _opened(ring)) for ring in rings]
        areas.append("\n孔\n".join(written))
    return "\n\n".join(areas) + "\n"


def _opened(ring: list[Any]) -> list[Any]:
    return ring[:-1] if len(ring) > 1 and ring[0] == ring[-1] else ring
