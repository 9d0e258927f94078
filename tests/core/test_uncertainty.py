"""Uncertainty of an inventory: expected values by hand, from the numbers given and the 95 % quantile."""

import json
import math
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from inventory_parks import YEAR, compute, energy, enterprise, park, row

from lingtan.cli.app import main
from lingtan.dossier.writing import write_dossier
from lingtan.errors import LingtanError
from lingtan.inventory import method_names
from lingtan.inventory.records import Inventory
from lingtan.inventory.uncertainty import (
    Spread,
    TotalUncertainty,
    Uncertainty,
    compute_uncertainty,
    load_defaults,
)
from lingtan.metering.records import MeterEnergy, Metering
from lingtan.trace import Node, walk

Z95 = 1.959963984540054  # standard normal, 97.5 %
Z90 = 1.6448536269514722  # 95 %
GRID = "grid.cn.prov.shanghai.2023"


def analysed(*rows: Any, metering: Metering | None = None, **more: Any) -> Uncertainty:
    dossier = park(*rows)
    return compute_uncertainty(compute(dossier, metering=metering), dossier, **more)


def fuel(name: str, quantity: object, enterprise: str = "E001", **cells: Any) -> Any:
    cells = {"use": "combustion", "unit": "t", "source": "bill", **cells}
    return energy(enterprise=enterprise, carrier=name, quantity=quantity, **cells)


def own(name: str, factor: str, enterprise: str = "E001") -> Any:
    """A measured factor in tCO2/t: a line is then quantity × factor and nothing else."""
    cells = {"direct_factor": factor, "direct_factor_unit": "tCO2/t", "source": "算例"}
    return row("fuel_properties", 2, enterprise=enterprise, carrier=name, **cells)


def quantity(carrier: str, enterprise: str = "E001", use: str = "combustion") -> str:
    return f"energy_activity[2024/{enterprise}/{carrier}/{use}].quantity"


def factor(carrier: str, enterprise: str = "E001") -> str:
    return f"fuel_properties[{enterprise}/{carrier}].direct_factor"


def widths(**percent: float) -> Mapping[str, Spread]:
    return {name: Spread(value) for name, value in percent.items()}


TWO_FUELS = (fuel("anthracite", 100), own("anthracite", "2"), fuel("diesel", 50), own("diesel", "3"))
TWO_GIVEN = {
    quantity("anthracite"): Spread(3),
    factor("anthracite"): Spread(4),
    quantity("diesel"): Spread(6),
    factor("diesel"): Spread(8),
}


def test_root_sum_square_of_independent_lines() -> None:
    # 100 × 2 = 200 t at √(3² + 4²) = 5 % is 10 t; 50 × 3 = 150 t at √(6² + 8²) = 10 % is 15 t
    total = analysed(*TWO_FUELS, given=TWO_GIVEN).totals["scope1_tco2e"]
    assert total.value == 350
    assert total.half_width == pytest.approx(math.sqrt(10**2 + 15**2), rel=1e-12)
    assert total.deviation == pytest.approx(math.sqrt(325) / Z95, rel=1e-12)
    assert total.percent == pytest.approx(math.sqrt(325) / 350 * 100, rel=1e-12)
    assert total.independent == pytest.approx(total.deviation, rel=1e-12)
    assert {line.name.split("/")[2]: line.share for line in total.lines} == pytest.approx(
        {"anthracite": 100 / 325, "diesel": 225 / 325}
    )
    assert {one.name: one.share for one in total.inputs} == pytest.approx(
        {  # 6 t, 8 t, 9 t, 12 t
            quantity("anthracite"): 36 / 325,
            factor("anthracite"): 64 / 325,
            quantity("diesel"): 81 / 325,
            factor("diesel"): 144 / 325,
        }
    )
    assert total.is_complete


SHARED = (energy(quantity=1000), energy(quantity=3000, enterprise="E002"))
ONE = quantity("electricity", use="purchased")
OTHER = quantity("electricity", "E002", "purchased")


