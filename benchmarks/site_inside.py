"""Steps of `benchmarks.site` in the settings of its site: fill it, count the queries of its pages."""

from __future__ import annotations

import json
import sys
from typing import Any

import django

django.setup()

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from benchmarks.site import PAGES  # noqa: E402
from lingtan_web.assessments.models import Calculation, EditionResult  # noqa: E402
from lingtan_web.dossiers.models import DossierVersion, RegisterRow, WorkingDossier  # noqa: E402
from lingtan_web.organisations.models import Membership, Organisation, User  # noqa: E402
from lingtan_web.parks.models import Park, ParkEnterprise  # noqa: E402
from lingtan_web.roles import Kind, Role  # noqa: E402
from lingtan_web.serving.starting import create_first_person, prepare_site  # noqa: E402

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def fill(parks: int, enterprises: int, people: int) -> list[dict[str, Any]]:
    """Bring the site to so many parks; sessions of so many operators, each of a park of their own."""
    example = _example()
    with transaction.atomic():
        have = Park.objects.exclude(slug=example.version.dossier.park.slug).count()
        for number in range(have, parks):
            _add_park(number, enterprises, example)
    listed = Park.objects.exclude(slug=example.version.dossier.park.slug).order_by("-pk")[:people]
    return [_person(park) for park in listed]


def _example() -> Calculation:
    """The example park with its results, computed once."""
    from django.core.management import call_command

    from lingtan_web.serving.example import load_example

    prepare_site()
    if create_first_person(None):
        load_example()
        call_command("work", once=True, verbosity=0)
    return Calculation.objects.select_related("version__dossier__park").get(
        version__dossier__park__slug="xinghuo"
    )


def _add_park(number: int, enterprises: int, example: Calculation) -> None:
    operator = Organisation.objects.create(kind=Kind.OPERATOR, name_zh=f"运营公司 {number}")
    park = Park.objects.create(slug=f"park-{number}", name_zh=f"园区 {number}", operator=operator)
    user = User.objects.create_user(f"operator-{number}@example.org", None)
    Membership.objects.create(user=user, organisation=operator, role=Role.PARK)
    source = example.version.dossier
    dossier = WorkingDossier.objects.create(park=park, year=source.year, profile=source.profile, revision=1)
    rows = [_row(dossier, index) for index in range(enterprises)]
    RegisterRow.objects.bulk_create(rows)
    ParkEnterprise.objects.bulk_create(ParkEnterprise(park=park, key=row.cells["id"]) for row in rows)
    version = DossierVersion.objects.create(
        dossier=dossier, number=1, revision=1, manifest=example.version.manifest,
        manifest_sha256=example.version.manifest_sha256, fingerprint=example.version.fingerprint,
    )  # fmt: skip
    results = list(example.results.all())
    copied = Calculation.objects.get(pk=example.pk)
    copied.pk, copied.version = None, version
    copied._state.adding = True
    copied.save()
    for one in results:
        one.pk, one.calculation = None, copied
    EditionResult.objects.bulk_create(results)


def _row(dossier: WorkingDossier, index: int) -> RegisterRow:
    from lingtan_web.dossiers.indexing import index_line

    cells = {"id": f"E{index:05d}", "name": f"企业 {index}"}
    row = RegisterRow(dossier=dossier, register="enterprises", position=index + 1, cells=cells)
    row.key, row.ident, row.enterprise = index_line("enterprises", cells)
    return row


def _person(park: Park) -> dict[str, Any]:
    user = User.objects.get(memberships__organisation=park.operator)
    session = SessionStore()
    session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(user.pk), BACKEND
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    result = Calculation.objects.get(version__dossier__park=park).pk
    return {"cookie": f"sessionid={session.session_key}", "park": park.slug, "result": result}


def count(cookie: str, park: str, result: str) -> dict[str, int]:
    """The queries of every page, for one person."""
    client = Client(SERVER_NAME="localhost")
    client.cookies["sessionid"] = cookie.removeprefix("sessionid=")
    found = {}
    for page, address in PAGES.items():
        client.get(address.format(park=park, result=result))
        with CaptureQueriesContext(connection) as captured:
            answer = client.get(address.format(park=park, result=result))
        if answer.status_code != 200:
            raise SystemExit(f"{page}: {answer.status_code}")
        found[page] = len(captured)
    return found


if __name__ == "__main__":
    act, *given = sys.argv[1:]
    print(json.dumps(fill(*map(int, given)) if act == "fill" else count(*given)))
