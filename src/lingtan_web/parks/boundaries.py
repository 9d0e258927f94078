"""Boundaries of parks against one another, and as text: pure, without a database.

The core checks rings (closed, in range, not crossing) and computes the area. Here is what needs more
than one ring: parts that overlap, holes outside, other parks on the same ground.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

from shapely import STRtree, affinity
from shapely.geometry import MultiPolygon, Polygon, mapping
from shapely.geometry.base import BaseGeometry
from shapely.geometry.polygon import orient
from shapely.ops import unary_union

from lingtan.documents import load_shipped
from lingtan.dossier.boundary import EARTH_RADIUS_M, check_area, check_boundary, compute_boundary_area
from lingtan.dossier.findings import Findings
from lingtan.errors import Fault, Place, fault, has_errors

PLACE = Place("boundary.geojson")
_METRES_PER_DEGREE = math.radians(1) * EARTH_RADIUS_M

Geojson = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Another park and its boundary."""

    slug: str
    name_zh: str
    name_en: str
    boundary: Geojson


@dataclass(frozen=True, slots=True)
class Overlap:
    """Ground that two parks both claim: its area, and a point within it (longitude, latitude)."""

    neighbour: Neighbour
    area_m2: Decimal
    point: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Found:
    """A fault and the corner it is shown at, if it has one."""

    fault: Fault
    corner: tuple[float, float] | None = None


@cache
def limit(name: str) -> Decimal:
    """A limit of `web/boundary.yaml`, in the unit its file states."""
    return Decimal(str(load_shipped("web", "boundary.yaml")[name]["value"]))


def find_rings(boundary: Geojson) -> Iterator[list[list[Any]]]:
    """The polygons of a boundary as their rings, the outer one first, in the order of the core."""
    kind = boundary.get("type")
    if kind == "Polygon":
        yield list(boundary["coordinates"])
    elif kind == "MultiPolygon":
        yield from (list(polygon) for polygon in boundary["coordinates"])
    elif kind == "Feature":
        yield from find_rings(boundary["geometry"])
    else:
        for part in boundary.get("features") or boundary.get("geometries") or ():
            yield from find_rings(part)


def check_outline(
    boundary: Geojson, stated_m2: Decimal | None, others: Sequence[Neighbour]
) -> tuple[Found, ...]:
    """Every fault of a boundary: those of the core, then parts, holes, and other parks."""
    findings = Findings()
    check_boundary(boundary, PLACE, findings)
    if has_errors(findings.all()):
        return tuple(Found(one, find_corner(boundary, one)) for one in findings.all())
    count = sum(len(ring) for rings in find_rings(boundary) for ring in rings)
    if count > limit("most_corners"):
        return (Found(fault("boundary.too-many-corners", PLACE, count=count, limit=limit("most_corners"))),)
    check_area(boundary, stated_m2, PLACE, findings)
    parts = tuple(_check_parts(boundary))
    overlaps = () if parts else tuple(_told(one) for one in find_overlaps(boundary, others))
    return (*(Found(one) for one in findings.all()), *parts, *overlaps)


def find_corner(boundary: Geojson, one: Fault) -> tuple[float, float] | None:
    """Where on the map a fault of the core is shown: the corner at which its edge begins."""
    number = one.context.get("ring", "")
    if not number.isdigit():
        return None
    rings = [ring for rings in find_rings(boundary) for ring in rings]
    ring = rings[int(number) - 1]
    edge = int(one.context.get("first", "1"))
    distinct = [point for point, after in zip(ring, [*ring[1:], None], strict=True) if point != after]
    point = distinct[min(edge, len(distinct)) - 1]
    return float(point[0]), float(point[1])


def _check_parts(boundary: Geojson) -> Iterator[Found]:
    """Holes that are not within, holes and parts that overlap one another; touching is allowed."""
    number, shells = 1, []
    for rings in find_rings(boundary):
        shell = Polygon(rings[0])
        holes = [(number + n, Polygon(ring)) for n, ring in enumerate(rings[1:], start=1)]
        for ring, hole in holes:
            if not shell.covers(hole):
                yield Found(fault("boundary.hole-outside", PLACE, ring=ring), _first(hole))
        yield from _shared(holes)
        shells.append(
            (number, Polygon(rings[0], rings[1:]) if all(shell.covers(h) for _, h in holes) else shell)
        )
        number += len(rings)
    yield from _shared(shells)


