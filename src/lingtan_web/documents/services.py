"""Asking for documents, and the changes of state on their way."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from lingtan.errors import LingtanError, fault
from lingtan_web.assessments.models import Calculation, State
from lingtan_web.audit.services import SYSTEM, Actor, recorded
from lingtan_web.documents.models import Document
from lingtan_web.documents.rules import Wanted

STALE_AFTER = timedelta(minutes=15)


def ask_documents(actor: Actor, *, calculation: Calculation, wanted: Collection[Wanted]) -> list[Document]:
    """Put documents of a calculation into the queue; what is made, or being made, stays as it is.

    LingtanError (cockpit.not-ready) while the calculation has no results.
    """
    if calculation.state != State.DONE:
        raise LingtanError([fault("cockpit.not-ready")])
    park = calculation.version.dossier.park
    with recorded(actor, "documents.asked", park=park, subject=str(calculation.pk)) as details:
        details["documents"] = [f"{one.kind}.{one.language}.{one.format}" for one in sorted(wanted)]
        found = [_ask(calculation, one) for one in sorted(wanted)]
        if any(one.state == State.QUEUED for one in found):
            from lingtan_web.documents.tasks import make_documents

            make_documents.enqueue(calculation.pk)
    return found


def _ask(calculation: Calculation, wanted: Wanted) -> Document:
    one, _ = Document.objects.select_for_update().get_or_create(
        calculation=calculation, kind=wanted.kind, format=wanted.format, language=wanted.language
    )
    if one.state == State.FAILED or _is_abandoned(one):
        one.state, one.attempt, one.faults = State.QUEUED, "", []
        one.asked_at, one.started_at = timezone.now(), None
        one.save()
    return one


def _is_abandoned(one: Document) -> bool:
    since = one.started_at or one.asked_at
    is_open = one.state in (State.QUEUED, State.RUNNING)
    return is_open and timezone.now() - since > STALE_AFTER


def begin(calculation: int, runner: str = "") -> list[Document]:
    """Take all waiting documents of a calculation for oneself.

    A task that runs again was killed the first time: it takes what it had begun.
    """
    attempt, now = uuid.uuid4().hex, timezone.now()
    stale = Q(state=State.RUNNING, started_at__lt=now - STALE_AFTER)
    own = Q(state=State.RUNNING, runner=runner) if runner else stale
    waiting: QuerySet[Document] = Document.objects.filter(
        Q(state=State.QUEUED) | stale | own, calculation=calculation
    )
    if waiting.exists():
        with recorded(SYSTEM, "documents.begun", subject=str(calculation)):
            waiting.update(state=State.RUNNING, attempt=attempt, runner=runner, started_at=now)
    mine = Document.objects.filter(calculation=calculation, attempt=attempt)
    return list(mine.order_by("kind", "language", "format"))


def finish(document: Document, *, sha256: str, size: int) -> None:
    """Keep where the content is, unless the run was given up meanwhile."""
    with recorded(SYSTEM, "document.made", subject=_name(document), details={"sha256": sha256}):
        _mine(document).update(state=State.DONE, sha256=sha256, size=size, finished_at=timezone.now())


def fail(documents: Sequence[Document], faults: Sequence[Mapping[str, object]]) -> None:
    """Say why they could not be made."""
    for document in documents:
        with recorded(SYSTEM, "document.failed", subject=_name(document)):
            _mine(document).update(state=State.FAILED, faults=list(faults), finished_at=timezone.now())


def _mine(document: Document) -> QuerySet[Document]:
    return Document.objects.filter(pk=document.pk, attempt=document.attempt, state=State.RUNNING)


def _name(document: Document) -> str:
    return f"{document.calculation_id}/{document.kind}.{document.language}.{document.format}"
