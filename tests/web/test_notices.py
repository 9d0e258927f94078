"""The work queue, reminders and the calendar on the site: to whom, once, and no more than they may see."""

from datetime import date, datetime, timedelta
from io import StringIO

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.utils import timezone
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult
from tests.web.conftest import World
from tests.web.plan_parts import FIRST, LEADER, PEOPLE

from lingtan_web.audit.models import Entry
from lingtan_web.audit.services import SYSTEM, Actor
from lingtan_web.dossiers.models import EnterprisePart, RegisterRow, WorkingDossier
from lingtan_web.evidence.models import Document
from lingtan_web.notices import services
from lingtan_web.notices.models import Notice
from lingtan_web.notices.rules import Waiting, load_terms
from lingtan_web.notices.sources import SOURCES, find_waiting
from lingtan_web.notices.tasks import find_next_run, remind, schedule_reminders
from lingtan_web.organisations.models import Membership
from lingtan_web.process import services as process
from lingtan_web.process.models import MeasureTarget, Plan, Task
from lingtan_web.process.workflow import Act


def fill(plan: Plan, key: str) -> None:
    """An enterprise has filled in its part."""
    EnterprisePart.objects.create(dossier=plan.park.dossiers.get(), key=key, done_at=timezone.now())


def list_document(world: World, key: str, valid_to: object, year: int = 2024) -> None:
    """A document in the list of a year."""
    dossier, _ = WorkingDossier.objects.get_or_create(park=world.alpha, year=year)
    cells = {"id": key, "title": "排污许可证", "valid_to": str(valid_to)}
    RegisterRow.objects.create(dossier=dossier, register="evidence", position=1, cells=cells)


def only(plan: Plan, name: str, due: date | None) -> Task:
    """The step alone is left to do, due on a day; the enterprises have filled in their parts."""
    for key in ("E001", "E002"):
        fill(plan, key)
    plan.tasks.exclude(step=name).update(state="done")
    plan.tasks.filter(step=name).update(due=due)
    return plan.tasks.filter(step=name).order_by("pk")[0]


@pytest.mark.parametrize(
    ("days", "many"), [(-15, 0), (-14, 1), (-3, 2), (-2, 2), (-1, 2), (0, 3), (1, 3), (6, 3), (7, 4), (60, 7)]
)
def test_reminders_day_by_day(plan: Plan, days: int, many: int) -> None:
    """Run every day from the sixteenth before the due day on: 14, 3, 0 before it; 7, 14, 21, 28 late."""
    due = date(2026, 3, 15)
    only(plan, "boundary", due)
    for offset in range(-16, days + 1):
        services.send_reminders(due + timedelta(days=offset))
    assert Notice.objects.count() == many


def test_no_reminder_without_a_due_day_and_none_of_what_is_done(world: World, plan: Plan) -> None:
    task = only(plan, "boundary", None)
    assert services.send_reminders(FIRST) == (0, 0)
    Task.objects.filter(pk=task.pk).update(due=FIRST)
    process.move_task(SYSTEM, task=task, act=Act.FINISH, standings=LEADER)
    assert services.send_reminders(FIRST) == (0, 0)
    assert not Entry.objects.filter(act__startswith="reminders").exists()


def test_the_same_reminder_is_sent_once(world: World, plan: Plan) -> None:
    task = only(plan, "boundary", FIRST)
    assert services.send_reminders(FIRST) == (1, 1)
    assert services.send_reminders(FIRST) == (0, 0)
    services.read_notices(Actor(world.park.user.pk), user=world.park.user)
    assert services.send_reminders(FIRST) == (0, 0)
    (letter,) = mail.outbox
    assert letter.to == ["park@example.org"]
    assert letter.subject == "零碳 Lingtan：1 项待办提醒 · 1 reminder"
    assert "划定园区物理边界（今天到期，2026-01-01）" in letter.body
    assert "Draw the physical boundary (due today, 2026-01-01)" in letter.body
    # another day is another reminder
    process.reschedule_task(SYSTEM, task=task, standings=LEADER, due=FIRST + timedelta(days=3))
    assert services.send_reminders(FIRST) == (1, 1)


def test_one_letter_a_run_and_none_for_who_said_no(world: World, plan: Plan) -> None:
    only(plan, "boundary", FIRST)
    plan.tasks.filter(owner_role="park").update(state="open", due=FIRST)
    services.choose_letters(Actor(world.park.user.pk), user=world.park.user, wants=False)
    new, letters = services.send_reminders(FIRST)
    assert (new > 10, letters) == (True, 0)
    services.choose_letters(Actor(world.park.user.pk), user=world.park.user, wants=True)
    assert services.send_reminders(FIRST) == (0, 1)
    assert len(mail.outbox) == 1 and mail.outbox[0].body.count("今天到期") == new


