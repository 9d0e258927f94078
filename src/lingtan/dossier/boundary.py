"""The physical boundary: a GeoJSON polygon in WGS 84, its checks and its area.

RFC 7946: longitude before latitude, rings closed, at least four positions.
"""

from __future__ import annotations

import itertools
import json
import math
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from lingtan.dossier.findings import Findings
from lingtan.errors import Place

EARTH_RADIUS_M = 6_371_007.181  # sphere of the same surface as the WGS 84 ellipsoid (authalic radius)
AREA_TOLERANCE = Decimal("0.2")  # share by which the drawn and the stated area may differ
MOST_CORNERS_CROSSED = 4_000  # above this the test for crossings, which is quadratic, is left out
MOST_CORNERS = 1_000_000
DEEPEST = 60  # levels of brackets; a boundary has about eight

Ring = list[tuple[float, float]]


class BoundaryError(ValueError):
    """GeoJSON that is no polygon, with a fault code and the ring that is meant."""

    def __init__(self, code: str, **context: object) -> None:
        super().__init__(code)
        self.code = code
        self.context = context


def parse_geojson(raw: bytes | str) -> Mapping[str, object]:
    """The GeoJSON object of a file; BoundaryError if it is not JSON or not an object."""
    try:
        text = raw.decode("utf-8-sig") if isinstance(raw, bytes) else raw
        data = json.loads(text, parse_constant=_no_constant, parse_float=_finite)
    except (ValueError, RecursionError) as error:
        raise BoundaryError("dossier.boundary-not-json", reason=str(error)[:120]) from None
    if _depth(data) > DEEPEST:
        raise BoundaryError("dossier.boundary-not-json", reason=f"> {DEEPEST} levels")
    if not isinstance(data, dict):
        raise BoundaryError("dossier.boundary-not-polygon", given=type(data).__name__)
    return data


def _depth(data: object) -> int:
    level: list[Any] = [data]
    depth = 0
    while level and depth <= DEEPEST:
        depth += 1
        below = [item.values() if isinstance(item, dict) else item for item in level if item]
        level = [part for item in below if not isinstance(item, str | int | float) for part in item]
    return depth


def _no_constant(text: str) -> float:
    raise ValueError(f"{text} is not a JSON number")


def _finite(text: str) -> float:
    """Refused too: what is so small that it is read as zero; written out it would fill the memory."""
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(f"{text} is too large a number")
    if not value and text.lower().partition("e")[0].strip("-0."):
        raise ValueError(f"{text} is too small a number")
    return value


def is_valid_boundary(boundary: Mapping[str, object] | None) -> bool:
    """Whether `boundary` holds at least one polygon, and every ring is closed, in range and simple."""
    findings = Findings()
    if boundary is None:
        return False
    check_boundary(boundary, Place(), findings)
    return not any(fault.severity == "error" for fault in findings.all())


def compute_boundary_area(boundary: Mapping[str, object] | None) -> Decimal | None:
    """The area within the boundary in m2, to the square metre; None if there is no valid polygon.

    Spherical excess on the authalic sphere, where areas are those of the ellipsoid (within 0.3 %
    for a park); holes are taken off.
    """
    if boundary is None:
        return None
    try:
        polygons = list(_polygons(boundary))
    except BoundaryError:
        return None
    if not polygons:
        return None
    area = sum(_area(rings[0]) - sum(_area(hole) for hole in rings[1:]) for rings in polygons if rings)
    return Decimal(round(area))


def _area(ring: Ring) -> float:
    """Area of a ring on the sphere: L'Huilier's excess as a line integral of (2 + sin + sin)."""
    total = 0.0
    for (lon1, lat1), (lon2, lat2) in itertools.pairwise(ring):
        step = math.remainder(lon2 - lon1, 360.0)
        total += math.radians(step) * (math.sin(math.radians(lat1)) + math.sin(math.radians(lat2)))
    return abs(total) * EARTH_RADIUS_M**2 / 2


def check_boundary(boundary: Mapping[str, object], place: Place, findings: Findings) -> None:
    """Faults of the polygon: shape, closure, range, swapped axes, crossings."""
    try:
        polygons = list(_polygons(boundary))
    except BoundaryError as error:
        findings.add(error.code, place, **error.context)
        return
    if not polygons:
        findings.add("dossier.boundary-not-polygon", place, given=str(boundary.get("type"))[:40])
    for number, ring in enumerate((ring for rings in polygons for ring in rings), start=1):
        _check_ring(number, ring, place, findings)


