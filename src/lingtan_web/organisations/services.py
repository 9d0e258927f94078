"""Changes to people and organisations."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator, validate_email
from django.utils import timezone

from lingtan.errors import LingtanError, Place, fault
from lingtan_web.audit.services import Actor, recorded
from lingtan_web.organisations.models import ApiToken, Invitation, Membership, Organisation, User
from lingtan_web.organisations.secrets import build_secret, hash_secret
from lingtan_web.roles import ROLES_OF, Kind, Role

INVITATION_DAYS = 14
MOST_TOKEN_DAYS = 366
LONGEST_ADDRESS = 254  # RFC 5321
LONGEST_NAME = 80
FIRST_ADMIN = "管理员"
"""Name of the first administrator who gave none; everybody may change their own."""
SCOPES = ("read", "readings:write", "dossier:write", "process:write", "review:write")


def create_organisation(actor: Actor, *, kind: Kind, name_zh: str, name_en: str = "") -> Organisation:
    """A new organisation. LingtanError if the name is empty or taken."""
    name_zh = name_zh.strip()
    if not name_zh:
        raise LingtanError([fault("web.name-missing", Place(column="name_zh"))])
    if Organisation.objects.filter(kind=kind, name_zh=name_zh).exists():
        raise LingtanError([fault("web.organisation-exists", Place(column="name_zh"), name=name_zh)])
    with recorded(actor, "organisation.created", subject=name_zh, details={"kind": kind}) as found:
        made = Organisation.objects.create(kind=kind, name_zh=name_zh, name_en=name_en.strip())
        found["organisation"] = made.pk
    return made


def invite(actor: Actor, *, organisation: Organisation, email: str, role: Role) -> tuple[Invitation, str]:
    """An invitation, and its secret to send; the secret is not kept.

    LingtanError for an address that is none or a role the organisation cannot give.
    """
    email = _checked_address(email)
    if role not in ROLES_OF[Kind(organisation.kind)]:
        raise LingtanError([fault("web.role-not-of-organisation", Place(column="role"), role=role)])
    secret, digest = build_secret("lti")
    with recorded(
        actor,
        "invitation.sent",
        subject=str(organisation),
        details={"role": role, "organisation": organisation.pk},
    ):
        made = Invitation.objects.create(
            email=email, organisation=organisation, role=role, secret_hash=digest,
            invited_by_id=actor.user_id, expires_at=timezone.now() + timedelta(days=INVITATION_DAYS),
        )  # fmt: skip
    return made, secret


def find_invitation(secret: str) -> Invitation:
    """The open invitation with this secret. LingtanError if there is none, or none any more."""
    found = Invitation.objects.select_related("organisation").filter(secret_hash=hash_secret(secret)).first()
    if found is None or found.revoked_at or found.accepted_at or found.expires_at <= timezone.now():
        raise LingtanError([fault("web.invitation-not-open")])
    return found


def accept_invitation(
    actor: Actor, *, secret: str, user: User | None = None, name: str = "", password: str = ""
) -> User:
    """Take the role an invitation gives: as the signed-in `user`, or as a new one with name and password.

    LingtanError: the invitation is not open; the address already has an account (then sign in first);
    it was sent to another address than that of `user`; the password is too weak.
    """
    with recorded(actor, "invitation.accepted") as found:
        invitation = find_invitation(secret)
        who = _known(invitation, user) if user else _new_user(invitation, name, password)
        taken = Invitation.objects.filter(pk=invitation.pk, accepted_at=None, revoked_at=None)
        if not taken.update(accepted_at=timezone.now(), accepted_by=who):
            raise LingtanError([fault("web.invitation-not-open")])
        Membership.objects.get_or_create(
            user=who, organisation=invitation.organisation, role=invitation.role, ended_at=None
        )
        found |= {"organisation": invitation.organisation_id, "role": invitation.role, "user": who.pk}
    return who


def _known(invitation: Invitation, user: User) -> User:
    if user.email != invitation.email:
        raise LingtanError([fault("web.invitation-for-another")])
    return user


def _new_user(invitation: Invitation, name: str, password: str) -> User:
    if User.objects.filter(email=invitation.email).exists():
        raise LingtanError([fault("web.sign-in-first")])
    name = _checked_name(name)
    try:
        validate_password(password, User(email=invitation.email, name=name))
    except ValidationError as error:
        reason = "；".join(error.messages)
        raise LingtanError([fault("web.weak-password", Place(column="password"), reason=reason)]) from None
    return User.objects.create_user(invitation.email, password, name=name)


def rename(actor: Actor, *, user: User, name: str) -> None:
    """A person's name as others see it. LingtanError if it is empty or too long."""
    name = _checked_name(name)
    if name == user.name:
        return
    with recorded(actor, "person.renamed", details={"user": user.pk, "was": user.name, "now": name}):
        user.name = name
        user.save(update_fields=["name"])


