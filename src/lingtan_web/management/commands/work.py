"""`python -m lingtan_web work`: what takes long, one piece after the other."""

from __future__ import annotations

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.utils import timezone
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from lingtan_web.certificates.tasks import schedule_watch
from lingtan_web.evidence.receiving import remove_left_over
from lingtan_web.notices.tasks import schedule_reminders


class Command(BaseCommand):
    """The worker of the queue. What another worker had begun when it was killed is begun again."""

    help = "执行后台任务 Work off the queue"

    def add_arguments(self, parser: Any) -> None:
        """`--once`: what waits now, then leave."""
        parser.add_argument("--once", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Take up and clear away what was left, see to what is done every day, then work."""
        DBTaskResult.objects.filter(status=TaskResultStatus.RUNNING).update(
            status=TaskResultStatus.READY, started_at=None, enqueued_at=timezone.now()
        )
        remove_left_over()
        if not options["once"]:
            schedule_reminders()
            schedule_watch()
        call_command("db_worker", batch=options["once"], queue_name="*", verbosity=1)
