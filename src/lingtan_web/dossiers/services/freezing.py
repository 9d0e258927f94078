"""Frozen versions: every file of the dossier by its SHA-256, and what the core reads in them."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Mapping

from django.db.models import Max

import lingtan
from lingtan_web import storage
from lingtan_web.audit.services import Actor, recorded
from lingtan_web.dossiers.checkouts import check_out, check_out_working, find_files, find_texts
from lingtan_web.dossiers.models import DossierVersion, WorkingDossier

__all__ = ["check_out", "freeze_version"]


def freeze_version(actor: Actor, *, dossier: WorkingDossier, label: str = "") -> DossierVersion:
    """The dossier as it stands, as a version nobody can change. DossierError if the core cannot read it."""
    with recorded(actor, "dossier.frozen", park=dossier.park, subject=label or str(dossier.year)) as found:
        locked = WorkingDossier.objects.select_for_update().select_related("park").get(pk=dossier.pk)
        files = find_files(locked)
        with check_out_working(locked, files=files) as folder:
            fingerprint = lingtan.read_dossier(folder).fingerprint
        manifest = _keep(locked, files)
        last = locked.versions.aggregate(last=Max("number"))["last"] or 0
        version = DossierVersion.objects.create(
            dossier=locked, number=last + 1, revision=locked.revision, manifest=manifest,
            manifest_sha256=compute_manifest_sha256(manifest), fingerprint=fingerprint,
            label=label[:120], made_by_id=actor.user_id,
        )  # fmt: skip
        found |= {"version": version.number, "fingerprint": fingerprint, "revision": locked.revision}
    return version


def _keep(dossier: WorkingDossier, files: Mapping[str, str]) -> dict[str, str]:
    texts = {path: storage.put(io.BytesIO(content)) for path, content in find_texts(dossier).items()}
    return dict(sorted({**files, **texts}.items()))


def compute_manifest_sha256(manifest: Mapping[str, str]) -> str:
    """The SHA-256 over a manifest in its one spelling."""
    text = json.dumps(dict(manifest), sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()
