"""Factors and conventions as rows: with every digit, where they are from, on what they rest."""

from __future__ import annotations

from collections.abc import Iterator

from lingtan.inventory.annex import UsedFactor
from lingtan.reports.documents.bench import Bench
from lingtan.reports.documents.layout import build_row
from lingtan.reports.records import Row
from lingtan.reports.rounding import full


def find_factors(bench: Bench, kind: str) -> Iterator[tuple[int, UsedFactor]]:
    """The factors of a kind with their place in the list of all."""
    return ((index, one) for index, one in enumerate(bench.results.factors) if one.kind == kind)


def build_factor_rows(bench: Bench, kind: str) -> list[Row]:
    """Reference, value with unit, region, year, source, basis, whether transcribed."""
    return [
        build_row(
            one.reference,
            full(one.value, path=f"factors/{index}/value", unit=bench.unit(one.unit)),
            bench.labels.region(one.region) or "—",
            one.year or "—",
            bench.say_source(one),
            bench.labels.basis(one.basis),
            bench.words.text("verdicts.yes") if one.second_hand else "—",
        )
        for index, one in find_factors(bench, kind)
    ]
