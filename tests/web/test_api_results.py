"""Results through the interface: what the commands give, and never more than a role may see."""

import json
from typing import Any

import pytest
from dossier_files import folder_of
from tests.web.api_parts import Program, make_result, make_submission
from tests.web.cockpit_parts import NDRC, ON, SEESA
from tests.web.conftest import World
from tests.web.review_parts import make_version

import lingtan as lt
from lingtan.inventory import export_inventory
from lingtan_web.assessments.models import Calculation
from lingtan_web.audit.models import Entry
from lingtan_web.dossiers.models import WorkingDossier


@pytest.fixture
def result(world: World) -> Calculation:
    """A calculation of a submitted version."""
    version = make_version(world)
    make_submission(world, version)
    return make_result(world, version)


def test_the_exports_are_those_of_the_commands(world: World, result: Calculation, tmp_path: Any) -> None:
    program = Program(world.park, "read")
    dossier = lt.read_dossier(folder_of(tmp_path))
    root = f"/parks/alpha/results/{result.pk}"
    for edition in (SEESA, NDRC):
        assessed = lt.export_assessment(lt.assess(dossier, edition, on=ON))
        told = program.get(f"{root}/assessment?edition={edition}").json()
        assert told == json.loads(json.dumps(assessed))
    assert program.get(f"{root}/assessment").json()["edition"] == SEESA
    assert program.get(f"{root}/assessment?edition=none").status_code == 404
    for method in ("park", "cn-ndrc-910"):
        computed = export_inventory(lt.compute_inventory(dossier, method=method))
        assert program.get(f"{root}/inventory?method={method}").json()["totals"] == json.loads(
            json.dumps(computed["totals"])
        )
    assert program.get(f"{root}/inventory?method=other").json()["faults"][0]["code"] == "api.bad-field"
    assert "steps" in program.get(f"{root}/ledger").json() or program.get(f"{root}/ledger").json()


def test_a_result_in_the_list_and_alone(world: World, result: Calculation) -> None:
    program = Program(world.park, "read")
    told = program.get("/parks/alpha/results").json()
    assert (told["total"], told["pages"], told["items"][0]["number"]) == (1, 1, result.pk)
    assert [one["edition"] for one in told["items"][0]["editions"]] == [SEESA, NDRC]
    alone = program.get(f"/parks/alpha/results/{result.pk}").json()
    assert alone["state"] == "done"
    assert f"assessment-{SEESA}.json" in alone["files"]
    assert not any(name.startswith(("sheet", "people", "trace")) for name in alone["files"])


def test_a_number_is_explained_down_to_its_inputs(world: World, result: Calculation) -> None:
    program = Program(world.park, "read")
    root = f"/parks/alpha/results/{result.pk}/explain"
    told = program.get(f"{root}?name=net_zero_rate")
    assert told.status_code == 200, told.content
    first = told.json()["inputs"][0]
    deeper = program.get(f"{root}?node={first['node']}").json()
    assert (deeper["node"], deeper["value"]) == (first["node"], first["value"])
    unknown = program.get(f"{root}?name=net_zero_rat")
    assert (unknown.status_code, unknown.json()["faults"][0]["code"]) == (404, "assessment.unknown-name")
    assert "net_zero_rate" in unknown.json()["faults"][0]["context"]["hint"]
    assert program.get(f"{root}?node=999999999").status_code == 404


def test_a_park_does_not_open_anothers_result(world: World, result: Calculation) -> None:
    other = Program(world.other_park)
    for path in ("", "/assessment", "/inventory", "/ledger", "/explain?name=net_zero_rate"):
        assert other.get(f"/parks/beta/results/{result.pk}{path}").status_code == 404, path
        assert other.get(f"/parks/alpha/results/{result.pk}{path}").status_code == 404, path


def test_evaluators_see_the_years_of_their_mandate(world: World, result: Calculation) -> None:
    evaluator = Program(world.evaluator)
    assert evaluator.get("/parks/alpha/results").json()["total"] == 1
    world.mandate.year = 2023
    world.mandate.save()
    assert evaluator.get("/parks/alpha/results").json()["total"] == 0
    assert evaluator.get(f"/parks/alpha/results/{result.pk}").status_code == 404


def test_what_was_not_submitted_is_the_parks_own(world: World, result: Calculation) -> None:
    again = make_result(world, make_version(world, 2))
    for role in ("scheme", "body", "evaluator"):
        assert Program(world.someone(role)).get(f"/parks/alpha/results/{again.pk}").status_code == 404
    assert Program(world.park).get(f"/parks/alpha/results/{again.pk}").status_code == 200


def test_a_calculation_is_asked_for(world: World) -> None:
    make_version(world)
    program = Program(world.park)
    asked = {"year": 2024, "version": 1, "on": "2025-06-30", "editions": [NDRC]}
    first, again = (program.post("/parks/alpha/results", asked).json() for _ in range(2))
    assert (first["state"], first["number"]) == ("queued", again["number"])
    assert Entry.objects.filter(act="calculation.asked", via="api").count() == 2
    for wrong, status in (
        ({**asked, "version": 2}, 404),
        ({**asked, "year": 2023}, 404),
        ({**asked, "editions": ["none"]}, 422),
        ({**asked, "on": "tomorrow"}, 422),
        ({**asked, "version": 1.5}, 422),
        ({**asked, "version": True}, 422),
        ({**asked, "more": 1}, 422),
        ([], 422),
    ):
        assert program.post("/parks/alpha/results", wrong).status_code == status, wrong
    assert program.get(f"/parks/alpha/results/{first['number']}/assessment").status_code == 404  # not done


def test_a_review_tells_where_it_stands(world: World, result: Calculation) -> None:
    program = Program(world.park, "read")
    listed = program.get("/parks/alpha/submissions").json()["items"]
    assert [(one["number"], one["state"]) for one in listed] == [(1, "accepted")]
    told = program.get("/parks/alpha/submissions/1").json()
    assert [step["act"] for step in told["steps"]] == ["submit", "accept"]
    assert [(one["number"], one["version"]) for one in told["rounds"]] == [(1, 1)]
    assert (told["questions"], told["decision"]) == ([], None)
    assert program.get("/parks/alpha/submissions/2").status_code == 404
    assert Program(world.other_park).get("/parks/beta/submissions/1").status_code == 404


def test_queries_do_not_grow_with_the_rows(
    world: World, result: Calculation, django_assert_max_num_queries: Any
) -> None:
    """Every list is asked with one row and with many."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    program = Program(world.scheme)
    paths = ("/me", "/parks", "/parks/alpha", "/parks/alpha/results", "/parks/alpha/submissions",
             "/parks/alpha/submissions/1", f"/parks/alpha/results/{result.pk}")  # fmt: skip

    def count(path: str) -> int:
        with CaptureQueriesContext(connection) as asked:
            assert program.get(path).status_code == 200
        return len(asked)

    program.get("/me")
    before = {path: count(path) for path in paths}
    assert max(before.values()) <= 20, before
    for number in range(2, 8):
        version = make_version(world, number)
        make_result(world, version)
        WorkingDossier.objects.create(park=world.alpha, year=2000 + number)
    assert {path: count(path) for path in paths} == before
