"""The watch over certified parks: it sees, opens cases, and does no more; declarations and surveillance."""

from __future__ import annotations

import copy
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from tests.web.certificate_world import FIRST, TERMS, at, keep_certificate, keys
from tests.web.cockpit_parts import SEESA, finished, small_park
from tests.web.conftest import World
from tests.web.review_parts import Play, actor_of, example_export, make_version, play

from lingtan.certificate.lifecycle.records import Decided, Life, Opened
from lingtan.certificate.lifecycle.rules import last_day
from lingtan.certificate.lifecycle.watching import Observed
from lingtan.errors import LingtanError
from lingtan.standards import load_edition
from lingtan_web.assessments.models import Calculation
from lingtan_web.audit.models import Entry
from lingtan_web.certificates import tasks
from lingtan_web.certificates.models import Certificate, CertificateEvent, Declaration, PublishedList
from lingtan_web.certificates.observing import find_new, observe
from lingtan_web.certificates.services import entering, surveying, watching
from lingtan_web.certificates.waiting import find_certificates
from lingtan_web.notices.models import Notice
from lingtan_web.notices.rules import load_terms
from lingtan_web.reviews.models import Decision
from lingtan_web.reviews.workflow import State

__all__ = ["keys", "play"]

DAY = date(2026, 3, 2)


@pytest.fixture
def made(world: World, keys: Path) -> Certificate:
    """A certificate of alpha with four stars."""
    return keep_certificate(world.alpha, world.scheme.user)


def refused(act: Callable[[], Any]) -> set[str]:
    with pytest.raises(LingtanError) as caught:
        act()
    return {one.code for one in caught.value.faults}


def part(export: dict[str, Any], kind: str, id: str) -> dict[str, Any]:
    """A gate or an indicator of an export."""
    found: dict[str, Any] = next(one for one in export[kind] if one["id"] == id)
    return found


def test_the_example_park_shows_nothing() -> None:
    seen = observe(example_export(), load_edition(SEESA), 4)
    assert seen == Observed((), 0, (), Decimal("80.10"), Decimal(60), 4, 4)


def test_what_fails_is_seen_and_what_is_unknown_is_not() -> None:
    export = example_export()
    part(export, "gates", "strategy_and_plan")["passed"] = False
    part(export, "gates", "ghg_report")["passed"] = None
    grave = part(export, "gates", "no_grave_incident")
    grave["passed"], grave["trace"]["inputs"][0]["value"] = False, "2"
    part(export, "indicators", "carbon_management_system")["passed"] = False
    lacking = part(export, "indicators", "zero_carbon_pathway_report")
    lacking["passed"], lacking["missing"] = False, [{"datum": "checklists"}]
    coverage = part(export, "indicators", "platform_coverage")
    coverage["passed"], coverage["value"] = False, "59.999"
    export["stars"] = None
    seen = observe(export, load_edition(SEESA), 4)
    assert seen.failed_gates == ("strategy_and_plan",) and seen.grave_incidents == 2
    assert seen.lost_constraints == ("B1.1",)
    assert (seen.coverage, seen.least_coverage) == (
        Decimal("59.99"),
        Decimal(60),
    )  # short is not shown as on it


def test_stars_count_once_nothing_missing_could_change_them() -> None:
    export = example_export()
    export["stars"], one = 3, copy.deepcopy(export["missing"][0])
    assert observe(export, load_edition(SEESA), 4).stars == 3
    export["missing"] = [{**one, "could_change_stars": True}]
    assert observe(export, load_edition(SEESA), 4).stars is None


def lived(*events: Any) -> Life:
    return Life(FIRST, last_day(FIRST, TERMS), TERMS, events)


def grounds(life: Life, day: date, seen_on: date, observed: Observed = Observed(("a",))) -> list[str]:  # noqa: B008
    return [one.ground for one in find_new(life, observed, day, seen_on=seen_on)]


def test_what_was_judged_is_not_opened_again_before_there_is_another_result() -> None:
    opened = Opened(DAY, 1, "gate_failed")
    dismissed = lived(opened, Decided(DAY + timedelta(3), 1, "dismiss"))
    later = DAY + timedelta(10)
    assert grounds(lived(), DAY, DAY) == ["gate_failed"]
    assert grounds(dismissed, later, DAY) == []
    assert grounds(dismissed, later, DAY + timedelta(1)) == ["gate_failed"]


def test_the_calendar_is_judged_once_too() -> None:
    lapsed = date(2027, 1, 10) + timedelta(61)
    assert grounds(lived(), lapsed - timedelta(1), DAY, Observed()) == []
    assert grounds(lived(), lapsed, DAY, Observed()) == ["surveillance_late"]
    judged = lived(Opened(lapsed, 1, "surveillance_late"), Decided(lapsed + timedelta(1), 1, "dismiss"))
    assert grounds(judged, lapsed + timedelta(30), DAY, Observed()) == []
    cured = lapsed + timedelta(180)
    assert grounds(judged, cured, DAY, Observed()) == []
    assert grounds(judged, cured + timedelta(1), DAY, Observed()) == ["not_cured"]


@pytest.fixture
def assessed(world: World, made: Certificate, tmp_path: Path) -> Calculation:
    """A finished calculation of a small dossier of alpha with a grave incident; all else is not known."""
    grave = "incident,date,kind,grade\nAQ-1,2024-08-17,safety,larger\n"
    done = finished(small_park(world, tmp_path, {"registers/incidents.csv": grave}), (SEESA,))
    Calculation.objects.filter(pk=done.pk).update(finished_at=at(DAY))
    return done


