"""Likely slips: each confusion caught where it is, and silent where the value is right."""

# ruff: noqa: E501 - tables of cases read better in one line each

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from inventory_parks import compute, energy, enterprise, park, row

from lingtan.dossier.records import Dossier, Row
from lingtan.errors import Fault
from lingtan.inventory import find_slips
from lingtan.inventory.slips.confusions import Confusion, find_likely, load_slips, shorten
from lingtan.metering.records import MeterEnergy, Metering
from lingtan.quantities import dimension, is_unit, scale

CONFUSIONS = load_slips().confusions
LIMITS = load_slips().limits
QUANTITIES = sorted(name for name, one in CONFUSIONS.items() if "quantity" in one.of)
OF_ENERGY, OF_MASS, OF_VOLUME = dimension("GJ"), dimension("t"), dimension("L")
STEADY = [100, 103, 98, 101, 99, 102, 97, 100, 104, 99, 101, 98]
SEASONAL = [300, 280, 220, 160, 120, 100, 100, 100, 120, 170, 240, 290]  # winter three times summer


def monthly(values: list[object], unit: str, **cells: object) -> Dossier:
    rows = [
        energy(n + 1, period=f"2024-{n:02d}", quantity=one, unit=unit, **cells)
        for n, one in enumerate(values, 1)
    ]
    return park(*rows)


def off(month: int, by: Decimal, values: list[int] = STEADY) -> list[object]:
    return [one * by if n == month else one for n, one in enumerate(values, 1)]


def slips(dossier: Dossier, code: str = "") -> list[Fault]:
    return [one for one in find_slips(dossier) if not code or one.code == f"inventory.{code}"]


def fuel(carrier: str = "bituminous", **cells: object) -> Dossier:
    return park(energy(quantity=1), row("fuel_properties", 2, enterprise="E001", carrier=carrier, **cells))


def stated(column: str, value: object, unit: str, carrier: str = "bituminous") -> Dossier:
    return fuel(carrier, **{column: value, f"{column}_unit": unit})


# the list


@pytest.mark.parametrize("name", sorted(CONFUSIONS))
def test_ratio_is_that_of_the_units(name: str) -> None:
    """Carbon is no carbon dioxide and no percentage: those ratios are not of units."""
    one = CONFUSIONS[name]
    larger, smaller = one.units
    assert is_unit(larger) and is_unit(smaller) and one.source and one.zh and one.en
    if dimension(larger) == dimension(smaller) and "percent" not in one.units:
        assert abs(scale(larger, smaller) / one.ratio - 1) < Decimal("1e-9")
    elif "percent" in one.units:
        assert one.ratio == 100
    else:
        by = scale(larger.replace("tC/", "tCO2/"), smaller)
        assert abs(one.ratio / by - Decimal(44) / 12) < Decimal("1e-9")


def test_the_ratios_asked_for_are_there() -> None:
    for ratio in ("10", "1000", "10000", "3.785411784", "4.54609", "4.1868"):
        assert any(CONFUSIONS[name].ratio == Decimal(ratio) for name in QUANTITIES)
    assert abs(1 / CONFUSIONS["kg_lb"].ratio - Decimal("0.45359237")) < Decimal("1e-9")


# months of a series


@pytest.mark.parametrize("name", QUANTITIES)
@pytest.mark.parametrize("is_up", [True, False])
def test_month_off_by_each_confusion(name: str, is_up: bool) -> None:
    one = CONFUSIONS[name]
    for unit in one.units:
        by = one.ratio if is_up else 1 / one.ratio
        (found,) = slips(monthly(off(7, by), unit))
        assert (found.code, found.severity, found.context["slip"]) == (
            "inventory.slip-series",
            "warning",
            name,
        )
        assert (found.place.row, found.place.column) == (8, "quantity")
        assert found.context["known"] == shorten(one.ratio) and found.context["period"] == "2024-07"
        other = one.units[1] if unit == one.units[0] else one.units[0]
        meant = other if is_up == (unit == one.units[0]) else unit
        assert found.context["meant"] == meant.replace("_it", "")


@pytest.mark.parametrize("unit", ["MWh", "万kWh", "kWh", "GJ", "tce", "t", "kg", "L", "gallon", "m3", "万m3"])
@pytest.mark.parametrize("values", [STEADY, SEASONAL])
def test_right_series_is_no_slip(unit: str, values: list[object]) -> None:
    assert slips(monthly(values, unit)) == []


