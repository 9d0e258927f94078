"""What is done every day: the watch, then the lists of the new day."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone
from django_tasks import task

from lingtan_web.certificates.scheme import has_keys
from lingtan_web.certificates.services.publishing import publish_lists
from lingtan_web.certificates.services.watching import watch_all
from lingtan_web.notices.tasks import find_next_run, schedule_daily

HOUR = 0
"""Of the day in Shanghai: a certificate that lapses by the day is published as such when the day begins."""


@task()
def keep_watch() -> dict[str, int]:
    """Watch and publish; running it again opens no case twice. It schedules the next run first."""
    schedule_watch(find_next_run(timezone.now(), HOUR))
    if not has_keys():
        return {"cases": 0, "certificates": 0}
    return {"cases": watch_all(), "certificates": publish_lists()}


def schedule_watch(at: datetime | None = None) -> bool:
    """A run at a moment, or at once; False where one is waiting already."""
    return schedule_daily(keep_watch, at)
