"""Calculations: asked once, computed once, begun again when they were killed, never half-done."""

import io
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from tests.web.cockpit_parts import NDRC, ON, SEESA, finished, small_park
from tests.web.conftest import World

from lingtan.errors import LingtanError
from lingtan_web.assessments import services, tasks
from lingtan_web.assessments.models import Calculation, EditionResult, State
from lingtan_web.audit.models import Entry
from lingtan_web.audit.services import SYSTEM
from lingtan_web.dossiers.models import StoredFile
from lingtan_web.reviews.versions import find_assessed, find_choices
from lingtan_web.storage import path_of, put


def test_a_calculation_is_made_once(world: World, tmp_path: Path) -> None:
    version = small_park(world, tmp_path)
    first = services.ask_calculation(SYSTEM, version=version, on=ON, editions=[SEESA, NDRC])
    again = services.ask_calculation(SYSTEM, version=version, on=ON, editions=[SEESA, NDRC])
    assert first.pk == again.pk
    assert DBTaskResult.objects.count() == 1
    other = services.ask_calculation(SYSTEM, version=version, on=date(2025, 7, 1), editions=[SEESA])
    assert other.pk != first.pk
    tasks.run(first.pk)
    tasks.run(first.pk)  # a second run finds nothing to do
    first.refresh_from_db()
    assert first.state == State.DONE
    assert [one.edition for one in first.results.all()] == [SEESA, NDRC]
    assert (
        services.ask_calculation(SYSTEM, version=version, on=ON, editions=[SEESA, NDRC]).state == State.DONE
    )
    assert all(path_of(sha256).is_file() for sha256 in first.artefacts.values())
    main = first.results.get(edition=SEESA)
    assert (main.stars, main.score) == (None, main.sheet["score"])
    assert main.headline["zh"].startswith("暂无星级，")


def test_editions_are_those_asked_for_else_the_dossiers_else_the_schemes(
    world: World, tmp_path: Path
) -> None:
    plain = small_park(world, tmp_path)
    assert services.choose_editions([], plain) == (SEESA,)
    assert services.choose_editions([NDRC, NDRC], plain) == (NDRC,)
    park = "id: demo\nname_zh: 示范\nreporting: {year: 2024, editions: [cn-ndrc-910-2025, of-nobody]}\n"
    named = small_park(world, tmp_path / "b", {"park.yaml": park})
    assert services.choose_editions([], named) == (NDRC,)
    broken = small_park(world, tmp_path / "c", {"park.yaml": "a: [\n"})
    assert services.choose_editions([], broken) == (SEESA,)
    with pytest.raises(LingtanError) as refused:
        services.choose_editions(["of-nobody"], plain)
    assert [one.code for one in refused.value.faults] == ["cockpit.unknown-edition"]


def test_a_dossier_that_cannot_be_read_is_told_with_its_faults(world: World, tmp_path: Path) -> None:
    version = small_park(world, tmp_path, {"park.yaml": "id: [\n"})
    asked = finished(version)
    assert asked.state == State.FAILED
    assert asked.faults[0]["zh"]["what"]
    assert not asked.results.exists()
    again = services.ask_calculation(SYSTEM, version=version, on=ON, editions=[SEESA, NDRC])
    assert (again.pk, again.state, again.faults) == (asked.pk, State.QUEUED, [])


def test_our_own_bug_is_said_and_rises(world: World, tmp_path: Path) -> None:
    version = small_park(world, tmp_path, {"park.yaml": "id: lost\nname_zh: 丢\nreporting: {year: 2024}\n"})
    asked = services.ask_calculation(SYSTEM, version=version, on=ON)
    path_of(version.manifest["park.yaml"]).unlink()  # the store lost it
    with pytest.raises(FileNotFoundError):
        tasks.run(asked.pk)
    asked.refresh_from_db()
    assert (asked.state, asked.faults[0]["code"]) == (State.FAILED, "cockpit.our-bug")


def test_a_killed_run_leaves_nothing_and_is_taken_up_again(world: World, tmp_path: Path) -> None:
    version = small_park(world, tmp_path)
    asked = services.ask_calculation(SYSTEM, version=version, on=ON)
    killed = services.begin(asked.pk)  # and then the machine went away
    assert killed and not EditionResult.objects.exists()
    assert services.begin(asked.pk) is None  # it may still run
    asked.refresh_from_db()
    assert not services.is_abandoned(asked)
    limit = asked.started_at + services.STALE_AFTER  # type: ignore[operator]
    assert not services.is_abandoned(asked, limit)
    assert services.is_abandoned(asked, limit + timedelta(seconds=1))
    Calculation.objects.update(started_at=timezone.now() - services.STALE_AFTER - timedelta(seconds=1))
    again = services.ask_calculation(SYSTEM, version=version, on=ON)
    assert (again.pk, again.state) == (asked.pk, State.QUEUED)
    tasks.run(asked.pk)
    assert EditionResult.objects.count() == 1
    late = services.Outcome([], [], {"x": "0" * 64})
    assert services.finish(killed, late) is False  # who was given up changes nothing
    services.fail(killed, [])
    asked.refresh_from_db()
    assert (asked.state, "x" in asked.artefacts) == (State.DONE, False)


