"""A change and its entry in one transaction."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol

from django.db import transaction
from django.utils import timezone

from lingtan_web.audit.chain import Link, compute_hash, find_break, masked
from lingtan_web.audit.models import ChainHead, Entry


@dataclass(frozen=True, slots=True)
class Actor:
    """Who changes something: a user (None: the system itself), by which door, from where."""

    user_id: int | None
    via: str = "page"
    address: str = ""
    request: str = ""


SYSTEM = Actor(None, "system")


class HasSlug(Protocol):
    """A park, as far as the log needs to know it."""

    slug: str


@contextmanager
def recorded(
    actor: Actor,
    act: str,
    *,
    park: HasSlug | None = None,
    subject: str = "",
    details: Mapping[str, Any] | None = None,
) -> Iterator[dict[str, Any]]:
    """One transaction: the change made inside and its entry, or neither.

    Yields the details, to which the change may add what it found. Who writes waits here for whoever
    writes now: the entry takes its number from a row that is locked, at the end, for a short time.
    """
    found: dict[str, Any] = dict(details or {})
    with transaction.atomic():
        yield found
        _record(actor, act, park.slug if park else "", subject[:200], found)


def _record(actor: Actor, act: str, park: str, subject: str, details: Mapping[str, Any]) -> None:
    head, _ = ChainHead.objects.select_for_update().get_or_create(id=1)
    link = Link(
        number=head.number + 1, at=timezone.now(), actor=actor.user_id, via=actor.via,
        address=masked(actor.address), request=actor.request, act=act, park=park, subject=subject,
        details=details, previous=head.hash,
    )  # fmt: skip
    digest = compute_hash(link)
    Entry.objects.create(
        number=link.number, at=link.at, actor_id=link.actor, via=link.via, address=link.address,
        request=link.request, act=act, park=park, subject=subject, details=details, previous=link.previous,
        hash=digest,
    )  # fmt: skip
    head.number, head.hash = link.number, digest
    head.save()


def find_broken_entry() -> int | None:
    """The number of the first entry that was changed, or after which one is gone; None if the chain holds."""
    broken = find_break(_link(entry) for entry in Entry.objects.order_by("number").iterator())
    if broken is not None:
        return broken
    last = Entry.objects.order_by("-number").values_list("number", "hash").first() or (0, "0" * 64)
    head = ChainHead.objects.filter(id=1).values_list("number", "hash").first() or (0, "0" * 64)
    return None if last == head else last[0] + 1


def _link(entry: Entry) -> Link:
    return Link(
        number=entry.number, at=entry.at, actor=entry.actor_id, via=entry.via, address=entry.address,
        request=entry.request, act=entry.act, park=entry.park, subject=entry.subject,
        details=entry.details, previous=entry.previous, hash=entry.hash,
    )  # fmt: skip