def test_two_lines_sharing_one_factor_add_linearly() -> None:
    # the quantities exact, the factor ±10 %: (1000 + 3000) MWh × 0.5737 × 10 %, though by two lines
    spreads = {ONE: Spread(0), OTHER: Spread(0), GRID: Spread(10)}
    total = analysed(*SHARED, given=spreads).totals["scope2_location_tco2e"]
    assert total.value == Decimal("2294.8000")
    assert total.half_width == pytest.approx(229.48, rel=1e-12)
    # as if each line had a factor of its own: √(57.37² + 172.11²)
    assert total.independent is not None
    assert total.independent * Z95 == pytest.approx(math.hypot(57.37, 172.11), rel=1e-12)
    assert [line.share for line in total.lines] == pytest.approx([0.25, 0.75])
    assert len(total.inputs) == 3 and total.inputs[-1].share == 1.0


def test_shared_and_independent_differ_by_the_covariance() -> None:
    # Var − Var(independent) = 2 × (1000 f σ)(3000 f σ)
    spreads = {ONE: Spread(2), OTHER: Spread(5), GRID: Spread(10)}
    total = analysed(*SHARED, given=spreads).totals["scope2_location_tco2e"]
    assert total.deviation is not None and total.independent is not None
    covariance = 57.37 * 172.11 / Z95**2
    assert total.deviation**2 - total.independent**2 == pytest.approx(2 * covariance, rel=1e-9)
    meters = math.hypot(11.474, 86.055)  # 573.7 × 2 %, 1721.1 × 5 %
    assert total.half_width == pytest.approx(math.hypot(229.48, meters), rel=1e-12)


def test_gross_takes_both_scopes_and_other_confidence_is_brought_to_one() -> None:
    spreads = {
        **{name: Spread(0) for name in (ONE, quantity("anthracite"), factor("anthracite"))},
        GRID: Spread(10, 90),
    }
    found = analysed(energy(quantity=1000), *TWO_FUELS[:2], given=spreads).totals
    assert found["scope1_tco2e"].deviation == 0
    assert found["scope2_location_tco2e"].deviation == pytest.approx(57.37 / Z90, rel=1e-12)
    assert found["gross_tco2e"].deviation == found["scope2_location_tco2e"].deviation
    assert found["gross_tco2e"].value == Decimal("773.7")
    assert set(found) == {"scope1_tco2e", "scope2_location_tco2e", "scope2_market_tco2e", "gross_tco2e"}


def test_sold_electricity_takes_its_error_off_again() -> None:
    # bought 1000, sold 400, one factor at 10 %: 600 × 0.5737 × 10 %; the sold line has a negative share
    sold = energy(3, use="sold", quantity=400)
    spreads = {ONE: Spread(0), quantity("electricity", use="sold"): Spread(0), GRID: Spread(10)}
    total = analysed(energy(quantity=1000), sold, given=spreads).totals["scope2_location_tco2e"]
    assert total.half_width == pytest.approx(34.422, rel=1e-12)
    assert sorted(line.share for line in total.lines) == pytest.approx([-400 / 600, 1000 / 600])


def gas(**cells: Any) -> Any:
    given = {"period": 2024, "enterprise": "E001", "gas": "HFC-134a", "item": "a", **cells}
    return row("fugitive_gases", 2, **given)


def test_a_balance_is_no_product_and_has_the_slopes_of_its_terms() -> None:
    # 20 − 18 + 12 + 0 − 4 = 10 kg × 1530 = 15.3 t; 20 kg at 10 % is 2 kg: 3.06 t; 12 kg: 1.836 t
    method = {"method": "simplified", "new_charge_kg": 20, "new_capacity_kg": 18, "recharge_kg": 12}
    leak = gas(**method, disposed_capacity_kg=0, recovered_kg=4)
    base = "fugitive_gases[2024/E001/HFC-134a/a]"
    none = {f"{base}.{name}_kg": Spread(0) for name in ("new_capacity", "recovered")}
    none |= {f"{base}.{name}_kg": Spread(10) for name in ("new_charge", "recharge")}
    confirmed = tuple(name for name in ("process_activity", "waste_treatment"))
    dossier = park(leak, energy(quantity=1), confirmed=confirmed)
    inventory = compute(dossier)
    gwp = next(n.name for n in walk(*inventory.totals.values()) if n.name.startswith("gwp."))
    total = compute_uncertainty(inventory, dossier, given={**none, gwp: Spread(0)}).totals["scope1_tco2e"]
    assert total.value == Decimal("15.3")
    assert total.half_width == pytest.approx(math.hypot(3.06, 1.836), rel=1e-12)
    # by default the GWP has ±35 % at 90 %
    plain = compute_uncertainty(inventory, dossier, given=none).totals["scope1_tco2e"]
    shown = next(one for one in plain.inputs if one.name == gwp)
    assert shown.deviation == pytest.approx(15.3 * 0.35 / Z90, rel=1e-12)


