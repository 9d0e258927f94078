"""Charts, one definition for screen and paper. Builders give `Chart`, None where nothing is to be drawn."""

from lingtan.reports.charts.cancellation import build_cancellation_chart
from lingtan.reports.charts.energy_flows import build_energy_chart
from lingtan.reports.charts.enterprises import build_enterprise_chart
from lingtan.reports.charts.hours import build_load_chart, build_matching_chart
from lingtan.reports.charts.indicators import build_indicator_chart
from lingtan.reports.charts.levels import build_level_chart
from lingtan.reports.charts.records import Chart
from lingtan.reports.charts.rendering import browser_bundle, render_pdf, render_png, render_svg
from lingtan.reports.charts.restatements import build_restatement_chart
from lingtan.reports.charts.scopes import build_scope_chart
from lingtan.reports.charts.sources import build_source_chart
from lingtan.reports.charts.stars import build_star_chart
from lingtan.reports.charts.trend import TrendPoint, build_trend_chart

__all__ = [
    "Chart",
    "TrendPoint",
    "browser_bundle",
    "build_cancellation_chart",
    "build_energy_chart",
    "build_enterprise_chart",
    "build_indicator_chart",
    "build_level_chart",
    "build_load_chart",
    "build_matching_chart",
    "build_restatement_chart",
    "build_scope_chart",
    "build_source_chart",
    "build_star_chart",
    "build_trend_chart",
    "render_pdf",
    "render_png",
    "render_svg",
]
