"""What a park publishes of the bundle behind its certificate, so that anyone can repeat the assessment.

The full bundle is kept; what is confidential is never part of what is published, whatever the park chooses.
"""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from pathlib import Path

from django.utils import timezone

from lingtan.certificate import bundle as bundles
from lingtan.dossier.reading import read_dossier
from lingtan.dossier.records import Row
from lingtan.errors import LingtanError, Place, fault
from lingtan_web.audit.services import Actor, recorded
from lingtan_web.certificates.models import Certificate, Disclosure
from lingtan_web.certificates.services.acting import find_person
from lingtan_web.evidence.models import Document
from lingtan_web.parks.models import ParkEnterprise
from lingtan_web.roles import Role
from lingtan_web.storage import open_stored, path_of, put

OF_ENTERPRISES = ("dossier/registers/", "dossier/readings/")
"""Where lines of enterprises stand side by side: withheld whole where one of them is confidential."""
ALWAYS = frozenset([bundles.EDITION, bundles.RESULT])
"""What belongs to every disclosure: without them nothing can be compared."""


def list_files(certificate: Certificate) -> list[str]:
    """The names of the files in the bundle, for a park to choose from."""
    with open_stored(certificate.bundle) as stream, zipfile.ZipFile(stream) as archive:
        return sorted(set(archive.namelist()) - {bundles.MANIFEST})


def find_confidential(certificate: Certificate) -> tuple[str, ...]:
    """Names and folders that are not published: evidence marked confidential or sealed by its owner, and the
    lines of enterprises where one of them is confidential."""
    with tempfile.TemporaryDirectory(prefix="lingtan-bundle-") as room:
        bundles.unpack_bundle(path_of(certificate.bundle), Path(room))
        rows = read_dossier(Path(room, bundles.DOSSIER)).rows
    found = set(_find_evidence(rows.get("evidence", ()), certificate))
    marked = any(row.values.get("confidential") is True for row in rows.get("enterprises", ()))
    if marked or ParkEnterprise.objects.filter(park=certificate.park, is_confidential=True).exists():
        names = list_files(certificate)
        found |= {one for one in OF_ENTERPRISES if any(name.startswith(one) for name in names)}
    return tuple(sorted(found))


def disclose(
    actor: Actor, certificate: Certificate, withheld: Collection[str] = (), *, at: datetime | None = None
) -> Disclosure:
    """Publish the bundle without `withheld` (names, or folders ending in `/`) and what is confidential.

    LingtanError for a name that the bundle does not have, or that is never left out.
    """
    person = find_person(actor, certificate.park, Role.PARK)
    _check_names(certificate, withheld)
    left_out = sorted({*withheld, *find_confidential(certificate)})
    with tempfile.TemporaryDirectory(prefix="lingtan-bundle-") as room:
        target = Path(room, "bundle.zip")
        bundles.disclose(path_of(certificate.bundle), target, left_out)
        with target.open("rb") as stream:
            sha256 = put(stream)
    return _keep(actor, certificate, person.pk, left_out, sha256, at or timezone.now())


def take_back(actor: Actor, certificate: Certificate, *, at: datetime | None = None) -> Disclosure:
    """Publish nothing of the bundle any more; copies that others have stay what they are."""
    person = find_person(actor, certificate.park, Role.PARK)
    return _keep(actor, certificate, person.pk, [], "", at or timezone.now())


def _keep(  # noqa: PLR0913 what is kept
    actor: Actor, certificate: Certificate, person: int, withheld: list[str], sha256: str, at: datetime
) -> Disclosure:
    with recorded(
        actor, "certificate.disclosed", park=certificate.park, subject=certificate.number
    ) as details:
        details |= {"certificate": certificate.number, "withheld": withheld, "bundle": sha256}
        return Disclosure.objects.create(
            certificate=certificate, withheld=withheld, bundle=sha256, by_id=person, at=at
        )


def _check_names(certificate: Certificate, withheld: Collection[str]) -> None:
    files = list_files(certificate)
    folders = {name[: at + 1] for name in files for at, letter in enumerate(name) if letter == "/"}
    wrong = [one for one in withheld if one not in folders and (one not in files or one in ALWAYS)]
    if wrong:
        raise LingtanError(
            [fault("certificate.cannot-withhold", Place(column="withheld"), name=one[:120]) for one in wrong]
        )


def _find_evidence(listed: Iterable[Row], certificate: Certificate) -> Iterator[str]:
    sealed = set(Document.objects.filter(park=certificate.park, is_sealed=True).values_list("key", flat=True))
    names = set(list_files(certificate))
    for row in listed:
        name = f"{bundles.DOSSIER}evidence/{row.text('file')}"
        is_hidden = row.values.get("confidential") is True or row.text("id") in sealed
        if is_hidden and name in names:
            yield name
