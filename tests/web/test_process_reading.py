"""What pages, queue and reminders read of the process: the same people, few queries, measures."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.web.conftest import Someone, World
from tests.web.plan_parts import FIRST, LEADER, PEOPLE, address, find_refusal, step

from lingtan_web.audit.services import SYSTEM
from lingtan_web.dossiers.models import RegisterRow
from lingtan_web.parks.access import find_park
from lingtan_web.process import measures, queries, services
from lingtan_web.process.models import MeasureTarget, Plan, Task
from lingtan_web.process.services import NewTask
from lingtan_web.process.waiting import find_tasks
from lingtan_web.process.workflow import (
    EVALUATION,
    find_standings,
    is_owner,
)
from lingtan_web.roles import Role


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(
            st.sampled_from(Role), st.sampled_from(["preparation", EVALUATION]),
            st.sampled_from([None, "own", "other"]),
            st.sampled_from([None, *PEOPLE]),
        ),
        min_size=1, max_size=8,
    )
)  # fmt: skip
def test_pages_queue_and_reminders_know_the_same_people(world: World, drawn: list[tuple[str, ...]]) -> None:
    with transaction.atomic():
        plan = Plan.objects.create(park=world.alpha, year=2024, first_day=FIRST)
        for role, phase, whose, owner in drawn:
            organisation = _organisation(world, Role(role), whose)
            if role == Role.ENTERPRISE and organisation is None:
                continue
            Task.objects.create(
                plan=plan, phase=phase, title_zh="任务", owner_role=role, owner_organisation=organisation,
                owner=world.someone(owner).user if owner else None, due=FIRST,
            )  # fmt: skip
        _compare(world, plan)
        transaction.set_rollback(True)


def _organisation(world: World, role: Role, whose: str | None) -> object:
    if whose is None:
        return None
    known = {
        Role.ENTERPRISE: {"own": world.enterprise, "other": world.neighbour},
        Role.BODY: {"own": world.body}, Role.EVALUATOR: {"own": world.evaluator},
    }  # fmt: skip
    person = known.get(role, {}).get(whose)
    return person.user.memberships.get().organisation if person else None


def _compare(world: World, plan: Plan) -> None:
    today = timezone.localdate()
    tasks = list(plan.tasks.select_related("plan__park"))
    told = {one.key: one.to for one in find_tasks(today)}
    for name in PEOPLE:
        user = world.someone(name).user
        queue = {one.key for one in find_tasks(today, user)}
        found = find_park(user, "alpha")
        owned: set[str] = set()
        if found is not None:
            who = queries.find_who(user, world.alpha, found[1])
            seen = {one.pk for one in queries.find_tasks(plan, who)}
            assert seen == {one.pk for one in tasks if find_standings(who, one.duty)}
            owned = {f"task/{one.pk}" for one in tasks if is_owner(who, one.duty)}
        assert queue == owned, name
        assert {key for key, people in told.items() if user.pk in people} == owned, name


def test_no_page_needs_more_queries_for_more_tasks(world: World, plan: Plan) -> None:
    def count(person: Someone, url: str) -> int:
        with CaptureQueriesContext(connection) as caught:
            assert person.client.get(url).status_code == 200
        return len(caught)

    urls = ["/parks/alpha/process/2024/", "/my-work/", "/parks/alpha/process/2024/measures/",
            address(step(plan, "boundary"))]  # fmt: skip
    before = [count(world.park, url) for url in urls]
    organisations = [None, world.enterprise.user.memberships.get().organisation]
    for number in range(60):
        organisation = organisations[number % 2]
        role = Role.ENTERPRISE if organisation else Role.PARK
        new = NewTask(f"任务 {number}", role, "preparation", organisation=organisation, due=FIRST)
        services.add_task(SYSTEM, plan=plan, new=new)
        cells = {"measure": f"M{number}", "name": "屋顶光伏", "status": "planned"}
        RegisterRow.objects.create(dossier=world.dossier, register="measures", position=number, cells=cells)
        MeasureTarget.objects.create(plan=plan, key=f"M{number}", due=FIRST)
        services.comment_task(SYSTEM, task=step(plan, "boundary"), standings=LEADER, text="又一条")
    assert [count(world.park, url) for url in urls] == before
    assert max(before) <= 20


def test_measures_are_followed_up(world: World, plan: Plan) -> None:
    rows = [
        {
            "measure": "M01",
            "name": "屋顶光伏一期",
            "status": "implemented",
            "verified_reduction_tco2e": "950",
        },
        {"measure": "M02", "name": "空压机余热", "status": "in_progress"},
        {"measure": "M03", "name": "照明", "status": "planned", "verified_reduction_tco2e": "约 3"},
    ]
    for position, cells in enumerate(rows):
        RegisterRow.objects.create(dossier=world.dossier, register="measures", position=position, cells=cells)
    client, url = world.park.client, "/parks/alpha/process/2024/measures/"
    assert client.post(url, {"key": "M01", "planned": "1000", "due": "2024-06-30"}).status_code == 302
    assert client.post(url, {"key": "M02", "planned": "12.5", "due": "2024-06-30"}).status_code == 302
    first, second, third = measures.find_measures(plan)
    assert (first.planned, first.saved, first.lacking) == (Decimal(1000), Decimal(950), Decimal(50))
    assert (second.planned, second.saved, second.lacking) == (Decimal("12.5"), None, None)
    assert (third.planned, third.saved) == (None, None)  # 约 3 is no number, and no zero
    assert [one.is_late(date(2024, 7, 1)) for one in (first, second, third)] == [False, True, False]
    assert not second.is_late(date(2024, 6, 30))
    totals = measures.compute_totals([first, second, third])
    assert (totals.planned, totals.planned_known) == (Decimal("1012.5"), 2)
    assert (totals.saved, totals.saved_known, totals.all) == (Decimal(950), 1, 3)
    assert client.get(url).content.decode().count("已逾期") == 1
    client.post(url, {"key": "M02", "planned": "", "due": ""})
    assert MeasureTarget.objects.get(key="M02").planned_tco2e is None


def test_registers_are_linked_where_there_is_a_dossier(world: World, plan: Plan) -> None:
    link = "/parks/alpha/dossier/2024/registers/incidents/"
    page = address(step(plan, "basic_requirements"))
    assert link in world.park.client.get(page).content.decode()
    assert link not in world.scheme.client.get(page).content.decode()  # it does not fill anything in
    world.dossier.delete()
    assert link not in world.park.client.get(page).content.decode()
    assert (
        "/dossier/2024/" not in world.park.client.get("/parks/alpha/process/2024/measures/").content.decode()
    )


@pytest.mark.parametrize("planned", ["-1", "abc", "NaN", "Infinity", "1e12", "1.00001"])
def test_a_saving_is_a_number_that_can_be(world: World, plan: Plan, planned: str) -> None:
    RegisterRow.objects.create(
        dossier=world.dossier, register="measures", position=0, cells={"measure": "M01"}
    )
    assert find_refusal(
        lambda: measures.set_target(SYSTEM, plan=plan, key="M01", planned=planned, due=None)
    ) == {"process.not-a-saving"}
    assert find_refusal(lambda: measures.set_target(SYSTEM, plan=plan, key="M02", planned="1", due=None)) == {
        "process.unknown-measure"
    }
    assert not MeasureTarget.objects.exists()
