"""What pages of the queue show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from lingtan_web.notices.models import Channel, Notice
from lingtan_web.notices.rules import Waiting
from lingtan_web.organisations.models import User
from lingtan_web.organisations.secrets import hash_secret
from lingtan_web.parks.models import Park

SOON_DAYS = 14


@dataclass(frozen=True, slots=True)
class Group:
    """Part of the queue under one heading."""

    id: str
    zh: str
    en: str
    waiting: Sequence[Waiting]


def count_unread(user: User) -> int:
    """How many reminders a person has not read: one query."""
    return Notice.objects.filter(user=user, read_at=None).count()


def find_unread(user: User) -> list[Notice]:
    """A person's unread reminders, the newest first, fifty at most, each with its park: two queries."""
    found = list(Notice.objects.filter(user=user, read_at=None).order_by("-created_at", "-pk")[:50])
    parks = {park.slug: park for park in Park.objects.filter(slug__in={one.park for one in found})}
    for one in found:
        one.place = parks.get(one.park)
    return found


def build_groups(waiting: Sequence[Waiting], today: date) -> list[Group]:
    """The queue by how near the due day is; headings with nothing under them are left out."""
    last = today + timedelta(days=SOON_DAYS)
    dated = [(one, one.due) for one in waiting if one.due]
    soon = [one for one, due in dated if today <= due <= last]
    groups = [
        Group("late", "已逾期", "Late", [one for one, due in dated if due < today]),
        Group("soon", "两周内到期", "Due within two weeks", soon),
        Group("later", "以后", "Later", [one for one, due in dated if due > last]),
        Group("undated", "没有期限", "Without a due day", [one for one in waiting if not one.due]),
    ]  # fmt: skip
    return [group for group in groups if group.waiting]


def find_channel(user: User) -> Channel:
    """How a person hears of what is due; as by default where they said nothing."""
    return Channel.objects.filter(user=user).first() or Channel(user=user)


def find_calendar_owner(secret: str) -> User | None:
    """Whose calendar this is; None for a secret that is unknown, renewed or revoked, or a person who left."""
    channel = Channel.objects.select_related("user").filter(calendar_hash=hash_secret(secret)).first()
    return channel.user if channel and channel.user.is_active else None
