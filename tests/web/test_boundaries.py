"""Boundaries against one another and as text: by hand at the limits, then as properties."""

from __future__ import annotations

import itertools
import math
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lingtan.dossier.boundary import EARTH_RADIUS_M, compute_boundary_area, is_valid_boundary
from lingtan.errors import LingtanError
from lingtan_web.parks.boundaries import (
    Neighbour,
    check_outline,
    find_overlaps,
    find_rings,
    limit,
    near,
    to_feature,
)
from lingtan_web.parks.outlines import parse_outline, write_outline

LON, LAT = 121.6, 30.9
METRE = 180 / math.pi / EARTH_RADIUS_M  # degrees of latitude
EAST = METRE / math.cos(math.radians(LAT))


def square(x: float, y: float, width: float, height: float | None = None) -> list[list[float]]:
    """A ring of metres around a place near Shanghai."""
    tall = width if height is None else height
    corners = [(x, y), (x + width, y), (x + width, y + tall), (x, y + tall), (x, y)]
    return [[LON + a * EAST, LAT + b * METRE] for a, b in corners]


def polygon(*rings: list[list[float]]) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": list(rings)}


def other(*rings: list[list[float]], name: str = "乙园区") -> Neighbour:
    return Neighbour("beta", name, "Beta Park", polygon(*rings))


def codes(boundary: dict[str, Any], *others: Neighbour) -> list[str]:
    return [one.fault.code for one in check_outline(boundary, None, others)]


OWN = polygon(square(0, 0, 1000))


@pytest.mark.parametrize(
    ("overlap_m", "refused"),
    [(0, False), (-5, False), (1, False), (2.3, False), (2.5, True), (100, True)],
)
def test_overlap_at_the_tolerance(overlap_m: float, refused: bool) -> None:
    assert limit("overlap_width_m") == Decimal("2.4")
    beside = other(square(1000 - overlap_m, 0, 1000))
    assert bool(find_overlaps(OWN, [beside])) is refused


def test_the_overlap_is_told_with_its_area_and_a_point_in_it() -> None:
    (found,) = check_outline(OWN, None, [other(square(900, 900, 500))])
    words = found.fault.words("zh")
    assert found.fault.code == "boundary.overlaps"
    area = int(found.fault.context["area"].replace(",", ""))
    assert area == pytest.approx(10_000, rel=1e-3)
    assert "乙园区" in words.what and "2.4 m" in words.why
    assert found.corner is not None
    lon, lat = found.corner
    assert 900 < (lon - LON) / EAST < 1000 and 900 < (lat - LAT) / METRE < 1000


def test_a_sliver_that_is_wide_somewhere_is_refused() -> None:
    wedge = [
        [LON + a * EAST, LAT + b * METRE]
        for a, b in [(990, 0), (2000, 0), (2000, 1000), (1000, 1000), (990, 0)]
    ]
    assert codes(OWN, Neighbour("b", "乙", "", polygon(wedge))) == ["boundary.overlaps"]


def test_within_and_around_and_the_same() -> None:
    for rings in ([square(100, 100, 50)], [square(-500, -500, 3000)], [square(0, 0, 1000)]):
        assert codes(OWN, other(*rings)) == ["boundary.overlaps"]


def test_a_park_in_the_hole_of_another_is_no_overlap() -> None:
    ring = polygon(square(0, 0, 1000), square(300, 300, 200)[::-1])
    assert codes(ring, other(square(300, 300, 200))) == []
    assert codes(ring, other(square(300, 300, 210))) == ["boundary.overlaps"]


