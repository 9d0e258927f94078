"""Pages of webhooks: for the leads of an organisation."""

from __future__ import annotations

from typing import Protocol

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from lingtan_web.audit.services import Actor
from lingtan_web.organisations.models import Membership, Organisation
from lingtan_web.organisations.views import INVITERS
from lingtan_web.permissions import Request, forbid, page
from lingtan_web.roles import Kind
from lingtan_web.webhooks import services
from lingtan_web.webhooks.models import Webhook
from lingtan_web.webhooks.rules import ATTEMPTS

PER_PAGE = 30


def _mine(request: Request, number: int) -> tuple[Organisation, bool]:
    """One's organisation, and whether one leads it; 404 for another's."""
    held = Membership.objects.filter(user=request.user, ended_at=None, organisation=number)
    roles = {one.role: one.organisation for one in held.select_related("organisation")}
    if not roles:
        raise Http404
    organisation = next(iter(roles.values()))
    return organisation, INVITERS[Kind(organisation.kind)] in roles


@page("GET", "POST", scope="organisation")
def webhooks(request: Request, number: int) -> HttpResponse:
    """The webhooks of an organisation; a new one, whose secret is shown once."""
    organisation, is_lead = _mine(request, number)
    if not is_lead:
        return forbid(request)
    secret = ""
    if request.method == "POST":
        _, secret = services.create_webhook(
            request.actor, organisation=organisation, url=request.POST.get("url", ""),
            events=request.POST.getlist("events"),
        )  # fmt: skip
    shown = {
        "organisation": organisation,
        "webhooks": organisation.webhooks.order_by("-pk")[:100],
        "events": services.offered_events(organisation),
        "secret": secret,
        "attempts": ATTEMPTS,
    }
    return render(request, "webhooks/webhooks.html", shown)


@page("GET", scope="organisation")
def webhook(request: Request, number: int, webhook: int) -> HttpResponse:
    """One webhook and what was sent there, the latest first."""
    organisation, is_lead = _mine(request, number)
    if not is_lead:
        return forbid(request)
    one = get_object_or_404(organisation.webhooks, pk=webhook)
    sent = one.deliveries.prefetch_related("tries").order_by("-pk")
    found = Paginator(sent, PER_PAGE).get_page(request.GET.get("page"))
    shown = {"organisation": organisation, "webhook": one, "page": found, "attempts": ATTEMPTS}
    return render(request, "webhooks/webhook.html", shown)


@page("POST", scope="organisation")
def test_webhook(request: Request, number: int, webhook: int) -> HttpResponse:
    """Send a message to try it."""
    return _act(request, number, webhook, services.send_test)


@page("POST", scope="organisation")
def revoke_webhook(request: Request, number: int, webhook: int) -> HttpResponse:
    """Take a webhook back."""
    return _act(request, number, webhook, services.revoke_webhook)


class _Service(Protocol):
    def __call__(self, actor: Actor, *, webhook: Webhook) -> object: ...


def _act(request: Request, number: int, webhook: int, service: _Service) -> HttpResponse:
    organisation, is_lead = _mine(request, number)
    if not is_lead:
        return forbid(request)
    one = get_object_or_404(organisation.webhooks, pk=webhook)
    service(request.actor, webhook=one)
    return redirect("webhook", number=organisation.pk, webhook=one.pk)
