"""Handing in: the park submits, the scheme accepts or returns, the park withdraws or hands in again."""

from __future__ import annotations

from datetime import date

from django.db import IntegrityError
from django.utils import timezone

from lingtan.errors import LingtanError, Place, fault
from lingtan_web.audit.services import Actor, recorded
from lingtan_web.dossiers.models import DossierVersion
from lingtan_web.organisations.models import User
from lingtan_web.reviews.models import Round, Step, Submission
from lingtan_web.reviews.queries.states import find_running
from lingtan_web.reviews.rules.changes import check_reopened, find_changes
from lingtan_web.reviews.rules.guards import Facts, check_act
from lingtan_web.reviews.rules.results import build_result, compute_sha256
from lingtan_web.reviews.rules.terms import load_review_terms
from lingtan_web.reviews.services.acting import (
    check_text,
    choose_role,
    find_actor,
    next_number,
    performed,
    refuse,
)
from lingtan_web.reviews.versions import Assessed, find_assessed, find_snapshot, keep_snapshot
from lingtan_web.reviews.workflow import Act, State
from lingtan_web.roles import Role


def submit(actor: Actor, *, version: DossierVersion, edition: str, is_truthful: bool) -> Submission:
    """Hand in a version as the park's self-assessment for its year under `edition`.

    LingtanError: not the park's to do, not declared true, another one under review, no result yet.
    """
    park, year = version.dossier.park, version.dossier.year
    user, roles = find_actor(actor, park)
    role = choose_role(State.DRAFT, Act.SUBMIT, roles)
    facts = Facts(State.DRAFT, timezone.localdate())
    refuse(check_act(Act.SUBMIT, role, user.pk, facts, load_review_terms().terms))
    if not is_truthful:
        raise LingtanError([fault("review.not-truthful", Place(column="is_truthful"))])
    assessed = _assessed(version, edition)
    snapshot = keep_snapshot(version)
    try:
        with recorded(actor, "review.submit", park=park, subject=str(year)) as details:
            _check_alone(version)
            submission = Submission.objects.create(
                park=park, year=year, number=_next(version), edition=edition, by=user
            )
            details |= {"number": submission.number, "version": version.number, "edition": edition}
            _begin(submission, user, role)
            _keep_round(submission, version, user, assessed=assessed, snapshot=snapshot)
    except IntegrityError:
        raise LingtanError([fault("review.changed-meanwhile")]) from None
    return submission


def _assessed(version: DossierVersion, edition: str) -> Assessed:
    assessed = find_assessed(version, edition)
    if assessed is None:
        raise LingtanError([fault("review.not-calculated", version=version.number, edition=edition[:100])])
    return assessed


def _check_alone(version: DossierVersion) -> None:
    of_year = Submission.objects.filter(park=version.dossier.park, year=version.dossier.year)
    running = find_running(of_year)
    if running is not None:
        raise LingtanError([fault("review.running-already", year=running.year, number=running.number)])


def _next(version: DossierVersion) -> int:
    last = Submission.objects.filter(park=version.dossier.park).order_by("-number")
    return (last.values_list("number", flat=True).first() or 0) + 1


def _begin(submission: Submission, user: User, role: Role) -> None:
    Step.objects.create(
        submission=submission, number=1, act=Act.SUBMIT, role=role, before=State.DRAFT,
        after=State.SUBMITTED, by=user,
    )  # fmt: skip


def _keep_round(
    submission: Submission, version: DossierVersion, user: User, *, assessed: Assessed, snapshot: str
) -> None:
    Round.objects.create(
        submission=submission,
        number=next_number(Round, submission),
        version=version,
        by=user,
        on=assessed.on,
        result=build_result(assessed.export),
        result_sha256=compute_sha256(assessed.export),
        snapshot=snapshot,
    )


def resubmit(actor: Actor, *, submission: Submission, version: DossierVersion, note: str = "") -> None:
    """Hand in the mended version: it may differ only where a question reopened it."""
    assessed = _assessed(version, submission.edition)
    snapshot = keep_snapshot(version)
    with performed(actor, submission, Act.RESUBMIT) as deed:
        before = deed.case.round
        if before.version_id == version.pk or before.snapshot == snapshot:
            raise LingtanError([fault("review.same-version", version=version.number)])
        changes = find_changes(find_snapshot(before.snapshot), find_snapshot(snapshot))
        refuse(check_reopened(changes, deed.case.opened))
        _keep_round(submission, version, deed.user, assessed=assessed, snapshot=snapshot)
        deed.note = note.strip()
        deed.details |= {"version": version.number, "changes": len(changes)}


def accept(actor: Actor, *, submission: Submission, on: date | None = None) -> None:
    """Accept for review, under the mandate that holds for the park and year."""
    with performed(actor, submission, Act.ACCEPT, on=on) as deed:
        assert deed.case.mandate is not None
        deed.mandate_id = deed.case.mandate.pk
        deed.details["mandate"] = deed.case.mandate.pk


def give_back(actor: Actor, *, submission: Submission, reasons: str, on: date | None = None) -> None:
    """Return to the park, with reasons; of one with open questions only after the days to answer."""
    with performed(actor, submission, Act.RETURN, on=on) as deed:
        refuse(check_text(reasons, "退回理由", "Reasons", column="reasons"))
        deed.note = reasons.strip()


def withdraw(actor: Actor, *, submission: Submission, reasons: str = "") -> None:
    """Take the self-assessment back."""
    with performed(actor, submission, Act.WITHDRAW) as deed:
        deed.note = reasons.strip()[:4000]
