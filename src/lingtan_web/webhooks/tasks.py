"""Delivering: one attempt a task. Killed at any point, it is made again; receivers tell by the id."""

from __future__ import annotations

import time

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django_tasks import task

from lingtan.errors import LingtanError
from lingtan_web.audit.services import SYSTEM
from lingtan_web.webhooks.addresses import read_target
from lingtan_web.webhooks.models import Attempt, Delivery, DeliveryState
from lingtan_web.webhooks.rules import GONE, find_wait
from lingtan_web.webhooks.sending import Outcome, send
from lingtan_web.webhooks.services import revoke_webhook
from lingtan_web.webhooks.signing import build_headers, derive_secret


@task()
def deliver(delivery: int, attempt: int) -> None:
    """Make attempt number `attempt` of a delivery, unless it was made already or nobody wants it now."""
    found = Delivery.objects.select_related("webhook").filter(pk=delivery, attempts=attempt - 1).first()
    if found is None or found.state != DeliveryState.WAITING:
        return
    if found.webhook.revoked_at is not None:
        Delivery.objects.filter(pk=delivery).update(state=DeliveryState.DROPPED, next_at=None)
        return
    outcome = _send(found)
    _keep(delivery, attempt, outcome)
    if outcome.status == GONE:
        revoke_webhook(SYSTEM, webhook=found.webhook)


def _send(delivery: Delivery) -> Outcome:
    loopback = bool(settings.WEBHOOK_LOOPBACK)
    body = delivery.body.encode()
    secret = derive_secret(delivery.webhook.salt)
    try:
        target = read_target(delivery.webhook.url, loopback=loopback)
    except LingtanError:  # it was allowed when it was typed, and is not any more
        return Outcome(None, "not-public")
    return send(
        target, build_headers(secret, str(delivery.key), int(time.time()), body), body, loopback=loopback
    )


def _keep(delivery: int, attempt: int, outcome: Outcome) -> None:
    """The attempt in the log, and the next one in the queue, at once.

    A delivery is no change of anything that people decide: its log is its own, not the audit log.
    """
    with transaction.atomic():
        mine = Delivery.objects.select_for_update().filter(pk=delivery, attempts=attempt - 1).first()
        if mine is None:
            return
        Attempt.objects.create(
            delivery=mine, number=attempt, status=outcome.status, reason=outcome.reason,
            milliseconds=outcome.milliseconds,
        )  # fmt: skip
        wait = None if outcome.is_taken or outcome.status == GONE else find_wait(attempt)
        mine.attempts, mine.next_at = attempt, timezone.now() + wait if wait else None
        if wait is None:
            mine.state = DeliveryState.DELIVERED if outcome.is_taken else DeliveryState.GIVEN_UP
        else:
            deliver.using(run_after=mine.next_at).enqueue(delivery, attempt + 1)
        mine.save()
