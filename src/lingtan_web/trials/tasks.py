"""The work behind a trial: one certificate at a time, so that what people wait for comes in between."""

from __future__ import annotations

from django_tasks import task

from lingtan_web.trials.models import Trial
from lingtan_web.trials.services import try_next

AFTER_OTHERS = -50
"""Nobody looks at a page and waits: calculations and documents go before."""


@task(priority=AFTER_OTHERS)
def try_one(trial: int) -> None:
    """Try the next certificate and ask for the one after it; killed, it is begun again where it was."""
    if try_next(Trial.objects.get(pk=trial)):
        try_one.enqueue(trial)