def test_neighbours_with_faults_are_left_out() -> None:
    bow = [[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]
    assert codes(OWN, other(bow), Neighbour("c", "丙", "", {"type": "Point", "coordinates": [0, 0]})) == []


@pytest.mark.parametrize(
    ("boundary", "expected", "corner"),
    [
        (polygon([[0, 0], [2, 2], [2, 0], [0, 2], [0, 0]]), ["dossier.boundary-crosses"], (0, 0)),
        (polygon([[0, 0], [1, 0], [1, 1]]), ["dossier.boundary-open"], (0, 0)),
        (polygon([[5, 5], [6, 6], [5, 5]]), ["dossier.boundary-too-few-corners"], (5, 5)),
        (polygon([[0, 0], [200, 0], [200, 1], [0, 0]]), ["dossier.boundary-out-of-range"], (0, 0)),
        (polygon([[30, 121], [31, 121], [31, 122], [30, 121]]), ["dossier.boundary-swapped"], (30, 121)),
        ({"type": "Point", "coordinates": [1, 2]}, ["dossier.boundary-not-polygon"], None),
        ({"type": "Polygon", "coordinates": [["x"]]}, ["dossier.boundary-bad-coordinates"], None),
    ],
)  # fmt: skip
def test_faults_of_the_core_are_shown_at_their_corner(
    boundary: dict[str, Any], expected: list[str], corner: tuple[float, float] | None
) -> None:
    found = check_outline(boundary, None, [])
    assert ([one.fault.code for one in found], found[0].corner) == (expected, corner)


def test_a_crossing_is_shown_where_its_first_edge_begins() -> None:
    ring = [[0, 0], [4, 0], [4, 0], [4, 4], [2, -1], [0, 4], [0, 0]]
    (found,) = check_outline(polygon(ring), None, [])
    assert found.fault.code == "dossier.boundary-crosses" and found.corner == (0, 0)


def test_parts_and_holes() -> None:
    outside = polygon(square(0, 0, 100), square(200, 200, 10))
    assert codes(outside) == ["boundary.hole-outside"]
    holes = polygon(square(0, 0, 100), square(10, 10, 20), square(20, 20, 20))
    assert codes(holes) == ["boundary.parts-overlap"]
    parts = {"type": "MultiPolygon", "coordinates": [[square(0, 0, 100)], [square(50, 50, 100)]]}
    assert codes(parts) == ["boundary.parts-overlap"]
    touching = {"type": "MultiPolygon", "coordinates": [[square(0, 0, 100)], [square(100, 0, 100)]]}
    assert codes(touching) == []
    island = {
        "type": "MultiPolygon",
        "coordinates": [[square(0, 0, 100), square(20, 20, 50)], [square(30, 30, 10)]],
    }
    assert codes(island) == []


def test_the_stated_area_and_too_many_corners() -> None:
    assert [one.fault.code for one in check_outline(OWN, Decimal(500_000), [])] == [
        "dossier.boundary-area-differs"
    ]
    circle = [[LON + math.cos(a / 1000) / 100, LAT + math.sin(a / 1000) / 100] for a in range(6283)]
    assert codes(polygon([*circle, circle[0]])) == ["boundary.too-many-corners"]


def test_only_near_neighbours_are_drawn() -> None:
    far = Neighbour("far", "远", "", polygon([[100, 30], [100.1, 30], [100.1, 30.1], [100, 30]]))
    assert [one.slug for one in near(OWN, [other(square(5000, 0, 100)), far])] == ["beta"]


def test_it_is_kept_as_rfc_7946_has_it() -> None:
    kept = to_feature(polygon(square(0, 0, 100)[::-1], square(10, 10, 20)), "甲园区")
    outer, hole = kept["features"][0]["geometry"]["coordinates"]
    assert kept["features"][0]["properties"] == {"name": "甲园区"}
    assert turning(outer) > 0 > turning(hole)


def turning(ring: list[list[float]]) -> float:
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in itertools.pairwise(ring))


rings = st.builds(
    lambda x, y, w, h: square(x, y, w, h),
    st.integers(-3000, 3000), st.integers(-3000, 3000), st.integers(10, 3000), st.integers(10, 3000),
)  # fmt: skip


