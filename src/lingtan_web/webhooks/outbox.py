"""From an entry of the audit log to messages: in the transaction of the change, so that none is lost."""

from __future__ import annotations

import json
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from lingtan_web.audit.models import Entry
from lingtan_web.parks.access import current_mandates
from lingtan_web.parks.models import Park
from lingtan_web.roles import Kind
from lingtan_web.webhooks.events import EVENTS, Event, choose_details
from lingtan_web.webhooks.models import Delivery, Webhook


def on_entry(sender: object, instance: Entry, created: bool, raw: bool, **_: object) -> None:
    """Queue a message of a new entry for every webhook that is to be told."""
    event = EVENTS.get(instance.act)
    if event is None or not created or raw or not instance.park:
        return
    park = Park.objects.filter(slug=instance.park).first()
    if park is None:
        return
    hooks = [one for one in _find_webhooks(event, park, instance) if event.act in one.events]
    body = build_body(event.act, instance.at.isoformat(), _tell(event, park, instance)) if hooks else ""
    for hook in hooks:
        queue(hook, event.act, body)


def _find_webhooks(event: Event, park: Park, entry: Entry) -> QuerySet[Webhook]:
    """Those of organisations that have the park now: its operator, the bodies of its mandates, the scheme."""
    mandates = current_mandates(timezone.localdate()).filter(park=park)
    year = entry.details.get("year")
    if isinstance(year, int):
        mandates = mandates.filter(year=year)
    ways = {
        Kind.OPERATOR: Q(organisation=park.operator_id),
        Kind.BODY: Q(organisation__in=mandates.values("body")),
        Kind.SCHEME: Q(organisation__kind=Kind.SCHEME),
    }
    allowed = Q(pk__in=[])
    for kind in event.kinds:
        allowed |= ways[kind]
    return Webhook.objects.filter(allowed, revoked_at=None)


def _tell(event: Event, park: Park, entry: Entry) -> dict[str, Any]:
    return {"park": park.slug, **choose_details(event, entry.details)}


def build_body(event: str, at: str, data: dict[str, Any]) -> str:
    """The message as it is sent."""
    return json.dumps({"type": event, "timestamp": at, "data": data}, separators=(",", ":"))


def queue(webhook: Webhook, event: str, body: str) -> Delivery:
    """A delivery, and the task that makes its first attempt."""
    from lingtan_web.webhooks.tasks import deliver

    made = Delivery.objects.create(webhook=webhook, event=event, body=body)
    deliver.enqueue(made.pk, 1)
    return made
