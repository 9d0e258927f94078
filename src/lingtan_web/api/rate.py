"""How many requests a token has in a minute."""

from __future__ import annotations

import time

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F
from django.http import HttpRequest
from ninja.throttling import BaseThrottle

from lingtan_web.api.models import Usage

MINUTE = 60


def allowed_per_minute(kind: str) -> int:
    """The limit of a kind of request, as the settings have it."""
    return int(settings.API_READS_PER_MINUTE if kind == "read" else settings.API_WRITES_PER_MINUTE)


class PerToken(BaseThrottle):
    """Counts by clock minute, in one statement each: two processes never let the same request in twice.

    Has no state of its own: one object serves all threads.
    """

    def __init__(self, kind: str) -> None:
        self.kind = kind

    def allow_request(self, request: HttpRequest) -> bool:
        """Count the request; False once the limit of the minute is reached."""
        token = request.auth.token  # type: ignore[attr-defined]
        minute = int(time.time()) // MINUTE
        mine = Usage.objects.filter(token=token, kind=self.kind)
        if mine.filter(minute=minute, count__lt=allowed_per_minute(self.kind)).update(count=F("count") + 1):
            return True
        if mine.exclude(minute=minute).update(minute=minute, count=1):
            return True
        return not mine.exists() and self._begin(token.pk, minute)

    def _begin(self, token: int, minute: int) -> bool:
        try:
            with transaction.atomic():
                Usage.objects.create(token_id=token, kind=self.kind, minute=minute, count=1)
        except IntegrityError:  # another process began to count at the same moment
            Usage.objects.filter(token_id=token, kind=self.kind).update(count=F("count") + 1)
        return True

    def wait(self) -> float:
        """Seconds until the next minute."""
        return MINUTE - time.time() % MINUTE