@given(rings, rings)
def test_overlap_is_mutual_and_what_arithmetic_says(one: list[list[float]], two: list[list[float]]) -> None:
    forth = find_overlaps(polygon(one), [other(two)])
    back = find_overlaps(polygon(two), [other(one)])
    assert [found.area_m2 for found in forth] == [found.area_m2 for found in back]
    sides = [min(one[2][axis], two[2][axis]) - max(one[0][axis], two[0][axis]) for axis in (0, 1)]
    width, height = sides[0] / EAST, sides[1] / METRE
    assert bool(forth) is (min(width, height) > 2.4)
    if forth:
        assert float(forth[0].area_m2) == pytest.approx(width * height, rel=2e-3, abs=2)


@given(rings, st.integers(0, 3))
def test_a_neighbour_at_any_edge_touches_and_does_not_overlap(ring: list[list[float]], side: int) -> None:
    width, height = ring[2][0] - ring[0][0], ring[2][1] - ring[0][1]
    dx, dy = [(width, 0.0), (-width, 0.0), (0.0, height), (0.0, -height)][side]
    beside = [[lon + dx, lat + dy] for lon, lat in ring]
    assert not find_overlaps(polygon(ring), [other(beside)])


@given(rings)
def test_kept_and_written_and_read_it_is_the_same_ground(ring: list[list[float]]) -> None:
    kept = to_feature(polygon(ring), "甲")
    again = parse_outline(write_outline(kept))
    assert is_valid_boundary(kept) and again is not None
    assert compute_boundary_area(again) == compute_boundary_area(polygon(ring))
    assert list(find_rings(again)) == list(find_rings(kept))


@settings(max_examples=200)
@given(st.lists(st.lists(rings, min_size=1, max_size=3), min_size=1, max_size=3))
def test_any_rings_are_written_and_read_alike(areas: list[list[list[list[float]]]]) -> None:
    boundary = {"type": "MultiPolygon", "coordinates": areas}
    again = parse_outline(write_outline(boundary))
    assert again is not None and list(find_rings(again)) == areas
    check_outline(dict(again), None, [])  # whatever it finds, it does not break


@pytest.mark.parametrize(
    "line",
    [
        "121.594, 30.896", "121.594 30.896", "121.594\t30.896", "121.594，30.896", "1. 121.594, 30.896",
        "121°35′38.4″ 30°53′45.6″", "121度35分38.4秒，30度53分45.6秒", "121°35'38.4\"E, 30°53'45.6\"N",
    ],
)  # fmt: skip
def test_points_as_people_write_them(line: str) -> None:
    text = f"{line}\n121.606, 30.896\n121.606, 30.903\n"
    boundary = parse_outline(text)
    assert boundary is not None
    ring = next(find_rings(boundary))[0]
    assert ring[0] == pytest.approx([121.594, 30.896]) and ring[0] == ring[-1] and len(ring) == 4


def test_areas_and_holes_in_lines() -> None:
    text = "0,0\n9,0\n9,9\n孔\n1,1\n2,1\n2,2\n\n20,20\n21,20\n21,21\n20,20\n"
    boundary = parse_outline(text)
    assert boundary is not None
    assert [len(rings) for rings in find_rings(boundary)] == [2, 1]
    assert parse_outline("  \n") is None and write_outline(None) == ""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("121.5\n", ["boundary.bad-line"]),
        ("a,b\n1,2,3\n1,2", ["boundary.bad-line", "boundary.bad-line"]),
        ("{", ["dossier.boundary-not-json"]),
        ("[1, 2]", ["dossier.boundary-not-polygon"]),
        ("{" * 5000, ["dossier.boundary-not-json"]),
    ],
)
def test_text_that_is_no_boundary(text: str, expected: list[str]) -> None:
    with pytest.raises(LingtanError) as refused:
        parse_outline(text)
    assert [one.code for one in refused.value.faults] == expected


@given(st.text(max_size=80))
def test_any_text_raises_nothing_but_faults(text: str) -> None:
    try:
        boundary = parse_outline(text)
    except LingtanError:
        return
    if boundary is not None:
        check_outline(dict(boundary), None, [])
