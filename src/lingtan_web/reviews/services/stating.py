"""The evaluation statement: signed by an evaluator, checked and issued by the body."""

from __future__ import annotations

from dataclasses import replace

from django.utils import timezone

from lingtan.errors import Fault, LingtanError, fault
from lingtan.standards import load_edition
from lingtan_web.audit.services import Actor
from lingtan_web.reviews.models import Signature, Statement, Submission
from lingtan_web.reviews.queries.facts import Case, find_facts
from lingtan_web.reviews.queries.sampling import find_twice
from lingtan_web.reviews.queries.statements import build_content
from lingtan_web.reviews.rules.findings import check_findings
from lingtan_web.reviews.rules.guards import Facts, check_act
from lingtan_web.reviews.rules.results import compute_sha256
from lingtan_web.reviews.rules.terms import load_review_terms
from lingtan_web.reviews.services.acting import Deed, check_text, next_number, performed, refuse
from lingtan_web.reviews.signing import SIGNER
from lingtan_web.reviews.workflow import Act
from lingtan_web.roles import Role


def sign(actor: Actor, *, submission: Submission, conclusion: str, read: str, password: str) -> Statement:
    """Sign the statement as an evaluator. `read`: the SHA-256 of the content as the person saw it."""
    with performed(actor, submission, Act.SIGN, more=_with_incomplete) as deed:
        refuse(check_text(conclusion, "评价结论", "Conclusion", column="conclusion"))
        content = build_content(deed.case)
        if compute_sha256(content) != read:
            raise LingtanError([fault("review.statement-changed")])
        content["conclusion"] = conclusion.strip()
        statement = Statement.objects.create(
            submission=submission,
            number=next_number(Statement, submission),
            by=deed.user,
            content=content,
            sha256=compute_sha256(content),
        )
        _put_name(deed, statement, password)
    return statement


def find_lacking(case: Case, evaluator: int) -> list[Fault]:
    """Everything that keeps an evaluator from signing now."""
    facts = _with_incomplete(case, find_facts(case, timezone.localdate()))
    return check_act(Act.SIGN, Role.EVALUATOR, evaluator, facts, load_review_terms().terms)


def _with_incomplete(case: Case, facts: Facts) -> Facts:
    """What the findings lack; an edition that is no longer the one of the result cannot be scored."""
    faults = check_findings(case.subjects, case.plain_findings, twice=find_twice(case))
    if load_edition(case.submission.edition).sha256 != case.round.result["edition_sha256"]:
        faults.append(fault("review.edition-changed", edition=case.submission.edition))
    return replace(facts, incomplete=tuple(faults))


def _put_name(deed: Deed, statement: Statement, password: str) -> None:
    signed = SIGNER.sign(deed.user, statement.sha256, password)
    Signature.objects.create(
        submission=deed.submission,
        statement=statement,
        by=deed.user,
        role=deed.role,
        method=SIGNER.method,
        sha256=signed,
    )
    deed.details |= {"statement": statement.number, "sha256": statement.sha256, "method": SIGNER.method}


def issue(actor: Actor, *, submission: Submission, read: str, password: str) -> None:
    """Issue the signed statement for the body; who took part in the review cannot."""
    with performed(actor, submission, Act.ISSUE) as deed:
        statement = deed.case.statement
        assert statement is not None
        if statement.sha256 != read:
            raise LingtanError([fault("review.statement-changed")])
        _put_name(deed, statement, password)


def send_back(actor: Actor, *, submission: Submission, reasons: str) -> None:
    """Send the statement back to the evaluators, with reasons."""
    with performed(actor, submission, Act.SEND_BACK) as deed:
        refuse(check_text(reasons, "退回理由", "Reasons", column="reasons"))
        deed.note = reasons.strip()