def test_hourly_emissions_share_their_intensity() -> None:
    def meter(name: str, enterprise: str, tonnes: str) -> MeterEnergy:
        return MeterEnergy(
            name, "electricity", "MWh", Decimal(100), 10, 10, 0, 0, Decimal(tonnes), enterprise=enterprise
        )

    metering = Metering((meter("M1", "E001", "30"), meter("M2", "E002", "40")), files=("a.csv",))
    rows = [enterprise("E001"), enterprise("E002")]
    for one in metering.meters:
        cells = {"enterprise": one.enterprise, "carrier": "electricity", "role": "supply", "unit": "MWh"}
        rows.append(row("meters", 2, meter=one.meter, **cells))
    total = analysed(*rows, metering=metering, given={"hourly_intensity": Spread(10)}).totals[
        "scope2_location_tco2e"
    ]
    assert total.value == 70
    # ±2 % of each meter by default, ±10 % of both together
    assert total.half_width == pytest.approx(math.sqrt(0.6**2 + 0.8**2 + 7**2), rel=1e-12)


def test_the_uncertainty_of_a_meters_estimate_may_be_given() -> None:
    # 500 MWh with a standard deviation of 20 MWh, the factor exact: 20 × 0.5737 t
    one = MeterEnergy("M1", "electricity", "MWh", Decimal(500), 10, 10, 0, 0, enterprise="E001")
    cells = {"enterprise": "E001", "carrier": "electricity", "role": "supply", "unit": "MWh"}
    rows = [enterprise("E001"), row("meters", 2, meter="M1", **cells)]
    spreads = {"meters[M1].energy": Spread(20 / 500 * 100, 68.268949), GRID: Spread(0)}
    metering = Metering((one,), files=("a.csv",))
    total = analysed(*rows, metering=metering, given=spreads).totals["scope2_location_tco2e"]
    assert total.deviation == pytest.approx(11.474, rel=1e-6)


def test_defaults_say_where_they_come_from() -> None:
    inputs = {one.name: one for one in analysed(fuel("anthracite", 100), energy(quantity=10)).inputs}
    coal, power = inputs[quantity("anthracite")], inputs[ONE]
    assert (coal.kind, coal.basis, coal.deviation) == ("fossil_fuel", "precedent", pytest.approx(0.05 / Z95))
    assert (power.kind, power.basis) == ("bill", "operator-set") and "not found" in power.source
    assert inputs["cn.gbt32151_34_2024.anthracite.ncv"].kind == "fuel_property"
    assert inputs[GRID].kind == "default"
    estimated = analysed(fuel("anthracite", 100, source="estimate")).inputs
    assert {one.kind for one in estimated if one.role == "activity"} == {"estimate"}
    assert load_defaults().inputs["gwp"].confidence == 90


def test_an_input_without_uncertainty_is_named_and_not_zero() -> None:
    found = analysed(energy(quantity=1000, source=None), given={GRID: Spread(10)})
    total = found.totals["scope2_location_tco2e"]
    assert total.without == (ONE,) and not total.is_complete
    assert total.half_width == pytest.approx(57.37, rel=1e-12)  # of what is known
    assert [(one.code, one.context["name"]) for one in found.faults] == [("uncertainty.input-without", ONE)]
    assert next(one for one in found.inputs if one.name == ONE).deviation is None


def broken(inventory: Inventory) -> Inventory:
    """As if the value of the first fuel line were not known."""
    line = next(line for line in inventory.lines if line.source == "combustion")
    node = Node(line.node.name, None, line.node.unit)
    scope1 = inventory.totals["scope1_tco2e"]
    inputs = tuple((label, node if child is line.node else child) for label, child in scope1.inputs)
    totals = {**inventory.totals, "scope1_tco2e": replace(scope1, value=None, inputs=inputs)}
    lines = tuple(replace(one, node=node) if one is line else one for one in inventory.lines)
    return replace(inventory, lines=lines, totals=totals)


