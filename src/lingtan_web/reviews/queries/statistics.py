"""Figures for the scheme: how many reviews stand where, how long they take, what is found, who agrees."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass
from statistics import median

from django.db.models import Count, QuerySet

from lingtan_web.organisations.models import User
from lingtan_web.reviews.models import Decision, Finding, IndependenceStatement, Step, Submission
from lingtan_web.reviews.queries.states import with_state
from lingtan_web.reviews.rules.agreement import Agreement, compute_agreement, find_band, pair_verdicts
from lingtan_web.reviews.rules.terms import Band, load_review_terms
from lingtan_web.reviews.workflow import Act, State


@dataclass(frozen=True, slots=True)
class Pair:
    """Two evaluators (by name, or all pairs together) and how far they agreed at first reading."""

    one: str
    other: str
    agreement: Agreement
    band: Band | None

    @property
    def observed_percent(self) -> float:
        """The share of the same verdicts."""
        return float(self.agreement.observed * 100)

    @property
    def kappa(self) -> float | None:
        """The kappa as a number for people."""
        return None if self.agreement.kappa is None else float(self.agreement.kappa)


def count_states() -> list[tuple[State, int]]:
    """How many reviews stand where; states without one are left out."""
    found = Counter(one.state for one in with_state(Submission.objects.only("pk")))  # type: ignore[attr-defined]
    return [(state, found[state]) for state in State if found[state]]


@dataclass(frozen=True, slots=True)
class Duration:
    """How long a state lasted, over every review that left it: the middle, the longest, how many."""

    state: State
    days: float
    longest: float
    count: int


def find_durations() -> list[Duration]:
    """Days in each state, of steps that followed one another."""
    steps = Step.objects.order_by("submission", "number").values_list("submission", "after", "at")
    spent: dict[State, list[float]] = defaultdict(list)
    last: tuple[int, str, object] | None = None
    for submission, after, at in steps.iterator():
        if last is not None and last[0] == submission:
            spent[State(last[1])].append((at - last[2]).total_seconds() / 86400)  # type: ignore[operator]
        last = (submission, after, at)
    return [Duration(s, median(spent[s]), max(spent[s]), len(spent[s])) for s in State if spent[s]]


def count_verdicts() -> list[tuple[str, dict[str, int], int]]:
    """Per indicator: how often each verdict was the last word of an evaluator; the most doubted first."""
    newest: dict[tuple[int, str, int], str] = {}
    rows = Finding.objects.order_by("number").values_list("submission", "code", "by", "verdict")
    for submission, code, by, verdict in rows.iterator():
        newest[(submission, code, by)] = verdict
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for (_, code, _), verdict in newest.items():
        found[code][verdict] += 1
    lines = [(code, dict(counts), counts.total()) for code, counts in found.items()]
    return sorted(lines, key=lambda one: (-(one[2] - one[1].get("accept", 0)) / one[2], one[0]))


def find_pairs() -> list[Pair]:
    """Agreement of each two evaluators over what both judged, on their first word; then of all together."""
    given: dict[Hashable, dict[Hashable, Hashable]] = defaultdict(dict)
    rows = Finding.objects.order_by("number").values_list("submission", "code", "by", "verdict")
    for submission, code, by, verdict in rows.iterator():
        given[str(by)].setdefault((submission, code), verdict)
    pairs = pair_verdicts(given)
    people = {str(one.pk): str(one) for one in User.objects.filter(pk__in=list(given))}
    found = [_pair(people[str(a)], people[str(b)], both) for (a, b), both in pairs.items()]
    if len(found) > 1:
        found.append(_pair("", "", [one for both in pairs.values() for one in both]))
    return found


def _pair(one: str, other: str, both: Iterable[tuple[Hashable, Hashable]]) -> Pair:
    agreement = compute_agreement(both)
    assert agreement is not None
    bands = load_review_terms().agreement
    band = None if agreement.kappa is None else find_band(agreement.kappa, bands)
    return Pair(one, other, agreement, band)


@dataclass(frozen=True, slots=True)
class Load:
    """An evaluator's reviews begun in a year, against the cap."""

    name: str
    count: int
    cap: int

    @property
    def left(self) -> int:
        """How many more may be begun."""
        return max(0, self.cap - self.count)


def find_loads(year: int) -> Iterator[Load]:
    """Evaluators by how many reviews they took part in that were begun in `year`."""
    begun = Step.objects.filter(act=Act.BEGIN, at__date__year=year).values("submission")
    joined: QuerySet[IndependenceStatement] = IndependenceStatement.objects.filter(
        is_free=True, submission__in=begun
    )
    counted = joined.values("by__name", "by__email").annotate(n=Count("submission", distinct=True))
    cap = load_review_terms().terms.evaluator_cap.count
    for one in counted.order_by("-n", "by__email"):
        yield Load(one["by__name"] or one["by__email"], one["n"], cap)


def count_decisions() -> list[tuple[str, int | None, int]]:
    """Decisions by outcome and stars, as first taken."""
    counted = Decision.objects.values("outcome", "stars").annotate(n=Count("pk"))
    return [(one["outcome"], one["stars"], one["n"]) for one in counted.order_by("outcome", "-stars")]