def _checked_name(name: str) -> str:
    name = " ".join(name.split())
    if not name:
        raise LingtanError([fault("web.name-missing", Place(column="name"))])
    if len(name) > LONGEST_NAME:
        raise LingtanError([fault("web.name-too-long", Place(column="name"), limit=LONGEST_NAME)])
    return name


def revoke_invitation(actor: Actor, *, invitation: Invitation) -> None:
    """Take an invitation back that was not accepted yet."""
    with recorded(actor, "invitation.revoked", details={"invitation": invitation.pk}):
        Invitation.objects.filter(pk=invitation.pk, accepted_at=None).update(revoked_at=timezone.now())


def end_membership(actor: Actor, *, membership: Membership) -> None:
    """End a role. LingtanError if it is the last of the scheme: then nobody could let anybody in."""
    with recorded(actor, "membership.ended", details={"user": membership.user_id, "role": membership.role}):
        left = Membership.objects.filter(role=Role.SCHEME, ended_at=None).exclude(pk=membership.pk)
        if membership.role == Role.SCHEME and not left.exists():
            raise LingtanError([fault("web.last-of-scheme")])
        Membership.objects.filter(pk=membership.pk, ended_at=None).update(ended_at=timezone.now())


def create_token(
    actor: Actor, *, user: User, name: str, scopes: Sequence[str], days: int
) -> tuple[ApiToken, str]:
    """A token for a program that acts for `user`, and its secret to show once."""
    if not name.strip():
        raise LingtanError([fault("web.name-missing", Place(column="name"))])
    if not scopes or set(scopes) - set(SCOPES):
        raise LingtanError([fault("web.bad-scope", Place(column="scopes"), known="、".join(SCOPES))])
    if not 1 <= days <= MOST_TOKEN_DAYS:
        raise LingtanError([fault("web.bad-days", Place(column="days"), most=MOST_TOKEN_DAYS)])
    secret, digest = build_secret("ltk")
    with recorded(actor, "token.created", subject=name.strip(), details={"scopes": list(scopes)}):
        made = ApiToken.objects.create(
            user=user, name=name.strip()[:80], secret_hash=digest, scopes=sorted(set(scopes)),
            expires_at=timezone.now() + timedelta(days=days),
        )  # fmt: skip
    return made, secret


def revoke_token(actor: Actor, *, token: ApiToken) -> None:
    """A token that works no more from now on."""
    with recorded(actor, "token.revoked", subject=token.name):
        ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=timezone.now())


def create_first_admin(
    *, email: str, password: str, name: str = "", organisation: str = "评价管理方"
) -> User:
    """The first person of the scheme, on the first start, named FIRST_ADMIN if no name is given.

    LingtanError: bad address, name too long, weak password.
    """
    email, name = _checked_address(email), _checked_name(name.strip() or FIRST_ADMIN)
    try:
        validate_password(password, User(email=email, name=name))
    except ValidationError as error:
        raise LingtanError([fault("web.weak-password", reason="；".join(error.messages))]) from None
    with recorded(Actor(None, "command"), "scheme.founded"):
        scheme, _ = Organisation.objects.get_or_create(
            kind=Kind.SCHEME, name_zh=organisation, defaults={"name_en": "Scheme operator"}
        )
        user = User.objects.create_user(email, password, name=name)
        Membership.objects.create(user=user, organisation=scheme, role=Role.SCHEME)
    return user


def _checked_address(email: str) -> str:
    email = email.strip().lower()
    try:
        validate_email(email)
        MaxLengthValidator(LONGEST_ADDRESS)(email)
    except ValidationError:
        raise LingtanError([fault("web.bad-address", Place(column="email"), given=email[:80])]) from None
    return email
