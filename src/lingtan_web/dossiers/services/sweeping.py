"""What was kept for a while: previews of imports that nobody confirmed, with their files, and exports."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from lingtan_web.audit.services import SYSTEM, recorded
from lingtan_web.dossiers.limits import limit
from lingtan_web.dossiers.models import DossierExport, ImportPreview
from lingtan_web.storekeeping import remove_unnamed

GRACE = timedelta(days=1)
"""Whoever confirmed a preview at the last moment is done by then."""

EXPORT_LIFE = timedelta(days=2)
"""More than the day within which content that was put is never taken away."""


def sweep_previews() -> int:
    """Give up what previews that ran out kept; how many previews. Their rows stay, to say that they ended.

    Killed on the way it goes on with the next run: a preview forgets its files after they are gone.
    """
    ended = timezone.now() - timedelta(days=limit("preview_days")) - GRACE
    stale = ImportPreview.objects.filter(confirmed_as=None, made_at__lte=ended).exclude(upload_sha256="")
    found = list(stale.select_related("dossier__park"))
    for preview in found:
        kept = {preview.upload_sha256, preview.plan_sha256, *preview.carried} - {""}
        details = {"upload": preview.upload_sha256, "files": remove_unnamed(kept, given_up=preview)}
        park = preview.dossier.park
        with recorded(SYSTEM, "dossier.preview-swept", park=park, subject=preview.name, details=details):
            ImportPreview.objects.filter(pk=preview.pk).update(upload_sha256="", plan_sha256="", carried=[])
    return len(found)


def sweep_exports() -> int:
    """Give up exports of yesterday and before; how many. Whoever wants one again asks again."""
    old = list(DossierExport.objects.filter(asked_at__lte=timezone.now() - EXPORT_LIFE))
    for export in old:
        if export.sha256:
            remove_unnamed([export.sha256], given_up=export)
        with recorded(SYSTEM, "dossier.export-swept", subject=str(export.pk)):
            export.delete()
    return len(old)
