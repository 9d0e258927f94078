"""Labels of reports: every source, total and convention of a method has its words."""

from __future__ import annotations

from collections.abc import Iterator

from report_parks import NDRC, SEESA, results_of

from lingtan.inventory.methods import Flag, Number, Word, Words, load_method, method_names
from lingtan.reports.documents.inventory.method import CONVENTIONS, SOURCE_ORDER
from lingtan.reports.words import phrases


def test_every_source_and_total_has_a_label() -> None:
    results = results_of("xinghuo", SEESA, NDRC)
    totals = {*results.inventory.totals, *results.assessment.national.totals, *results.ledger.totals}
    assert {f"labels.total_{name}" for name in totals} == {key for key in phrases() if "labels.total_" in key}
    assert {f"labels.source_{name}" for name in SOURCE_ORDER} == {
        key for key in phrases() if key.startswith("labels.source_")
    }
    assert {one.source for one in results.inventory.lines} <= set(SOURCE_ORDER)


def test_every_convention_of_every_method_is_told() -> None:
    assert set(_conventions()) <= set(phrases())


def _conventions() -> Iterator[str]:
    for name in CONVENTIONS:
        yield f"method.{name}"
        for method in method_names():
            match getattr(load_method(method), name):
                case Word() as word:
                    yield f"method.{name}_{word.value.lower()}"
                case Flag():
                    yield from (f"method.{name}_yes", f"method.{name}_no")
                case Words() as several:
                    yield from (f"method.{name}_{value}" for value in several.value)
                case Number():
                    yield f"method.{name}_value"
