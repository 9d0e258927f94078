"""Charts as blocks; one that cannot be drawn is left out, with a sentence why."""

from __future__ import annotations

from lingtan.reports.charts.cancellation import build_cancellation_chart
from lingtan.reports.charts.indicators import build_indicator_chart
from lingtan.reports.charts.levels import build_level_chart
from lingtan.reports.charts.records import Chart
from lingtan.reports.charts.stars import build_star_chart
from lingtan.reports.documents.desk import Desk
from lingtan.reports.records import Block, Paragraph, Picture


def show_stars(desk: Desk) -> tuple[Block, ...]:
    """Score and thresholds; nothing where stars do not hang on points."""
    results = desk.results
    return _shown(build_star_chart(results.assessment, results.edition, language=desk.words.language))


def show_levels(desk: Desk) -> tuple[Block, ...]:
    """Points earned by first-level indicator; nothing where the edition gives none."""
    results = desk.results
    return _shown(build_level_chart(results.assessment, results.edition, language=desk.words.language))


def show_indicators(desk: Desk) -> tuple[Block, ...]:
    """Share of the points earned by each indicator; nothing where the edition gives none."""
    results = desk.results
    return _shown(build_indicator_chart(results.assessment, results.edition, language=desk.words.language))


def show_cancellation(desk: Desk) -> tuple[Block, ...]:
    """From the emissions before cancellation to what remains, or why that cannot be drawn."""
    chart = build_cancellation_chart(desk.results.ledger, language=desk.words.language)
    return _shown(chart) or (Paragraph(desk.runs("balance.no_chart"), "note"),)


def _shown(chart: Chart | None) -> tuple[Block, ...]:
    return () if chart is None else (Picture(f"chart-{chart.id}", chart, (chart.caption,)),)
