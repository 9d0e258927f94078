"""The daily run: each schedules the next, and the worker makes sure that there is one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.core.management import call_command
from django.utils import timezone
from django_tasks import task
from django_tasks.base import Task, TaskResultStatus
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


def find_next_run(now: datetime, hour: int = HOUR) -> datetime:
    """The next time after `now` that it is so late in Shanghai."""
    today = timezone.localtime(now).replace(hour=hour, minute=0, second=0, microsecond=0)
    return today if today > now else today + timedelta(days=1)


def schedule_daily(job: Task[[], Any], at: datetime | None = None) -> bool:
    """A run of a daily job at a moment, or at once; False where one is waiting already."""
    path = job.module_path
    if DBTaskResult.objects.filter(task_path=path, status=TaskResultStatus.READY).exists():
        return False
    (job if at is None else job.using(run_after=at)).enqueue()
    return True


def schedule_reminders(at: datetime | None = None) -> bool:
    """A run at a moment, or at once; False where one is waiting already."""
    return schedule_daily(remind, at)
