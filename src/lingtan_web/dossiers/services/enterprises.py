"""The parts of enterprises: reminded, done, confidential."""

from __future__ import annotations

from collections.abc import Callable, Collection

from django.db import transaction
from django.utils import timezone

from lingtan.errors import LingtanError, Place, fault
from lingtan_web.audit.services import Actor, recorded
from lingtan_web.dossiers.models import EnterprisePart, WorkingDossier
from lingtan_web.organisations.mail import send_letter
from lingtan_web.organisations.models import Invitation, Membership, Organisation, User
from lingtan_web.organisations.services import create_organisation, invite
from lingtan_web.parks.models import Park, ParkEnterprise
from lingtan_web.parks.services import place_enterprise
from lingtan_web.roles import Kind, Role

Teller = Callable[[User, WorkingDossier], None]


def _by_letter(user: User, dossier: WorkingDossier) -> None:
    park, year = dossier.park, dossier.year
    name_en = park.name_en or park.name_zh
    subject = f"请填写{park.name_zh}{year}年数据 · Please fill in your part of {name_en}"
    text = (
        f"{user.name or user.email}：\n\n{park.name_zh}正在填写{year}年档案，贵企业的部分还没有报告完成。"
        f"请登录零碳系统，在“{park.name_zh}”的“档案”中填写，完成后点“报告填写完成”。\n\n"
        f"{name_en} is filling in its dossier of {year}. Your part is not reported as done. "
        "Please sign in, open the dossier of the park, fill in your registers and say that you are done.\n"
    )
    send_letter(user.email, subject, text)


TELLERS: list[Teller] = [_by_letter]
"""How people are reminded; the notices put themselves here."""


Listener = Callable[[Actor, WorkingDossier, Collection[str], bool], None]
LISTENERS: list[Listener] = []
"""Who is told, within the change, that parts are done or open again; the process puts itself here."""


def invite_enterprise(actor: Actor, *, park: Park, key: str, name: str, email: str) -> tuple[Invitation, str]:
    """Let an enterprise fill in its part: an invitation to a person of it, and the secret to send.

    The organisation is that of its place or a new one. LingtanError if it has people already (they invite
    others themselves) or fills in parts elsewhere; see `place_enterprise`, `create_organisation`, `invite`.
    """
    key, name = key.strip(), name.strip()
    if not key:
        raise LingtanError([fault("web.name-missing", Place(column="key"))])
    with transaction.atomic():
        placed = ParkEnterprise.objects.filter(park=park, key=key).select_related("organisation").first()
        organisation = placed.organisation if placed else None
        if organisation is None:
            organisation = create_organisation(actor, kind=Kind.ENTERPRISE, name_zh=name)
            hidden = bool(placed and placed.is_confidential)
            place_enterprise(actor, park=park, key=key, organisation=organisation, is_confidential=hidden)
        elif _is_independent(organisation, park):
            raise LingtanError(
                [fault("dossiers.enterprise-has-people", Place(column="key"), name=organisation)]
            )
        return invite(actor, organisation=organisation, email=email, role=Role.ENTERPRISE)


def _is_independent(organisation: Organisation, park: Park) -> bool:
    """Whether others than this park's operator have a say in who acts for the organisation."""
    has_people = organisation.memberships.filter(ended_at=None).exists()
    return has_people or organisation.places.exclude(park__operator=park.operator_id).exists()


def set_confidential(actor: Actor, *, park: Park, key: str, is_confidential: bool) -> None:
    """Whether neighbours and papers see an enterprise under a cover name; its own choice."""
    details = {"confidential": is_confidential}
    with recorded(actor, "enterprise.confidential-set", park=park, subject=key, details=details):
        ParkEnterprise.objects.filter(park=park, key=key).update(is_confidential=is_confidential)


def declare_done(
    actor: Actor, *, dossier: WorkingDossier, keys: Collection[str], is_done: bool = True
) -> None:
    """Say that the part of these enterprises is filled in, or take that back."""
    act = "part.done" if is_done else "part.reopened"
    with recorded(
        actor, act, park=dossier.park, subject="、".join(sorted(keys)), details={"year": dossier.year}
    ):
        for key in keys:
            values = {
                "done_at": timezone.now() if is_done else None,
                "done_by_id": actor.user_id if is_done else None,
            }
            EnterprisePart.objects.update_or_create(dossier=dossier, key=key, defaults=values)
        for listen in LISTENERS:
            listen(actor, dossier, keys, is_done)


def remind_enterprises(actor: Actor, *, dossier: WorkingDossier, keys: Collection[str]) -> int:
    """Remind those of `keys` that are filled in by somebody and not done; how many people were told."""
    done = EnterprisePart.objects.filter(dossier=dossier).exclude(done_at=None).values("key")
    placed = ParkEnterprise.objects.filter(park=dossier.park, key__in=keys).exclude(organisation=None)
    waiting = list(placed.exclude(key__in=done))
    if not waiting:
        raise LingtanError([fault("dossiers.no-such-enterprise")])
    subject = "、".join(sorted(one.key for one in waiting))
    with recorded(
        actor, "enterprise.reminded", park=dossier.park, subject=subject, details={"year": dossier.year}
    ):
        for one in waiting:
            values = {"reminded_at": timezone.now()}
            EnterprisePart.objects.update_or_create(dossier=dossier, key=one.key, defaults=values)
    held = Membership.objects.filter(
        organisation__in=[one.organisation_id for one in waiting], role=Role.ENTERPRISE, ended_at=None
    )
    people = {membership.user_id: membership.user for membership in held.select_related("user")}
    for user in people.values():
        for tell in TELLERS:
            tell(user, dossier)
    return len(people)
