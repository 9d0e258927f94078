"""The work of the evaluators: independence, findings, questions and their threads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.http import Http404

from lingtan.errors import Fault, LingtanError, fault
from lingtan_web.audit.services import Actor
from lingtan_web.reviews.models import Finding, IndependenceStatement, Message, Question, Step, Submission
from lingtan_web.reviews.queries.facts import Case, is_settled
from lingtan_web.reviews.rules import findings as rules
from lingtan_web.reviews.rules.evaluators import check_cap, check_declarations, check_rotation, is_free
from lingtan_web.reviews.rules.fields import check_fields
from lingtan_web.reviews.rules.guards import Facts
from lingtan_web.reviews.rules.terms import load_review_terms
from lingtan_web.reviews.services.acting import Deed, More, check_text, next_number, performed, refuse
from lingtan_web.reviews.workflow import Act
from lingtan_web.roles import Role


def declare_independence(actor: Actor, *, submission: Submission, answers: Mapping[str, bool]) -> None:
    """State one's ties to the park, point by point; a tie keeps the person out of this review."""
    with performed(actor, submission, Act.DECLARE, more=_barred(actor, submission)) as deed:
        refuse(check_declarations(answers, load_review_terms().independence))
        free = is_free(answers)
        IndependenceStatement.objects.create(
            submission=submission, by=deed.user, answers=dict(answers), is_free=free
        )
        deed.details["is_free"] = free


def begin(actor: Actor, *, submission: Submission, on: date | None = None) -> None:
    """Begin the review, if neither cap nor rotation keeps the evaluator out."""
    with performed(actor, submission, Act.BEGIN, on=on, more=_barred(actor, submission)):
        pass


def _barred(actor: Actor, submission: Submission) -> More:
    def add(case: Case, facts: Facts) -> Facts:
        return replace(facts, barred=tuple(find_bars(actor.user_id or 0, submission, facts.today)))

    return add


def find_bars(evaluator: int, submission: Submission, today: date) -> list[Fault]:
    """What keeps an evaluator from another review: the yearly cap, and rotation from this park.

    Taking part is having declared oneself free in a review that was begun.
    """
    terms = load_review_terms().terms
    joined = IndependenceStatement.objects.filter(by=evaluator, is_free=True).exclude(submission=submission)
    begun = Step.objects.filter(act=Act.BEGIN, submission__in=joined.values("submission"))
    this_year = begun.filter(at__date__year=today.year).values("submission").distinct().count()
    years = set(begun.filter(submission__park=submission.park_id).values_list("submission__year", flat=True))
    return [*check_cap(this_year, terms), *check_rotation(years, submission.year, terms)]


@dataclass(frozen=True, slots=True)
class Opinion:
    """What an evaluator says of a subject, as typed."""

    verdict: str
    value: str | None = None
    reasons: str = ""
    reference: str = ""


def record_finding(actor: Actor, *, submission: Submission, code: str, opinion: Opinion) -> Finding:
    """Record a verdict on an indicator or requirement (a question is asked with `ask`)."""
    with performed(actor, submission, Act.FIND) as deed:
        subject = find_subject(deed.case, code)
        given = rules.Finding(
            code=code,
            evaluator=deed.user.pk,
            verdict=read_verdict(opinion.verdict),
            value=opinion.value.strip() if opinion.value and opinion.value.strip() else None,
            reasons=opinion.reasons.strip(),
            reference=opinion.reference.strip(),
        )
        refuse(rules.check_finding(given, subject))
        deed.details |= {"code": code, "verdict": given.verdict}
        return _keep_finding(deed, given, subject)


def find_subject(case: Case, code: str) -> rules.Subject:
    """What `code` names in this review; LingtanError if nothing."""
    subject = case.subject(code)
    if subject is None:
        raise LingtanError([fault("review.unknown-subject", code=code[:60])])
    return subject


def read_verdict(text: str) -> rules.Verdict:
    """A verdict by its id; LingtanError for another text."""
    try:
        return rules.Verdict(text)
    except ValueError:
        raise LingtanError([fault("review.choice-unknown", given=text[:40])]) from None


def _keep_finding(deed: Deed, given: rules.Finding, subject: rules.Subject) -> Finding:
    return Finding.objects.create(
        submission=deed.submission,
        number=next_number(Finding, deed.submission),
        round=deed.case.round,
        by=deed.user,
        code=given.code,
        verdict=given.verdict,
        value=given.value,
        seen=subject.value,
        reasons=given.reasons,
        reference=given.reference,
    )


def ask(actor: Actor, *, submission: Submission, code: str, text: str, fields: Sequence[str]) -> Question:
    """Ask the park about a subject; the fields named are reopened to it until the question is settled."""
    with performed(actor, submission, Act.ASK) as deed:
        subject = find_subject(deed.case, code)
        named = list(dict.fromkeys(field.strip() for field in fields if field.strip()))
        refuse([*check_text(text, "问题", "Question", column="text"), *check_fields(named)])
        question = Question.objects.create(
            submission=submission,
            number=next_number(Question, submission),
            code=code,
            fields=named,
            by=deed.user,
        )
        _say(deed, question, "ask", text)
        asked = rules.Finding(code, deed.user.pk, rules.Verdict.QUESTION)
        _keep_finding(deed, asked, subject)
        deed.details |= {"question": question.number, "code": code, "fields": named}
    return question


def _say(deed: Deed, question: Question, kind: str, text: str) -> None:
    Message.objects.create(
        submission=deed.submission,
        question=question,
        kind=kind,
        by=deed.user,
        role=deed.role,
        text=text.strip(),
    )


def _open_question(deed: Deed, number: int) -> Question:
    found = next((one for one in deed.case.questions if one.number == number), None)
    if found is None:
        raise Http404
    if is_settled(found):
        raise LingtanError([fault("review.no-open-question")])
    return found


def answer(actor: Actor, *, submission: Submission, question: int, text: str) -> None:
    """Write in the thread: the park answers, an evaluator asks on."""
    with performed(actor, submission, Act.ANSWER) as deed:
        found = _open_question(deed, question)
        refuse(check_text(text, "答复", "Answer", column="text"))
        kind = "answer" if deed.role is Role.PARK else "ask"
        _say(deed, found, kind, text)
        deed.details |= {"question": question, "kind": kind}


def settle(actor: Actor, *, submission: Submission, question: int, text: str = "") -> None:
    """Settle a question: its fields close again. The finding on its subject is still to be given."""
    with performed(actor, submission, Act.SETTLE) as deed:
        _say(deed, _open_question(deed, question), "settle", text[:4000])
        deed.details["question"] = question


def resume(actor: Actor, *, submission: Submission) -> None:
    """Go on with the review once every question is settled."""
    with performed(actor, submission, Act.RESUME):
        pass
