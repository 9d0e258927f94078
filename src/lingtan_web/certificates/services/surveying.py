"""Surveillance: what the park declares every year, and what a later review has found."""

from __future__ import annotations

from datetime import date, datetime

from django.utils import timezone

from lingtan.errors import Fault, LingtanError, Place, fault
from lingtan_web.audit.services import Actor, recorded
from lingtan_web.certificates.granting import find_grant
from lingtan_web.certificates.models import Certificate, CertificateEvent, Declaration
from lingtan_web.certificates.queries import read_life, stands_on
from lingtan_web.certificates.services.acting import find_person
from lingtan_web.certificates.services.entering import open_case, survey
from lingtan_web.certificates.services.telling import tell_declared
from lingtan_web.dossiers.models import DossierVersion
from lingtan_web.reviews.models import Submission
from lingtan_web.reviews.services.acting import check_text, refuse
from lingtan_web.roles import Role


def declare(  # noqa: PLR0913 what a declaration says
    actor: Actor,
    certificate: Certificate,
    *,
    year: int,
    conforms: bool,
    text: str = "",
    version: DossierVersion | None = None,
    at: datetime | None = None,
) -> Declaration:
    """The park declares for a year that it still conforms, or what does not; the last word of a year counts.

    LingtanError: the certificate does not run, a year that is not over or was before it, the data of
    another park or year, no reason why it does not conform.
    """
    person = find_person(actor, certificate.park, Role.PARK)
    moment = at or timezone.now()
    refuse(_check_declaration(certificate, year, version, moment))
    if not conforms:
        refuse(check_text(text, "不再符合之处", "What does not conform", column="text"))
    with recorded(
        actor, "certificate.declared", park=certificate.park, subject=certificate.number
    ) as details:
        row = Declaration.objects.create(
            certificate=certificate, year=year, version=version, conforms=conforms, text=text.strip()[:4000],
            by=person, at=moment,
        )  # fmt: skip
        details |= {"certificate": certificate.number, "year": year, "conforms": conforms}
        tell_declared(row)
    return row


def _check_declaration(
    certificate: Certificate, year: int, version: DossierVersion | None, at: datetime
) -> list[Fault]:
    day, faults = timezone.localdate(at), []
    if stands_on(read_life(certificate), day) not in ("valid", "suspended"):
        faults.append(fault("certificate.not-running", number=certificate.number))
    first = int(certificate.facts["year"])
    if not first < year < day.year:
        faults.append(
            fault(
                "certificate.year-wrong", Place(column="year"), year=year, first=first + 1, last=day.year - 1
            )
        )
    if version is not None and (version.dossier.park_id, version.dossier.year) != (certificate.park_id, year):
        faults.append(fault("certificate.version-other", Place(column="version"), year=year))
    return faults


def survey_by_review(
    actor: Actor, certificate: Certificate, submission: Submission, *, at: datetime | None = None
) -> CertificateEvent:
    """What a later review came to: the same stars pass the surveillance, others (or none) open a case.

    The case is decided after the hearing, with a certificate of that review in the place of this one
    (`issuing.issue` with `Follow`). LingtanError where the review is not one of a later year of the park,
    or its decision does not stand yet.
    """
    find_person(actor, certificate.park, Role.SCHEME)
    day = timezone.localdate(at)
    if submission.park_id != certificate.park_id or submission.year <= int(certificate.facts["year"]):
        raise LingtanError(
            [fault("certificate.not-a-surveillance", first=int(certificate.facts["year"]) + 1)]
        )
    stars = _find_stars(submission, day)
    said = f"{submission.year} 年度评审（第 {submission.number} 号）"
    if stars == certificate.stars:
        return survey(actor, certificate, f"{said}：得分仍在 {stars} 星分数段", at=at)
    found = f"评定为 {stars} 星" if stars else "未授予星级"
    return open_case(actor, certificate, "score_band", f"{said}{found}，证书为 {certificate.stars} 星", at=at)


def _find_stars(submission: Submission, day: date) -> int | None:
    try:
        return find_grant(submission, day).stars
    except LingtanError as error:
        if {one.code for one in error.faults} != {"certificate.not-granted"}:
            raise
        return None