def test_a_letter_that_was_not_taken_is_tried_again(world: World, plan: Plan, settings: object) -> None:
    only(plan, "boundary", FIRST)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"  # type: ignore[attr-defined]
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9  # type: ignore[attr-defined]
    assert services.send_reminders(FIRST) == (1, 0)
    assert Notice.objects.get().mailed_at is None
    assert Entry.objects.filter(act="reminders.not-mailed").count() == 1
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"  # type: ignore[attr-defined]
    assert services.send_reminders(FIRST) == (0, 1)
    Notice.objects.update(mailed_at=None, created_at=timezone.now() - timedelta(days=4))
    assert services.send_reminders(FIRST) == (0, 0)  # news no more


def test_links_of_letters_begin_with_the_address_of_the_site(
    world: World, plan: Plan, settings: object
) -> None:
    task = only(plan, "boundary", FIRST)
    settings.SITE_ADDRESS = "https://zero.example.org"  # type: ignore[attr-defined]
    services.send_reminders(FIRST)
    assert f"https://zero.example.org/parks/alpha/process/2024/tasks/{task.pk}/" in mail.outbox[0].body
    assert "https://zero.example.org/my-work/channels/" in mail.outbox[0].body


def test_the_command_and_the_background_task_say_how_many(world: World, plan: Plan) -> None:
    only(plan, "boundary", FIRST)
    said = StringIO()
    call_command("send_reminders", "--on", "2026-01-01", stdout=said)
    assert said.getvalue() == "新提醒 1 条，邮件 1 封 · 1 reminders, 1 letters\n"
    with pytest.raises(CommandError):
        call_command("send_reminders", "--on", "01/01/2026")
    # today it is late; and the mandate ends in thirty days, which two people are told
    assert remind.call() == {"reminders": 3, "letters": 3}


@pytest.mark.parametrize(
    ("now", "then"),
    [
        ("2026-12-01T07:59:59+08:00", "2026-12-01T08:00:00+08:00"),
        ("2026-12-01T08:00:00+08:00", "2026-12-02T08:00:00+08:00"),
        ("2026-11-30T16:30:00+00:00", "2026-12-01T08:00:00+08:00"),  # past midnight in Shanghai
    ],
)
def test_the_next_run_is_the_next_morning(now: str, then: str) -> None:
    assert find_next_run(datetime.fromisoformat(now)) == datetime.fromisoformat(then)


def test_every_run_schedules_the_next_and_there_is_never_more_than_one(world: World) -> None:
    assert schedule_reminders()
    assert not schedule_reminders()
    waiting = DBTaskResult.objects.filter(status=TaskResultStatus.READY)
    assert waiting.count() == 1
    waiting.update(status=TaskResultStatus.RUNNING)  # as the worker does before it calls
    assert remind.call() == {"reminders": 2, "letters": 2}
    assert waiting.get().run_after == find_next_run(timezone.now())


def test_people_are_told_once_of_what_happened(world: World) -> None:
    def tell() -> int:
        people = frozenset([world.park.user.pk, world.body.user.pk])
        what = Waiting(
            "question",
            "question/1",
            "新的评审问题",
            "A new question",
            "/parks/alpha/",
            park="alpha",
            to=people,
        )
        return services.tell(what)

    assert (tell(), tell()) == (2, 0)
    page = world.park.client.get("/my-work/").content.decode()
    assert "新的评审问题" in page and "甲园区" in page
    assert services.send_reminders(date(2020, 1, 1)) == (0, 2)


def test_people_who_left_hear_nothing(world: World, plan: Plan) -> None:
    only(plan, "boundary", FIRST)
    Membership.objects.filter(user=world.park.user).update(ended_at=timezone.now())
    assert services.send_reminders(FIRST) == (0, 0)
    assert find_waiting(FIRST, world.park.user) == []


def test_mandates_that_end_are_told_to_the_body_and_its_evaluators(world: World) -> None:
    today = timezone.localdate()
    assert {one.kind for one in find_waiting(today, world.evaluator.user)} == {"mandate"}  # ends in 30 days
    assert services.send_reminders(today)[0] == 2
    assert set(Notice.objects.values_list("user", flat=True)) == {world.body.user.pk, world.evaluator.user.pk}
    world.mandate.to_day = today + timedelta(days=31)
    world.mandate.save()
    assert find_waiting(today, world.evaluator.user) == []
    world.mandate.to_day, world.mandate.ended_at = today, timezone.now()
    world.mandate.save()
    assert find_waiting(today, world.body.user) == []


