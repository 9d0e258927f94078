"""Any graph of enterprises, fuels, plants, leases and transfers: members and park reconcile, the park stays.

What moves inside the fence (transfers, leases, cogeneration, an enterprise split in two) never changes
a total of emissions of the park, by any method.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from inventory_parks import YEAR, compute, energy, enterprise, park, row

from lingtan.dossier.records import Dossier, Row
from lingtan.inventory import method_names
from lingtan.inventory.members.reconciling import reconcile
from lingtan.inventory.records import Inventory

NAMES = ("E1", "E2", "E3", "E4")
names = st.sampled_from(NAMES)
amounts = st.decimals(min_value=0, max_value=10_000, places=3)
ENERGY = (
    ("electricity", "purchased", "MWh"),
    ("electricity", "sold", "MWh"),
    ("electricity", "internal", "MWh"),
    ("solar_electricity", "own_generation", "MWh"),
    ("heat", "purchased", "GJ"),
    ("heat", "sold", "GJ"),
    ("natural_gas", "combustion", "万Nm3"),
    ("diesel", "mobile", "t"),
)
used = st.lists(st.tuples(names, st.sampled_from(ENERGY), amounts), max_size=12)
handed = st.lists(
    st.tuples(names, names, st.sampled_from([("electricity", "MWh"), ("heat", "GJ")]), amounts), max_size=8
)
plants = st.lists(
    st.tuples(names, st.decimals(1, 1000, places=1), st.decimals(1, 1000, places=1)),
    unique_by=lambda p: p[0],
    max_size=2,
)
leases = st.lists(
    st.tuples(names, names, st.decimals("0.1", 1000, places=1)),
    unique_by=lambda one: (one[0], one[1]),
    max_size=5,
)


def energy_rows(rows: list[Any]) -> list[Row]:
    return [
        energy(
            number, enterprise=name, carrier=carrier, use=use, unit=unit, quantity=amount, item=str(number)
        )
        for number, (name, (carrier, use, unit), amount) in enumerate(rows, 2)
    ]


def transfer_rows(moves: list[Any]) -> list[Row]:
    return [
        row(
            "transfers",
            number,
            period=YEAR,
            carrier=carrier,
            unit=unit,
            quantity=amount,
            **{"from": one, "to": other},
        )
        for number, (one, other, (carrier, unit), amount) in enumerate(moves, 2)
    ]


def plant_rows(made: list[Any]) -> list[Row]:
    return [
        row("cogeneration", number, period=YEAR, enterprise=name, method="energy_content",
            electricity_output=power, electricity_unit="MWh", heat_output=heat, heat_unit="GJ")
        for number, (name, power, heat) in enumerate(made, 2)
    ]  # fmt: skip


def lease_rows(let: list[Any]) -> list[Row]:
    return [
        row("leases", number, period=YEAR, landlord=one, tenant=other, carrier="electricity",
            key="floor_area", floor_area_m2=area)
        for number, (one, other, area) in enumerate(let, 2)
    ]  # fmt: skip


def built(*rows: Row, fifth: bool = True) -> Dossier:
    """Five enterprises that each report something (who is silent is asked, and nothing is known then)."""
    present = (*NAMES, "E5") if fifth else NAMES
    some = [
        energy(
            100 + number, enterprise=name if name in present else "E1", quantity=number, item=f"base {number}"
        )
        for number, name in enumerate((*NAMES, "E5"))
    ]
    return park(*(enterprise(name) for name in present), *some, *rows)


def totals(found: Inventory) -> dict[str, Any]:
    """Totals of the park; what is counted inside it is no such total."""
    inside = ("internal_transfers_tco2e", "members_energy_tce", "inventoried_energy_tce")
    return {name: node.value for name, node in found.totals.items() if name not in inside}


@settings(max_examples=250, deadline=None)
@given(used, handed, plants, leases)
def test_members_and_park_reconcile_to_the_last_digit(
    rows: list[Any], moves: list[Any], made: list[Any], let: list[Any]
) -> None:
    found = compute(built(*energy_rows(rows), *transfer_rows(moves), *plant_rows(made), *lease_rows(let)))
    table = reconcile(found)
    assert table.is_exact, table.difference
    assert [value for name, value in table.difference.items() if name in ("scope1", "over_fence")] == [0, 0]
    known = [member for member in found.members if member.scope2_location_tco2e is not None]
    for member in known:
        parts = (member.over_fence_tco2e, member.received_tco2e, member.passed_on_tco2e)
        if None not in parts:
            over, received, passed_on = (Fraction(part or 0) for part in parts)
            assert over + received - passed_on == Fraction(member.scope2_location_tco2e or 0)


@pytest.mark.parametrize("method", method_names())
@settings(max_examples=25, deadline=None)
@given(rows=used, moves=handed, other_moves=handed, made=plants, let=leases)
def test_what_moves_inside_never_changes_the_park(
    method: str, rows: list[Any], moves: list[Any], other_moves: list[Any], made: list[Any], let: list[Any]
) -> None:
    fixed = energy_rows(rows)
    one = compute(built(*fixed, *transfer_rows(moves)), method=method)
    other = compute(
        built(*fixed, *transfer_rows(other_moves), *plant_rows(made), *lease_rows(let)), method=method
    )
    assert totals(one) == totals(other)


@pytest.mark.parametrize("method", method_names())
@settings(max_examples=25, deadline=None)
@given(rows=used, moves=handed, between=st.lists(amounts, max_size=3), moved=st.sets(st.integers(2, 13)))
def test_an_enterprise_split_in_two_never_changes_the_park(
    method: str, rows: list[Any], moves: list[Any], between: list[Any], moved: set[int]
) -> None:
    """Some rows of E1 become those of E5, and the two hand energy to each other."""
    whole = energy_rows(rows)
    parts = [
        replace(one, values={**one.values, "enterprise": "E5"})
        if one.text("enterprise") == "E1" and one.place.row in moved
        else one
        for one in whole
    ]
    inside = [("E1", "E5", ("electricity", "MWh"), amount) for amount in between[:2]]
    inside += [("E5", "E1", ("heat", "GJ"), amount) for amount in between[2:]]
    before = compute(built(*whole, *transfer_rows(moves), fifth=False), method=method)
    after = compute(built(*parts, *transfer_rows([*moves, *inside])), method=method)
    assert totals(before) == totals(after)
