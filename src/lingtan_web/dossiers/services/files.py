"""Files of a working dossier: readings of meters, looked at by the core's importer first."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils import timezone

from lingtan.dossier.contents import READING_ENDINGS, READINGS
from lingtan.dossier.findings import shown
from lingtan.errors import Fault, LingtanError, Place, fault
from lingtan.metering.importing import ImportOptions, plan_import
from lingtan_web import storage
from lingtan_web.audit.services import Actor
from lingtan_web.dossiers.models import StoredFile, WorkingDossier
from lingtan_web.dossiers.profiles import read_profile
from lingtan_web.dossiers.services.changing import changing
from lingtan_web.dossiers.uploads import Upload, keep_upload, laid_out


def attach_readings(actor: Actor, *, dossier: WorkingDossier, upload: Upload | None) -> tuple[Fault, ...]:
    """A file of readings, kept as it was given; what the importer found in it.

    LingtanError if no reading is recognised in it. A file of the same name is replaced.
    """
    name, sha256 = keep_upload(upload)
    if not name.lower().endswith(READING_ENDINGS):
        reason = "、".join(READING_ENDINGS)
        raise LingtanError(
            [fault("dossiers.not-readings", Place(shown(name)), name=shown(name), reason=reason)]
        )
    found = _look(dossier, name, sha256)
    with changing(actor, "dossier.file-attached", dossier=dossier, kind="files", subject=name) as change:
        change.set_file(READINGS + name, (sha256, storage.path_of(sha256).stat().st_size))
    return tuple(found)


def _look(dossier: WorkingDossier, name: str, sha256: str) -> Sequence[Fault]:
    zone = read_profile(dossier.facts).location.timezone
    with laid_out(name, sha256) as path:
        plan = plan_import([path], options=ImportOptions(zone=zone, today=timezone.localdate()))
        if not plan.taken:
            first = plan.faults[0].words("zh").what if plan.faults else "—"
            refused = fault("dossiers.not-readings", Place(shown(name)), name=shown(name), reason=first)
            raise LingtanError([refused, *plan.faults[:20]])
        return plan.faults


def detach_file(actor: Actor, *, dossier: WorkingDossier, file: StoredFile) -> None:
    """Take a file out of the dossier; versions that have it keep it."""
    with changing(actor, "dossier.file-detached", dossier=dossier, kind="files", subject=file.path) as change:
        change.set_file(file.path, None)
