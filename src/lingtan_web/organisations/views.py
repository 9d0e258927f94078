"""Pages of people and organisations."""

from __future__ import annotations

from django.contrib.auth import login
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from lingtan.errors import LingtanError, fault
from lingtan_web.organisations import services
from lingtan_web.organisations.mail import send_invitation
from lingtan_web.organisations.models import ApiToken, Invitation, Membership, Organisation
from lingtan_web.permissions import Request, forbid, page
from lingtan_web.roles import ROLES_OF, Kind, Role

INVITERS = {
    Kind.SCHEME: Role.SCHEME,
    Kind.BODY: Role.BODY,
    Kind.OPERATOR: Role.PARK,
    Kind.ENTERPRISE: Role.ENTERPRISE,
}
"""The role that lets people in, by kind of organisation."""


@page("GET", "POST", scope="organisation", roles={Role.SCHEME})
def organisations(request: Request) -> HttpResponse:
    """All organisations; a new one."""
    if request.method == "POST":
        made = services.create_organisation(
            request.actor, kind=_kind(request.POST.get("kind", "")), name_zh=request.POST.get("name_zh", ""),
            name_en=request.POST.get("name_en", ""),
        )  # fmt: skip
        return redirect("organisation", number=made.pk)
    people = Count("memberships", filter=Q(memberships__ended_at=None))
    listed = Organisation.objects.annotate(people=people).order_by("kind", "name_zh")
    return render(request, "organisations/organisations.html", {"organisations": listed, "kinds": list(Kind)})


def _kind(given: str) -> Kind:
    if given not in set(Kind):
        raise LingtanError([fault("web.unknown-kind", given=given[:40])])
    return Kind(given)


def _mine_or_all(request: Request, number: int) -> Organisation:
    """The organisation, if the person belongs to it or to the scheme; else 404."""
    mine = Membership.objects.filter(user=request.user, ended_at=None)
    every = Organisation.objects.all()
    if not request.access.has(Role.SCHEME):
        every = every.filter(pk__in=mine.values("organisation"))
    return get_object_or_404(every, pk=number)


def _may_invite(request: Request, organisation: Organisation) -> bool:
    role = INVITERS[Kind(organisation.kind)]
    own = organisation.memberships.filter(user=request.user, role=role, ended_at=None)
    return request.access.has(Role.SCHEME) or own.exists()


@page("GET", scope="organisation")
def organisation(request: Request, number: int) -> HttpResponse:
    """One organisation: its people and open invitations."""
    one = _mine_or_all(request, number)
    may_invite = _may_invite(request, one)
    opened = one.invitations.filter(accepted_at=None, revoked_at=None, expires_at__gt=timezone.now())
    shown = {
        "organisation": one,
        "memberships": one.memberships.filter(ended_at=None)
        .select_related("user")
        .order_by("role", "user__email"),
        "invitations": opened.order_by("-created_at") if may_invite else [],
        "may_invite": may_invite,
        "is_lead": one.memberships.filter(
            user=request.user, role=INVITERS[Kind(one.kind)], ended_at=None
        ).exists(),
        "roles": ROLES_OF[Kind(one.kind)],
    }
    return render(request, "organisations/organisation.html", shown)


@page("POST", scope="organisation")
def invite(request: Request, number: int) -> HttpResponse:
    """Invite a person; the letter goes out by e-mail and is shown once to the one who invites."""
    one = _mine_or_all(request, number)
    if not _may_invite(request, one):
        return forbid(request)
    given = request.POST.get("role", "")
    role = Role(given) if given in set(Role) else None
    if role is None:
        raise LingtanError([fault("web.role-not-of-organisation", role=given[:40])])
    made, secret = services.invite(
        request.actor, organisation=one, email=request.POST.get("email", ""), role=role
    )
    link = request.build_absolute_uri(f"/invitations/{secret}/")
    is_sent = send_invitation(made, link)
    return render(
        request, "organisations/invited.html", {"invitation": made, "link": link, "is_sent": is_sent}
    )


@page("POST", scope="organisation")
def revoke_invitation(request: Request, number: int, invitation: int) -> HttpResponse:
    """Take an invitation back."""
    one = _mine_or_all(request, number)
    if not _may_invite(request, one):
        return forbid(request)
    services.revoke_invitation(request.actor, invitation=get_object_or_404(one.invitations, pk=invitation))
    return redirect("organisation", number=one.pk)


@page("POST", scope="organisation")
def end_membership(request: Request, number: int, membership: int) -> HttpResponse:
    """End a person's role."""
    one = _mine_or_all(request, number)
    if not _may_invite(request, one):
        return forbid(request)
    services.end_membership(request.actor, membership=get_object_or_404(one.memberships, pk=membership))
    return redirect("organisation", number=one.pk)


@page("GET", "POST", scope="public")
def invitation(request: Request, secret: str) -> HttpResponse:
    """What an invitation offers, and taking it."""
    found: Invitation = services.find_invitation(secret)
    is_in = request.user.is_authenticated
    if request.method == "GET":
        return render(request, "organisations/invitation.html", {"invitation": found, "is_in": is_in})
    who = services.accept_invitation(
        request.actor,
        secret=secret,
        user=request.user if is_in else None,
        name=request.POST.get("name", ""),
        password=request.POST.get("password", ""),
    )
    if not is_in:
        login(request, who, backend="allauth.account.auth_backends.AuthenticationBackend")
    return redirect("home")


@page("GET", "POST", scope="signed-in")
def tokens(request: Request) -> HttpResponse:
    """One's tokens for programs; a new one, whose secret is shown once."""
    secret = ""
    if request.method == "POST":
        days = request.POST.get("days", "")
        _, secret = services.create_token(
            request.actor, user=request.user, name=request.POST.get("name", ""),
            scopes=request.POST.getlist("scopes"), days=int(days) if days.isascii() and days.isdigit() else 0,
        )  # fmt: skip
    shown = {
        "tokens": request.user.api_tokens.order_by("-created_at"),
        "scopes": services.SCOPES,
        "secret": secret,
    }
    return render(request, "organisations/tokens.html", shown)


@page("POST", scope="signed-in")
def revoke_token(request: Request, token: int) -> HttpResponse:
    """Take a token back."""
    one = get_object_or_404(ApiToken, pk=token, user=request.user)
    services.revoke_token(request.actor, token=one)
    return redirect("tokens")


@page("GET", "POST", scope="signed-in")
def account(request: Request) -> HttpResponse:
    """Oneself: name (which one may change), roles, second factor, sessions, tokens."""
    if request.method == "POST":
        services.rename(request.actor, user=request.user, name=request.POST.get("name", ""))
        return redirect("account")
    held = request.user.memberships.filter(ended_at=None).select_related("organisation").order_by("role")
    return render(request, "organisations/account.html", {"memberships": held})