def test_the_watch_opens_cases_and_does_no_more(assessed: Calculation, made: Certificate) -> None:
    opened = watching.watch_all(at(DAY))
    (row,) = CertificateEvent.objects.all()
    assert (opened, row.kind, row.data, row.by) == (1, "opened", {"case": 1, "ground": "incident"}, None)
    assert row.reasons.startswith("软件监测：发生较大及以上安全、质量或环境事件（1）")
    assert watching.watch_all(at(DAY)) == 0  # again on the same day
    assert watching.watch_all(at(DAY + timedelta(1))) == 0
    assert Entry.objects.filter(act="certificate.event", actor=None, via="system").count() == opened
    assert Notice.objects.filter(kind="certificate").exists()


def test_trials_and_what_was_known_at_issue_do_not_count(assessed: Calculation, made: Certificate) -> None:
    assert watching.find_newest(made) is not None
    Calculation.objects.filter(pk=assessed.pk).update(finished_at=made.at)
    assert watching.find_newest(made) is None and watching.propose_cases(made, at(DAY)) == []


def test_a_certificate_that_has_ended_is_not_watched(
    world: World, assessed: Calculation, made: Certificate
) -> None:
    entering.exit_certificate(actor_of(world.park), made, "园区搬迁", at=at(DAY))
    assert watching.watch_all(at(DAY)) == 0


def test_every_day_lists_are_published_and_the_next_day_is_planned(made: Certificate) -> None:
    from django_tasks_db.models import DBTaskResult

    assert tasks.keep_watch.call() == {"cases": 0, "certificates": 1}
    assert PublishedList.objects.count() == 3
    (planned,) = DBTaskResult.objects.filter(task_path=tasks.keep_watch.module_path)
    assert planned.run_after is not None
    assert not tasks.schedule_watch()  # there is one


def test_without_keys_the_day_passes(world: World) -> None:
    assert tasks.keep_watch.call() == {"cases": 0, "certificates": 0}


def test_people_are_reminded_each_as_both_ways_say(world: World, made: Certificate) -> None:
    entering.open_case(actor_of(world.scheme), made, "incident", "有事件", at=at(DAY))
    late = date(2027, 1, 11)
    days = {
        DAY: {"hearing", "surveillance", "expiry"},
        DAY + timedelta(16): {"hearing", "surveillance", "expiry", "case/1"},
        late: {"hearing", "lapse", "expiry", "case/1"},
    }
    for day, expected in days.items():
        told = {(one.key, person) for one in find_certificates(day) for person in one.to}
        people = ("scheme", "park", "body", "evaluator", "enterprise", "expert", "other_park", "stranger")
        asked = {
            (one.key, world.someone(who).user.pk)
            for who in people
            for one in find_certificates(day, world.someone(who).user)
        }
        assert told == asked
        assert {key.partition("/")[2] for key, _ in told} == expected
        park = {key.partition("/")[2] for key, person in told if person == world.park.user.pk}
        assert park == expected - {"case/1"}
        assert {one.kind for one in find_certificates(day)} <= set(load_terms().kinds)


def test_a_declaration_of_a_year(world: World, made: Certificate) -> None:
    park, moment = actor_of(world.park), at(DAY)
    version = make_version(world)  # of 2024, the year that was evaluated
    row = surveying.declare(park, made, year=2025, conforms=True, at=moment)
    assert (row.year, row.conforms, row.by) == (2025, True, world.park.user)
    (notice,) = Notice.objects.filter(user=world.scheme.user, kind="certificate")
    assert notice.text_zh == "甲园区 2025 年度自我声明：仍然符合"
    for year in (2024, 2026):
        act = lambda year=year: surveying.declare(park, made, year=year, conforms=True, at=moment)  # noqa: E731
        assert refused(act) == {"certificate.year-wrong"}
    act = lambda: surveying.declare(park, made, year=2025, conforms=True, version=version, at=moment)  # noqa: E731
    assert refused(act) == {"certificate.version-other"}
    act = lambda: surveying.declare(park, made, year=2025, conforms=False, at=moment)  # noqa: E731
    assert refused(act) == {"review.text-lacking"}
    for who in ("scheme", "evaluator", "enterprise", "other_park", "stranger"):
        with pytest.raises(PermissionDenied):
            surveying.declare(actor_of(world.someone(who)), made, year=2025, conforms=True, at=moment)
    entering.exit_certificate(park, made, "园区搬迁", at=moment)
    act = lambda: surveying.declare(park, made, year=2025, conforms=True, at=moment)  # noqa: E731
    assert refused(act) == {"certificate.not-running"}
    assert Declaration.objects.count() == 1


@pytest.mark.parametrize(("stars", "kind"), [(4, "surveyed"), (5, "opened")])
def test_a_later_review_passes_the_surveillance_or_opens_a_case(
    world: World, keys: Path, play: Play, stars: int, kind: str
) -> None:
    submission = play.to(State.DECIDED)  # of 2024, four stars
    day = Decision.objects.get(submission=submission).appeal_until + timedelta(1)
    made = keep_certificate(world.alpha, world.scheme.user, valid_from=FIRST, stars=stars, year=2023)
    row = surveying.survey_by_review(actor_of(world.scheme), made, submission, at=at(day))
    assert row.kind == kind and "2024 年度评审" in row.reasons
    if kind == "opened":
        assert row.data["ground"] == "score_band" and row.reasons.endswith("评定为 4 星，证书为 5 星")


def test_an_earlier_review_or_that_of_another_park_is_no_surveillance(
    world: World, keys: Path, play: Play
) -> None:
    submission = play.to(State.DECIDED)
    same_year = keep_certificate(world.alpha, world.scheme.user)
    other = keep_certificate(world.beta, world.scheme.user, 2, year=2023)
    for one in (same_year, other):
        act = lambda one=one: surveying.survey_by_review(actor_of(world.scheme), one, submission)  # noqa: E731
        assert refused(act) == {"certificate.not-a-surveillance"}
