"""What a certificate rests on, gathered before it has a number: facts, fingerprints, the bundle."""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from lingtan.certificate import Certificate as Facts
from lingtan.certificate import Ring
from lingtan.certificate.bundle import without_traces, write_bundle
from lingtan.certificate.lifecycle.records import Terms, read_terms
from lingtan.certificate.lifecycle.rules import last_day
from lingtan.dossier.archives import FolderFiles
from lingtan.dossier.contents import BOUNDARY
from lingtan.dossier.findings import Findings
from lingtan.errors import LingtanError, fault
from lingtan.standards import load_edition
from lingtan.standards.freezing import canonical_json, freeze_edition
from lingtan.standards.records import Edition
from lingtan_web.certificates.granting import Grant
from lingtan_web.dossiers.checkouts import check_out
from lingtan_web.dossiers.models import DossierVersion
from lingtan_web.reviews.versions import find_handed_in
from lingtan_web.storage import open_stored, put


@dataclass(frozen=True, slots=True)
class Draft:
    """A certificate without number and place. `bundle` is the SHA-256 of the zip in the store."""

    facts: Facts
    terms: Terms
    edition: Edition
    bundle: str


def draft(grant: Grant, ring: Ring, day: date) -> Draft:
    """Everything a certificate of `grant`, valid from `day`, will say. LingtanError says what is lacking.

    The result is the one that was handed in, byte for byte, and the edition the one it was reached under.
    """
    version, submission = grant.round.version, grant.submission
    result, edition = without_traces(_find_result(grant)), load_edition(submission.edition)
    frozen = freeze_edition(edition)
    if frozen.sha256 != result["edition_sha256"]:
        raise LingtanError([fault("certificate.edition-changed", edition=edition.id)])
    boundary = _hash_boundary(version)
    terms = read_terms(edition)
    manifest, bundle = _keep_bundle(version, frozen.content, result)
    award = next(one for one in edition.awards if one.id == grant.stage)
    park = submission.park
    facts = Facts(
        number="", scheme=ring.scheme, scheme_name=ring.name, park=park.slug, park_name=park.name_zh,
        park_name_en=park.name_en, boundary_sha256=boundary, edition=edition.id, edition_name=edition.zh,
        edition_sha256=frozen.sha256, stars=grant.stars, stage=award.zh, stage_en=award.en, score=grant.score,
        year=submission.year, on=grant.round.on, decided_on=grant.decided_on, issued_on=day, valid_from=day,
        valid_until=last_day(day, terms), dossier_sha256=result["dossier_sha256"],
        result_sha256=hashlib.sha256(canonical_json(result).encode()).hexdigest(), bundle_sha256=manifest,
        software=str(result["software"]).removeprefix("lingtan "), status_index=0,
    )  # fmt: skip
    return Draft(facts, terms, edition, bundle)


def _find_result(grant: Grant) -> Mapping[str, Any]:
    handed = grant.round
    found = find_handed_in(handed.version, grant.submission.edition, handed.result_sha256)
    if found is None:
        raise LingtanError([fault("certificate.result-gone", version=handed.version.number)])
    return found.export


def _hash_boundary(version: DossierVersion) -> str:
    """The SHA-256 of the boundary as canonical JSON: layout and order of keys do not change it."""
    if BOUNDARY not in version.manifest:
        raise LingtanError([fault("certificate.no-boundary", version=version.number)])
    with open_stored(version.manifest[BOUNDARY]) as stream:
        boundary = json.load(stream, parse_float=Decimal)
    return hashlib.sha256(canonical_json(boundary).encode()).hexdigest()


def _keep_bundle(version: DossierVersion, edition: bytes, result: Mapping[str, Any]) -> tuple[str, str]:
    """The SHA-256 of the manifest, and that of the zip in the store: all of it, disclosed later or not."""
    findings = Findings()
    with check_out(version) as folder, tempfile.TemporaryDirectory(prefix="lingtan-bundle-") as room:
        files = FolderFiles(folder, findings)
        if faults := findings.all():
            raise LingtanError(faults)
        target = Path(room, "bundle.zip")
        manifest = write_bundle(target, files, edition=edition, result=result)
        with target.open("rb") as stream:
            return manifest, put(stream)
