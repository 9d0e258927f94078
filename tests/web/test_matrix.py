"""Every address × every role, by walking the URL configuration: what the matrix lacks fails."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from tests.web.certificate_matrix import make_certificate
from tests.web.certificate_world import keys
from tests.web.conftest import PASSWORD, World
from tests.web.dossier_parts import make_numbers
from tests.web.evidence_parts import make_evidence
from tests.web.matrix import MATRIX, ROLES, Line
from tests.web.review_matrix import make_review

from lingtan_web.audit.services import SYSTEM
from lingtan_web.organisations.models import User
from lingtan_web.organisations.services import create_token, invite
from lingtan_web.permissions import LIBRARY_VIEWS, Rule
from lingtan_web.process.services import start_plan
from lingtan_web.roles import Role
from lingtan_web.webhooks.models import Webhook

__all__ = ["keys"]


def patterns(resolver: URLResolver) -> Iterator[URLPattern]:
    for one in resolver.url_patterns:
        if isinstance(one, URLResolver):
            yield from patterns(one)
        else:
            yield one


ALL = list(patterns(get_resolver()))
PAGES = [one for one in ALL if isinstance(getattr(one.callback, "rule", None), Rule)]
"""Pages; the operations of the interface have a matrix of their own (`api_matrix`)."""
OURS = {str(one.name) for one in PAGES}
THEIRS = {str(one.name) for one in ALL if not hasattr(one.callback, "rule")}
BARE = [name for name, found in get_resolver().reverse_dict.lists() if not found[0][0][0][1]]
"""Names of addresses without arguments."""
LINES = [(name, line) for name, lines in MATRIX.items() for line in lines]
IDS = [f"{line.method} {line.address}" for _, line in LINES]


def test_every_address_is_in_the_matrix() -> None:
    assert set(MATRIX) == OURS


def test_every_method_is_in_the_matrix() -> None:
    stated = {(name, line.method) for name, line in LINES}
    declared = {(str(one.name), method) for one in PAGES for method in one.callback.rule.methods}
    assert stated == declared


def test_only_listed_pages_of_the_library_exist(client: Client, db: None) -> None:
    assert set(LIBRARY_VIEWS) <= THEIRS
    others = [
        one.name for one in ALL if one.name in THEIRS - set(LIBRARY_VIEWS) and not one.pattern.converters
    ]
    addresses = [reverse(name) for name in others if name in BARE]
    assert "/accounts/email/" in addresses
    for address in addresses:
        assert client.get(address).status_code == 404, address


@pytest.fixture
def numbers(world: World, keys: Path) -> dict[str, Any]:
    """The ids that addresses of the matrix name."""
    make_review(world)
    token, _ = create_token(SYSTEM, user=world.park.user, name="t", scopes=["read"], days=1)
    invitation, _ = invite(SYSTEM, organisation=world.alpha.operator, email="n@example.org", role=Role.PARK)
    plan = start_plan(SYSTEM, park=world.alpha, year=2024, first_day=date(2026, 1, 1))
    part = plan.tasks.get(owner_organisation__memberships__user=world.enterprise.user)
    return {
        "task": plan.tasks.get(step="boundary").pk,
        "review_task": plan.tasks.get(step="document_review").pk,
        "part_task": part.pk,
        "mandate": world.mandate.pk,
        "token": token.pk,
        "operator": world.alpha.operator_id,
        "body": world.body_organisation.pk,
        "invitation": invitation.pk,
        "webhook": Webhook.objects.create(organisation=world.alpha.operator, url="https://a.example").pk,
        "membership": world.park.user.memberships.get().pk,
        **make_numbers(world),
        **make_evidence(world),
        **make_certificate(world),
    }


@pytest.mark.parametrize("line", [line for _, line in LINES], ids=IDS)
def test_every_role(world: World, numbers: dict[str, Any], line: Line) -> None:
    wrong = []
    for role in ROLES:
        with transaction.atomic():  # each role meets the same world
            answer = _ask(world, role, line, numbers)
            transaction.set_rollback(True)
        is_sent_in = answer.status_code == 302 and answer.headers["Location"].startswith("/accounts/login/")
        if answer.status_code not in line.expected(role) or is_sent_in is not line.is_for_the_door(role):
            wrong.append((role, answer.status_code))
    assert not wrong


def _ask(world: World, role: str, line: Line, numbers: dict[str, Any]) -> Any:
    client = Client() if role == "public" else world.someone(role).client
    answer = client.generic(line.method, line.address.format(**numbers))
    if answer.streaming:
        answer.getvalue()  # read to its end it closes its file; `close` would close the database too
    return answer


def test_other_methods_are_refused(world: World, numbers: dict[str, Any]) -> None:
    for _, line in LINES:
        for method in ("PUT", "DELETE", "PATCH"):
            answer = world.scheme.client.generic(method, line.address.format(**numbers))
            assert answer.status_code == 405, line


def test_a_form_without_its_mark_is_refused(world: World) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(world.scheme.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    for _, line in LINES:
        if line.method == "POST" and "{" not in line.address:
            assert strict.post(line.address, {"language": "en"}).status_code == 403, line


@pytest.mark.parametrize(
    "wanted",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "http:evil.example",
    ],
)
def test_nobody_is_sent_to_another_site(client: Client, db: None, wanted: str) -> None:
    assert client.post("/language/", {"language": "en", "next": wanted}).headers["Location"] == "/"
    User.objects.create_user("someone@example.org", PASSWORD)
    given = {"login": "someone@example.org", "password": PASSWORD, "next": wanted}
    assert client.post("/accounts/login/", given).headers["Location"] == "/"
