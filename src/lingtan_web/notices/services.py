"""Sending reminders, reading them, and how a person hears of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone

from lingtan_web.audit.services import SYSTEM, Actor, recorded
from lingtan_web.notices.models import Channel, Notice
from lingtan_web.notices.rules import Reminder, Waiting, find_reminders, load_terms
from lingtan_web.notices.sources import find_waiting
from lingtan_web.organisations.mail import send_letter
from lingtan_web.organisations.models import User
from lingtan_web.organisations.secrets import build_secret

BATCH = 500
MAIL_DAYS = 3
"""A letter that the mail server did not take is tried again for so many days."""


def send_reminders(today: date) -> tuple[int, int]:
    """The reminders that have come by `today`: how many are new, and how many letters went out.

    Run it as often as you like: a reminder is kept once, and a letter is sent once.
    """
    new = _keep(find_reminders(find_waiting(today), today))
    return new, _send_letters()


def _keep(reminders: Iterable[Reminder]) -> int:
    listed = {(one.to, one.kind, one.key): one for one in reminders}
    with_known = Notice.objects.filter(due__in={one.due for one in listed.values()})
    known = set(with_known.values_list("user", "kind", "key"))
    fresh = [_notice(one) for mark, one in listed.items() if mark not in known]
    if fresh:
        with recorded(SYSTEM, "reminders.sent", details={"reminders": len(fresh)}):
            Notice.objects.bulk_create(fresh, batch_size=BATCH, ignore_conflicts=True)
    return len(fresh)


def _notice(one: Reminder) -> Notice:
    return Notice(
        user_id=one.to, kind=one.kind, key=one.key, text_zh=one.zh, text_en=one.en, link=one.link,
        park=one.park, due=one.due,
    )  # fmt: skip


def _send_letters() -> int:
    """One letter a person with all that is new to them; whoever said no gets none."""
    since = timezone.now() - timedelta(days=MAIL_DAYS)
    unsent = Notice.objects.filter(mailed_at=None, read_at=None, created_at__gte=since)
    by_person: dict[User, list[Notice]] = defaultdict(list)
    wanted = unsent.filter(user__is_active=True).exclude(user__channel__no_letters=True)
    for notice in wanted.select_related("user").order_by("due", "pk"):
        by_person[notice.user].append(notice)
    return sum(_send_letter(person, notices) for person, notices in by_person.items())


def _send_letter(person: User, notices: Sequence[Notice]) -> bool:
    """Claim the notices, then send: a run at the same time sends nothing twice."""
    unsent = Notice.objects.filter(pk__in=[one.pk for one in notices], mailed_at=None)
    with recorded(SYSTEM, "reminders.mailed", details={"user": person.pk}) as found:
        ours = list(unsent.select_for_update().order_by("due", "pk"))
        claimed = Notice.objects.filter(pk__in=[one.pk for one in ours])
        found["reminders"] = claimed.update(mailed_at=timezone.now())
    shown = {"person": person, "notices": ours, "site": settings.SITE_ADDRESS}
    subject = f"零碳 Lingtan：{len(ours)} 项待办提醒 · {len(ours)} reminder{'s' if len(ours) > 1 else ''}"
    if not ours or send_letter(person.email, subject, render_to_string("notices/letter.txt", shown)):
        return bool(ours)
    with recorded(SYSTEM, "reminders.not-mailed", details={"user": person.pk}):
        claimed.update(mailed_at=None)
    return False


def tell(what: Waiting, *, is_mailed: bool = False) -> int:
    """Tell people (`what.to`) at once of something that happened: a question, a decision.

    For use inside of the `recorded` change that it is about. Told once for each kind and key; letters go
    out with the next run, unless the caller sent its own (`is_mailed`). How many people were told is the
    answer; a kind without terms is our bug.
    """
    load_terms().kinds[what.kind]
    told = set(Notice.objects.filter(kind=what.kind, key=what.key).values_list("user", flat=True))
    fresh = [
        Notice(
            user_id=one, kind=what.kind, key=what.key, text_zh=what.zh, text_en=what.en, link=what.link,
            park=what.park, due=what.due, mailed_at=timezone.now() if is_mailed else None,
        )
        for one in sorted(what.to - told)
    ]  # fmt: skip
    return len(Notice.objects.bulk_create(fresh, batch_size=BATCH, ignore_conflicts=True))


def read_notices(actor: Actor, *, user: User, numbers: Sequence[int] | None = None) -> int:
    """Mark one's own reminders as read: those named, or all."""
    unread = Notice.objects.filter(user=user, read_at=None)
    if numbers is not None:
        unread = unread.filter(pk__in=numbers)
    with recorded(actor, "notices.read") as found:
        found["notices"] = many = unread.update(read_at=timezone.now())
    return many


def choose_letters(actor: Actor, *, user: User, wants: bool) -> None:
    """Whether reminders also come by e-mail."""
    with recorded(actor, "letters.chosen", details={"wants": wants}):
        Channel.objects.update_or_create(user=user, defaults={"no_letters": not wants})


def make_calendar(actor: Actor, *, user: User) -> str:
    """A new secret for one's calendar, to show once; the one before stops working."""
    secret, digest = build_secret("ltc")
    with recorded(actor, "calendar.made"):
        Channel.objects.update_or_create(
            user=user, defaults={"calendar_hash": digest, "calendar_at": timezone.now()}
        )
    return secret


def revoke_calendar(actor: Actor, *, user: User) -> None:
    """The calendar stops working at once."""
    with recorded(actor, "calendar.revoked"):
        Channel.objects.filter(user=user).update(calendar_hash="", calendar_at=None)
