"""What people must look at in readings, what they said of it, and what returns."""

from lingtan.metering.findings.dismissals_file import read_dismissals, render_dismissals
from lingtan.metering.findings.finding import find_quality
from lingtan.metering.findings.records import CODES, Dismissal, Finding, find_standing

__all__ = [
    "CODES",
    "Dismissal",
    "Finding",
    "find_quality",
    "find_standing",
    "read_dismissals",
    "render_dismissals",
]
