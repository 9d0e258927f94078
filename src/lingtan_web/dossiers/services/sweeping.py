"""What previews of imports kept and nobody confirmed: the upload, its plan, the files it carried."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from lingtan_web.audit.services import SYSTEM, recorded
from lingtan_web.dossiers.limits import limit
from lingtan_web.dossiers.models import ImportPreview
from lingtan_web.storekeeping import remove_unnamed

GRACE = timedelta(days=1)
"""Whoever confirmed a preview at the last moment is done by then."""


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