def test_a_task_that_runs_again_takes_up_its_own(world: World, tmp_path: Path) -> None:
    asked = services.ask_calculation(SYSTEM, version=small_park(world, tmp_path), on=ON)
    killed = services.begin(asked.pk, "task-1")
    assert killed and services.begin(asked.pk, "task-2") is None  # another task does not
    tasks.run(asked.pk, "task-1")  # as the worker does at its start
    asked.refresh_from_db()
    assert asked.state == State.DONE
    assert services.finish(killed, services.Outcome([], [], {})) is False


def test_an_outcome_is_kept_whole_or_not_at_all(world: World, tmp_path: Path) -> None:
    asked = services.ask_calculation(SYSTEM, version=small_park(world, tmp_path), on=ON)
    begun = services.begin(asked.pk)
    assert begun
    twice = {"edition": SEESA, "name": {"zh": "一", "en": "a"}, "distance": {"headline": {}}, "stars": None,
             "stage": None, "score": None}  # fmt: skip
    with pytest.raises(DatabaseError), transaction.atomic():
        services.finish(begun, services.Outcome([twice, twice], [], {}))
    assert not EditionResult.objects.exists()
    asked.refresh_from_db()
    assert asked.state == State.RUNNING
    assert not Entry.objects.filter(act="calculation.done").exists()


def test_results_do_not_move(world: World, tmp_path: Path) -> None:
    asked = finished(small_park(world, tmp_path), (SEESA,))
    for change in (lambda: asked.results.update(stars=5), lambda: asked.results.all().delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    assert asked.results.get().stars is None


@pytest.mark.parametrize(("given", "day"), [("2025-06-30", date(2025, 6, 30)), ("", None)])
def test_the_day_of_the_assessment(given: str, day: date | None) -> None:
    assert services.read_day(given) == (day or timezone.localdate())


@pytest.mark.parametrize("given", ["2025-13-01", "heute", "2025-02-30", "1' OR 1=1"])
def test_a_day_that_is_none(given: str) -> None:
    with pytest.raises(LingtanError) as refused:
        services.read_day(given)
    assert refused.value.faults[0].code == "web.bad-day"


def test_the_working_dossier_is_tried_as_it_stands(world: World) -> None:
    dossier = world.dossier
    first = services.ask_preview(SYSTEM, dossier=dossier, on=ON, editions=[SEESA])
    assert (first.version.number, first.version.label) == (1, services.PREVIEW)
    again = services.ask_preview(SYSTEM, dossier=dossier, on=ON, editions=[SEESA])
    assert (again.pk, dossier.versions.count()) == (first.pk, 1)  # nothing was changed in between
    StoredFile.objects.create(
        dossier=dossier, path="readings/x.csv", sha256=put(io.BytesIO(b"meter,at,value\n"))
    )
    with_file = services.ask_preview(SYSTEM, dossier=dossier, on=ON, editions=[SEESA])
    assert "readings/x.csv" in with_file.version.manifest
    StoredFile.objects.all().delete()
    dossier.revision += 1
    dossier.save()
    later = services.ask_preview(SYSTEM, dossier=dossier, on=ON, editions=[SEESA])
    assert (later.version.number, dossier.versions.count()) == (3, 3)
    tasks.run(later.pk)
    later.refresh_from_db()
    assert later.state == State.DONE
    sent = world.park.client.post("/parks/alpha/results/preview/", {"year": "2024", "on": ON.isoformat()})
    assert sent.headers["Location"].startswith("/parks/alpha/results/")
    assert world.park.client.post("/parks/alpha/results/preview/", {"year": "1999"}).status_code == 404
    assert world.park.client.post("/parks/alpha/results/preview/", {"year": "x"}).status_code == 404


def test_reviews_find_the_newest_result_of_a_version(world: World, tmp_path: Path) -> None:
    version = small_park(world, tmp_path)
    assert find_assessed(version, SEESA) is None
    services.ask_calculation(SYSTEM, version=version, on=ON.replace(day=1), editions=[SEESA])
    assert find_assessed(version, SEESA) is None  # not computed yet
    finished(version, (SEESA,))
    found = find_assessed(version, SEESA)
    assert found and (found.on, found.export["edition"], found.export["stars"]) == (ON, SEESA, None)
    assert find_assessed(version, NDRC) is None
    other = finished(version, (SEESA, NDRC), ON.replace(month=7))
    chosen = find_choices(world.alpha)
    assert [(one.edition, one.on, one.stars) for one in chosen] == [
        (SEESA, ON.replace(month=7), None), (NDRC, ON.replace(month=7), None),
    ]  # fmt: skip
    assert chosen[0].version.pk == other.version_id and chosen[0].key == f"{version.pk}:{SEESA}"
    assert (find_choices(world.alpha, 2023), find_choices(world.beta)) == ((), ())
