"""The facts of a submission that the rules ask for, and the things they speak of."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from django.utils import timezone

from lingtan_web.parks.access import current_mandates
from lingtan_web.parks.models import Mandate
from lingtan_web.reviews import models as kept
from lingtan_web.reviews.rules.experts import Ballot, Seat
from lingtan_web.reviews.rules.fields import Field, read_field
from lingtan_web.reviews.rules.findings import Finding, Subject, Verdict, read_subjects
from lingtan_web.reviews.rules.guards import Facts
from lingtan_web.reviews.workflow import Act, State

STATED = frozenset(
    [State.SIGNED, State.ISSUED, State.PANEL, State.DECIDED, State.APPEALED, State.APPEAL_DECIDED]
)


@dataclass(frozen=True)
class Case:
    """A submission with what was said in it; each part is read once, when it is first asked for."""

    submission: kept.Submission

    @cached_property
    def steps(self) -> list[kept.Step]:
        """Its steps in order."""
        found = kept.Step.objects.filter(submission=self.submission)
        return list(found.select_related("by", "mandate__body").order_by("number"))

    @cached_property
    def state(self) -> State:
        """Where it stands; before its first step nothing was handed in."""
        return State(self.steps[-1].after) if self.steps else State.DRAFT

    @cached_property
    def rounds(self) -> list[kept.Round]:
        """The versions handed in, in order."""
        found = kept.Round.objects.filter(submission=self.submission)
        return list(found.select_related("version__dossier", "by").order_by("number"))

    @property
    def round(self) -> kept.Round:
        """The version under review: the last one handed in."""
        return self.rounds[-1]

    @cached_property
    def subjects(self) -> tuple[Subject, ...]:
        """What findings are about, with the park's values."""
        return read_subjects(self.round.result)

    def subject(self, code: str) -> Subject | None:
        """One of them by its code."""
        return next((one for one in self.subjects if one.code == code), None)

    @cached_property
    def mandate(self) -> Mandate | None:
        """The mandate it was accepted with; before that, the one that holds today.

        Where the one it was accepted with has ended, the same body goes on with the one that follows.
        """
        accepted = [step.mandate for step in self.steps if step.act == Act.ACCEPT and step.mandate]
        found = current_mandates(timezone.localdate()).filter(
            park=self.submission.park_id, year=self.submission.year
        )
        if not accepted:
            return found.select_related("body").order_by("-from_day", "-pk").first()
        holding = found.filter(body=accepted[-1].body_id).select_related("body")
        return holding.filter(pk=accepted[-1].pk).first() or holding.first() or accepted[-1]

    @cached_property
    def evaluators(self) -> frozenset[int]:
        """The evaluators of the mandate."""
        return (
            frozenset(self.mandate.evaluators.values_list("pk", flat=True)) if self.mandate else frozenset()
        )

    @cached_property
    def independence(self) -> list[kept.IndependenceStatement]:
        """Statements of independence."""
        found = kept.IndependenceStatement.objects.filter(submission=self.submission)
        return list(found.select_related("by").order_by("at", "pk"))

    @cached_property
    def findings(self) -> list[kept.Finding]:
        """Every finding in order."""
        found = kept.Finding.objects.filter(submission=self.submission)
        return list(found.select_related("by").order_by("number"))

    @cached_property
    def plain_findings(self) -> list[Finding]:
        """The same for the rules."""
        return [plain_finding(one) for one in self.findings]

    @cached_property
    def questions(self) -> list[kept.Question]:
        """Questions with their messages, in order; `is_open` and `is_answered` say how each stands."""
        found = kept.Question.objects.filter(submission=self.submission).select_related("by")
        questions = list(found.prefetch_related("messages__by").order_by("number"))
        for question in questions:
            question.thread = sorted(question.messages.all(), key=lambda one: one.pk)  # type: ignore[attr-defined]
        return questions

    @property
    def open_questions(self) -> list[kept.Question]:
        """Those that are not settled."""
        return [one for one in self.questions if not is_settled(one)]

    @property
    def opened(self) -> list[Field]:
        """The fields that are reopened to the park now."""
        texts = [text for one in self.open_questions for text in one.fields]
        return [field for field in map(read_field, texts) if field]

    @cached_property
    def visits(self) -> list[kept.SiteVisit]:
        """Site visits with their photographs."""
        found = kept.SiteVisit.objects.filter(submission=self.submission).select_related("by")
        return list(found.prefetch_related("photos").order_by("number"))

    @cached_property
    def statement(self) -> kept.Statement | None:
        """The statement that stands: none before signing, and none after it was sent back."""
        if self.state not in STATED:
            return None
        found = kept.Statement.objects.filter(submission=self.submission).select_related("by")
        return found.prefetch_related("signatures__by").order_by("-number").first()

    @cached_property
    def panel(self) -> kept.Panel | None:
        """The panel that was convened last."""
        found = kept.Panel.objects.filter(submission=self.submission).select_related("minutes__by")
        return found.order_by("-number").first()

    @cached_property
    def seats(self) -> list[kept.PanelSeat]:
        """Its seats with declarations and votes."""
        if self.panel is None:
            return []
        found = self.panel.seats.select_related("expert", "declaration", "vote")
        return list(found.order_by("expert__name", "pk"))

    @cached_property
    def decision(self) -> kept.Decision | None:
        """The decision."""
        return kept.Decision.objects.filter(submission=self.submission).select_related("by").first()

    @cached_property
    def appeal(self) -> kept.Appeal | None:
        """The appeal, with its decision."""
        found = kept.Appeal.objects.filter(submission=self.submission)
        return found.select_related("by", "decision__by").first()


