"""Faults of an edition beyond the shape of its files: what does not fit together."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise

from lingtan.errors import Fault, Place, fault
from lingtan.expressions import RESERVED_WORDS
from lingtan.quantities import is_unit
from lingtan.standards.compiling import Compiler, compile_gate, compile_indicator
from lingtan.standards.facts import facts
from lingtan.standards.reading import Draft, Entry
from lingtan.standards.records import Award, EditionHead, Indicator

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")


def check_draft(draft: Draft) -> Iterator[Fault]:
    """Every fault of the entries that could be read, cases apart."""
    yield from _check_names(draft)
    yield from _check_formulas(draft)
    yield from _check_units(draft)
    yield from _check_repeats(draft)
    for indicator in draft.indicators:
        yield from _check_indicator(indicator)
    yield from _check_reviews(draft)
    if draft.head is not None:
        yield from _check_levels(draft, draft.head)
        yield from _check_points(draft, draft.head)
        yield from _check_awards(draft, draft.head)


def _check_names(draft: Draft) -> Iterator[Fault]:
    places = place_in(draft)
    for kind, name in [*(("parameters", n) for n in draft.parameters), *(("terms", n) for n in draft.terms)]:
        if not _NAME.fullmatch(name) or name in RESERVED_WORDS:
            yield fault("edition.bad-name", places(kind, name, ""), name=name)
        if name in facts() or (kind == "terms" and name in draft.parameters):
            yield fault("edition.name-clash", places(kind, name, ""), name=name)


def _check_formulas(draft: Draft) -> Iterator[Fault]:
    parameters = {name: entry.record for name, entry in draft.parameters.items()}
    terms = {name: entry.record for name, entry in draft.terms.items()}
    compiler = Compiler(parameters, terms, place_in(draft), draft.broken)
    for name in terms:
        compiler.term(name)
    used = {name for formula in compiler.terms.values() for name in formula.names}
    for gate in draft.gates:
        found = compile_gate(compiler, gate.record)
        used |= set(found.names) if found else set()
    for indicator in draft.indicators:
        for formula in compile_indicator(compiler, indicator.record).values():
            used |= set(formula.names)
    yield from compiler.faults
    if not compiler.faults and not draft.broken:
        places = place_in(draft)
        for kind, names in (("parameters", parameters), ("terms", terms)):
            for name in names:
                if name not in used:
                    yield fault("edition.unused", places(kind, name, ""), name=name)


def place_in(draft: Draft) -> _Places:
    """Where an entry of the draft stands, by kind, name and field."""
    return _Places(draft)


class _Places:
    def __init__(self, draft: Draft) -> None:
        self.at: dict[tuple[str, str], Callable[..., Place]] = {}
        for name, parameter in draft.parameters.items():
            self.at["parameters", name] = parameter.at
        for name, term in draft.terms.items():
            self.at["terms", name] = term.at
        for gate in reversed(draft.gates):
            self.at["gates", gate.record.id] = gate.at
        for indicator in reversed(draft.indicators):
            self.at["indicators", indicator.record.code] = indicator.at

    def __call__(self, kind: str, name: str, key: str) -> Place:
        at = self.at[kind, name]
        return at(key) if key else at()


def _check_units(draft: Draft) -> Iterator[Fault]:
    units: list[tuple[str, Place]] = []
    units += [(e.record.unit, e.at("unit")) for e in draft.parameters.values()]
    units += [(e.record.unit, e.at("unit")) for e in draft.terms.values()]
    units += [(e.record.unit, e.at("unit")) for e in draft.indicators]
    if draft.head:
        for name, value in draft.head.record.lifecycle.items():
            units.append((value.unit, draft.head.at("lifecycle", name, "unit")))
    for unit, place in units:
        if not is_unit(unit):
            yield fault("edition.unknown-unit", place, unit=unit)


def _check_repeats(draft: Draft) -> Iterator[Fault]:
    yield from _repeats([(g.record.id, g.at("id")) for g in draft.gates])
    yield from _repeats([(i.record.code, i.at("code")) for i in draft.indicators])
    yield from _repeats([(i.record.id, i.at("id")) for i in draft.indicators])
    if draft.head:
        head = draft.head
        levels = enumerate(head.record.levels)
        yield from _repeats([(level.code, head.at("levels", n, "code")) for n, level in levels])
        awards = enumerate(head.record.awards)
        yield from _repeats([(award.id, head.at("awards", n, "id")) for n, award in awards])


def _repeats(named: Sequence[tuple[str, Place]]) -> Iterator[Fault]:
    times = Counter(name for name, _ in named)
    seen: set[str] = set()
    for name, place in named:
        if times[name] > 1 and name in seen:
            yield fault("edition.repeated", place, name=name)
        seen.add(name)


def _check_indicator(entry: Entry[Indicator]) -> Iterator[Fault]:
    indicator = entry.record
    none_at, full_at, line = indicator.score_none_at, indicator.score_full_at, indicator.pass_at
    if indicator.points is not None:
        for name in ("score_none_at", "score_full_at", "points_basis"):
            if getattr(indicator, name) is None:
                yield fault("edition.points-need", entry.at("points"), subject=indicator.code, lacking=name)
        if indicator.target is not None:
            yield fault("edition.points-and-target", entry.at("target"), subject=indicator.code)
    elif indicator.target is None and line is None:
        yield fault("edition.nothing-to-reach", entry.at(), subject=indicator.code)
    if indicator.kind == "constraint" and line is None and indicator.target is None:
        yield fault("edition.constraint-without-line", entry.at(), subject=indicator.code)
    if indicator.applies_when and not (indicator.inapplicable_zh and indicator.inapplicable_en):
        yield fault("edition.no-reason", entry.at("applies_when"), subject=indicator.code)
    if none_at is None or full_at is None:
        return
    context = {"subject": indicator.code, "none_at": f"{none_at:f}", "full_at": f"{full_at:f}"}
    higher = indicator.direction == "higher"
    if none_at == full_at or (none_at < full_at) != higher:
        yield fault(f"edition.limits-{indicator.direction}", entry.at("score_full_at"), **context)
    elif line is not None and not min(none_at, full_at) <= line <= max(none_at, full_at):
        yield fault("edition.pass-outside", entry.at("pass_at"), pass_at=f"{line:f}", **context)


def _check_reviews(draft: Draft) -> Iterator[Fault]:
    dates = [(i.record.review_by, i.at("review_by")) for i in draft.indicators if i.record.review_by]
    if draft.head:
        dates.append((draft.head.record.review_by, draft.head.at("review_by")))
    for text, place in dates:
        try:
            date.fromisoformat(text)
        except ValueError:
            yield fault("edition.bad-date", place, given=text)


def _check_levels(draft: Draft, head: Entry[EditionHead]) -> Iterator[Fault]:
    levels = {level.code: level for level in head.record.levels}
    groups = Counter(entry.record.level2 for entry in draft.indicators)
    for number, level in enumerate(head.record.levels):
        parent = levels.get(level.parent)
        if level.parent and (parent is None or parent.parent or parent.code == level.code):
            place = head.at("levels", number, "parent")
            yield fault("edition.unknown-level", place, subject=level.parent, known="、".join(levels))
        if level.at_least is not None and level.at_least > _below(level.code, head, groups):
            place = head.at("levels", number, "at_least")
            yield fault("edition.at-least", place, subject=level.code, at_least=level.at_least)
    for entry in draft.indicators:
        if entry.record.level2 not in levels:
            place = entry.at("level2")
            yield fault("edition.unknown-level", place, subject=entry.record.level2, known="、".join(levels))


def _below(code: str, head: Entry[EditionHead], groups: Counter[str]) -> int:
    """How many indicators stand below a level, directly or through its second-level ones."""
    return groups[code] + sum(groups[level.code] for level in head.record.levels if level.parent == code)


def _check_points(draft: Draft, head: Entry[EditionHead]) -> Iterator[Fault]:
    points = [e.record.points for e in draft.indicators if e.record.points is not None]
    total, wanted = sum(points, Decimal(0)), head.record.total_points
    if wanted is None and points:
        yield fault("edition.points-without-total", head.at("total_points"), total=f"{total:f}")
    elif wanted is not None and total != wanted and not draft.broken:
        place = head.at("total_points")
        yield fault("edition.points-sum", place, total=f"{total:f}", wanted=f"{wanted:f}")


def _check_awards(draft: Draft, head: Entry[EditionHead]) -> Iterator[Fault]:
    known = {entry.record.id for entry in draft.indicators}
    for number, award in enumerate(head.record.awards):
        for index, condition in enumerate(award.conditions):
            if condition.indicator not in known and not draft.broken:
                place = head.at("awards", number, "conditions", index, "indicator")
                yield fault("edition.unknown-indicator", place, id=condition.indicator)
        score, total = award.from_score, head.record.total_points
        if score is not None and (total is None or not 0 <= score <= total):
            place = head.at("awards", number, "from_score")
            shown = "—" if total is None else f"{total:f}"
            yield fault("edition.award-out-of-reach", place, id=award.id, score=f"{score:f}", total=shown)
    for number, (lower, upper) in enumerate(pairwise(head.record.awards), start=1):
        if not _rises(lower, upper):
            place = head.at("awards", number)
            yield fault("edition.awards-overlap", place, lower=lower.id, upper=upper.id)


def _rises(lower: Award, upper: Award) -> bool:
    """Whether the second award is higher: more points or more to fulfil, and more stars."""
    if lower.stars is not None and upper.stars is not None and upper.stars <= lower.stars:
        return False
    if lower.from_score is None or upper.from_score is None:
        return True
    return upper.from_score > lower.from_score or (
        upper.from_score == lower.from_score and len(upper.conditions) > len(lower.conditions)
    )
