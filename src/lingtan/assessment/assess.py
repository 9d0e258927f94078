"""Values, points, gates and stars of a park under one edition (chapters 5, 7 and 8)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction

from lingtan.assessment.facts import Groundwork, compute_groundwork
from lingtan.assessment.judging import judge_gates, judge_indicators
from lingtan.assessment.missing import find_missing
from lingtan.assessment.records import Assessment, GateResult, IndicatorResult, LevelResult
from lingtan.assessment.standing import Judged, Standing, as_decimal, count_passed, find_award
from lingtan.assessment.values import Values
from lingtan.assessment.withheld import find_withheld
from lingtan.dossier.records import Dossier
from lingtan.errors import Fault, fault
from lingtan.quantities import add_up, exactly
from lingtan.standards import compile_edition, load_edition
from lingtan.standards.records import Edition
from lingtan.trace import Basis, Node, bases_of
from lingtan.version import VERSION


def assess(
    dossier: Dossier, edition: Edition | str, *, on: date, groundwork: Groundwork | None = None
) -> Assessment:
    """Assess `dossier` under `edition` (or its id) as of the day `on`.

    The same dossier, edition and day give the same result to the last byte. Missing data
    earn nothing and are listed. Several editions share one `groundwork` (see
    `compute_groundwork`). Raises EditionError if the edition cannot be loaded.
    """
    chosen = load_edition(edition) if isinstance(edition, str) else edition
    return _assess(groundwork or compute_groundwork(dossier, on=on), chosen)


def assess_all(dossier: Dossier, editions: Sequence[Edition], *, on: date) -> tuple[Assessment, ...]:
    """The same dossier under several editions, side by side; nothing is added across them."""
    ground = compute_groundwork(dossier, on=on)
    return tuple(_assess(ground, edition) for edition in editions)


@exactly
def _assess(ground: Groundwork, edition: Edition) -> Assessment:
    values = Values(ground, compile_edition(edition))
    gates = judge_gates(edition, values)
    judged = judge_indicators(edition, values)
    standing = Standing(edition, {gate.id: gate.passed for gate in gates}, judged)
    faults = _all_faults(ground)
    errors = [one for one in faults if one.severity == "error" and not one.code.startswith("ledger.")]
    award = None if errors else find_award(standing)
    faulty = (fault("assessment.dossier-faulty", count=len(errors)),) if errors else ()
    score = standing.score
    return Assessment(
        park=ground.dossier.park.id,
        park_zh=ground.dossier.park.name_zh,
        edition=edition.id,
        edition_zh=edition.zh,
        edition_sha256=edition.sha256,
        dossier_sha256=ground.dossier.fingerprint,
        readings_sha256=ground.metering.fingerprint,
        software=f"lingtan {VERSION}",
        on=ground.on,
        stars=award.stars if award else None,
        stage=award.id if award else None,
        score=None if score is None else as_decimal(score),
        gates=gates,
        indicators=tuple(_result(one) for one in judged),
        levels=_sum_levels(standing),
        missing=find_missing(standing, {gate.id: gate.missing for gate in gates}),
        basis_count=_count_bases(edition, gates, judged),
        withheld=(*faulty, *find_withheld(standing, gates, award)),
        faults=faults,
        inventory=ground.inventory,
        national=ground.national,
        ledger=ground.ledger,
        score_node=_score_node(judged),
    )


def _result(judged: Judged) -> IndicatorResult:
    indicator = judged.indicator
    pointless = indicator.points is None
    return IndicatorResult(
        code=indicator.code,
        id=indicator.id,
        zh=indicator.zh,
        en=indicator.en,
        kind=indicator.kind,
        value=judged.value,
        unit=indicator.unit,
        points=None if pointless else as_decimal(judged.points),
        earned=None if pointless else as_decimal(judged.earned),
        passed=judged.passed,
        applies=judged.applies,
        inapplicable_reason=judged.reason,
        missing=judged.gaps,
        basis=indicator.values_basis,
        node=judged.node,
    )


def _sum_levels(standing: Standing) -> tuple[LevelResult, ...]:
    """Points and points earned of every first- and second-level indicator."""
    return tuple(_sum_level(standing, level.code) for level in standing.edition.levels)


def _sum_level(standing: Standing, code: str) -> LevelResult:
    level = next(level for level in standing.edition.levels if level.code == code)
    below = {code, *(lower.code for lower in standing.edition.levels if lower.parent == code)}
    members = [j for j in standing.judged if j.applies and j.indicator.level2 in below]
    needed = level.at_least
    return LevelResult(
        code=code,
        zh=level.zh,
        en=level.en,
        points=as_decimal(sum((j.points for j in members), start=Fraction(0))),
        earned=as_decimal(sum((j.earned for j in members), start=Fraction(0))),
        passed=None if needed is None else count_passed(standing, code) >= needed,
    )


def _score_node(judged: Sequence[Judged]) -> Node:
    """The composite score (7.2): the sum of the points earned."""
    nodes = tuple((j.indicator.code, j.node) for j in judged if j.applies)
    total = add_up(node.value for _, node in nodes if isinstance(node.value, Decimal))
    return Node("score", total, rule="sum", inputs=nodes, clause="7.2")


def _all_faults(ground: Groundwork) -> tuple[Fault, ...]:
    """Every fault on the way, each once, whichever steps passed it on."""
    steps = (ground.dossier.faults, ground.metering.faults, ground.inventory.warnings,
             ground.national.warnings, ground.ledger.faults)  # fmt: skip
    once = {(f.code, f.place, tuple(sorted(f.context.items()))): f for step in steps for f in step}
    return tuple(once.values())


def _count_bases(edition: Edition, gates: Sequence[GateResult], judged: Sequence[Judged]) -> dict[Basis, int]:
    """How many values behind the result have which basis, each once: rules of the edition, and what
    the trace rests on (formulas, limits, points, parameters, factors, numbers of the methods)."""
    counts = bases_of([*(gate.node for gate in gates), *(j.node for j in judged)])
    kinds = [indicator.kind_basis for indicator in edition.indicators]
    rules = [gate.rule_basis for gate in edition.gates]
    awards = [award.basis for award in edition.awards]
    conditions = [condition.basis for award in edition.awards for condition in award.conditions]
    levels = [level.basis for level in edition.levels]
    for basis in (*kinds, *rules, *awards, *conditions, *levels, edition.comparison_basis):
        counts[basis] += 1
    return counts
