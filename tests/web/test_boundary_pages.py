"""The boundary through its pages: checked, kept with its record, refused on another park's ground."""

from __future__ import annotations

import json
from typing import Any

import pytest
from test_boundaries import polygon, square
from tests.web.conftest import World

from lingtan.errors import LingtanError
from lingtan_web.audit.models import Entry
from lingtan_web.audit.services import SYSTEM
from lingtan_web.dossiers.models import Revision, WorkingDossier
from lingtan_web.dossiers.services.profile import set_boundary
from lingtan_web.parks.boundary_services import find_neighbours
from lingtan_web.parks.outlines import write_outline

PAGE = "/parks/alpha/dossier/2024/boundary/"
OWN = write_outline(polygon(square(0, 0, 1000)))


def save(world: World, text: str) -> Any:
    return world.park.client.post(f"{PAGE}save/", {"text": text})


def codes(answer: Any) -> list[str]:
    assert answer.status_code == 422
    return [one.code for one in answer.context["faults"]]


def test_it_is_kept_with_its_revision_and_entry(world: World) -> None:
    assert save(world, OWN).status_code == 302
    world.dossier.refresh_from_db()
    geometry = world.dossier.boundary["features"][0]["geometry"]
    assert geometry["type"] == "Polygon" and len(geometry["coordinates"][0]) == 5
    assert (world.dossier.revision, Revision.objects.get().kind) == (1, "boundary")
    assert Entry.objects.get().act == "dossier.boundary-set"
    assert save(world, OWN).status_code == 302 and Revision.objects.count() == 1  # nothing changed
    page = world.park.client.get(PAGE)
    assert page.context["area"] == pytest.approx(1_000_000, rel=1e-3)
    assert "121.6" in page.context["text"]
    assert save(world, " ").status_code == 302
    world.dossier.refresh_from_db()
    assert world.dossier.boundary is None


def test_geojson_is_taken_as_it_is_pasted(world: World) -> None:
    collection = {
        "type": "FeatureCollection",
        "features": [{"type": "Feature", "geometry": polygon(square(0, 0, 50))}],
    }
    assert save(world, json.dumps(collection)).status_code == 302


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("0,0\n2,2\n2,0\n0,2\n", "dossier.boundary-crosses"),
        ("121.5\n", "boundary.bad-line"),
        ('{"type": "Point", "coordinates": [1, 2]}', "dossier.boundary-not-polygon"),
        ("30,121\n31,121\n31,122\n", "dossier.boundary-swapped"),
        ("1,1\n2,2\n", "dossier.boundary-too-few-corners"),
    ],
)
def test_what_is_wrong_is_refused_and_nothing_kept(world: World, text: str, code: str) -> None:
    assert codes(save(world, text)) == [code]
    world.dossier.refresh_from_db()
    assert world.dossier.boundary is None and world.dossier.revision == 0


def test_another_parks_ground_is_refused(world: World) -> None:
    WorkingDossier.objects.filter(park=world.beta).update(boundary=polygon(square(900, 0, 1000)))
    assert codes(save(world, OWN)) == ["boundary.overlaps"]
    answer = world.park.client.post(f"{PAGE}check/", {"text": OWN}).json()
    (told,) = answer["faults"]
    assert told["what"].startswith("与“乙园区”的边界重叠 99,995 m²") and told["corner"]
    assert answer["area_m2"] == pytest.approx(1_000_000, rel=1e-3)
    WorkingDossier.objects.filter(park=world.beta).update(boundary=polygon(square(1000, 0, 1000)))
    assert save(world, OWN).status_code == 302
    shown = world.park.client.get(PAGE).context["map"]
    assert [one["name"] for one in shown["neighbours"]] == ["乙园区"]


def test_a_warning_does_not_hold_it_up(world: World) -> None:
    world.dossier.profile = {"profile": {"area_m2": "500000"}}
    world.dossier.save()
    answer = world.park.client.post(f"{PAGE}check/", {"text": OWN}).json()
    assert [one["code"] for one in answer["faults"]] == ["dossier.boundary-area-differs"]
    assert save(world, OWN).status_code == 302
    assert "500,000 m²" in world.park.client.get(PAGE).content.decode()


def test_the_year_of_a_neighbour_is_the_nearest(world: World) -> None:
    for year, x in ((2020, 0), (2023, 5000), (2026, 9000)):
        WorkingDossier.objects.create(park=world.beta, year=year, boundary=polygon(square(x, 0, 100)))
    (found,) = find_neighbours(world.alpha, 2024)
    assert found.boundary["coordinates"][0][0][0] == pytest.approx(square(5000, 0, 1)[0][0])
    WorkingDossier.objects.filter(park=world.beta, year=2024).update(boundary=polygon(square(1, 0, 100)))
    (found,) = find_neighbours(world.alpha, 2024)
    assert found.boundary["coordinates"][0][0][0] == pytest.approx(square(1, 0, 1)[0][0])


def test_a_boundary_that_was_imported_broken_is_shown_with_its_faults(world: World) -> None:
    for broken in (
        {"type": "Point", "coordinates": [1, 2]},
        polygon([[0, 0], [2, 2], [2, 0], [0, 2], [0, 0]]),
    ):
        WorkingDossier.objects.filter(pk=world.dossier.pk).update(boundary=broken)
        page = world.park.client.get(PAGE)
        assert page.status_code == 200 and page.context["faults"]


def test_readers_get_no_form(world: World) -> None:
    save(world, OWN)
    for who in ("scheme", "evaluator", "enterprise"):
        page = world.someone(who).client.get(PAGE).content.decode()
        assert "<textarea" not in page and "121.6" in page
    assert world.evaluator.client.get("/parks/alpha/boundary/").headers["Location"] == PAGE
    WorkingDossier.objects.filter(park=world.beta).delete()
    assert "还没有任何年度" in world.other_park.client.get("/parks/beta/boundary/").content.decode()


@pytest.mark.parametrize(("from_m", "is_taken"), [(1000, False), (999, False), (990, True)])
def test_ground_is_not_taken_by_an_import_either(world: World, from_m: int, is_taken: bool) -> None:
    """Sides may touch, and overlap by less than the tolerance of 2.4 m; what is wider is refused."""
    set_boundary(SYSTEM, dossier=world.dossier, boundary=polygon(square(0, 0, 1000)))
    theirs = polygon(square(from_m, 0, 1000))
    if not is_taken:
        set_boundary(SYSTEM, dossier=world.other_dossier, boundary=theirs)
        world.other_dossier.refresh_from_db()
        assert world.other_dossier.boundary == theirs
        return
    with pytest.raises(LingtanError) as refused:
        set_boundary(SYSTEM, dossier=world.other_dossier, boundary=theirs)
    assert [one.code for one in refused.value.faults] == ["boundary.overlaps"]
    world.other_dossier.refresh_from_db()
    assert world.other_dossier.boundary is None
