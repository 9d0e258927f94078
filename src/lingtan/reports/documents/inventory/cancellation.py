"""Chapter 8: the ordered cancellation after the inventory."""

from __future__ import annotations

from collections.abc import Iterator

from lingtan.reports.charts.cancellation import build_cancellation_chart
from lingtan.reports.documents.balance import build_cancellation_table, build_ledger_entries
from lingtan.reports.documents.bench import Bench
from lingtan.reports.documents.layout import build_heading, build_paragraph, build_pictures
from lingtan.reports.records import Block


def build_cancellation(bench: Bench) -> Iterator[Block]:
    """The steps in their order, every entry used or refused."""
    words = bench.words
    yield build_heading(words, "inventory.cancellation")
    yield build_paragraph(words, "inventory.cancellation_intro")
    yield from build_ledger_entries(bench)
    yield build_cancellation_table(bench)
    yield from build_pictures(
        "inventory", build_cancellation_chart(bench.results.ledger, language=words.language)
    )
