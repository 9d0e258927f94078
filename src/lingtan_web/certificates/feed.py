"""The feed of changes: what was published of certificates, the newest first (Atom)."""

from __future__ import annotations

from datetime import datetime
from itertools import chain

from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed

from lingtan.certificate.lifecycle.rules import is_published
from lingtan.texts import visible
from lingtan_web.certificates.events import load_event
from lingtan_web.certificates.models import Certificate, CertificateEvent
from lingtan_web.certificates.queries import NOT_LISTED, find_life, say_event, with_events
from lingtan_web.certificates.words import EVENT_WORDS
from lingtan_web.languages import say

MOST = 100
Change = tuple[datetime, Certificate, int, tuple[str, str], str]
"""When, of which certificate, the number of the event (0: its issue), its words, its reasons."""


def find_changes() -> list[Change]:
    """The last changes of the register."""
    made = Certificate.objects.select_related("park").defer(*NOT_LISTED).order_by("-at", "-pk")[:MOST]
    happened = (
        (row.at, row.certificate, row.number, say_event(load_event(row)), row.reasons)
        for row in _find_published()
    )
    issued = ((one.at, one, 0, EVENT_WORDS["issued"], "") for one in made)
    return sorted(chain(happened, issued), key=lambda one: one[0], reverse=True)[:MOST]


def _find_published() -> list[CertificateEvent]:
    """The last events that the public is told of, each with its certificate."""
    rows = CertificateEvent.objects.order_by("-at", "-pk")[: 4 * MOST]
    numbers = {row.certificate_id for row in rows}
    changed = Certificate.objects.filter(pk__in=numbers).select_related("park").defer(*NOT_LISTED)
    found = []
    lives = {one.pk: (one, find_life(one)) for one in with_events(changed)}
    for row in rows:
        row.certificate, life = lives[row.certificate_id]
        if is_published(life, load_event(row)):
            found.append(row)
    return found[:MOST]


def build_feed(address: str) -> str:
    """The feed as XML; `address` is that of the site, without a slash at its end."""
    register = address + reverse("public-register")
    feed = Atom1Feed(
        title=say("零碳园区证书公示", "Zero-carbon park certificates"),
        link=register,
        description="",
        feed_url=address + reverse("register-feed"),
        feed_guid=register,
        language=say("zh-Hans", "en"),
    )
    changes = find_changes()
    for at, one, count, words, reasons in changes:
        page = address + reverse("certificate", kwargs={"number": one.number})
        name = say(one.park.name_zh, one.park.name_en or one.park.name_zh)
        feed.add_item(
            title=visible(f"{one.number} {name}{say('：', ': ')}{say(*words)}"),
            link=page,
            description=visible(reasons),
            unique_id=f"{page}#{count}",
            updateddate=timezone.localtime(at),
        )
    return feed.writeString("utf-8")
