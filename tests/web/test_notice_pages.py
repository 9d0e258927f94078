"""Pages of the work queue, and the calendar: what waits is shown to those it waits for, while it does."""

from datetime import date

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from icalendar import Calendar
from tests.web.conftest import World
from tests.web.plan_parts import FIRST

from lingtan_web.audit.models import Entry
from lingtan_web.audit.services import SYSTEM
from lingtan_web.notices import services
from lingtan_web.notices.models import Channel, Notice
from lingtan_web.notices.sources import find_waiting
from lingtan_web.organisations.models import Membership
from lingtan_web.process import services as process
from lingtan_web.process.models import Plan
from lingtan_web.roles import Role


def test_the_queue_is_ordered_by_due_day_across_parks(world: World, plan: Plan) -> None:
    other = process.start_plan(SYSTEM, park=world.beta, year=2024, first_day=FIRST)
    other.tasks.filter(step="mandate").update(due=date(2020, 1, 1))
    plan.tasks.filter(step="decision").update(due=None)
    page = world.scheme.client.get("/my-work/")
    waiting = list(page.context["page"].object_list)
    assert (waiting[0].park, waiting[-1].due) == ("beta", None)
    assert [group.id for group in page.context["groups"]][::len(page.context["groups"]) - 1] == [
        "late", "undated",
    ]  # fmt: skip
    assert {one.park for one in waiting} == {"alpha", "beta"}
    assert world.stranger.client.get("/my-work/").context["groups"] == []


def test_unread_reminders_are_counted_in_the_bar_in_one_query_and_read_by_their_owner_only(
    world: World, plan: Plan
) -> None:
    def bar() -> int:
        with CaptureQueriesContext(connection) as caught:
            answer = world.park.client.get("/account/")
        assert sum("notices_notice" in one["sql"] for one in caught) == 1
        return answer.content.decode().count("未读提醒")

    assert bar() == 0
    plan.tasks.update(due=FIRST)
    services.send_reminders(FIRST)
    assert bar() == 1
    first, second = Notice.objects.filter(user=world.park.user).order_by("pk")[:2]
    theirs = Notice.objects.exclude(user=world.park.user).first()
    assert theirs is not None
    world.park.client.post("/my-work/read/", {"notice": first.pk})
    world.park.client.post("/my-work/read/", {"notice": theirs.pk})
    for one in (first, second, theirs):
        one.refresh_from_db()
    assert (first.read_at is None, second.read_at, theirs.read_at) == (False, None, None)
    world.park.client.post("/my-work/read/")
    assert not Notice.objects.filter(user=world.park.user, read_at=None).exists()
    assert bar() == 0


def calendar(world: World) -> str:
    answer = world.park.client.post("/my-work/channels/calendar/")
    link = str(answer.context["link"])
    assert link in answer.content.decode()
    return link.removeprefix("http://testserver")


def test_a_calendar_shows_what_waits_to_whoever_has_its_address(world: World, plan: Plan) -> None:
    answer = Client().get(calendar(world))
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert "no-store" in answer["Cache-Control"] and answer["Referrer-Policy"] == "no-referrer"
    events = Calendar.from_ical(answer.content).walk("VEVENT")
    dated = [one for one in find_waiting(timezone.localdate(), world.park.user) if one.due]
    assert [one["SUMMARY"] for one in events] == [f"{one.zh} · 甲园区" for one in dated]
    assert all(str(one["URL"]).startswith("http://testserver/parks/alpha/") for one in events)
    assert len({str(one["UID"]) for one in events}) == len(events) > 10


def test_a_calendar_is_renewed_and_revoked_and_its_secret_is_not_kept(world: World, plan: Plan) -> None:
    first = calendar(world)
    second = calendar(world)
    assert Client().get(first).status_code == 404
    assert Client().get(second).status_code == 200
    secret = second.removeprefix("/calendar/").removesuffix(".ics")
    assert secret not in str(list(Channel.objects.values())) + str(list(Entry.objects.values()))
    world.park.user.is_active = False
    world.park.user.save()
    assert Client().get(second).status_code == 404
    world.park.user.is_active = True
    world.park.user.save()
    world.park.client.post("/my-work/channels/calendar/revoke/")
    assert Client().get(second).status_code == 404
    for guess in ("", "x", "ltc_", "ltc_" + "a" * 43):
        assert Client().get(f"/calendar/{guess}.ics").status_code == 404


def test_a_calendar_follows_the_roles_of_its_owner(world: World, plan: Plan) -> None:
    link = calendar(world)
    Membership.objects.filter(user=world.park.user, role=Role.PARK).update(ended_at=timezone.now())
    assert not Calendar.from_ical(Client().get(link).content).walk("VEVENT")


def test_the_queue_is_for_people_who_signed_in(world: World) -> None:
    for url in ("/my-work/", "/my-work/channels/"):
        assert Client().get(url)["Location"].startswith("/accounts/login/")
    for url in ("/my-work/read/", "/my-work/channels/letters/", "/my-work/channels/calendar/"):
        assert Client().post(url).status_code == 302
        assert world.park.client.get(url).status_code == 405
    assert not Channel.objects.exists()
    assert world.stranger.client.get("/my-work/channels/").status_code == 200


def test_pages_speak_english_by_the_switch(world: World, plan: Plan) -> None:
    plan.tasks.update(due=FIRST)
    services.send_reminders(FIRST)
    world.park.client.cookies["lingtan-language"] = "en"
    page = world.park.client.get("/my-work/").content.decode()
    assert "Draw the physical boundary (due today, 2026-01-01)" in page
    link = world.park.client.post("/my-work/channels/calendar/").context["link"]
    read = Calendar.from_ical(Client().get(link.removeprefix("http://testserver")).content)
    assert "Draw the physical boundary · Alpha Park" in {str(one["SUMMARY"]) for one in read.walk("VEVENT")}
