"""The daily run: each schedules the next, and the worker makes sure that there is one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from django.core.management import call_command
from django.utils import timezone
from django_tasks import task
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from lingtan_web.notices.services import send_reminders

HOUR = 8
"""Of the day in Shanghai: people find their reminders when they begin to work."""
DAILY: list[Callable[[], object]] = []
"""What else is done once a day, after the reminders: other apps sweep what they gave up."""


@task()
def remind() -> dict[str, int]:
    """The reminders of today; running it again sends nothing twice. It schedules the next run first.

    Then the sweeping of the day, and tasks that ended a fortnight ago are forgotten.
    """
    schedule_reminders(find_next_run(timezone.now()))
    new, letters = send_reminders(timezone.localdate())
    for sweep in DAILY:
        sweep()
    call_command("prune_db_task_results", verbosity=0)
    return {"reminders": new, "letters": letters}


def find_next_run(now: datetime) -> datetime:
    """The next morning after `now`."""
    morning = timezone.localtime(now).replace(hour=HOUR, minute=0, second=0, microsecond=0)
    return morning if morning > now else morning + timedelta(days=1)


def schedule_reminders(at: datetime | None = None) -> bool:
    """A run at a moment, or at once; False where one is waiting already."""
    path = remind.module_path
    if DBTaskResult.objects.filter(task_path=path, status=TaskResultStatus.READY).exists():
        return False
    (remind if at is None else remind.using(run_after=at)).enqueue()
    return True
