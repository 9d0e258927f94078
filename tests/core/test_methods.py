"""Five methods on one dossier; annex 4 line by line. Expected values were worked out by hand."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from inventory_parks import YEAR, codes, compute, energy, park, row, value

from lingtan.assessment.explain import explain_inventory
from lingtan.cli.app import main
from lingtan.dossier.records import Dossier, Location, Row
from lingtan.dossier.writing import write_dossier
from lingtan.errors import LingtanError
from lingtan.inventory import load_method, method_names
from lingtan.inventory.records import Inventory


def coking_park(**more: object) -> Dossier:
    """A coking plant with a lime kiln: coal in, coke, gas and tar out, part of the gas burnt.

    Default values of GB/T 32151.34-2024 table C.1 (GJ, tC/GJ, oxidation):
    cleaned coal 26.334 GJ/t x 0.02541 = 0.66914694 tC/t; coke 28.435 x 0.0295 = 0.8388325 tC/t;
    coke-oven gas 179.81 GJ/10^4 Nm3 x 0.01358 = 2.4418198 tC; tar 33.453 x 0.022 = 0.735966 tC/t.
    """
    conversion = [
        energy(2, carrier="washed_coal", use="conversion_in", quantity=10000, unit="t"),
        energy(3, carrier="coke", use="conversion_out", quantity=6800, unit="t"),
        energy(4, carrier="coke_oven_gas", use="conversion_out", quantity=300, unit="万Nm3"),
        energy(5, carrier="coal_tar", use="conversion_out", quantity=100, unit="t"),
    ]
    rows = [
        *conversion,
        energy(6, carrier="coke_oven_gas", use="combustion", quantity=100, unit="万Nm3"),
        energy(7, quantity=12000),
        energy(8, use="sold", quantity=800),
        energy(9, carrier="heat", quantity=2000, unit="GJ"),
        energy(10, carrier="heat", use="sold", quantity=500, unit="GJ"),
        row("process_activity", 2, period=YEAR, enterprise="E001", process="lime", quantity=1000, unit="t"),
        row("certificates", 2, certificate="G1", generation_month=f"{YEAR}-05", cancelled_year=YEAR,
            quantity_mwh=5000, evidence="EV2"),
        row("green_electricity", 2, contract="D1", period=YEAR, kind="direct_supply", technology="wind",
            settled_mwh=1000, evidence="EV1"),
    ]  # fmt: skip
    return park(*rows, **more)  # type: ignore[arg-type]


def line(found: Inventory, source: str, carrier: str, *, negative: bool = False) -> Decimal:
    (one,) = (
        x for x in found.lines
        if (x.source, x.carrier, x.emissions < 0) == (source, carrier, negative)
        and x.factor  # what is at zero is looked at apart
    )  # fmt: skip
    return one.emissions


BY_HAND = (
    # tC in the row x 44/12; conversion takes all carbon as oxidised
    ("conversion", "washed_coal", False, Decimal("24535.3878")),  # 6691.4694 tC
    ("conversion", "coke", True, Decimal("-20914.8903333")),  # 5704.061 tC
    ("conversion", "coke_oven_gas", True, Decimal("-2686.00178")),  # 732.54594 tC
    ("conversion", "coal_tar", True, Decimal("-269.8542")),  # 73.5966 tC
    ("combustion", "coke_oven_gas", False, Decimal("886.3805874")),  # 244.18198 tC x 0.99
    ("electricity", "electricity", False, Decimal("4995")),  # (12000 - 5000 - 1000) x 0.8325
    ("electricity", "electricity", True, Decimal("-666")),  # 800 x 0.8325
    ("heat", "heat", False, Decimal("220")),  # 2000 x 0.11
    ("heat", "heat", True, Decimal("-55")),  # 500 x 0.11
    ("process", "lime", False, Decimal("750")),  # 1000 x 0.75
)


@pytest.mark.parametrize(("source", "carrier", "negative", "expected"), BY_HAND)
def test_the_national_method_line_by_line(
    source: str, carrier: str, negative: bool, expected: Decimal
) -> None:
    found = compute(coking_park(), method="cn-ndrc-910")
    assert abs(line(found, source, carrier, negative=negative) - expected) < Decimal("1e-7")


def test_the_national_method_has_these_lines_and_no_other() -> None:
    found = compute(coking_park(), method="cn-ndrc-910")
    at_zero = [x for x in found.lines if not x.factor]
    assert [(x.activity, x.emissions) for x in at_zero] == [(6000, 0)]  # proven green electricity
    assert len(found.lines) == len(BY_HAND) + 1
    assert {x.factor for x in found.lines if x.source == "electricity"} == {Decimal(0), Decimal("0.8325")}


def test_the_national_method_term_by_term() -> None:
    found = compute(coking_park(), method="cn-ndrc-910")
    terms = {
        "e_fuel_tco2": "886.3805874",
        "e_conversion_tco2": "664.6414867",
        "e_electricity_tco2": "4329",
        "e_heat_tco2": "165",
        "e_process_tco2": "750",
        "emissions_tco2": "6795.0220741",
    }
    for name, expected in terms.items():
        assert abs((value(found, name) or 0) - Decimal(expected)) < Decimal("1e-7"), name
    assert not found.missing


@pytest.mark.parametrize("method", method_names())
def test_no_offset_ever_enters_an_inventory(method: str) -> None:
    credit = row("credits", 2, credit="C1", kind="ccer", vintage=YEAR - 1, quantity_tco2e=5000,
                 cancelled_year=YEAR, evidence="EV3")  # fmt: skip
    sink = row("removals", 2, removal="R1", kind="sink", year=YEAR, quantity_tco2e=700, evidence="EV4")
    plain = coking_park()
    rows = {**plain.rows, "credits": (credit,), "removals": (sink,)}
    bare, offset = (compute(one, method=method) for one in (plain, Dossier("p", plain.park, rows)))
    assert {k: n.value for k, n in bare.totals.items()} == {k: n.value for k, n in offset.totals.items()}
    assert load_method(method).offsets.value == "none"


# by hand: fuel 886.3805874 + conversion 664.6414867 + process 750 = 2301.0220741 in each
FIVE = {
    "cn-ndrc-910": {"emissions_tco2": "6795.0220741"},
    # national average 2023 0.5306: 6000 x 0.5306 - 800 x 0.5306 = 2759.12; heat 1500 x 0.11
    "gbt-32150": {"e_electricity_tco2e": "2759.12", "e_heat_tco2e": "165", "emissions_tco2e": "5225.1420741"},
    # 0.42 on all 11,200 MWh: neither certificates nor direct supply count there; heat 1500 x 0.06
    "sh-ets": {"e_electricity_tco2": "4704", "e_heat_tco2": "90", "emissions_tco2": "7095.0220741"},
    # Shanghai 2023 0.5737 and residual 2023 0.6096; net of what is sold; heat 90
    "park": {
        "scope1_tco2e": "2301.0220741",
        "scope2_location_tco2e": "6515.44",  # 11200 x 0.5737 + 90
        "scope2_market_tco2e": "3259.92",  # 5200 x 0.6096 + 90: sold at the factor of the import
    },
    # what is sold is shown and not taken off: 12000 x 0.5737 + 120; 6000 x 0.6096 + 120
    # CH4 and N2O of the burnt gas: 100 x 179.81 GJ = 17.981 TJ; (1 x 27.9 + 0.1 x 273) kg/TJ = 0.9925512 t
    "ghg-protocol": {
        "scope1_tco2e": "2302.0146253",
        "scope2_location_tco2e": "7004.4",
        "scope2_market_tco2e": "3777.6",
    },
}


@pytest.mark.parametrize("method", method_names())
def test_five_methods_by_hand(method: str) -> None:
    found = compute(coking_park(), method=method)
    for name, expected in FIVE[method].items():
        assert abs((value(found, name) or 0) - Decimal(expected)) < Decimal("1e-7"), name


def test_what_is_sold_is_shown_where_the_method_takes_nothing_off() -> None:
    found = compute(coking_park(), method="ghg-protocol")
    shown = [(x.carrier, x.emissions) for x in found.lines if x.view == "none"]
    assert shown == [
        ("electricity", Decimal("-458.96")),
        ("heat", Decimal("-30")),
    ]  # 800 x 0.5737, 500 x 0.06


def test_green_power_trade_counts_in_shanghai() -> None:
    trade = row("green_electricity", 2, contract="T1", period=YEAR, kind="green_power_trade",
                technology="solar", settled_mwh=400, evidence="EV1")  # fmt: skip
    found = compute(park(energy(quantity=1000), trade), method="sh-ets")
    assert value(found, "e_electricity_tco2") == 252  # 600 x 0.42
    assert "inventory.instrument-outside-method" not in codes(found)


def test_instruments_a_method_does_not_know_are_named() -> None:
    assert "inventory.instrument-outside-method" in codes(compute(coking_park(), method="sh-ets"))


def test_the_shanghai_factor_holds_in_shanghai_only() -> None:
    elsewhere = compute(coking_park(location=Location(province="浙江")), method="sh-ets")
    assert any("factor electricity" in gap.datum for gap in elsewhere.missing)


@pytest.mark.parametrize("method", method_names())
def test_every_convention_has_basis_and_source(method: str) -> None:
    profile = load_method(method)
    conventions = [x for x in profile.model_dump().values() if isinstance(x, dict)]
    assert len(conventions) > 20
    assert all(x["source"].strip() for x in conventions)


@pytest.mark.parametrize("method", method_names())
def test_every_total_and_line_of_every_method_can_be_explained(method: str) -> None:
    found = compute(coking_park(), method=method)
    for name, node in found.totals.items():
        assert explain_inventory(found, name.upper()) is node
    for one in found.lines:
        assert explain_inventory(found, one.node.name).value is not None
    with pytest.raises(LingtanError) as raised:
        explain_inventory(found, "e_electricty")
    assert raised.value.faults[0].code == "assessment.unknown-name"


def test_explain_takes_a_method(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = str(write_dossier(park(energy(quantity=100)), tmp_path / "d"))
    with pytest.raises(SystemExit) as left:
        main(["explain", path, "e_electricity_tco2", "--method", "sh-ets", "--on", "2025-06-30", "--json"])
    assert not left.value.code
    found = json.loads(capsys.readouterr().out)
    assert Decimal(found["nodes"][found["root"]]["value"]) == 42


# a zero needs a proof


def nought(register: str, proof: str | None) -> Row:
    if register == "process_activity":
        return row(register, 2, period=YEAR, enterprise="E001", process="lime", quantity=10, unit="t",
                   factor=0, factor_unit="tCO2/t", source="自测", evidence=proof)  # fmt: skip
    carrier, unit = ("heat", "tCO2/GJ") if register == "heat" else ("natural_gas", "tCO2/万Nm3")
    return row("fuel_properties", 2, enterprise="E001", carrier=carrier, direct_factor=0,
               direct_factor_unit=unit, evidence=proof)  # fmt: skip


@pytest.mark.parametrize("register", ["process_activity", "heat", "fuel"])
def test_an_own_factor_of_nought_needs_evidence(register: str) -> None:
    used = [
        energy(quantity=1),
        energy(3, carrier="heat", unit="GJ", quantity=5),
        energy(4, carrier="natural_gas", use="combustion", unit="万Nm3", quantity=1),
    ]
    code = "inventory.zero-without-evidence"
    proven = compute(park(*used, nought(register, "EV9")))
    assert code not in codes(proven)
    assert not proven.missing
    for proof in (None, "EV404"):
        given = park(*used, nought(register, proof))
        bare = replace(given, rows={**given.rows, "evidence": ()})
        found = compute(bare)
        assert code in codes(found)
        assert [one.severity for one in found.warnings if one.code == code] == ["error"]
        assert found.missing
