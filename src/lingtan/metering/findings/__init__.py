"""What people must look at in readings, what they said of it, and what returns."""

from lingtan.metering.findings.completeness import COMPLETENESS, count_completeness
from lingtan.metering.findings.dismissals_file import read_dismissals, render_dismissals
from lingtan.metering.findings.doubts import meter_table
from lingtan.metering.findings.drifts import find_drifts, sum_months
from lingtan.metering.findings.finding import find_meter_quality, find_quality
from lingtan.metering.findings.records import CODES, Dismissal, Finding, find_standing

__all__ = [
    "CODES",
    "COMPLETENESS",
    "Dismissal",
    "Finding",
    "count_completeness",
    "find_drifts",
    "find_meter_quality",
    "find_quality",
    "find_standing",
    "meter_table",
    "read_dismissals",
    "render_dismissals",
    "sum_months",
]