def plain_finding(one: kept.Finding) -> Finding:
    """A kept finding for the rules."""
    return Finding(
        one.code, one.by_id, Verdict(one.verdict), one.value, one.reasons, one.reference, one.number, one.seen
    )


def is_settled(question: kept.Question) -> bool:
    """Whether its last word settles it."""
    return _last_kind(question) == "settle"


def is_answered(question: kept.Question) -> bool:
    """Whether the park had the last word."""
    return _last_kind(question) == "answer"


def _last_kind(question: kept.Question) -> str:
    thread: list[kept.Message] = question.thread  # type: ignore[attr-defined]
    return thread[-1].kind if thread else "ask"


def plain_seats(seats: Iterable[kept.PanelSeat]) -> tuple[Seat, ...]:
    """Kept seats for the rules."""
    return tuple(
        Seat(
            one.expert_id,
            one.declaration.is_free if hasattr(one, "declaration") else None,
            Ballot(one.vote.ballot) if hasattr(one, "vote") else None,
        )
        for one in seats
    )


def find_facts(case: Case, today: date) -> Facts:
    """What the guards ask for. What only one act asks for is added by its service."""
    state, decision, panel = case.state, case.decision, case.panel
    open_ = case.open_questions
    return Facts(
        state=state,
        today=today,
        has_mandate=case.mandate is not None,
        evaluators=case.evaluators,
        declared=frozenset(one.by_id for one in case.independence),
        free=frozenset(one.by_id for one in case.independence if one.is_free),
        questions={one.pk: is_answered(one) for one in open_},
        asked_on=max((timezone.localtime(_asked(one)).date() for one in open_), default=None),
        visits=len(case.visits),
        signers=frozenset(one.by_id for one in case.statement.signatures.all())
        if case.statement
        else frozenset(),
        has_statement=case.statement is not None,
        seats=plain_seats(case.seats),
        has_minutes=panel is not None and hasattr(panel, "minutes"),
        decided_on=timezone.localtime(decision.at).date() if decision else None,
        decided_by=decision.by_id if decision else None,
    )


def _asked(question: kept.Question) -> datetime:
    """When the evaluators last asked in this thread."""
    asked = [one.at for one in question.thread if one.kind == "ask"]  # type: ignore[attr-defined]
    return max(asked, default=question.at)