def test_a_line_without_value_is_named() -> None:
    dossier = park(*TWO_FUELS)
    inventory = broken(compute(dossier))
    given = {name: spread for name, spread in TWO_GIVEN.items() if "diesel" in name}
    found = compute_uncertainty(inventory, dossier, given=given, draws=1000)
    total = found.totals["scope1_tco2e"]
    assert total.unknown == ("combustion[2024/E001/anthracite/combustion].emissions",)
    assert total.value is None and total.percent is None and not total.is_complete
    assert total.half_width == pytest.approx(15, rel=1e-12)
    assert total.simulated is not None
    assert "uncertainty.line-unknown" in {one.code for one in found.faults}


def test_a_total_that_is_not_known_has_no_uncertainty() -> None:
    total = analysed(enterprise()).totals["gross_tco2e"]
    assert (total.value, total.deviation, total.independent, total.half_width) == (None, None, None, None)
    assert total.gaps and not total.is_complete


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"given": {"energy_activity[nothing]": Spread(5)}}, "uncertainty.unknown-input"),
        ({"given": {ONE: Spread(-1)}}, "uncertainty.bad-spread"),
        ({"given": {ONE: Spread(math.nan)}}, "uncertainty.bad-spread"),
        ({"given": {ONE: Spread(5, 100)}}, "uncertainty.bad-spread"),
        ({"draws": 999}, "uncertainty.draws"),
        ({"draws": -5}, "uncertainty.draws"),
    ],
)
def test_what_cannot_be_used_is_refused(more: dict[str, Any], code: str) -> None:
    with pytest.raises(LingtanError) as caught:
        analysed(energy(quantity=1000), **more)
    assert [one.code for one in caught.value.faults] == [code]


def test_the_file_of_uncertainties_is_no_method() -> None:
    assert "uncertainty" not in method_names()


# Monte Carlo


DRAWS = 200_000


def within(found: TotalUncertainty, z: float) -> None:
    """Mean and deviation of the draws against value and propagation, within `z` standard errors.

    The standard error of a deviation is σ √((κ − 1) / 4n); 4 bounds the kurtosis κ of these sums.
    """
    assert found.simulated and found.value is not None and found.deviation
    drawn, sigma = found.simulated, found.deviation
    assert abs(drawn.mean - float(found.value)) < z * sigma / math.sqrt(drawn.draws)
    assert abs(drawn.deviation - sigma) < z * sigma * math.sqrt(3 / 4 / drawn.draws)


def test_draws_agree_with_propagation_where_it_is_exact() -> None:
    # linear: only the quantities are uncertain, so the variance of the sum is exact for any distribution
    spreads = {**TWO_GIVEN, factor("anthracite"): Spread(0), factor("diesel"): Spread(0)}
    found = analysed(*TWO_FUELS, given=spreads, draws=DRAWS, seed=7)
    within(found.totals["scope1_tco2e"], 3.5)
    total = found.totals["scope1_tco2e"]
    assert total.simulated and total.half_width and total.deviation
    # skewness of the lognormal at σ = 3 % shifts the ends by about a hundredth of σ
    error = 3.5 * total.deviation * math.sqrt(0.025 * 0.975 / DRAWS) / 0.05845  # density at 1.96 σ
    shift = 0.05 * total.deviation
    assert abs(total.simulated.p97_5 - (350 + total.half_width)) < error + shift
    assert abs(total.simulated.p2_5 - (350 - total.half_width)) < error + shift
    assert found.seed == 7


def test_draws_agree_where_a_factor_is_shared() -> None:
    spreads = {ONE: Spread(0), OTHER: Spread(0), GRID: Spread(10)}
    found = analysed(*SHARED, given=spreads, draws=DRAWS, seed=8)
    within(found.totals["scope2_location_tco2e"], 3.5)
    assert found.totals["gross_tco2e"].simulated == found.totals["scope2_location_tco2e"].simulated


def test_a_large_uncertainty_keeps_mean_and_deviation_and_stays_positive() -> None:
    # ±150 %: lognormal of mean m and deviation 0.765 m has quantiles exp(μ ± 1.96 s)
    spreads = {name: Spread(0) for name in (ONE,)} | {GRID: Spread(150)}
    total = analysed(energy(quantity=1000), given=spreads, draws=DRAWS, seed=9).totals["gross_tco2e"]
    assert total.simulated
    s2 = math.log(1 + (1.5 / Z95) ** 2)
    ends = [573.7 * math.exp(-s2 / 2 + z * math.sqrt(s2)) for z in (-Z95, 0, Z95)]
    drawn = total.simulated
    assert [drawn.p2_5, drawn.p50, drawn.p97_5] == pytest.approx(ends, rel=0.02)
    assert drawn.p2_5 > 0