def test_slip_in_a_seasonal_series() -> None:
    for month in range(1, 13):
        for by in (Decimal(10), Decimal("0.1"), Decimal(1000)):
            (found,) = slips(monthly(off(month, by, SEASONAL), "MWh"))
            assert found.context["period"] == f"2024-{month:02d}"


def test_tolerance_of_a_series() -> None:
    level = [100] * 12
    edge = 10 * (1 + LIMITS.series_percent.value / 100)
    assert slips(monthly(off(6, edge, level), "MWh"))
    assert not slips(monthly(off(6, edge + Decimal("0.001"), level), "MWh"))
    below = 10 * (1 - LIMITS.series_percent.value / 100)
    assert slips(monthly(off(6, below, level), "MWh"))
    assert not slips(monthly(off(6, below - Decimal("0.001"), level), "MWh"))


def test_few_values_say_nothing() -> None:
    assert slips(monthly([100, 100, 100, 100, 1000], "MWh"))
    assert not slips(monthly([100, 100, 100, 1000], "MWh"))


def test_several_months_and_half_a_year() -> None:
    found = slips(monthly([1000] * 3 + [100] * 9, "MWh"))
    assert [one.context["period"] for one in found] == ["2024-01", "2024-02", "2024-03"]
    assert len(slips(monthly([10] * 6 + [100] * 6, "MWh"))) == 6


def test_zeros_and_part_of_a_month_are_no_slips() -> None:
    assert not slips(monthly([0, 0, *STEADY[2:]], "MWh"))
    dossier = monthly(off(4, Decimal("0.1")), "MWh")
    came = enterprise(active_from=date(2024, 4, 27))
    rows = {**dossier.rows, "enterprises": (came,)}
    assert not slips(Dossier("p", dossier.park, rows))


def test_months_in_different_units_are_one_series() -> None:
    rows = [energy(n, period=f"2024-{n:02d}", quantity=100, unit="MWh") for n in range(1, 12)]
    assert not slips(park(*rows, energy(12, period="2024-12", quantity=10, unit="万kWh")))
    (found,) = slips(park(*rows, energy(12, period="2024-12", quantity=100, unit="万kWh")))
    assert (found.context["meant"], found.context["unit"], found.context["expected"]) == (
        "MWh",
        "万kWh",
        "10",
    )


def test_other_registers_too() -> None:
    rows = [
        row(
            "process_activity",
            n,
            period=f"2024-{n:02d}",
            enterprise="E001",
            process="lime",
            quantity=q,
            unit="t",
        )
        for n, q in enumerate(off(3, Decimal(1000)), 1)
    ]
    assert [one.place.sheet for one in slips(park(*rows))] == ["process_activity"]


@given(
    name=st.sampled_from(QUANTITIES),
    month=st.integers(0, 11),
    wobble=st.lists(st.integers(-30, 30), min_size=12, max_size=12),
    is_up=st.booleans(),
    which=st.integers(0, 1),
)
def test_any_month_of_a_smooth_series(
    name: str, month: int, wobble: list[int], is_up: bool, which: int
) -> None:
    """Months within 3 %, one of them off by any listed ratio: caught, and named."""
    one, values = CONFUSIONS[name], [Decimal(1000 + by) for by in wobble]
    assert slips(monthly(list(values), one.units[which])) == []
    values[month] *= one.ratio if is_up else 1 / one.ratio
    (found,) = slips(monthly(list(values), one.units[which]))
    assert found.context["slip"] == name and found.context["period"] == f"2024-{month + 1:02d}"


# reported against metered


def metered(values: list[object], metered_mwh: Decimal, *, period: bool = True) -> tuple[Fault, ...]:
    dossier = monthly(values, "MWh") if period else park(energy(quantity=values[0]))
    meter = row("meters", 2, meter="M1", enterprise="E001", carrier="electricity", role="supply", unit="kWh")
    rows = {**dossier.rows, "meters": (meter,)}
    months = tuple(metered_mwh * 1000 for _ in range(12))
    read = MeterEnergy("M1", "electricity", "kWh", sum(months, Decimal(0)), 8784, 8784, 0, 0, None, months)
    read = MeterEnergy(**{**{f: getattr(read, f) for f in read.__slots__}, "enterprise": "E001"})
    found = compute(Dossier("p", dossier.park, rows), metering=Metering(meters=(read,))).warnings
    return tuple(one for one in found if one.code in ("inventory.slip-metered", "inventory.metered-differs", "inventory.slip-series"))  # fmt: skip


def test_month_reported_ten_times_metered_is_told_once() -> None:
    (found,) = metered(off(5, Decimal(10)), Decimal(100))
    assert (found.code, found.context["slip"]) == ("inventory.slip-metered", "wan_kwh_mwh")
    assert (found.context["expected"], found.place.row) == ("100", 6)


