"""Reports of made-up parks: many enterprises, what the examples do not show, a result stated anew."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from inventory_parks import energy, park, row
from report_formulas import formulas_of
from report_paths import amounts_of, export_results, find_wrong_paths

from lingtan.dossier.records import Dossier
from lingtan.errors import Language
from lingtan.inventory.restatement.causes import Restatement, Share
from lingtan.reports.documents.building import build_report
from lingtan.reports.documents.inventory.formulas import find_formula
from lingtan.reports.records import Report, runs_of
from lingtan.reports.results import Results, compute_results
from lingtan.standards import load_edition

ON = date(2025, 6, 30)


def results_of(dossier: Dossier) -> Results:
    return compute_results(dossier, [load_edition("sh-seesa-zctp-2024")], on=ON)


def many(enterprises: int) -> Results:
    """Enterprises with two carriers month by month."""
    months = [f"2024-{month:02d}" for month in range(1, 13)]
    rows = [
        energy(2, enterprise=f"E{number:03d}", period=month, quantity=number + at, **carrier)
        for number in range(enterprises)
        for at, month in enumerate(months, 1)
        for carrier in ({}, {"carrier": "natural_gas", "use": "combustion", "unit": "万Nm3"})
    ]
    return results_of(park(*rows))


@pytest.fixture(scope="module")
def odd() -> Results:
    """Biomass, a gas outside Kyoto, sold solar electricity, own factors, a fuel without its months."""
    rows = (
        energy(2, quantity=100),
        energy(3, carrier="biomass", use="combustion", unit="t", quantity=10),
        energy(4, carrier="solar_electricity", use="sold", quantity=5),
        energy(5, carrier="natural_gas", use="combustion", unit="万Nm3", period="2024-01", quantity=3),
        row("fuel_properties", 2, enterprise="E001", carrier="natural_gas", direct_factor="21.5",
            direct_factor_unit="tCO2/万Nm3", source="检测报告"),
        row("fuel_properties", 3, enterprise="E001", carrier="biomass", direct_factor="1.5",
            direct_factor_unit="tCO2/t", source="检测报告"),
        row("fugitive_gases", 2, period=2024, enterprise="E001", gas="R-22", method="simplified",
            new_charge_kg=5, new_capacity_kg=3, recharge_kg=0, disposed_capacity_kg=0, recovered_kg=0),
        row("process_activity", 2, period=2024, enterprise="E001", process="lime", quantity=100, unit="t",
            purity_percent=90),
    )  # fmt: skip
    return results_of(park(*rows, confirmed=("waste_treatment", "green_electricity", "certificates")))


def shown(results: Results, kind: str = "inventory", language: Language = "zh") -> Report:
    return build_report(results, kind, language=language)


def test_blocks_grow_no_faster_than_enterprises() -> None:
    """Two blocks per enterprise (a heading and a table), whatever their number."""
    few, more, most = (shown(many(number)) for number in (10, 50, 200))
    assert len(more.blocks) - len(few.blocks) == 2 * 40
    assert len(most.blocks) - len(more.blocks) == 2 * 150
    assert sum(1 for _ in formulas_of(most)) > 200 * 12 * 2
    for kind in ("factor-annex", "pathway", "evaluation"):
        sizes = {len(shown(many(number), kind).blocks) for number in (10, 50)}
        assert len(sizes) == 1, kind


@pytest.mark.parametrize("kind", ["inventory", "factor-annex", "pathway", "evaluation"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_odd_parks_are_told_too(odd: Results, kind: str, language: Language) -> None:
    found = shown(odd, kind, language)
    assert not find_wrong_paths(found, export_results(odd))
    for id, amount, computed in formulas_of(found):
        assert amount.value is not None and abs(computed - amount.value) <= Decimal("1e-9"), id


def test_what_stands_apart_has_its_column(odd: Results) -> None:
    scopes = {line.scope for line in odd.inventory.lines}
    assert {"biogenic", "non_kyoto"} <= scopes
    said = [run for block in shown(odd).blocks for run in runs_of(block)]
    assert "另列（tCO2e）" in said


def test_a_line_that_is_no_plain_product_has_no_formula(odd: Results) -> None:
    lime = next(line for line in odd.inventory.lines if line.source == "process")
    assert lime.node.rule == "quantity * factor * purity * conversion"
    assert find_formula(lime, activity=1, factor=2) == ""


def test_a_restatement_is_told_with_its_causes(odd: Results) -> None:
    shares = (Share("software", Decimal(0), {}), Share("factors", Decimal(-5), {}))
    change = Restatement(
        "gross_tco2e", 2024, "tCO2e", Decimal(100), Decimal(95), shares, Decimal(5), Decimal(5), True
    )
    results = replace(odd, restatements=(change,))
    for language in ("zh", "en"):
        found = shown(results, language=language)
        assert not find_wrong_paths(found, export_results(results))
        paths = {amount.path for amount in amounts_of(found.blocks)}
        assert {"restatements/0/before", "restatements/0/causes/1/change"} <= paths
        assert any(block.id == "inventory-chart-restatement-gross_tco2e" for block in found.blocks
                   if hasattr(block, "id"))  # fmt: skip
