"""The part of an enterprise, and the task that goes with it: one report closes both."""

from django.core import mail
from tests.web.conftest import World
from tests.web.plan_parts import FIRST

from lingtan_web.audit.services import SYSTEM, Actor
from lingtan_web.dossiers.services.enterprises import declare_done, remind_enterprises
from lingtan_web.notices.models import Notice
from lingtan_web.notices.services import send_reminders
from lingtan_web.process.models import Plan, Task


def part_of(plan: Plan, world: World, who: str) -> Task:
    organisation = world.someone(who).user.memberships.get().organisation
    return plan.tasks.get(step="enterprise_data", owner_organisation=organisation)


def test_a_part_that_is_done_finishes_its_task_and_opens_it_again(world: World, plan: Plan) -> None:
    actor = Actor(world.enterprise.user.pk)
    declare_done(actor, dossier=world.dossier, keys=["E001"])
    assert part_of(plan, world, "enterprise").state == "done"
    assert part_of(plan, world, "neighbour").state == "open"
    declare_done(actor, dossier=world.dossier, keys=["E001"])  # said twice
    declare_done(actor, dossier=world.dossier, keys=["E001"], is_done=False)
    task = part_of(plan, world, "enterprise")
    assert task.state == "reopened"
    assert list(task.events.order_by("pk").values_list("act", "user")) == [
        ("finish", actor.user_id), ("reopen", actor.user_id),
    ]  # fmt: skip


def test_the_task_waits_for_all_parts_of_an_enterprise(world: World, plan: Plan) -> None:
    organisation = world.enterprise.user.memberships.get().organisation
    world.alpha.enterprises.create(key="E003", organisation=organisation)
    declare_done(SYSTEM, dossier=world.dossier, keys=["E001"])
    assert part_of(plan, world, "enterprise").state == "open"
    declare_done(SYSTEM, dossier=world.dossier, keys=["E003"])
    assert part_of(plan, world, "enterprise").state == "done"


def test_a_part_without_a_plan_is_reported_all_the_same(world: World) -> None:
    declare_done(SYSTEM, dossier=world.dossier, keys=["E001"])
    assert not Task.objects.exists()


def test_who_is_asked_for_a_part_reads_it_here_and_in_one_letter(world: World) -> None:
    for _ in range(2):
        remind_enterprises(Actor(world.park.user.pk), dossier=world.dossier, keys=["E001"])
    (notice,) = Notice.objects.all()
    assert (notice.user, notice.link) == (world.enterprise.user, "/parks/alpha/dossier/2024/")
    many = len(mail.outbox)
    send_reminders(FIRST)
    assert len(mail.outbox) == many  # the letter was sent already
    assert "请填写 2024 年数据" in world.enterprise.client.get("/my-work/").content.decode()
