"""The inventory report and the factor annex: every number, line, factor, member; formulas give the values."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from report_formulas import formulas_of
from report_parks import NDRC, SEESA, results_of
from report_paths import amounts_of, export_results, find_broken_blocks, find_wrong_paths

from lingtan.errors import Language
from lingtan.inventory.sums import sum_by_source
from lingtan.quantities import add_exactly
from lingtan.reports.documents.bench import Bench
from lingtan.reports.documents.building import build_report
from lingtan.reports.documents.inventory.annex import annex_id
from lingtan.reports.records import Report, Row, Table, runs_of
from lingtan.reports.words import Words

KINDS = ("inventory", "factor-annex")
PARKS = ("xinghuo", "cambridge-estate")
LANGUAGES: tuple[Language, ...] = ("zh", "en")
CLOSE = Decimal("1e-9")

every_park = pytest.mark.parametrize("park", PARKS)
every_kind = pytest.mark.parametrize("kind", KINDS)
every_language = pytest.mark.parametrize("language", LANGUAGES)


def report(kind: str, park: str = "xinghuo", language: Language = "zh") -> Report:
    return build_report(results_of(park, SEESA, NDRC), kind, language=language)


def table(shown: Report, id: str) -> Table:
    return next(block for block in shown.blocks if isinstance(block, Table) and block.id == id)


def text_of(rows: tuple[Row, ...]) -> str:
    return "\n".join(str(run) for row in rows for cell in row.cells for run in cell)


@every_kind
@every_park
@every_language
def test_every_number_stands_in_the_result(kind: str, park: str, language: Language) -> None:
    shown = report(kind, park, language)
    assert not find_wrong_paths(shown, export_results(results_of(park, SEESA, NDRC)))


@every_kind
@every_park
@every_language
def test_blocks_are_whole(kind: str, park: str, language: Language) -> None:
    shown = report(kind, park, language)
    assert find_broken_blocks(shown) == []


@every_park
def test_formulas_give_the_values(park: str) -> None:
    found = list(formulas_of(report("inventory", park)))
    for id, amount, computed in found:
        assert amount.value is not None
        assert abs(computed - amount.value) <= CLOSE, (id, amount.path, amount.formula)
    if park == "xinghuo":
        assert len(found) > 1_000


def test_every_line_is_shown_but_those_of_confidential_enterprises() -> None:
    results = results_of("xinghuo", SEESA, NDRC)
    paths = {amount.path for amount in amounts_of(report("inventory").blocks)}
    hidden = {id for id, row in results.enterprises.items() if row.values["confidential"] is True}
    assert len(hidden) == 2
    for place, line in enumerate(results.inventory.lines):
        for name in ("activity", "factor", "emissions_tco2e"):
            is_shown = f"inventory/lines/{place}/{name}" in paths
            assert is_shown is (line.enterprise not in hidden), (place, name)


@every_language
def test_every_total_member_source_and_entry_is_shown(language: Language) -> None:
    results = results_of("xinghuo", SEESA, NDRC)
    paths = {amount.path for amount in amounts_of(report("inventory", language=language).blocks)}
    assert {f"inventory/totals/{name}" for name in results.inventory.totals} <= paths
    assert {f"national/totals/{name}" for name in results.assessment.national.totals} <= paths
    for place in range(len(results.inventory.members)):
        assert f"inventory/members/{place}/scope1_tco2e" in paths
        assert f"inventory/members/{place}/scope2_location_tco2e" in paths
    for place in range(len(sum_by_source(results.inventory))):
        assert f"inventory/sources/{place}/lines" in paths
    for place in range(len(results.ledger.entries)):
        assert f"ledger/entries/{place}/used" in paths
    for name in results.uncertainty.totals:
        assert f"uncertainty/totals/{name}/percent_95" in paths


@every_kind
@every_language
def test_every_factor_is_shown_with_all_digits(kind: str, language: Language) -> None:
    results = results_of("xinghuo", SEESA, NDRC)
    shown = {amount.path: amount for amount in amounts_of(report(kind, language=language).blocks)}
    for place, factor in enumerate(results.factors):
        number = shown[f"factors/{place}/value"]
        assert number.value == factor.value
        assert Decimal(number.text.split()[0].replace(",", "")) == factor.value


def test_the_factor_annex_says_why_and_how_much() -> None:
    results = results_of("xinghuo", SEESA, NDRC)
    shown = report("factor-annex")
    paths = {amount.path for amount in amounts_of(shown.blocks)}
    text = text_of(table(shown, "factor-annex-sources").rows)
    for place, factor in enumerate(results.factors):
        assert f"factors/{place}/emissions" in paths
        assert factor.reference in text
        assert factor.because in text


def test_sources_sum_to_the_totals() -> None:
    inventory = results_of("xinghuo", SEESA, NDRC).inventory
    sources = sum_by_source(inventory)
    assert sum(one.lines for one in sources) == len(inventory.lines)
    for name, scope, views in (
        ("scope1_tco2e", "1", ("both",)),
        ("scope2_location_tco2e", "2", ("both", "location")),
        ("scope2_market_tco2e", "2", ("both", "market")),
    ):
        found = add_exactly(one.emissions for one in sources if one.scope == scope and one.view in views)
        value = inventory.totals[name].value
        assert isinstance(value, Decimal)
        assert abs(found - value) < Decimal("1e-40")


@every_kind
@every_language
def test_confidential_enterprises_stay_unnamed(kind: str, language: Language) -> None:
    rows = results_of("xinghuo", SEESA, NDRC).enterprises
    hidden = [row for row in rows.values() if row.values["confidential"] is True]
    shown = report(kind, language=language)
    for block in shown.all_blocks():
        said = [getattr(block, "id", ""), *(str(run) for run in runs_of(block))]
        for row in hidden:
            telling = re.compile(rf"{re.escape(row.text('name'))}|(?<![0-9A-Za-z]){row.key}(?![0-9A-Za-z])")
            assert not [text for text in said if telling.search(text)], block


def test_tables_of_the_annex_stand_in_the_order_of_the_register() -> None:
    results = results_of("xinghuo", SEESA, NDRC)
    bench = Bench(results, Words("zh"))
    ids = [block.id for block in report("inventory").blocks if isinstance(block, Table)]
    there = {line.enterprise for line in results.inventory.lines}
    expected = [annex_id(bench, id) for id in results.enterprises if id in there]
    assert [id for id in ids if id.startswith("inventory-lines-")] == [*expected, annex_id(bench, "")]


def test_what_is_missing_is_said() -> None:
    shown = report("inventory", "cambridge-estate")
    text = "\n".join(str(run) for block in shown.blocks for run in runs_of(block))
    for words in (
        "围界范围未提交",
        "园区面积未提交",
        "未提交表计读数",
        "未提交逐时电量读数",
    ):
        assert words in text, words
    gaps = results_of("cambridge-estate", SEESA, NDRC).inventory.missing
    assert len(table(shown, "inventory-missing").rows) == len(gaps)
