"""Asking for a trial, and trying one certificate after the other."""

from __future__ import annotations

import io
import logging
from datetime import datetime
from pathlib import Path

from django.utils import timezone

from lingtan.certificate.migrating import export_migration, migrate
from lingtan.errors import EditionError, LingtanError, Place, fault
from lingtan.standards import freeze_edition, load_edition, load_frozen, run_cases
from lingtan.standards.records import Edition
from lingtan.texts import visible
from lingtan_web.audit.services import Actor, recorded
from lingtan_web.certificates.models import Certificate
from lingtan_web.certificates.queries import find_running
from lingtan_web.certificates.services.acting import find_scheme_person
from lingtan_web.storage import Readable, open_stored, path_of, put
from lingtan_web.trials.models import Trial, TrialLine

_log = logging.getLogger(__name__)
LARGEST_EDITION = 5_000_000
"""Bytes of a frozen edition; that of Shanghai has 83 thousand."""


def read_edition(shipped: str, upload: Readable | None) -> Edition:
    """The edition that was handed in as a frozen file, else the shipped one of that id.

    LingtanError where neither is given, the file is none, its formulas do not hold or its own cases fail.
    """
    if upload is None:
        if not shipped:
            raise LingtanError([fault("trial.no-edition", Place(column="edition"))])
        return load_edition(shipped)
    content = upload.read(LARGEST_EDITION + 1)
    if len(content) > LARGEST_EDITION:
        raise LingtanError([fault("trial.too-large", Place(column="file"), limit=LARGEST_EDITION)])
    edition = load_frozen(content)
    if faults := [one for one in run_cases(edition) if one.severity == "error"]:
        raise EditionError(faults)
    return edition


def ask_trial(actor: Actor, edition: Edition, *, at: datetime | None = None) -> Trial:
    """A trial of the edition on every certificate that runs; the worker begins it when nothing else waits.

    LingtanError (trial.no-certificates) where none runs; PermissionDenied for all but the scheme.
    """
    from lingtan_web.trials.tasks import try_one

    person, at = find_scheme_person(actor), at or timezone.now()
    running = [one.pk for one in find_running(timezone.localdate(at))]
    if not running:
        raise LingtanError([fault("trial.no-certificates")])
    frozen = freeze_edition(edition)
    content = put(io.BytesIO(frozen.content))
    with recorded(actor, "edition.tried", subject=edition.id[:100]) as details:
        details |= {"edition": edition.id, "sha256": frozen.sha256, "certificates": len(running)}
        made = Trial.objects.create(
            edition=edition.id[:100], name_zh=visible(edition.zh)[:200], name_en=visible(edition.en)[:200],
            sha256=frozen.sha256, content=content, certificates=running, by=person, at=at,
        )  # fmt: skip
        try_one.enqueue(made.pk)
    return made


def try_next(trial: Trial) -> bool:
    """Try the first certificate that has no line yet; False where none is left.

    Lines come in the order of the certificates, so their number says which is next.
    """
    left = trial.certificates[TrialLine.objects.filter(trial=trial).count() :]
    if left:
        line = try_certificate(trial, Certificate.objects.get(pk=left[0]))
        TrialLine.objects.bulk_create([line], ignore_conflicts=True)  # another worker may have had it too
    return len(left) > 1


def try_certificate(trial: Trial, certificate: Certificate) -> TrialLine:
    """What the edition of a trial comes to for a certificate; not kept yet. What goes wrong with one park is
    told in its line and does not keep the others from being tried."""
    line = TrialLine(trial=trial, certificate=certificate)
    try:
        found = migrate(_find_bundle(certificate), _load(trial.content))
    except LingtanError as error:
        line.faults = [one.as_dict() for one in error.faults]
    except Exception:
        _log.exception("trial %s, certificate %s", trial.pk, certificate.number)
        line.faults = [fault("trial.our-bug", number=certificate.number).as_dict()]
    else:
        line.outcome, line.found = found.outcome, export_migration(found)
    return line


def _find_bundle(certificate: Certificate) -> Path:
    bundle = path_of(certificate.bundle)
    if not bundle.is_file():
        raise LingtanError([fault("trial.bundle-gone", number=certificate.number)])
    return bundle


def _load(content: str) -> Edition:
    with open_stored(content) as stream:
        return load_frozen(stream.read())
