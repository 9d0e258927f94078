"""The example park that is shipped, for a site that wants to look around."""

from __future__ import annotations

import lingtan
from lingtan.errors import LingtanError, Place, fault
from lingtan_web.assessments.services import ask_calculation
from lingtan_web.audit.services import Actor, recorded
from lingtan_web.dossiers.services.freezing import freeze_version
from lingtan_web.dossiers.services.opening import load_dossier
from lingtan_web.evidence.adopting import adopt_files
from lingtan_web.organisations.models import Membership, Organisation, User
from lingtan_web.organisations.services import create_organisation
from lingtan_web.parks.models import Park
from lingtan_web.parks.services import create_park
from lingtan_web.roles import Kind, Role

BY_COMMAND = Actor(None, "command")
OPERATOR = ("示例园区运营公司（虚构）", "Operator of the example park (invented)")


def load_example() -> Park:
    """The example park, its dossier, a frozen version of it and its results, which the worker computes.

    What is there already stays as it is; what a stop in between left out is made up for.
    LingtanError (dossier.not-found) where the package came without the examples.
    """
    from lingtan.cli.demonstrating import EDITIONS, EXAMPLE, ON

    if not EXAMPLE.is_dir():
        raise LingtanError([fault("dossier.not-found", Place(str(EXAMPLE)))])
    given = lingtan.read_dossier(EXAMPLE).park
    park = Park.objects.filter(slug=given.id).first() or create_park(
        BY_COMMAND, slug=given.id, name_zh=given.name_zh, name_en=given.name_en, operator=_operator()
    )
    _let_in(park.operator)
    if not park.dossiers.filter(versions__isnull=False).exists():
        dossier = park.dossiers.filter(revision__gt=0).first()
        dossier = dossier or load_dossier(BY_COMMAND, park=park, folder=EXAMPLE)
        adopt_files(BY_COMMAND, dossier=dossier)
        version = freeze_version(BY_COMMAND, dossier=dossier, label="示例 example")
        ask_calculation(BY_COMMAND, version=version, on=ON, editions=EDITIONS)
    return park


def _operator() -> Organisation:
    found = Organisation.objects.filter(kind=Kind.OPERATOR, name_zh=OPERATOR[0]).first()
    return found or create_organisation(
        BY_COMMAND, kind=Kind.OPERATOR, name_zh=OPERATOR[0], name_en=OPERATOR[1]
    )


def _let_in(operator: Organisation) -> None:
    """The first person of the site operates the example park too: whoever tries it sees all of it."""
    first = User.objects.order_by("pk").first()
    if first is None or Membership.objects.filter(organisation=operator).exists():
        return
    with recorded(BY_COMMAND, "membership.given", subject=str(operator), details={"user": first.pk}):
        Membership.objects.create(user=first, organisation=operator, role=Role.PARK)
