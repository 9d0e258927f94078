"""Members and park: hand-calculated plants, houses and chains, and what must hold for any graph of them."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from inventory_parks import (
    YEAR,
    codes,
    compute,
    energy,
    enterprise,
    own_factor,
    park,
    registry_with,
    row,
    value,
)

from lingtan.cli import main
from lingtan.dossier.records import Dossier, Row
from lingtan.dossier.writing import write_dossier
from lingtan.expressions import replay
from lingtan.factors import Registry
from lingtan.inventory import Inventory, Member, export_inventory, method_names
from lingtan.inventory.members.reconciling import export_reconciliation, reconcile
from lingtan.inventory.members.reporter import compute_share, export_share
from lingtan.quantities import add_exactly, add_up, exactly
from lingtan.trace import gaps_of

D = Decimal


def handed(
    sender: str, receiver: str, quantity: object, carrier: str = "electricity", number: int = 2, **more: Any
) -> Row:
    unit = "MWh" if carrier == "electricity" else "GJ"
    ends = {"from": sender, "to": receiver}
    given_ = {"period": YEAR, "carrier": carrier, "unit": unit, **more}
    return row("transfers", number, **given_, **ends, quantity=quantity)


def plant(method: str = "energy_content", **cells: Any) -> Row:
    given_ = {"period": YEAR, "enterprise": "CHP", "electricity_output": 100, "electricity_unit": "MWh",
              "heat_output": 540, "heat_unit": "GJ", "method": method, **cells}  # fmt: skip
    return row("cogeneration", 2, **given_)


def lease(tenant: str, key: str = "floor_area", **cells: Any) -> Row:
    given_ = {
        "period": YEAR,
        "landlord": "L",
        "tenant": tenant,
        "carrier": "electricity",
        "key": key,
        **cells,
    }
    return row("leases", 2, **given_)


def coal(quantity: object, name: str = "CHP", **more: Any) -> Row:
    return energy(
        enterprise=name, carrier="anthracite", use="combustion", unit="t", quantity=quantity, **more
    )


def burns(name: str = "CHP", factor: object = 2) -> Row:
    """Two tonnes of CO2 per tonne of coal."""
    cells = {"direct_factor": factor, "direct_factor_unit": "tCO2/t"}
    return row("fuel_properties", 2, enterprise=name, carrier="anthracite", **cells)


def half_grid() -> Registry:
    return registry_with(own_factor("electricity", "grid_average", "0.5", "tCO2/MWh"))


def member(found: Inventory, name: str) -> Member:
    return next(one for one in found.members if one.enterprise == name)


def scope2(found: Inventory, name: str) -> tuple[Decimal | None, ...]:
    """Over the fence, received, passed on, scope 2."""
    one = member(found, name)
    return one.over_fence_tco2e, one.received_tco2e, one.passed_on_tco2e, one.scope2_location_tco2e


def reconciled(found: Inventory) -> Inventory:
    table = reconcile(found)
    assert table.is_exact, table.difference
    assert None not in table.difference.values() or found.missing
    for line in found.lines:
        assert exactly(replay)(line.node) == line.emissions
    for node in found.totals.values():
        assert exactly(replay)(node) == node.value
        assert set(gaps_of(node)) == set(node.gaps)
    return found


# A plant burns 100 t of coal, 200 tCO2: 100 MWh of electricity (360 GJ) and 540 GJ of heat, 900 GJ in all.
# It hands 60 MWh and 540 GJ to T1, 40 MWh to T2.
BY_HAND = {
    # 360/900 of 200 = 80 to electricity: 0.8 t/MWh; 120 to heat: 2/9 t/GJ
    "energy_content": ({}, D(80), D(120)),
    # the other way round: 540/900 = 120 and 80
    "inverse_efficiency": ({}, D(120), D(80)),
    # 360/0.4 = 900 and 540/0.9 = 600: 900/1500 of 200 = 120 and 80
    "separate_efficiency": (
        {"electricity_efficiency_percent": 40, "heat_efficiency_percent": 90},
        D(120),
        D(80),
    ),
    # 360/0.5 = 720 and 540/0.75 = 720: half each
    "reference_saving": ({"electricity_reference_percent": 50, "heat_reference_percent": 75}, D(100), D(100)),
}


@pytest.mark.parametrize("method", sorted(BY_HAND))
def test_tenants_bear_their_share_of_a_plant(method: str) -> None:
    cells, power, heat = BY_HAND[method]
    fed = [handed("CHP", "T1", 60), handed("CHP", "T2", 40), handed("CHP", "T1", 540, "heat")]
    rows = [coal(100), burns(), *fed]
    found = reconciled(compute(park(*rows, plant(method, **cells))))
    # heat leaves the plant whole; its factor is kept to 18 decimals
    t1, t2 = member(found, "T1"), member(found, "T2")
    assert abs(t1.received_tco2e - (power * D("0.6") + heat)) < D("1e-12")  # type: ignore[operator]
    assert t2.received_tco2e == t2.scope2_location_tco2e == power * D("0.4")
    assert (member(found, "CHP").scope1_tco2e, scope2(found, "CHP")) == (200, (0, 0, 0, 0))
    assert abs(value(found, "internal_transfers_tco2e") - 200) < D("1e-12")  # type: ignore[operator]
    without = compute(park(*rows))
    for name in ("scope1_tco2e", "scope2_location_tco2e", "scope2_market_tco2e", "gross_tco2e"):
        assert value(found, name) == value(without, name)
    assert not found.missing


def test_without_a_plant_everything_stays_as_it_was() -> None:
    rows = [coal(100), burns(), handed("CHP", "T1", 60)]
    found = compute(park(*rows), registry=half_grid())
    assert scope2(found, "T1") == (0, 30, 0, 30)
    assert not found.missing


def test_what_a_supplier_measured_goes_before_the_division() -> None:
    measured = row(
        "fuel_properties",
        3,
        enterprise="CHP",
        carrier="heat",
        direct_factor="0.1",
        direct_factor_unit="tCO2/GJ",
    )
    found = compute(park(coal(100), burns(), measured, plant(), handed("CHP", "T", 10, "heat")))
    assert scope2(found, "T") == (0, 1, 0, 1)


@pytest.mark.parametrize(
    ("cells", "datum"),
    [
        ({"heat_output": None}, "cogeneration[2024/CHP].heat_output"),
        (
            {"method": "reference_saving", "heat_reference_percent": 75},
            "cogeneration[2024/CHP].electricity_reference_percent",
        ),
        ({"period": f"{YEAR}-01"}, "cogeneration[2024-02/CHP]"),
    ],
)
def test_what_a_plant_lacks_is_a_gap_of_its_tenants(cells: dict[str, Any], datum: str) -> None:
    found = compute(
        park(coal(100), burns(), plant(**{"method": "energy_content", **cells}), handed("CHP", "T", 60))
    )
    reconciled(found)
    assert member(found, "T").received_tco2e is None
    assert datum in {gap.datum for gap in member(found, "T").gaps}
    assert datum in {gap.datum for gap in found.totals["internal_transfers_tco2e"].gaps}
    assert not found.totals["gross_tco2e"].gaps


def test_faults_of_a_plant() -> None:
    fed = handed("CHP", "T", 60)
    months = [plant(period=f"{YEAR}-{month:02}") for month in range(1, 12)]
    differs = park(coal(1), burns(), *months, plant("inverse_efficiency", period=f"{YEAR}-12"), fed)
    assert "inventory.cogeneration-differs" in codes(reconciled(compute(differs)))
    idle = park(energy(enterprise="CHP", quantity=1), plant(), fed)
    assert "inventory.cogeneration-without-fuel" in codes(reconciled(compute(idle)))
    over = park(coal(1), burns(), plant(), handed("CHP", "T", 101))
    assert "inventory.cogeneration-over-output" in codes(reconciled(compute(over)))
    strange = park(coal(1), burns(), plant(heat_unit="t"), fed)
    assert "inventory.unit-of-another-kind" in codes(reconciled(compute(strange)))


def test_months_of_a_plant_add_up() -> None:
    months = [
        plant(period=f"{YEAR}-{month:02}", electricity_output=50, heat_output=270) for month in range(1, 13)
    ]
    found = reconciled(compute(park(coal(600), burns(), *months, handed("CHP", "T", 6))))
    # 1200 t; 600 MWh = 2160 GJ beside 3240 GJ: 40 % = 480 t on 600 MWh
    assert scope2(found, "T") == (0, D("4.8"), 0, D("4.8"))


def house(*rows: Row, bought: object = 100) -> Dossier:
    """A landlord who buys for the house, at half a tonne a MWh."""
    return park(energy(enterprise="L", quantity=bought), *rows)


def test_three_tenants_by_floor_area() -> None:
    tenants = [lease("A", floor_area_m2=100), lease("B", floor_area_m2=200), lease("C", floor_area_m2=300)]
    found = reconciled(compute(house(*tenants, lease("L", floor_area_m2=400)), registry=half_grid()))
    # 1000 m2 and 50 t: 5, 10, 15, and 20 stay
    assert scope2(found, "L") == (50, 0, 30, 20)
    assert [scope2(found, name) for name in "ABC"] == [(0, 5, 0, 5), (0, 10, 0, 10), (0, 15, 0, 15)]
    assert value(found, "internal_transfers_tco2e") == 0  # bought over the fence, handed on: moved, not added
    assert not found.missing


def test_thirds_of_a_house_leave_nothing_behind() -> None:
    found = reconciled(
        compute(house(*(lease(name, floor_area_m2=1) for name in "ABC")), registry=half_grid())
    )
    assert scope2(found, "L") == (50, 0, 50, 0)
    assert add_exactly(member(found, name).received_tco2e or D(0) for name in "ABC") == 50


def test_by_use_of_the_floor_by_hours_and_by_sub_meters() -> None:
    used = [lease("A", "floor_area_occupancy", floor_area_m2=100, occupancy_percent=50),
            lease("B", "floor_area_occupancy", floor_area_m2=150, occupancy_percent=100)]  # fmt: skip
    found = reconciled(compute(house(*used), registry=half_grid()))
    assert [scope2(found, name)[1] for name in "AB"] == [D("12.5"), D("37.5")]
    hours = [lease("A", "hours", hours=10), lease("B", "hours", hours=40)]
    found = reconciled(compute(house(*hours), registry=half_grid()))
    assert [scope2(found, name)[1] for name in "AB"] == [10, 40]
    meters = [
        lease("A", "metered", metered=30000, metered_unit="kWh"),
        lease("B", "metered", metered=50, metered_unit="MWh"),
    ]
    found = reconciled(compute(house(*meters), registry=half_grid()))
    assert [scope2(found, name)[1] for name in "AB"] == [15, 25]
    assert scope2(found, "L") == (50, 0, 40, 10)  # what no sub-meter counts stays with the landlord


def test_a_transfer_goes_before_the_lease() -> None:
    rows = [lease("A", floor_area_m2=1), lease("B", floor_area_m2=1), handed("L", "A", 40)]
    found = reconciled(compute(house(*rows), registry=half_grid()))
    assert "inventory.lease-and-transfer" in codes(found)
    assert [scope2(found, name)[1] for name in "AB"] == [20, 30]  # what is left goes to B
    assert scope2(found, "L") == (50, 0, 50, 0)


def test_an_area_not_handed_in_is_a_gap_of_tenant_and_house() -> None:
    found = reconciled(compute(house(lease("A", floor_area_m2=1), lease("B")), registry=half_grid()))
    assert scope2(found, "A")[1] is None and scope2(found, "B")[1] is None
    asked = {gap.datum for gap in member(found, "B").gaps}
    assert asked == {"leases[2024/L/B/electricity].floor_area_m2"}
    table = export_reconciliation(reconcile(found))
    assert next(one for one in table["rows"] if one["enterprise"] == "B")["received"] is None
    assert export_inventory(found)["members"][1]["missing"]


def test_faults_of_leases() -> None:
    def said(*rows: Row, bought: object = 100) -> set[str]:
        return {code.split(".")[1] for code in codes(reconciled(compute(house(*rows, bought=bought))))}

    area, hours = lease("A", floor_area_m2=1), lease("B", "hours", hours=1)
    assert "lease-keys" in said(area, hours)
    january = lease("B", floor_area_m2=1, period=f"{YEAR}-01")
    assert "lease-periods" in said(january)  # the purchase is of the year
    assert "lease-periods" in said(area, january)
    assert "lease-without-purchase" in said(lease("A", floor_area_m2=1, carrier="heat"))
    assert "lease-over-purchase" in said(area, handed("L", "B", 101))
    assert "fuel-trade" in said(lease("A", floor_area_m2=1, carrier="natural_gas"))
    assert "allocation-over-whole" in said(lease("A", "metered", metered=101, metered_unit="MWh"))
    assert "internal-twice" in said(area, energy(enterprise="A", quantity=1, use="internal"))


def test_leases_by_month_share_the_purchases_of_the_month() -> None:
    bought = [
        energy(enterprise="L", quantity=100 * month, period=f"{YEAR}-{month:02}") for month in range(1, 13)
    ]
    moved_in = [lease("A", floor_area_m2=1, period=f"{YEAR}-{month:02}") for month in (11, 12)]
    found = reconciled(compute(park(*bought, *moved_in), registry=half_grid()))
    assert scope2(found, "A") == (0, 1150, 0, 1150)  # half of 1100 and of 1200 MWh
    assert not found.missing


def test_a_chain_through_the_park() -> None:
    """As in table 5.6 of the GHG Protocol: a plant inside, a utility, a consumer (case O10)."""
    rows = [coal(50, "B"), burns("B"), handed("B", "C", 100), handed("C", "D", 90)]
    grid = registry_with(own_factor("electricity", "grid_average", 1, "tCO2/MWh"))
    found = reconciled(compute(park(*rows), registry=grid))
    assert scope2(found, "B") == (0, 0, 0, 0)
    assert scope2(found, "C") == (0, 100, 90, 10)
    assert scope2(found, "D") == (0, 90, 0, 90)
    assert value(found, "scope1_tco2e") == 100 and value(found, "scope2_location_tco2e") == 0
    assert value(found, "internal_transfers_tco2e") == 100


def test_the_silent_and_the_park_as_a_whole_have_rows_of_their_own() -> None:
    rows = [
        enterprise("A"),
        enterprise("B"),
        energy(enterprise="A", quantity=1),
        energy(enterprise="", quantity=7),
    ]
    found = reconciled(compute(park(*rows), registry=half_grid()))
    assert [one.enterprise for one in found.members] == ["", "A", "B"]
    assert scope2(found, "") == (D("3.5"), 0, 0, D("3.5"))
    assert scope2(found, "B") == (None, None, None, None)
    assert [gap.datum for gap in member(found, "B").gaps] == ["energy_activity[B]"]
    table = reconcile(found)
    assert table.sums["scope2"] == table.park["scope2"] == 4


def test_a_member_left_out_is_seen() -> None:
    found = compute(park(energy(enterprise="A", quantity=1), energy(enterprise="B", quantity=2)))
    table = reconcile(replace(found, members=found.members[1:]))
    assert not table.is_exact
    assert table.difference["scope2"] < 0  # type: ignore[operator]
    national = reconcile(compute(park(energy(quantity=1)), method="cn-ndrc-910"))
    assert not national.rows and national.is_exact


OWNED = [
    row("ownership", 2, owner="G", owned="A", share_percent=60, control="sole", operates=True),
    row("ownership", 3, owner="G", owned="B", share_percent=25, control="joint", operates=False),
]


@pytest.mark.parametrize(
    ("approach", "scope1", "scope2_"),
    [  # A: 100 t and 10 t, B: 40 t and 20 t
        ("equity_share", 70, 11),
        ("financial_control", 110, 15),
        ("operational_control", 100, 10),
    ],
)
def test_the_part_of_one_reporter(approach: Any, scope1: int, scope2_: int) -> None:
    rows = [coal(50, "A"), burns("A"), coal(20, "B"), burns("B"),
            energy(enterprise="A", quantity=20), energy(enterprise="B", quantity=40)]  # fmt: skip
    dossier = park(*rows, *OWNED)
    found = compute(dossier, registry=half_grid())
    share = compute_share(found, dossier, "G", approach)
    assert (share.scope1.value, share.scope2.value) == (scope1, scope2_)
    assert exactly(replay)(share.scope1) == share.scope1.value
    assert found.totals == compute(park(*rows), registry=half_grid()).totals
    assert export_share(share)["missing"] == []


def test_who_is_not_in_the_table_is_asked_for_and_a_wrong_table_is_refused() -> None:
    rows = [energy(enterprise="A", quantity=20), energy(enterprise="Z", quantity=40)]
    dossier = park(*rows, *OWNED)
    share = compute_share(compute(dossier), dossier, "G", "equity_share")
    assert [gap.datum for gap in share.scope2.gaps] == ["ownership[Z]"]
    twice = park(*rows, *OWNED, row("ownership", 4, owner="H", owned="A", share_percent=50))
    refused = compute_share(compute(twice), twice, "G", "equity_share")
    assert [one.code for one in refused.fractions.faults] == ["inventory.ownership-over-one"]
    assert refused.scope1.value is None


def test_the_command_prints_the_table(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    rows = [lease("A", floor_area_m2=1), lease("L", floor_area_m2=1), *OWNED]
    path = str(write_dossier(house(*rows), tmp_path / "park"))
    assert _run("members", path, "--reporter", "G", "--on", "2025-06-30") == 0
    shown = capsys.readouterr().out
    for words in (
        "园内调入 + Received",
        "差额 Difference",
        "equal to the last digit",
        "报告主体 Reporter G",
        "ownership[L]",
    ):
        assert words in shown, words
    assert _run("members", path, "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert found["exact"] and found["share"] is None
    assert [one["enterprise"] for one in found["rows"]] == ["A", "L"]
    assert _run("members", path, "--reporter", "nobody") == 1


def _run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as left:
        main(list(arguments))
    return int(left.value.code or 0)


# Any graph: purchases and sales, fuels with long factors, transfers with cycles, a plant, leases.
NAMES = ("E1", "E2", "E3", "E4")
AMOUNTS = st.decimals(min_value=0, max_value=10_000, places=3)
NAME = st.sampled_from(NAMES)
Graph = tuple[list[Any], list[Any], list[Any], list[Any], list[Any]]
POWER, JOULES, HEAT = ("electricity", "MWh"), ("electricity", "GJ"), ("heat", "GJ")
BOUGHT = st.sampled_from((POWER, JOULES, ("solar_electricity", "kWh"), HEAT, ("heat", "kWh")))
FUELS = st.sampled_from((("anthracite", "t"), ("natural_gas", "万Nm3"), ("diesel", "t")))
USES = st.sampled_from(("purchased", "sold", "own_generation"))
GRAPHS = st.tuples(
    st.lists(st.tuples(NAME, AMOUNTS, USES, BOUGHT), max_size=6),
    st.lists(st.tuples(NAME, AMOUNTS, FUELS), max_size=5),
    st.lists(st.tuples(NAME, NAME, AMOUNTS, st.sampled_from((POWER, JOULES, HEAT))), max_size=6),
    st.lists(
        st.tuples(NAME, AMOUNTS, AMOUNTS, st.sampled_from(("energy_content", "inverse_efficiency"))),
        max_size=2,
        unique_by=lambda one: one[0],
    ),
    st.lists(
        st.tuples(NAME, NAME, st.sampled_from(("electricity", "heat")), AMOUNTS),
        max_size=5,
        unique_by=lambda one: one[:3],
    ),
)


def build(graph: Graph, *, halves: list[bool] | None = None) -> Dossier:
    """The park of a graph; with `halves` the rows of E1 that are marked belong to E1b."""
    bought, burnt, sent, plants, let = graph
    marks = iter(halves or [])

    def whose(name: str) -> str:
        return f"{name}b" if name == "E1" and next(marks, False) else name

    names = (*NAMES, "E1b") if halves is not None else NAMES
    rows = [enterprise(name) for name in names]
    rows += [energy(enterprise=name, quantity=0, use="purchased", item="own meter") for name in names]
    for index, (name, amount, use, (carrier, unit)) in enumerate(bought):
        rows.append(
            energy(
                enterprise=whose(name), quantity=amount, use=use, carrier=carrier, unit=unit, item=f"b{index}"
            )
        )
    for index, (name, amount, (carrier, unit)) in enumerate(burnt):
        rows.append(
            energy(
                enterprise=whose(name),
                quantity=amount,
                use="combustion",
                carrier=carrier,
                unit=unit,
                item=f"f{index}",
            )
        )
    for index, (sender, receiver, amount, (carrier, unit)) in enumerate(sent):
        rows.append(handed(whose(sender), whose(receiver), amount, carrier, index, unit=unit))
    for name, power, heat, method in plants:
        rows.append(plant(method, enterprise=name, electricity_output=power, heat_output=heat))
    for landlord, tenant, carrier, area in let:
        rows.append(lease(tenant, landlord=landlord, carrier=carrier, floor_area_m2=area))
    return park(*rows)


# what these are is what goes on inside: transfers, and the energy of those with an inventory of their own
INSIDE = ("internal_transfers_tco2e", "inventoried_energy_tce", "members_energy_tce")


def park_values(dossier: Dossier) -> dict[str, object]:
    return {
        f"{method}.{name}": node.value
        for method in method_names()
        for name, node in compute(dossier, method=method).totals.items()
        if name not in INSIDE
    }


@settings(max_examples=120, deadline=None)
@given(GRAPHS)
def test_members_and_park_reconcile_whatever_the_graph(graph: Graph) -> None:
    for method in ("park", "ghg-protocol"):
        found = reconciled(compute(build(graph), method=method))
        for one in found.members:
            parts = (one.over_fence_tco2e, one.received_tco2e, one.passed_on_tco2e)
            over, received, passed_on = (part or D(0) for part in parts)
            assert one.scope2_location_tco2e == add_exactly((over, received, passed_on.copy_negate()))
            assert passed_on >= 0
        sums = add_exactly(one.scope1_tco2e or D(0) for one in found.members)
        assert sums == value(found, "scope1_tco2e")


@settings(max_examples=60, deadline=None)
@given(GRAPHS, GRAPHS)
def test_moving_an_internal_meter_never_moves_the_park(graph: Graph, other: Graph) -> None:
    moved = (*graph[:2], *other[2:])
    assert park_values(build(graph)) == park_values(build(moved))  # type: ignore[arg-type]


@settings(max_examples=60, deadline=None)
@given(GRAPHS, st.lists(st.booleans(), min_size=1, max_size=30),
       st.lists(st.tuples(st.booleans(), AMOUNTS), max_size=3))  # fmt: skip
def test_splitting_an_enterprise_never_moves_the_park(
    graph: Graph, halves: list[bool], between: list[tuple[bool, Decimal]]
) -> None:
    whole, parted = build(graph), build(graph, halves=halves)
    rows = [one for register in parted.rows.values() for one in register if one.register != "evidence"]
    for index, (there, amount) in enumerate(between):
        ends = ("E1", "E1b") if there else ("E1b", "E1")
        rows.append(handed(*ends, amount, number=90 + index))
    parted = park(*rows)
    assert park_values(whole) == park_values(parted)
    reconciled(compute(parted))


@given(
    st.lists(st.decimals(allow_nan=False, allow_infinity=False, places=60, min_value=-1000, max_value=1000))
)
def test_a_sum_is_the_same_however_its_terms_are_grouped(values: list[Decimal]) -> None:
    assert exactly(add_up)(values) == exactly(add_up)(sorted(values)) == exactly(add_up)(reversed(values))


def test_the_command_says_what_is_wrong_with_the_dossier(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write_dossier(park(energy(quantity=1)), tmp_path / "d")
    register = path / "registers" / "energy_activity.csv"
    register.write_text(register.read_text("utf-8-sig").replace("E001", "E9999"), "utf-8")
    with pytest.raises(SystemExit):
        main(["members", str(path), "--on", "2025-06-30"])
    assert "dossier.unknown-reference" in capsys.readouterr().err