def test_the_same_seed_gives_the_same_draws() -> None:
    def drawn(seed: int, draws: int = 5000) -> Any:
        return analysed(*TWO_FUELS, draws=draws, seed=seed).totals["gross_tco2e"].simulated

    assert drawn(1) == drawn(1)
    assert drawn(1) != drawn(2)
    assert drawn(1, 4097).draws == 4097


def test_market_and_location_are_drawn_from_the_same_quantities() -> None:
    found = analysed(*SHARED, *TWO_FUELS, draws=50_000, seed=3).totals
    for total in found.values():
        within(replace(total), 4.5)
    # one draw of each quantity: location and gross differ by the fuels alone, in every percentile's mean
    location, scope1, gross = (
        found[f"{name}_tco2e"].simulated for name in ("scope2_location", "scope1", "gross")
    )
    assert gross.mean == pytest.approx(location.mean + scope1.mean, rel=1e-9)
    assert found["scope2_market_tco2e"].simulated.draws == location.draws == 50_000


# Data quality


def test_quality_is_weighted_by_emissions() -> None:
    # coal 200 t: bill 6 × measured 6 = 36; diesel 150 t: estimate 1 × 6 = 6; (200 × 36 + 150 × 6) / 350
    rows = (*TWO_FUELS[:2], fuel("diesel", 50, source="estimate"), TWO_FUELS[3], energy(quantity=1000))
    found = analysed(*rows).totals
    grade = found["scope1_tco2e"].grade
    assert grade and grade.score == pytest.approx(8100 / 350) and grade.grade == 3 and grade.weight == 350
    power = found["scope2_location_tco2e"].grade
    assert power and (power.score, power.grade) == (pytest.approx(18), 4)
    gross = found["gross_tco2e"]
    assert gross.grade and gross.grade.score == pytest.approx((8100 + 573.7 * 18) / 923.7)
    assert [one.name for one in gross.sources] == ["combustion", "electricity"]


@pytest.mark.parametrize(
    ("score", "grade"), [(36, 1), (31, 1), (30.9, 2), (25, 2), (19, 3), (13, 4), (12, None)]
)
def test_bands_of_the_template(score: float, grade: int | None) -> None:
    assert load_defaults().grade(score) == grade


def test_a_line_without_score_is_named_and_weighs_nothing() -> None:
    grade = analysed(energy(quantity=1000, source=None)).totals["gross_tco2e"].grade
    assert grade and grade.score is None and grade.grade is None and grade.weight == 0
    assert grade.without == ("electricity[2024/E001/electricity/purchased].emissions",)


# Properties


@st.composite
def parks(draw: st.DrawFn) -> list[Any]:
    count = draw(st.integers(1, 6))
    amounts = st.decimals(1, 9999, places=2, allow_nan=False)
    sources = st.sampled_from(["meter", "bill", "stock", "estimate"])
    carriers = st.sampled_from(["electricity", "anthracite", "diesel"])
    rows = []
    for number in range(count):
        carrier = draw(carriers)
        use = "purchased" if carrier == "electricity" else "combustion"
        unit = "MWh" if carrier == "electricity" else "t"
        cells = {"carrier": carrier, "use": use, "unit": unit, "source": draw(sources)}
        rows.append(energy(number + 2, enterprise=f"E{number:03d}", quantity=draw(amounts), **cells))
    return rows


@settings(max_examples=30, deadline=None)
@given(parks())
def test_contributions_sum_to_one(rows: list[Any]) -> None:
    for total in analysed(*rows).totals.values():
        for parts in (total.lines, total.inputs):
            expected = 1.0 if total.deviation else 0.0
            assert math.fsum(part.share for part in parts) == pytest.approx(expected, abs=1e-9)


