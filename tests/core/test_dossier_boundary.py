"""The boundary: validity and area against hand calculation."""

import json
import math
from decimal import Decimal

import pytest

from lingtan.dossier.boundary import (
    BoundaryError,
    compute_boundary_area,
    is_valid_boundary,
    parse_geojson,
)
from lingtan.dossier.boundary_sheet import boundary_rows, boundary_text, read_boundary_sheet
from lingtan.dossier.findings import Findings
from lingtan.errors import Place

SQUARE = [[121.0, 31.0], [121.01, 31.0], [121.01, 31.01], [121.0, 31.01], [121.0, 31.0]]
HOLE = [[121.002, 31.002], [121.004, 31.002], [121.004, 31.004], [121.002, 31.004], [121.002, 31.002]]
BOW_TIE = [[121, 31], [121.1, 31.1], [121.1, 31], [121, 31.1], [121, 31]]


def polygon(*rings: list[list[float]]) -> dict[str, object]:
    return {"type": "Polygon", "coordinates": list(rings)}


def band(west: float, east: float, south: float, north: float) -> float:
    """Area of a cell of the graticule on a sphere of WGS 84's authalic radius: R² Δλ (sin φ2 - sin φ1)."""
    return (
        6_371_007.181**2
        * math.radians(east - west)
        * (math.sin(math.radians(north)) - math.sin(math.radians(south)))
    )


def test_area_of_a_square_of_a_hundredth_degree() -> None:
    # R = 6,371.007 km: 0.01° of latitude is 1,111.95 m; of longitude at 31.005° N 953.10 m: 1.0598 km2
    assert compute_boundary_area(polygon(SQUARE)) == pytest.approx(
        Decimal(round(1111.95 * 953.10)), rel=Decimal("1e-3")
    )


def test_area_of_the_whole_graticule() -> None:
    # the northern octant: 4πR²/8, with edges along meridians and the equator
    octant = [[0.0, 0.0], [90.0, 0.0], [90.0, 90.0], [0.0, 90.0], [0.0, 0.0]]
    area = compute_boundary_area(polygon(octant))
    assert area is not None
    assert float(area) == pytest.approx(math.pi * 6_371_007.181**2 / 2, rel=1e-9)


def test_holes_are_taken_off_and_parts_are_added() -> None:
    whole, hole = band(121, 121.01, 31, 31.01), band(121.002, 121.004, 31.002, 31.004)
    assert compute_boundary_area(polygon(SQUARE, HOLE)) == pytest.approx(Decimal(round(whole - hole)), abs=2)
    far = [[x + 1, y] for x, y in SQUARE]
    both = {"type": "MultiPolygon", "coordinates": [[SQUARE, HOLE], [far]]}
    assert compute_boundary_area(both) == pytest.approx(Decimal(round(2 * whole - hole)), abs=2)


def test_direction_and_start_of_the_ring_do_not_matter() -> None:
    area = compute_boundary_area(polygon(SQUARE))
    assert compute_boundary_area(polygon(SQUARE[::-1])) == area
    assert compute_boundary_area(polygon([*SQUARE[2:], *SQUARE[1:3]])) == area


@pytest.mark.parametrize(
    ("boundary", "valid"),
    [
        (polygon(SQUARE), True),
        (polygon(SQUARE, HOLE), True),
        ({"type": "Feature", "properties": None, "geometry": polygon(SQUARE)}, True),
        ({"type": "FeatureCollection", "features": [{"type": "Feature", "geometry": polygon(SQUARE)}]}, True),
        (polygon([[*point, 4.0] for point in SQUARE]), True),
        (None, False),
        ({}, False),
        ({"type": "FeatureCollection", "features": []}, False),
        ({"type": "Feature", "geometry": None}, False),
        (polygon(SQUARE[:-1]), False),
        (polygon(), False),
        (polygon([]), False),
        (polygon([[121.0, 31.0], [121.1, 31.0], [121.0, 31.0]]), False),
        (polygon([[121.0, 31.0], [121.1, 31.0], [121.2, 31.0], [121.0, 31.0]]), False),
        (polygon(BOW_TIE), False),
        (polygon([[31.0, 121.0], [31.1, 121.0], [31.1, 121.1], [31.0, 121.0]]), False),
        ({"type": "Polygon", "coordinates": [[["a", 1], [1, 2], [2, 2], ["a", 1]]]}, False),
        ({"type": "Polygon", "coordinates": 5}, False),
        ({"type": "Polygon", "coordinates": [[[True, 1], [1, 2], [2, 2], [True, 1]]]}, False),
    ],
)
def test_validity(boundary: dict[str, object] | None, valid: bool) -> None:
    assert is_valid_boundary(boundary) is valid


def test_no_area_without_a_polygon() -> None:
    assert compute_boundary_area(None) is None
    assert compute_boundary_area({"type": "Point", "coordinates": [1, 2]}) is None


@pytest.mark.parametrize(
    "boundary",
    [
        polygon(SQUARE),
        polygon(SQUARE, HOLE),
        {"type": "MultiPolygon", "coordinates": [[SQUARE], [[[x + 1, y] for x, y in SQUARE]]]},
        {"type": "MultiPolygon", "coordinates": [[SQUARE]]},
        {"type": "Feature", "properties": {"name": "园区", "n": 1.5}, "geometry": polygon(SQUARE)},
        polygon([[121.12345678901234567, 31], [122, 31], [122, 32], [121.12345678901234567, 31]]),
        polygon([[x, y] for x, y in SQUARE[:-1]]),
    ],
)
def test_a_boundary_survives_the_sheet(boundary: dict[str, object]) -> None:
    rows, findings = boundary_rows(boundary), Findings()
    grid = (
        [["多边形 polygon", "环 ring", "经度 longitude", "纬度 latitude"], *rows]
        if rows is not None
        else [["geojson"], *([piece] for piece in boundary_text(boundary))]
    )
    assert read_boundary_sheet(grid, Place(), findings) == boundary
    assert json.dumps(boundary)


def test_a_ring_typed_by_hand_is_closed_and_said() -> None:
    findings = Findings()
    grid = [["经度", "纬度"], ["121", 31.0], ["121.1", 31.0], [121.1, "３１．１"], ["", ""], ["示例", ""]]
    assert read_boundary_sheet(grid, Place(), findings) == {
        "type": "Polygon",
        "coordinates": [[[121.0, 31.0], [121.1, 31.0], [121.1, 31.1], [121.0, 31.0]]],
    }
    assert [fault.code for fault in findings.all()] == ["dossier.boundary-closed"]


@pytest.mark.parametrize("number", ["1e-999999999", "-0.01E-400", "1e999", "NaN", "-Infinity"])
def test_a_number_that_no_coordinate_has(number: str) -> None:
    """Too small for a float: written out digit by digit for the fingerprint it would fill the memory."""
    with pytest.raises(BoundaryError) as caught:
        parse_geojson(f'{{"type": "Polygon", "coordinates": [[[{number}, 31.0]]]}}')
    assert caught.value.code == "dossier.boundary-not-json"


@pytest.mark.parametrize("number", ["0", "-0.0", "0e-999", "0.000E5", "1e-300", "121.47"])
def test_a_number_that_a_coordinate_may_have(number: str) -> None:
    assert parse_geojson(f'{{"coordinates": [{number}]}}')["coordinates"] == [float(number)]