def test_year_and_whole_series_beside_the_meter() -> None:
    (found,) = metered([120], Decimal(100), period=False)
    assert (found.context["period"], found.context["meant"]) == ("2024", "万kWh")
    assert len(metered([10] * 12, Decimal(100))) == 12


@pytest.mark.parametrize(
    ("times", "code"), [(1, ""), ("1.02", ""), (2, "differs"), (11, "slip"), ("11.01", "differs")]
)
def test_tolerance_beside_the_meter(times: object, code: str) -> None:
    found = metered([1200 * Decimal(str(times))], Decimal(100), period=False)
    assert [one.code.split("-")[-1 if code == "differs" else 0].rpartition(".")[2] for one in found] == [code] * bool(code)  # fmt: skip


# own values of fuels and processes

OWN = [
    ("ncv", "4674", "GJ/t", "bituminous", "slip-impossible", "ncv_kcal_kg"),
    ("ncv", "19570", "GJ/t", "bituminous", "slip-impossible", "ncv_kj_kg"),
    ("ncv", "4674", "kJ/kg", "bituminous", "slip-default", "ncv_kcal_kj"),
    ("ncv", "0.7143", "GJ/t", "bituminous", "slip-default", "ncv_tce"),
    ("ncv", "38.931", "GJ/万Nm3", "natural_gas", "slip-default", "ncv_mj_m3"),
    ("ncv", "38931", "GJ/万Nm3", "natural_gas", "slip-default", "ncv_kj_m3"),
    ("ncv", "9300", "GJ/万Nm3", "natural_gas", "slip-default", "ncv_kcal_m3"),
    ("carbon_per_unit", "51", "tC/t", "bituminous", "slip-impossible", "carbon_percent"),
    ("carbon_per_unit", "510", "tC/t", "bituminous", "slip-impossible", "carbon_t_kg"),
    ("carbon_per_unit", "1.88", "tC/t", "bituminous", "slip-impossible", "carbon_c_co2"),
    ("carbon_per_unit", "0.596", "tC/万Nm3", "natural_gas", "slip-default", "carbon_kg_m3"),
    ("carbon_per_unit", "21.84", "tC/万Nm3", "natural_gas", "slip-default", "carbon_c_co2_gas"),
    ("direct_factor", "1880", "tCO2/t", "bituminous", "slip-impossible", "factor_t_kg"),
    ("direct_factor", "0.51", "tCO2/t", "bituminous", "slip-default", "carbon_c_co2"),
    ("direct_factor", "2.16", "tCO2/万Nm3", "natural_gas", "slip-default", "factor_kg_m3"),
    ("direct_factor", "21600", "tCO2/万Nm3", "natural_gas", "slip-default", "factor_m3_kg"),
    ("direct_factor", "55.5", "tCO2/GJ", "natural_gas", "slip-default", "factor_gj_tj"),
    ("direct_factor", "0.0151", "tCO2/GJ", "natural_gas", "slip-default", "factor_c_gj"),
]


@pytest.mark.parametrize(("column", "value", "unit", "carrier", "code", "name"), OWN)
def test_own_value_off_by_a_confusion(
    column: str, value: str, unit: str, carrier: str, code: str, name: str
) -> None:
    (found,) = slips(stated(column, value, unit, carrier))
    assert (found.code, found.context["slip"]) == (f"inventory.{code}", name)
    assert found.severity == ("error" if code == "slip-impossible" else "warning")
    assert (found.place.sheet, found.place.column) == ("fuel_properties", column)


@pytest.mark.parametrize(
    ("value", "code", "name"),
    [("26.2", "slip-impossible", "content_gj_tj"), ("0.0957", "slip-impossible", "content_c_co2"),
     ("95.7", "slip-impossible", "content_c_co2_tj"), ("0.0000262", "slip-default", "content_gj_tj")],
)  # fmt: skip
def test_carbon_content(value: str, code: str, name: str) -> None:
    (found,) = slips(fuel(carbon_content_tc_per_gj=value))
    assert (found.code, found.context["slip"]) == (f"inventory.{code}", name)


@pytest.mark.parametrize(
    ("column", "value", "unit"),
    [("ncv", "19.57", "GJ/t"), ("ncv", "29.3", "GJ/t"), ("ncv", "4674", "kcal/kg"), ("ncv", "120", "GJ/t"),
     ("carbon_per_unit", "0.51", "tC/t"), ("carbon_per_unit", "1", "tC/t"), ("carbon_per_unit", "51", "percent"),
     ("direct_factor", "1.88", "tCO2/t"), ("direct_factor", "3.6666", "tCO2/t"), ("direct_factor", "1880", "kgCO2/t")],
)  # fmt: skip
def test_right_own_values_are_no_slips(column: str, value: str, unit: str) -> None:
    assert slips(stated(column, value, unit)) == []


