"""Changes to webhooks."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from django.conf import settings
from django.utils import timezone

from lingtan.errors import LingtanError, Place, fault
from lingtan_web.audit.services import Actor, recorded
from lingtan_web.organisations.models import Organisation
from lingtan_web.roles import Kind
from lingtan_web.webhooks.addresses import read_target
from lingtan_web.webhooks.events import EVENTS, TEST, Event
from lingtan_web.webhooks.models import Delivery, Webhook
from lingtan_web.webhooks.outbox import build_body, queue
from lingtan_web.webhooks.signing import derive_secret

MOST_WEBHOOKS = 20


def offered_events(organisation: Organisation) -> list[Event]:
    """What an organisation of this kind can be told."""
    return [one for one in EVENTS.values() if Kind(organisation.kind) in one.kinds]


def create_webhook(
    actor: Actor, *, organisation: Organisation, url: str, events: Sequence[str]
) -> tuple[Webhook, str]:
    """A webhook, and its secret to show once.

    LingtanError: an address that is none or not public, no event or one that is not offered, too many.
    """
    url = url.strip()
    read_target(url, loopback=bool(settings.WEBHOOK_LOOPBACK))
    offered = {one.act for one in offered_events(organisation)}
    if not events or set(events) - offered:
        raise LingtanError([fault("webhook.bad-events", Place(column="events"))])
    with recorded(actor, "webhook.created", subject=str(organisation)) as details:
        if Webhook.objects.filter(organisation=organisation, revoked_at=None).count() >= MOST_WEBHOOKS:
            raise LingtanError([fault("webhook.too-many", most=MOST_WEBHOOKS)])
        made = Webhook.objects.create(
            organisation=organisation, url=url, events=sorted(set(events)), salt=secrets.token_urlsafe(32),
            created_by_id=actor.user_id,
        )  # fmt: skip
        details |= {"webhook": made.pk, "organisation": organisation.pk, "events": made.events}
    return made, derive_secret(made.salt)


def revoke_webhook(actor: Actor, *, webhook: Webhook) -> None:
    """Nothing is sent there any more, also nothing that waits."""
    details = {"webhook": webhook.pk, "organisation": webhook.organisation_id}
    with recorded(actor, "webhook.revoked", details=details):
        Webhook.objects.filter(pk=webhook.pk, revoked_at=None).update(revoked_at=timezone.now())


def send_test(actor: Actor, *, webhook: Webhook) -> Delivery:
    """Queue a message that says nothing, to see whether it arrives. LingtanError if it is revoked."""
    if webhook.revoked_at is not None:
        raise LingtanError([fault("webhook.revoked")])
    with recorded(actor, "webhook.tested", details={"webhook": webhook.pk}):
        return queue(webhook, TEST, build_body(TEST, timezone.now().isoformat(), {}))
