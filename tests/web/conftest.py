"""The web application under test: its home in a temporary folder, a world of people of every role."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as site
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test import Client, TransactionTestCase
from django.utils import timezone

from lingtan_web.audit import guard
from lingtan_web.audit.services import SYSTEM
from lingtan_web.dossiers.models import WorkingDossier
from lingtan_web.organisations.models import Membership, Organisation, User
from lingtan_web.parks.models import Mandate, Park, ParkEnterprise
from lingtan_web.process.models import Plan
from lingtan_web.process.services import start_plan
from lingtan_web.roles import Kind, Role

PASSWORD = "a long enough secret"


@dataclass
class Someone:
    """A person and a browser they are signed in with."""

    user: User
    client: Client


@dataclass
class World:
    """Two parks, alpha and beta, and a person of every role; everyone but `stranger` belongs to alpha."""

    alpha: Park
    beta: Park
    dossier: WorkingDossier
    other_dossier: WorkingDossier
    body_organisation: Organisation
    mandate: Mandate
    scheme: Someone
    body: Someone
    evaluator: Someone
    park: Someone
    enterprise: Someone
    neighbour: Someone
    expert: Someone
    other_park: Someone
    stranger: Someone

    def someone(self, role: str) -> Someone:
        """The person of a role."""
        found: Someone = getattr(self, role)
        return found


@pytest.fixture(scope="session", autouse=True)
def as_owner(request: pytest.FixtureRequest) -> Iterator[None]:
    """The test database is built by the owner of its tables."""
    os.environ["LINGTAN_AS_OWNER"] = "1"
    yield
    os.environ.pop("LINGTAN_AS_OWNER", None)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """After it is built, connections are guarded as those of the application are."""
    os.environ.pop("LINGTAN_AS_OWNER", None)
    with django_db_blocker.unblock():
        connection.ensure_connection()
        guard.watch(connection)


def _teardown(self: TransactionTestCase, inner: Any = TransactionTestCase._fixture_teardown) -> None:  # type: ignore[attr-defined]
    """Empty the tables after a test that committed: the triggers that keep them stand aside meanwhile."""
    guard.unwatch(connection)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET session_replication_role = replica")
            inner(self)
            cursor.execute("SET session_replication_role = DEFAULT")
        else:
            cursor.execute(
                "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'keep_%'"
            )
            triggers = cursor.fetchall()
            for name, _ in triggers:
                cursor.execute(f"DROP TRIGGER {name}")
            inner(self)
            guard.unwatch(connection)  # it may have been opened anew
            for _, sql in triggers:
                cursor.execute(sql)
    guard.watch(connection)


TransactionTestCase._fixture_teardown = _teardown  # type: ignore[attr-defined]


def _keep_open(
    self: BaseDatabaseWrapper, inner: Any = BaseDatabaseWrapper.close_if_unusable_or_obsolete
) -> None:
    """An answer that is closed ends its request; the transaction that the test runs in goes on."""
    if not self.in_atomic_block:
        inner(self)


BaseDatabaseWrapper.close_if_unusable_or_obsolete = _keep_open  # type: ignore[method-assign]


def someone(email: str, organisation: Organisation | None = None, role: Role | None = None) -> Someone:
    """A new person, signed in."""
    user = User.objects.create_user(email, None, name=email.split("@")[0])
    if organisation and role:
        Membership.objects.create(user=user, organisation=organisation, role=role)
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return Someone(user, client)


@pytest.fixture
def world(db: None) -> World:
    """Two parks and people of every role."""
    return build_world()


def build_world() -> World:
    """The same, for tests that make their own database."""
    made = {
        kind: Organisation.objects.create(kind=kind, name_zh=f"甲{kind}", name_en=f"A {kind}")
        for kind in Kind
    }
    others = {kind: Organisation.objects.create(kind=kind, name_zh=f"乙{kind}") for kind in Kind}
    alpha = Park.objects.create(
        slug="alpha", name_zh="甲园区", name_en="Alpha Park", operator=made[Kind.OPERATOR]
    )
    beta = Park.objects.create(
        slug="beta", name_zh="乙园区", name_en="Beta Park", operator=others[Kind.OPERATOR]
    )
    ParkEnterprise.objects.create(park=alpha, key="E001", organisation=made[Kind.ENTERPRISE])
    ParkEnterprise.objects.create(
        park=alpha, key="E002", organisation=others[Kind.ENTERPRISE], is_confidential=True
    )
    evaluator = someone("evaluator@example.org", made[Kind.BODY], Role.EVALUATOR)
    today = timezone.localdate()
    mandate = Mandate.objects.create(
        park=alpha,
        body=made[Kind.BODY],
        year=2024,
        from_day=today - timedelta(30),
        to_day=today + timedelta(30),
    )
    mandate.evaluators.add(evaluator.user)
    return World(
        alpha=alpha,
        beta=beta,
        dossier=WorkingDossier.objects.create(park=alpha, year=2024),
        other_dossier=WorkingDossier.objects.create(park=beta, year=2024),
        body_organisation=made[Kind.BODY],
        mandate=mandate,
        scheme=someone("scheme@example.org", made[Kind.SCHEME], Role.SCHEME),
        body=someone("body@example.org", made[Kind.BODY], Role.BODY),
        evaluator=evaluator,
        park=someone("park@example.org", made[Kind.OPERATOR], Role.PARK),
        enterprise=someone("enterprise@example.org", made[Kind.ENTERPRISE], Role.ENTERPRISE),
        neighbour=someone("neighbour@example.org", others[Kind.ENTERPRISE], Role.ENTERPRISE),
        expert=someone("expert@example.org", made[Kind.SCHEME], Role.EXPERT),
        other_park=someone("other-park@example.org", others[Kind.OPERATOR], Role.PARK),
        stranger=someone("stranger@example.org"),
    )


@pytest.fixture(autouse=True)
def no_lakes() -> Iterator[None]:
    """Pushed readings are files: they do not go away with the transaction of a test."""
    yield
    shutil.rmtree(Path(site.HOME) / "lakes", ignore_errors=True)


@pytest.fixture
def plan(world: World) -> Plan:
    """The plan of alpha's creation for 2024, begun on the first day of 2026."""
    return start_plan(SYSTEM, park=world.alpha, year=2024, first_day=date(2026, 1, 1))
