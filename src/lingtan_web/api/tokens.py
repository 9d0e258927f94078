"""Who a program is: the token it shows, and what that token may be used for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from lingtan_web.organisations.models import ApiToken, User
from lingtan_web.organisations.secrets import hash_secret

PREFIX = "ltk_"
LONGEST = 128
NOTED_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Grant:
    """A token that is good now."""

    token: ApiToken
    user: User
    scopes: frozenset[str]


def find_grant(secret: str) -> Grant | None:
    """The grant of a secret; None if there is no such token, or it ended, was revoked, or its owner left."""
    if not secret.startswith(PREFIX) or len(secret) > LONGEST or not secret.isascii():
        return None
    now = timezone.now()
    found = (
        ApiToken.objects.select_related("user")
        .filter(secret_hash=hash_secret(secret), revoked_at=None, expires_at__gt=now, user__is_active=True)
        .first()
    )
    if found is None:
        return None
    if found.used_at is None or now - found.used_at >= NOTED_EVERY:
        _note_use(found)
    return Grant(found, found.user, frozenset(found.scopes))


def _note_use(token: ApiToken) -> None:
    """When it was last used, for its owner to see: no change of state, so it has no entry in the log."""
    now = timezone.now()
    due = Q(used_at=None) | Q(used_at__lte=now - NOTED_EVERY)
    ApiToken.objects.filter(due, pk=token.pk).update(used_at=now)
