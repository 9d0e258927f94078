"""Chapters 3 and 4: what lies between the park and the next award, and what that award needs."""

from __future__ import annotations

from collections.abc import Iterator

from lingtan.reports.documents.bench import Bench
from lingtan.reports.documents.improvement.gates import build_open_gates
from lingtan.reports.documents.improvement.indicators import build_failed, build_short
from lingtan.reports.documents.layout import build_heading, build_paragraph
from lingtan.reports.documents.self_assessment.conclusion import say_next
from lingtan.reports.documents.withheld import build_awards, build_withheld
from lingtan.reports.records import Block


def build_gap(bench: Bench) -> Iterator[Block]:
    """Gates, required indicators, indicators short of all points."""
    words = bench.words
    yield build_heading(words, "pathway.gap")
    yield build_heading(words, "pathway.gap_gates", level=2)
    yield from build_open_gates(bench)
    yield build_heading(words, "pathway.gap_failed", level=2)
    yield from build_failed(bench)
    yield build_heading(words, "pathway.gap_short", level=2)
    yield from build_short(bench)


def build_goal(bench: Bench) -> Iterator[Block]:
    """The next award, its conditions, why it is not given yet."""
    words = bench.words
    yield build_heading(words, "pathway.goal")
    yield from say_next(bench)
    yield from build_awards(bench)
    yield build_heading(words, "pathway.goal_open", level=2)
    yield from build_withheld(bench)
    yield build_heading(words, "pathway.goal_own", level=2)
    yield build_paragraph(words, "pathway.goal_own_text")
