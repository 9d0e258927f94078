"""Work in the background."""

from __future__ import annotations

from django.utils import timezone
from django_tasks import task

from lingtan_web.notices.services import send_reminders


@task()
def remind() -> dict[str, int]:
    """The reminders of today; running it again sends nothing twice."""
    new, letters = send_reminders(timezone.localdate())
    return {"reminders": new, "letters": letters}