def _check_ring(number: int, ring: Ring, place: Place, findings: Findings) -> None:
    if len(ring) < 4 and ring[:1] == ring[-1:]:
        findings.add("dossier.boundary-too-few-corners", place, ring=number, count=len(ring))
        return
    if ring[0] != ring[-1]:
        findings.add("dossier.boundary-open", place, ring=number)
        return
    if not all(abs(lon) <= 180 and abs(lat) <= 90 for lon, lat in ring):
        swapped = all(abs(lon) <= 90 and abs(lat) <= 180 for lon, lat in ring)
        code = "dossier.boundary-swapped" if swapped else "dossier.boundary-out-of-range"
        findings.add(code, place, ring=number)
        return
    crossing = _crossing(ring) if len(ring) <= MOST_CORNERS_CROSSED else None
    if crossing:
        findings.add("dossier.boundary-crosses", place, ring=number, first=crossing[0], second=crossing[1])
    elif _area(ring) == 0:
        findings.add("dossier.boundary-too-few-corners", place, ring=number, count=len(set(ring)))


def check_area(
    boundary: Mapping[str, object] | None, stated: Decimal | None, place: Place, findings: Findings
) -> None:
    """A warning where the drawn area differs from `stated` (m2) by more than a fifth."""
    drawn = compute_boundary_area(boundary)
    if drawn and stated and abs(drawn - stated) > AREA_TOLERANCE * stated:
        findings.add("dossier.boundary-area-differs", place, drawn=drawn, stated=f"{stated:f}")


def _polygons(boundary: Mapping[str, object]) -> Iterator[list[Ring]]:
    """Every polygon as its rings. BoundaryError where the coordinates have another shape."""
    stack: list[object] = [boundary]
    while stack:
        item = stack.pop()
        if not isinstance(item, Mapping):
            raise BoundaryError("dossier.boundary-not-polygon", given=type(item).__name__)
        kind, coordinates = item.get("type"), item.get("coordinates")
        if kind == "Polygon":
            yield _rings(coordinates)
        elif kind == "MultiPolygon":
            yield from (_rings(polygon) for polygon in _listed(coordinates))
        elif kind == "Feature":
            stack.append(item.get("geometry"))
        elif kind in ("FeatureCollection", "GeometryCollection"):
            stack.extend(reversed(_listed(item.get("features") or item.get("geometries") or [])))
        else:
            raise BoundaryError("dossier.boundary-not-polygon", given=str(kind)[:40])


def _rings(coordinates: object) -> list[Ring]:
    rings = [[_position(point) for point in _listed(ring)] for ring in _listed(coordinates)]
    if not rings or not all(rings) or sum(map(len, rings)) > MOST_CORNERS:
        raise BoundaryError("dossier.boundary-bad-coordinates", given=str(coordinates)[:40])
    return rings


def _listed(value: object) -> Sequence[Any]:
    if not isinstance(value, list | tuple):
        raise BoundaryError("dossier.boundary-bad-coordinates", given=str(value)[:40])
    return value


def _position(point: object) -> tuple[float, float]:
    values = _listed(point)
    if len(values) < 2 or not all(_is_number(value) for value in values[:2]):
        raise BoundaryError("dossier.boundary-bad-coordinates", given=str(point)[:40])
    return float(values[0]), float(values[1])


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e9


def _crossing(ring: Ring) -> tuple[int, int] | None:
    """The first two edges (counted from 1) that touch without being neighbours; O(n²)."""
    edges = [(a, b) for a, b in itertools.pairwise(ring) if a != b]
    boxes = [(min(a[0], b[0]), max(a[0], b[0]), min(a[1], b[1]), max(a[1], b[1])) for a, b in edges]
    last = len(edges) - 1
    for i, (a, b) in enumerate(edges):
        west, east, south, north = boxes[i]
        for j in range(i + 2, last + 1):
            box = boxes[j]
            if box[0] > east or box[1] < west or box[2] > north or box[3] < south:
                continue
            if (i, j) != (0, last) and _touch(a, b, *edges[j]):
                return i + 1, j + 1
    return None


def _touch(
    a: tuple[float, float], b: tuple[float, float], c: tuple[float, float], d: tuple[float, float]
) -> bool:
    """Whether the segments ab and cd share a point."""
    one, two, three, four = _turn(a, b, c), _turn(a, b, d), _turn(c, d, a), _turn(c, d, b)
    if one * two < 0 and three * four < 0:
        return True
    return (
        (one == 0 and _within(a, b, c))
        or (two == 0 and _within(a, b, d))
        or (three == 0 and _within(c, d, a))
        or (four == 0 and _within(c, d, b))
    )


def _turn(a: tuple[float, float], b: tuple[float, float], c: tuple[float, float]) -> int:
    """1 if c lies left of ab, -1 if right, 0 if on it."""
    cross = (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
    return (cross > 0) - (cross < 0)


def _within(a: tuple[float, float], b: tuple[float, float], c: tuple[float, float]) -> bool:
    return min(a[0], b[0]) <= c[0] <= max(a[0], b[0]) and min(a[1], b[1]) <= c[1] <= max(a[1], b[1])
