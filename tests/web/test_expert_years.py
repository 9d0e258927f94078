"""An expert sees the years of a park that their panels are about, and no other."""

from __future__ import annotations

import pytest
from tests.web.conftest import Someone
from tests.web.review_parts import UNTIED, Play, actor_of, play

from lingtan_web.dossiers.models import WorkingDossier
from lingtan_web.organisations.models import Membership
from lingtan_web.parks.access import find_park
from lingtan_web.reviews.models import Panel, PanelSeat, Submission
from lingtan_web.reviews.services import deciding
from lingtan_web.reviews.workflow import State
from lingtan_web.roles import Role

__all__ = ["play"]


def years(one: Someone) -> frozenset[int] | None:
    found = find_park(one.user, "alpha")
    assert found is not None
    return found[1].years


def test_years_of_their_panels_only(play: Play) -> None:
    world, expert = play.world, play.world.expert
    for year in (2023, 2025):
        WorkingDossier.objects.create(park=world.alpha, year=year)
    play.to(State.PANEL)
    assert years(expert) == {2024}
    for year, answer in ((2024, 200), (2023, 404), (2025, 404)):
        page = expert.client.get(f"/parks/alpha/dossier/{year}/evidence/")
        assert page.status_code == answer, year
    assert expert.client.get("/parks/alpha/evidence/").headers["Location"].endswith("/2024/evidence/")


def test_a_second_panel_adds_its_year(play: Play) -> None:
    play.to(State.PANEL)
    park, by = play.world.alpha, play.world.scheme.user
    other = Submission.objects.create(park=park, year=2022, number=9, edition="e", by=play.world.park.user)
    panel = Panel.objects.create(submission=other, number=1, by=by)
    PanelSeat.objects.create(panel=panel, expert=play.experts[1].user)
    assert years(play.experts[1]) == {2024, 2022}
    assert years(play.experts[2]) == {2024}


def test_who_steps_down_leaves_the_year(play: Play) -> None:
    submission = play.to(State.PANEL)
    tied = {**UNTIED, "advised": True}
    deciding.declare_interests(actor_of(play.experts[0]), submission=submission, answers=tied)
    assert find_park(play.experts[0].user, "alpha") is None


@pytest.mark.parametrize(("role", "seen"), [(Role.PARK, None), (Role.SCHEME, None), (Role.EVALUATOR, {2024})])
def test_another_role_gives_what_it_gives(play: Play, role: Role, seen: set[int] | None) -> None:
    """An expert who operates the park sees all years; one who evaluates it those of both."""
    play.to(State.PANEL)
    world, expert = play.world, play.experts[1]
    organisation = {
        Role.PARK: world.alpha.operator,
        Role.SCHEME: world.scheme.user.memberships.get().organisation,
        Role.EVALUATOR: world.body_organisation,
    }[role]
    Membership.objects.create(user=expert.user, organisation=organisation, role=role)
    assert years(expert) == seen


def test_an_evaluator_who_left_the_body_has_no_year_of_it(play: Play) -> None:
    """Still named in the mandate, and an expert of another year."""
    world = play.world
    play.to(State.PANEL)
    one = play.experts[1]
    world.mandate.evaluators.add(one.user)
    world.mandate.year = 2021
    world.mandate.save()
    assert years(one) == {2024}
    Membership.objects.create(user=one.user, organisation=world.body_organisation, role=Role.EVALUATOR)
    assert years(one) == {2024, 2021}
