"""Exports that the worker makes because they take too long to wait for."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import Http404
from django.utils import timezone

from lingtan.errors import Fault, LingtanError, fault
from lingtan_web import storage
from lingtan_web.audit.services import SYSTEM, Actor, recorded
from lingtan_web.dossiers.exports import ENDINGS, export_dossier
from lingtan_web.dossiers.models import STALE_AFTER, DossierExport, WorkingDossier
from lingtan_web.dossiers.plans import keep_fault
from lingtan_web.dossiers.scopes import Scope


def ask_export(actor: Actor, *, dossier: WorkingDossier, scope: Scope, ending: str) -> DossierExport:
    """The export of the dossier as it stands; put into the queue unless one was asked for just now.

    A later one is made anew although no row has changed: readings may have been pushed. 404 for another
    ending.
    """
    if ending not in ENDINGS:
        raise Http404
    keys = None if scope.keys is None else sorted(scope.keys)
    recent = DossierExport.objects.filter(
        dossier=dossier, revision=dossier.revision, ending=ending, asked_at__gt=timezone.now() - STALE_AFTER
    )
    for one in recent.order_by("-pk"):
        if one.keys == keys:
            return one
    with recorded(actor, "dossier.export-asked", park=dossier.park, subject=f"{dossier.year}.{ending}"):
        made = DossierExport.objects.create(
            dossier=dossier, revision=dossier.revision, keys=keys, ending=ending, asked_by_id=actor.user_id
        )
        from lingtan_web.dossiers.tasks import make_export

        make_export.enqueue(made.pk)
    return made


def export_waiting(export: DossierExport) -> None:
    """Make an export that waits, or say in it why there is none. Begun twice it is made once."""
    if not export.is_pending:
        return
    scope = Scope(None if export.keys is None else frozenset(export.keys))
    sha256, faults = "", [fault("dossiers.export-broken")]
    try:
        _, stream = export_dossier(export.dossier, scope, export.ending)
        with stream:
            sha256, faults = storage.put(stream), []
    except LingtanError as error:
        faults = list(error.faults)
    finally:  # also where it is our bug: a page waits for it
        _settle(export, sha256, faults)


def _settle(export: DossierExport, sha256: str, faults: Sequence[Fault]) -> None:
    with recorded(SYSTEM, "dossier.exported", park=export.dossier.park, subject=str(export.pk)) as details:
        details["sha256"] = sha256
        told = [keep_fault(one) for one in faults]
        DossierExport.objects.filter(pk=export.pk, sha256="").update(sha256=sha256, faults=told)