@settings(max_examples=20, deadline=None)
@given(parks(), st.randoms())
def test_order_of_rows_does_not_matter(rows: list[Any], random: Any) -> None:
    shuffled = list(rows)
    random.shuffle(shuffled)
    renumbered = [
        replace(one, place=replace(one.place, row=number)) for number, one in enumerate(shuffled, 2)
    ]
    one, other = analysed(*rows, draws=1000), analysed(*renumbered, draws=1000)
    assert {n: replace(t, gaps=()) for n, t in one.totals.items()} == {
        n: replace(t, gaps=()) for n, t in other.totals.items()
    }


@settings(max_examples=20, deadline=None)
@given(parks())
def test_no_uncertainty_gives_none(rows: list[Any]) -> None:
    nothing = {one.name: Spread(0) for one in analysed(*rows).inputs}
    for total in analysed(*rows, given=nothing, draws=1000).totals.values():
        assert total.simulated and total.value is not None
        assert (total.deviation, total.independent, total.simulated.deviation) == (0, 0, 0)
        assert total.simulated.p2_5 == total.simulated.p97_5 == pytest.approx(float(total.value))
        assert all(part.share == 0 for part in (*total.lines, *total.inputs))


@settings(max_examples=20, deadline=None)
@given(parks(), st.floats(0.1, 10))
def test_all_uncertainties_times_k_is_the_deviation_times_k(rows: list[Any], k: float) -> None:
    one = analysed(*rows)
    scaled = {i.name: Spread((i.deviation or 0) * k * Z95 * 100) for i in one.inputs}
    for name, total in analysed(*rows, given=scaled).totals.items():
        assert total.deviation == pytest.approx((one.totals[name].deviation or 0) * k, rel=1e-9)


# the command


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = str(
        write_dossier(park(energy(quantity=1000), energy(3, use="sold", quantity=100)), tmp_path / "d")
    )
    with pytest.raises(SystemExit) as left:
        main(["uncertainty", path, "--on", "2025-06-30", "--draws", "1000", "--seed", "7", "--json"])
    assert not left.value.code
    found = json.loads(capsys.readouterr().out)
    gross = found["totals"]["gross_tco2e"]
    assert (Decimal(gross["value"]), found["seed"], gross["simulated"]["draws"]) == (
        Decimal("516.33"),
        7,
        1000,
    )
    # bills 2 %, one grid factor 10 %: 573.7 and 57.37 t; 95 % half-widths
    bills = math.hypot(573.7 * 0.02, 57.37 * 0.02)
    assert gross["half_width_95"] == pytest.approx(math.hypot(bills, 516.33 * 0.1), rel=1e-9)
    with pytest.raises(SystemExit):
        main(["uncertainty", path, "--on", "2025-06-30", "--total", "scope1_tco2e"])
    assert "不确定度" in capsys.readouterr().out
    with pytest.raises(SystemExit) as left:
        main(["uncertainty", path, "--draws", "3"])
    assert left.value.code == 2


@pytest.mark.parametrize("method", method_names())
def test_every_method_has_an_uncertainty_of_its_emissions(
    method: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = str(write_dossier(park(*TWO_FUELS, energy(quantity=1000)), tmp_path / "d"))
    with pytest.raises(SystemExit) as left:
        main(["uncertainty", path, "--on", "2025-06-30", "--method", method, "--json"])
    assert not left.value.code
    totals = json.loads(capsys.readouterr().out)["totals"]
    whole = [name for name in totals if name.startswith(("gross_", "emissions_"))]
    assert len(whole) == 1 and totals[whole[0]]["half_width_95"] > 0
    with pytest.raises(SystemExit) as left:
        main(["uncertainty", path, "--on", "2025-06-30", "--method", method])
    assert not left.value.code


def test_every_register_that_emits_has_a_default() -> None:
    water = row("wastewater", 2, period=YEAR, enterprise="E001", plant="W1", treatment="anaerobic_reactor",
                volume_m3=1, cod_removed_t=10, methane_recovered_t=1)  # fmt: skip
    gas = row("electronics_gases", 2, period=YEAR, enterprise="E001", industry="semiconductor", gas="cf4",
              consumed_kg=10, abated_percent=50, evidence="EV1")  # fmt: skip
    found = analysed(energy(quantity=1), water, gas).totals["gross_tco2e"]
    assert found.without == () and found.unknown == ()
    assert {grade.name for grade in found.sources} == {"electricity", "electronics", "wastewater"}
