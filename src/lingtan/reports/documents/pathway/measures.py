"""Chapters 5 and 6: measures that were handed in, tasks by aspect to be filled in, funds and dates."""

from __future__ import annotations

from collections.abc import Iterator

from lingtan.assessment.records import IndicatorResult, LevelResult
from lingtan.reports.documents.bench import Bench
from lingtan.reports.documents.layout import build_heading, build_paragraph, build_row, build_table
from lingtan.reports.documents.limits import find_indicator, target_runs, value_runs
from lingtan.reports.documents.self_assessment.measures import build_measures
from lingtan.reports.documents.signing import build_fields
from lingtan.reports.records import Block, Heading, Row, Runs
from lingtan.reports.rounding import amount, full


def build_actions(bench: Bench) -> Iterator[Block]:
    """The registers of measures and projects, then tasks under each first-level indicator."""
    words = bench.words
    yield build_heading(words, "pathway.actions")
    yield build_paragraph(words, "pathway.actions_text")
    yield build_paragraph(words, "pathway.not_yet", look="callout")
    yield from build_measures(bench)[1:]
    for level, short in find_aspects(bench):
        name = bench.pick(level.zh, level.en)
        yield Heading(f"pathway-aspect-{level.code}", bench.text("pathway.aspect", name=name), 2)
        if short:
            title = words.text("pathway.tasks", name=name)
            rows = [_task(bench, one) for one in short]
            yield build_table(words, "pathway.tasks", "0.7l 2.6l 1.2r 1.3r 2.4l 1.3l 1.1l", rows,
                              id=f"pathway-tasks-{level.code}", title=title)  # fmt: skip
        else:
            yield build_paragraph(words, "pathway.tasks_none")


def find_aspects(bench: Bench) -> Iterator[tuple[LevelResult, list[IndicatorResult]]]:
    """First-level indicators with those of their indicators that are short of full points or target."""
    parents = {level.code: level.parent for level in bench.results.edition.levels}
    for level in bench.results.assessment.levels:
        if not parents[level.code]:
            yield level, [one for one in find_own(bench, level.code) if _is_open(one)]


def find_own(bench: Bench, code: str) -> list[IndicatorResult]:
    """The indicators below a first-level indicator, in the order of the edition."""
    edition = bench.results.edition
    parents = {level.code: level.parent for level in edition.levels}
    level2 = {one.code: one.level2 for one in edition.indicators}
    results = bench.results.assessment.indicators
    return [one for one in results if code in (level2[one.code], parents[level2[one.code]])]


def _is_open(one: IndicatorResult) -> bool:
    """Whether anything is left to do: points to gain, a target not reached, a value not known."""
    if not one.applies:
        return False
    if one.points is None or one.earned is None:
        return one.passed is not True
    return one.passed is False or one.earned < one.points


def _task(bench: Bench, one: IndicatorResult) -> Row:
    name = bench.pick(one.zh, one.en)
    return build_row(one.code, name, value_runs(one, bench), _aim(bench, one), None, None, None)


def _aim(bench: Bench, one: IndicatorResult) -> Runs:
    """The target, or the limit where all points are earned, with its direction."""
    indicator = find_indicator(bench.results.edition, one.code)
    if indicator.target is not None:
        return target_runs(one, bench)
    path = f"edition/indicators/{one.code}/score_full_at"
    sign = "≥ " if indicator.direction == "higher" else "≤ "
    return (sign, full(indicator.score_full_at, path=path, unit=bench.unit(indicator.unit)))


def build_funds(bench: Bench) -> Iterator[Block]:
    """What is known of money, and fields for what is not."""
    words, profile = bench.words, bench.results.dossier.park.profile
    yield build_heading(words, "pathway.funds")
    yield build_paragraph(words, "pathway.funds_text")
    rows = []
    for name in ("low_carbon_research_wan_cny", "revenue_wan_cny"):
        value = getattr(profile, name)
        shown = amount(value, "万元", path=f"park/profile/{name}") if value is not None else bench.not_given
        rows.append(build_row(words.text(f"pathway.funds_{name}"), shown))
    yield build_table(words, "pathway.funds_known", "4l 1.6r", rows)
    yield build_paragraph(words, "pathway.funds_open")
    yield build_fields("pathway-funds-fields", "pathway.funds_fields", bench)