def _shared(parts: Sequence[tuple[int, Polygon]]) -> Iterator[Found]:
    tree = STRtree([shape for _, shape in parts])
    for index, (number, shape) in enumerate(parts):
        for other in sorted(int(found) for found in tree.query(shape) if found > index):
            if shape.intersects(parts[other][1]) and not shape.touches(parts[other][1]):
                words = fault("boundary.parts-overlap", PLACE, first=number, second=parts[other][0])
                yield Found(words, _first(parts[other][1]))


def _first(shape: Polygon) -> tuple[float, float]:
    lon, lat = shape.exterior.coords[0][:2]
    return float(lon), float(lat)


def _told(overlap: Overlap) -> Found:
    other = overlap.neighbour
    words = fault(
        "boundary.overlaps", PLACE, name_zh=other.name_zh, name_en=other.name_en or other.name_zh,
        area=f"{overlap.area_m2:,}", tolerance=limit("overlap_width_m"),
    )  # fmt: skip
    return Found(words, overlap.point)


def find_overlaps(boundary: Geojson, others: Iterable[Neighbour]) -> tuple[Overlap, ...]:
    """Other parks on the same ground, wider than the tolerance; a shared line is no overlap.

    `boundary` has no faults; those of others that have some are left out.
    """
    own, found = to_shape(boundary), []
    for other in others:
        shape = _sound_shape(other.boundary)
        shared = own.intersection(shape) if shape is not None and own.intersects(shape) else None
        wide = _wide_parts(shared) if shared is not None else None
        if wide is not None and not wide.is_empty:
            point = wide.representative_point()
            area = compute_boundary_area(dict(mapping(wide))) or Decimal(0)
            found.append(Overlap(other, area, (point.x, point.y)))
    return tuple(found)


def to_shape(boundary: Geojson) -> BaseGeometry:
    """The ground within a boundary, in degrees."""
    return unary_union([Polygon(rings[0], rings[1:]) for rings in find_rings(boundary)])


def _sound_shape(boundary: Geojson) -> BaseGeometry | None:
    findings = Findings()
    check_boundary(boundary, PLACE, findings)
    if has_errors(findings.all()):
        return None
    shape = to_shape(boundary)
    return shape if shape.is_valid else shape.buffer(0)


def _wide_parts(shared: BaseGeometry) -> BaseGeometry:
    """The polygons among what is shared that are somewhere wider than the tolerance."""
    polygons = [part for part in getattr(shared, "geoms", [shared]) if isinstance(part, Polygon)]
    wide = [
        part
        for part in polygons
        if not _in_metres(part).buffer(-float(limit("overlap_width_m")) / 2).is_empty
    ]
    return MultiPolygon(wide)


def _in_metres(shape: BaseGeometry) -> BaseGeometry:
    """The shape on a plane that is true to scale around it; a park is small against the earth."""
    _, south, _, north = shape.bounds
    east = _METRES_PER_DEGREE * math.cos(math.radians((south + north) / 2))
    moved = affinity.translate(shape, -shape.bounds[0], -south)
    return affinity.scale(moved, east, _METRES_PER_DEGREE, origin=(0, 0))


def near(boundary: Geojson, others: Iterable[Neighbour]) -> tuple[Neighbour, ...]:
    """Those of the others whose outlines lie near enough to be drawn beside it."""
    reach = float(limit("neighbour_km")) * 1000 / _METRES_PER_DEGREE
    own = to_shape(boundary).buffer(reach)
    shapes = ((other, _sound_shape(other.boundary)) for other in others)
    return tuple(other for other, shape in shapes if shape is not None and own.intersects(shape))


def to_feature(boundary: Geojson, name: str) -> dict[str, Any]:
    """The boundary as it is kept: one feature, outer rings anticlockwise as RFC 7946 has it."""
    polygons = [orient(Polygon(rings[0], rings[1:])) for rings in find_rings(boundary)]
    shape = polygons[0] if len(polygons) == 1 else MultiPolygon(polygons)
    geometry = {"type": shape.geom_type, "coordinates": _listed(mapping(shape)["coordinates"])}
    feature = {"type": "Feature", "properties": {"name": name}, "geometry": geometry}
    return {"type": "FeatureCollection", "features": [feature]}


def _listed(coordinates: Any) -> Any:
    return [_listed(one) for one in coordinates] if isinstance(coordinates, tuple | list) else coordinates