def test_just_impossible() -> None:
    for column, value, unit in (
        ("ncv", "120.1", "GJ/t"),
        ("carbon_per_unit", "1.001", "tC/t"),
        ("direct_factor", "3.67", "tCO2/t"),
    ):
        (found,) = slips(stated(column, value, unit))
        assert (found.code, found.severity) == ("inventory.slip-impossible", "error")


def test_tolerance_beside_the_documents() -> None:
    expected, percent = Decimal("389.31"), LIMITS.factor_percent.value
    edge = expected / 10 * (1 - percent / 100)
    assert not find_likely(edge * Decimal("0.8"), expected, "GJ/万Nm3", of="ncv", percent=percent)
    assert find_likely(expected / (10 * (1 + percent / 100)), expected, "GJ/万m3", of="ncv", percent=percent)
    assert not find_likely(expected / Decimal("11.501"), expected, "GJ/万m3", of="ncv", percent=percent)
    assert not find_likely(Decimal(0), expected, "GJ/万m3", of="ncv", percent=percent)


@pytest.mark.parametrize(("value", "unit", "gas"), [("0.196", "kgCO2/t", "CH4"), ("196", "kgCO2/t", "CH4"), ("0.029", "kgCO2/t", "N2O"), ("1.5", "kgCO2/TJ", "N2O")])  # fmt: skip
def test_factor_of_another_gas(value: str, unit: str, gas: str) -> None:
    (found,) = slips(stated("direct_factor", value, unit))
    assert (found.code, found.context["gas"]) == ("inventory.slip-gas", gas)


@pytest.mark.parametrize(
    ("factor", "unit", "name"),
    [("0.75", "tCO2/t", ""), ("750", "kgCO2/t", ""), ("0.8", "tCO2/t", ""), ("750", "tCO2/t", "factor_t_kg"),
     ("75", "tCO2/t", "factor_percent"), ("0.205", "tCO2/t", "carbon_c_co2")],
)  # fmt: skip
def test_own_process_factor(factor: str, unit: str, name: str) -> None:
    cells = {"period": 2024, "enterprise": "E001", "process": "lime", "quantity": 1, "unit": "t"}
    made = row("process_activity", 2, **cells, factor=factor, factor_unit=unit, source="x")
    assert [one.context["slip"] for one in slips(park(made))] == ([name] if name else [])


# percentages


def burnt(*percents: object) -> Dossier:
    cells = {"period": 2024, "enterprise": "E001", "treatment": "incineration", "quantity_t": 1}
    rows: list[Row] = [
        row("waste_treatment", n, waste=str(n), fossil_fraction_percent=one, **cells)
        for n, one in enumerate(percents, 2)
    ]
    return park(*rows)


def test_share_beside_percentages() -> None:
    (found,) = slips(burnt(40, "0.4", 100, 0))
    assert (found.code, found.place.row, found.context["expected"]) == ("inventory.slip-share", 3, "40")
    assert slips(burnt("0.4", "0.5")) == []
    assert slips(burnt(40, "1.01")) == []


def test_oxidation_and_purity_are_never_so_small() -> None:
    (found,) = slips(fuel(oxidation_percent="0.98"))
    assert found.context["expected"] == "98"
    assert slips(fuel(oxidation_percent="98")) == []


# one door


def test_the_inventory_tells_them_once_and_uses_no_factor_for_it() -> None:
    dossier = monthly(off(7, Decimal(10)), "MWh")
    told = [one for one in compute(dossier).warnings if one.code == "inventory.slip-series"]
    assert told == slips(dossier)
    context = told[0].as_dict()["context"]
    assert isinstance(context, dict) and {"ratio", "expected", "meant", "known", "slip"} <= set(context)
    own = fuel(ncv="19.57", ncv_unit="GJ/t")
    assert "bituminous" not in str([one.context for one in compute(own).warnings])


def test_a_confusion_needs_its_units() -> None:
    made = Confusion(ratio=Decimal(10), units=("万kWh", "MWh"), of=("quantity",), zh="x", en="x", basis="precedent", source="x")  # fmt: skip
    assert (
        made.has_unit("万度")
        and made.has_unit("兆瓦时")
        and not made.has_unit("GJ")
        and not made.has_unit("?")
    )
