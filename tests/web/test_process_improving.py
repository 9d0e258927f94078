"""From a result to the list of improvements: each step once, asked of who can do it."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tests.web.cockpit_parts import NDRC, SEESA, finished, small_park
from tests.web.conftest import World

from lingtan.errors import LingtanError
from lingtan_web.assessments.models import Calculation
from lingtan_web.audit.models import Entry
from lingtan_web.audit.services import SYSTEM
from lingtan_web.process import services
from lingtan_web.process.improving import Candidate, Place, find_candidates, find_code, list_improvements
from lingtan_web.process.models import Plan, Task
from lingtan_web.process.workflow import Act, Standing

TODAY = date(2026, 1, 1)


def said(text: str) -> dict[str, str]:
    return {"zh": text, "en": text}


def candidate(code: str, *asked_of: str) -> Candidate:
    return Candidate(code, said("补齐"), said("缺"), "1", False, asked_of, None)


def step(kind: str, of: str, explain: str = "") -> dict[str, Any]:
    return {
        "kind": kind, "of": of, "explain": explain, "title": said(of), "why": said(""), "points": "2.5",
        "is_blocking": False, "asked_of": ["park"],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (step("indicator", "C1.1"), "e/indicator:C1.1"),
        (step("improve", "C1.1"), "e/indicator:C1.1"),
        (step("target", "C1.1"), "e/indicator:C1.1"),
        (step("gate", "physical_boundary"), "e/gate:physical_boundary"),
        (step("mend", ""), "e/mend:"),
        (step("group", "A2"), "e/group:A2"),
    ],
)
def test_a_step_has_one_code_whatever_kind_it_is_of(given: dict[str, Any], code: str) -> None:
    assert find_code("e", given) == code


def test_data_of_one_column_are_one_task_whichever_cell_is_missing_first() -> None:
    first, second = (step("supply", f"water_use[{key}].reused_m3", "D2.2") for key in ("a", "b"))
    assert find_code("e", first) == find_code("e", second)
    assert find_code("e", first) != find_code("e", first | {"explain": "D2.1"})


def test_what_one_enterprise_can_supply_is_asked_of_it(world: World) -> None:
    chosen = [candidate("a", "E001"), candidate("b", "E001", "E002"), candidate("c", "E009"), candidate("d")]
    place = Place(world.alpha, 2024, TODAY, date(2026, 6, 1))
    assert list_improvements(SYSTEM, place=place, chosen=chosen) == 4
    tasks = {one.code: one for one in Task.objects.select_related("owner_organisation")}
    assert tasks["a"].owner_organisation == world.enterprise.user.memberships.get().organisation
    assert [tasks[code].owner_role for code in "abcd"] == ["enterprise", "park", "park", "park"]
    assert {one.due for one in tasks.values()} == {date(2026, 6, 1)}
    assert Entry.objects.filter(act="task.added-from-assessment").count() == 4
    assert world.enterprise.client.get("/parks/alpha/process/2024/").content.decode().count("补齐") == 1


def test_nothing_chosen_is_said(world: World) -> None:
    with pytest.raises(LingtanError) as caught:
        list_improvements(SYSTEM, place=Place(world.alpha, 2024, TODAY), chosen=[])
    assert [fault.code for fault in caught.value.faults] == ["process.nothing-chosen"]
    assert not Plan.objects.exists()


@pytest.fixture
def calculation(world: World, tmp_path: Path) -> Calculation:
    return finished(small_park(world, tmp_path / "park"))


def test_the_steps_of_a_result_become_tasks_once(world: World, calculation: Calculation) -> None:
    client, url = world.park.client, f"/parks/alpha/results/{calculation.pk}/improve/"
    found = client.get(url).context["candidates"]
    assert len(found) > 3 and all(one.task is None for one in found)
    codes = [one.code for one in found[:3]]
    assert all(code.startswith(f"{SEESA}/") for code in codes)
    answer = client.post(url, {"codes": [*codes, "forged"], "due": "2026-06-01"})
    assert answer["Location"] == "/parks/alpha/process/2024/"
    assert list(Task.objects.order_by("position").values_list("code", flat=True)) == codes
    improvements = client.get(answer["Location"]).context["columns"][2].improvements
    assert [one.title_zh for one in improvements] == [one.title["zh"] for one in found[:3]]
    task = Task.objects.get(code=codes[0])
    services.move_task(SYSTEM, task=task, act=Act.FINISH, standings=frozenset([Standing.LEADER]))
    client.post(url, {"codes": codes})
    task.refresh_from_db()
    assert task.state == "reopened"  # the result still asks for it
    assert Task.objects.count() == 3
    assert client.post(url, {"codes": ["forged"]}).status_code == 422


def test_another_edition_has_its_own_steps(world: World, calculation: Calculation) -> None:
    page = world.park.client.get(f"/parks/alpha/results/{calculation.pk}/improve/?edition={NDRC}")
    assert page.context["candidates"]
    assert all(one.code.startswith(f"{NDRC}/") for one in page.context["candidates"])
    assert f"results/{calculation.pk}/improve/" in world.park.client.get(
        f"/parks/alpha/results/{calculation.pk}/"
    ).content.decode()  # fmt: skip


def test_only_the_park_makes_its_list(world: World, calculation: Calculation) -> None:
    url = f"/parks/alpha/results/{calculation.pk}/improve/"
    assert world.scheme.client.post(url, {"codes": ["x"]}).status_code == 403
    assert world.enterprise.client.get(url).status_code == 403
    assert world.other_park.client.get(url).status_code == 404
    assert world.other_park.client.get(url.replace("alpha", "beta")).status_code == 404


def test_candidates_say_which_are_tasks_already(world: World) -> None:
    list_improvements(SYSTEM, place=Place(world.alpha, 2024, TODAY), chosen=[candidate("e/gate:boundary")])
    steps = [step("gate", "boundary"), step("gate", "metering")]
    first, second = find_candidates(world.alpha, 2024, "e", steps)
    assert first.task is not None and second.task is None
    (elsewhere,) = find_candidates(world.alpha, 2023, "e", steps[:1])
    assert elsewhere.task is None