def test_a_part_waits_until_it_is_filled_in_and_the_task_that_asks_for_it_comes_first(world: World) -> None:
    def kinds() -> list[str]:
        return [one.kind for one in find_waiting(FIRST, world.enterprise.user)]

    assert kinds() == ["part"]
    assert services.send_reminders(FIRST) == (0, 0)  # nobody said until when
    plan = process.start_plan(SYSTEM, park=world.alpha, year=2024, first_day=FIRST)
    assert kinds() == ["task"]
    mine = plan.tasks.get(step="enterprise_data", owner_organisation__memberships__user=world.enterprise.user)
    process.move_task(SYSTEM, task=mine, act=Act.FINISH, standings=LEADER)
    assert kinds() == ["part"]  # finished, and nothing is there
    assert mine.due is not None
    plan.tasks.update(state="done")
    services.send_reminders(mine.due)
    assert set(Notice.objects.filter(kind="part").values_list("user__email", flat=True)) == {
        "enterprise@example.org", "neighbour@example.org",
    }  # fmt: skip
    fill(plan, "E001")
    assert kinds() == []


def test_measures_that_do_not_work_yet_wait_for_the_park(world: World, plan: Plan) -> None:
    plan.tasks.update(state="done")
    for key, status in (("M01", "implemented"), ("M02", "planned")):
        cells = {"measure": key, "status": status}
        RegisterRow.objects.create(dossier=world.dossier, register="measures", position=0, cells=cells)
        MeasureTarget.objects.create(plan=plan, key=key, due=FIRST)
    MeasureTarget.objects.create(plan=plan, key="M03", due=FIRST)  # no such measure any more
    (waiting,) = find_waiting(FIRST, world.park.user)
    assert (waiting.kind, waiting.zh, waiting.due) == ("measure", "减排措施 M02 投运", FIRST)
    services.send_reminders(FIRST)
    assert list(Notice.objects.exclude(kind="part").values_list("user__email", flat=True)) == [
        "park@example.org"
    ]


def waiting_documents(world: World, who: str) -> list[str]:
    found = find_waiting(FIRST, world.someone(who).user)
    return [one.zh for one in found if one.kind == "document"]


@pytest.mark.parametrize(("days", "many"), [(61, 0), (60, 1), (0, 1), (-400, 1)])
def test_documents_wait_from_sixty_days_before_they_end(world: World, days: int, many: int) -> None:
    list_document(world, "EV001", FIRST + timedelta(days=days))
    list_document(world, "EV002", "")
    list_document(world, "EV003", "长期")
    assert waiting_documents(world, "park") == ["证明材料 EV001 到期：排污许可证"] * many
    assert services.send_reminders(FIRST)[0] == many


def test_a_document_waits_for_who_handed_it_in_and_only_that_of_the_latest_list(world: World) -> None:
    tenant = world.enterprise.user.memberships.get().organisation
    Document.objects.create(park=world.alpha, key="EV001", owner=tenant, is_sealed=True)
    list_document(world, "EV001", FIRST)
    (waiting,) = [one for one in find_waiting(FIRST, world.enterprise.user) if one.kind == "document"]
    assert waiting.link == "/parks/alpha/dossier/2024/evidence/?q=EV001"
    others = set(PEOPLE) - {"enterprise"}
    assert not any(waiting_documents(world, who) for who in others)
    services.send_reminders(FIRST)
    assert list(Notice.objects.values_list("user", flat=True)) == [world.enterprise.user.pk]
    list_document(world, "EV001", FIRST + timedelta(days=400), year=2025)  # renewed in the list after
    assert waiting_documents(world, "enterprise") == []


def test_every_source_tells_the_same_to_one_person_as_to_all(world: World, plan: Plan) -> None:
    today = timezone.localdate()
    plan.tasks.update(due=today)
    plan.tasks.filter(step="enterprise_data").update(state="done")
    RegisterRow.objects.create(
        dossier=world.dossier, register="measures", position=0, cells={"measure": "M1", "status": "planned"}
    )
    MeasureTarget.objects.create(plan=plan, key="M1", due=today)
    list_document(world, "EV1", today)
    for name, source in SOURCES.items():
        told = {(one.key, person) for one in source(today) for person in one.to}
        asked = {
            (one.key, world.someone(who).user.pk)
            for who in PEOPLE
            for one in source(today, world.someone(who).user)
        }
        assert told == asked, name
        assert told or name in {"certificates", "reviews"}, name
        assert {one.kind for one in source(today)} <= set(load_terms().kinds)
