"""Invitations, roles, tokens: who gets in, and who does not."""

import pytest
from django.test import Client
from tests.web.conftest import PASSWORD, World

from lingtan.errors import LingtanError
from lingtan_web.audit.models import Entry
from lingtan_web.audit.services import SYSTEM, find_broken_entry
from lingtan_web.organisations import services
from lingtan_web.organisations.models import Membership, User
from lingtan_web.roles import Role


def test_an_invitation_makes_a_person_with_its_role(world: World) -> None:
    sent = world.park.client.post(
        f"/organisations/{world.alpha.operator_id}/invite/", {"email": "New@Example.org", "role": "park"}
    )
    link = sent.context["link"]
    page = Client()
    assert page.get(link).status_code == 200
    page.post(link, {"name": "新同事", "password": PASSWORD})
    assert page.get("/").context["page"].object_list[0] == world.alpha
    assert Membership.objects.get(user__email="new@example.org").role == Role.PARK
    assert page.get(link).status_code == 422  # it is taken


def test_the_chain_holds_and_names_the_first_entry_that_was_changed(world: World) -> None:
    for name in ("一", "二", "三"):
        services.create_organisation(SYSTEM, kind="body", name_zh=name)
    assert find_broken_entry() is None
    assert [entry.number for entry in Entry.objects.order_by("number")] == [1, 2, 3]


def test_no_change_without_its_entry(world: World) -> None:
    with pytest.raises(LingtanError):
        services.invite(SYSTEM, organisation=world.body_organisation, email="x@example.org", role=Role.PARK)
    assert not Entry.objects.exists()
    assert not User.objects.filter(email="x@example.org").exists()
