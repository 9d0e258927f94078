"""One mandate at a time: of one body, for one park and year."""

from datetime import date, timedelta
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from tests.web.conftest import World, someone
from tests.web.review_parts import FREE, Play, actor_of, play

from lingtan.errors import LingtanError
from lingtan_web.audit.models import Entry
from lingtan_web.audit.services import SYSTEM
from lingtan_web.organisations.models import Organisation
from lingtan_web.parks import services
from lingtan_web.parks.models import Mandate
from lingtan_web.reviews.queries.facts import Case
from lingtan_web.reviews.services import judging
from lingtan_web.reviews.workflow import State
from lingtan_web.roles import Kind, Role

__all__ = ["play"]


def give(world: World, first: int, last: int, **other: Any) -> Mandate:
    """A mandate like that of the world (days −30 to 30), from and to so many days from today."""
    today = timezone.localdate()
    like = {"park": world.alpha, "body": world.body_organisation, "year": 2024}
    return services.give_mandate(
        SYSTEM, **like | other, days=(today + timedelta(first), today + timedelta(last))
    )


@pytest.mark.parametrize(
    ("first", "last"),
    [(-30, 30), (-30, 0), (0, 30), (-5, 5), (-40, 40), (-40, -30), (30, 90), (30, 30)],
)
def test_days_of_one_body_for_one_year_do_not_overlap(world: World, first: int, last: int) -> None:
    with pytest.raises(LingtanError) as refused:
        give(world, first, last)
    told = refused.value.faults[0]
    assert [one.code for one in refused.value.faults] == ["web.mandate-overlaps"]
    began, ends = world.mandate.from_day.isoformat(), world.mandate.to_day.isoformat()
    assert all(part in told.words("zh").what for part in ("甲body", "2024", began, ends))
    assert Mandate.objects.count() == 1 and not Entry.objects.exists()


@pytest.mark.parametrize(("first", "last"), [(31, 90), (-90, -31)])
def test_before_and_after_it_another_may_be_given(world: World, first: int, last: int) -> None:
    assert give(world, first, last).pk != world.mandate.pk


def test_once_it_is_ended_another_may_be_given_for_the_same_days(world: World) -> None:
    services.end_mandate(SYSTEM, mandate=world.mandate)
    again = give(world, -30, 30)
    with pytest.raises(LingtanError):
        give(world, -30, 30)
    services.end_mandate(SYSTEM, mandate=again)
    give(world, -30, 30)


def test_another_year_another_park_another_body_are_no_overlap(world: World) -> None:
    other = Organisation.objects.get(kind=Kind.BODY, name_zh="乙body")
    given = {
        give(world, -30, 30, year=2025),
        give(world, -30, 30, park=world.beta),
        give(world, -30, 30, body=other),
    }
    assert set(Mandate.objects.filter(ended_at=None)) == {world.mandate, *given}
    assert len(given) == 3


def test_the_page_names_the_one_there_is(world: World) -> None:
    given = {
        "body": world.body_organisation.pk,
        "year": "2024",
        "from_day": str(date.today()),
        "to_day": str(date.today()),
    }
    told = world.scheme.client.post("/parks/alpha/people/mandates/", given)
    assert told.status_code == 422 and "“甲body”已有这个园区 2024 年度的评价委托" in told.content.decode()


def test_the_database_refuses_an_equal_one_too(world: World) -> None:
    like = {"park": world.alpha, "body": world.body_organisation, "year": 2024}
    days = {"from_day": world.mandate.from_day, "to_day": world.mandate.to_day}
    with pytest.raises(IntegrityError), transaction.atomic():
        Mandate.objects.create(**like, **days)
    Mandate.objects.create(**like, **days, ended_at=timezone.now())


@pytest.mark.django_db(transaction=True)
def test_equal_ones_that_were_given_before_become_one(world: World) -> None:
    """Each migration of a site that has two: the first stays, with the people of both."""
    constraint = next(one for one in Mandate._meta.constraints if one.name == "a_mandate_is_given_once")
    with connection.schema_editor() as editor:
        editor.remove_constraint(Mandate, constraint)
    eve = someone("eve@example.org", world.body_organisation, Role.EVALUATOR)
    like = {"park": world.alpha, "body": world.body_organisation, "from_day": world.mandate.from_day}
    later = world.mandate.to_day + timedelta(5)
    second = Mandate.objects.create(**like, year=2024, to_day=later)
    second.evaluators.add(eve.user)
    other = Mandate.objects.create(**like, year=2025, to_day=later)
    import_module("lingtan_web.parks.migrations.0002_join_equal_mandates").join_equal(apps, None)
    with connection.schema_editor() as editor:
        editor.add_constraint(Mandate, constraint)
    assert set(Mandate.objects.filter(ended_at=None)) == {world.mandate, other}
    world.mandate.refresh_from_db()
    assert world.mandate.to_day == later
    assert set(world.mandate.evaluators.all()) == {world.evaluator.user, eve.user}


def test_a_review_goes_on_under_the_mandate_that_follows(play: Play) -> None:
    """Renewed with another evaluator: that one works on, the one before is out."""
    world = play.world
    submission = play.to(State.ACCEPTED)
    services.end_mandate(SYSTEM, mandate=world.mandate)
    renewed = give(world, 0, 60)
    eve = someone("eve@example.org", world.body_organisation, Role.EVALUATOR)
    services.name_evaluators(SYSTEM, mandate=renewed, evaluators=[eve.user])
    assert Case(submission).mandate == renewed
    judging.declare_independence(actor_of(eve), submission=submission, answers=FREE)
    judging.begin(actor_of(eve), submission=submission)
    assert Case(submission).state is State.IN_REVIEW
    assert world.evaluator.client.get("/parks/alpha/").status_code == 404


def test_another_body_does_not_inherit_a_review(play: Play) -> None:
    submission = play.to(State.ACCEPTED)
    services.end_mandate(SYSTEM, mandate=play.world.mandate)
    give(play.world, 0, 60, body=Organisation.objects.get(kind=Kind.BODY, name_zh="乙body"))
    assert Case(submission).mandate == play.world.mandate
