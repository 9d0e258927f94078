"""What of the store is still named by a row, and taking away what is not.

The store is never searched for waste: only what an app gives up is looked at, and it stays where anything
else names it. Content that was put within a day stays too, for its row may not be written yet.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping

from django.apps import apps
from django.db import models
from django.db.models.functions import Cast

from lingtan_web import storage

FRESH_SECONDS = 24 * 3600
NAMES: Mapping[str, tuple[str, ...]] = {
    "dossiers.StoredFile": ("sha256",),
    "dossiers.Revision": ("before", "after"),
    "dossiers.ImportPreview": ("upload_sha256", "plan_sha256", "carried"),
    "dossiers.DossierExport": ("sha256",),
    "dossiers.DossierVersion": ("manifest",),
    "evidence.DocumentVersion": ("sha256", "preview_sha256"),
    "assessments.Calculation": ("artefacts",),
    "documents.Document": ("sha256",),
    "readings.FrozenReadings": ("files",),
    "reviews.Round": ("snapshot",),
    "reviews.VisitPhoto": ("sha256",),
    "certificates.Certificate": ("paper", "bundle"),
    "certificates.Disclosure": ("bundle",),
    "trials.Trial": ("content",),
}
"""Every field that names content of the store; in those that are JSON it stands somewhere inside."""


def remove_unnamed(contents: Collection[str], *, given_up: models.Model) -> int:
    """Take away content (by SHA-256) that no row but `given_up` names; how many files went."""
    before = time.time() - FRESH_SECONDS
    left = [one for one in sorted(set(contents)) if not _is_named(one, given_up)]
    return sum(storage.take_away(one, put_before=before) for one in left)


def _is_named(sha256: str, given_up: models.Model) -> bool:
    return any(
        _names(apps.get_model(label), field, sha256, given_up)
        for label, fields in NAMES.items()
        for field in fields
    )


def _names(model: type[models.Model], field: str, sha256: str, given_up: models.Model) -> bool:
    rows = model._base_manager.all()
    if isinstance(given_up, model):
        rows = rows.exclude(pk=given_up.pk)
    if isinstance(model._meta.get_field(field), models.JSONField):
        written = rows.annotate(written=Cast(field, models.TextField()))
        return bool(written.filter(written__contains=sha256).exists())
    return bool(rows.filter(**{field: sha256}).exists())
