"""Kinds and units of formulas, found when an edition is loaded."""

from collections.abc import Mapping

import pytest

from lingtan.expressions import Declared, ExpressionError, infer, infer_unit, parse
from lingtan.quantities import scale

COLUMNS: Mapping[str, Mapping[str, Declared]] = {
    "buildings": {
        "floor_area_m2": Declared("number", "m2"),
        "energy_class": Declared("text", choices=("ordinary", "zero_carbon")),
        "name": Declared("text"),
        "good": Declared("yes_no"),
        "built": Declared("date"),
        "period": Declared("period"),
        "value": Declared("number", unit_column="unit"),
        "limit": Declared("number", unit_column="unit"),
        "other": Declared("number", unit_column="other_unit"),
    }
}
NAMES = {
    "energy_mwh": "MWh",
    "more_mwh": "MWh",
    "energy_kwh": "kWh",
    "energy_tce": "tce",
    "coal_t": "t",
    "emissions": "tCO2e",
    "share": "1",
    "percentage": "%",
    "area": "m2",
    "buildings_count": "个",
    "years": "year",
    "on": Declared("date"),
    "fact": Declared("yes_no"),
}


def unit_of(text: str) -> str:
    return infer_unit(parse(text), NAMES, columns=lambda register: COLUMNS.get(register, {}))


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("energy_mwh", "MWh"),
        ("energy_mwh + more_mwh", "MWh"),
        ("energy_mwh / more_mwh", "1"),
        ("emissions / energy_tce", "tCO2e/tce"),
        ("emissions / area", "tCO2e/m2"),
        ("share * energy_mwh", "MWh"),
        ("energy_mwh * share", "MWh"),
        ("0 + energy_mwh", "MWh"),
        ("max(0, energy_mwh)", "MWh"),
        ("if fact then 0 else energy_mwh", "MWh"),
        ("if fact then unknown else energy_mwh", "MWh"),
        ("1 - share", "1"),
        ("0", "1"),
        ("buildings_count + share", "1"),
        ("sum(buildings: floor_area_m2)", "m2"),
        ("mean(buildings: floor_area_m2 weighted by floor_area_m2)", "m2"),
        ("share(buildings: floor_area_m2 where good)", "1"),
        ("count(buildings where energy_class == 'zero_carbon')", "1"),
        ("count(buildings where value <= limit)", "1"),
        ("sum(buildings: value / limit)", "1"),
        ("count(buildings where built > years_before(on, years))", "1"),
        ("count(buildings where year_of(period) == year_of(on))", "1"),
        ("rounded(energy_mwh, 1)", "MWh"),
        ("-energy_mwh", "MWh"),
    ],
)
def test_unit(text: str, unit: str) -> None:
    assert scale(unit_of(text), unit) == 1


def test_a_share_becomes_per_cent_by_its_unit() -> None:
    assert scale(unit_of("energy_mwh / more_mwh"), "%") == 100
    assert scale(unit_of("energy_kwh / energy_mwh"), "1") == scale("kWh", "MWh")


@pytest.mark.parametrize(
    "text",
    [
        "energy_mwh + energy_kwh",
        "energy_mwh + energy_tce",
        "energy_mwh < energy_kwh",
        "coal_t + emissions",
        "share + percentage",
        "1 - percentage",
        "energy_mwh + share",
        "max(energy_mwh, area)",
        "if fact then energy_mwh else area",
        "fact + share",
        "share and fact",
        "not share",
        "on + share",
        "fact",
        "on",
        "'text'",
        "fact == share",
        "on < share",
        "fact < fact",
        "years_before(on, share)",
        "years_before(share, years)",
        "year_of(share)",
        "unheard_of",
        "count(nowhere)",
        "count(buildings where unheard_of)",
        "count(buildings where floor_area_m2)",
        "count(buildings where energy_class == 'zero_carbn')",
        "count(buildings where energy_class in ('ordinary', 'none'))",
        "count(buildings where energy_class == 1)",
        "count(buildings where name < 'x')",
        "count(buildings where period == period)",
        "count(buildings where value <= other)",
        "count(buildings where value <= floor_area_m2)",
        "sum(buildings: value)",
        "sum(buildings: value * limit)",
        "sum(buildings: good)",
        "mean(buildings: floor_area_m2 weighted by name)",
    ],
)
def test_what_does_not_fit_is_refused(text: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        infer(parse(text), _declared(), columns=lambda register: COLUMNS.get(register, {}))
        unit_of(text)
    assert caught.value.message_zh
    assert caught.value.message_en


def _declared() -> dict[str, Declared]:
    return {n: Declared("number", u) if isinstance(u, str) else u for n, u in NAMES.items()}


def test_a_misspelt_choice_is_suggested() -> None:
    with pytest.raises(ExpressionError, match="zero_carbon"):
        unit_of("count(buildings where energy_class == 'zero_carbn')")


def test_kind_of_a_condition() -> None:
    assert infer(parse("energy_mwh > 0 and fact"), _declared()).kind == "yes_no"
