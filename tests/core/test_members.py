"""Members by hand: a CHP plant and its users, one meter for a house, and what is wrong with such rows."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from inventory_parks import YEAR, codes, compute, energy, enterprise, park, row, value

from lingtan.cli.app import main
from lingtan.dossier.records import Dossier, Row
from lingtan.dossier.writing import write_dossier
from lingtan.inventory.members.reconciling import reconcile
from lingtan.inventory.records import Inventory, Member

# 10 x 10^4 Nm3 of natural gas: 389.31 GJ x 0.0153 tC/GJ x 0.99 x 44/12 x 10
BURNT = Decimal("216.2188809")


def member(found: Inventory, name: str) -> Member:
    (one,) = (member for member in found.members if member.enterprise == name)
    return one


def near(found: Decimal | None, expected: str) -> bool:
    return found is not None and abs(found - Decimal(expected)) < Decimal("1e-6")


def plant(**cells: Any) -> Row:
    """300 MWh (1,080 GJ) of electricity and 1,080 GJ of heat in the year."""
    given = {"period": YEAR, "enterprise": "E001", "electricity_output": 300, "electricity_unit": "MWh",
             "heat_output": 1080, "heat_unit": "GJ", "method": "energy_content"}  # fmt: skip
    return row("cogeneration", 2, **{**given, **cells})


def handed(carrier: str, to: str, quantity: object, unit: str, **cells: Any) -> Row:
    given = {"period": YEAR, "from": "E001", "to": to, "carrier": carrier, "quantity": quantity, "unit": unit}
    return row("transfers", 2, **{**given, **cells})


def lease(tenant: str, area: object, **cells: Any) -> Row:
    given = {"period": YEAR, "landlord": "E001", "tenant": tenant, "carrier": "electricity",
             "key": "floor_area", "floor_area_m2": area}  # fmt: skip
    return row("leases", 2, **{**given, **cells})


def gas(**cells: Any) -> Row:
    return energy(2, carrier="natural_gas", use="combustion", unit="万Nm3", quantity=10, **cells)


def with_plant(*rows: Row) -> Dossier:
    names = (enterprise("E001"), enterprise("E002"), enterprise("E003"))
    power, heat = handed("electricity", "E002", 100, "MWh"), handed("heat", "E003", 500, "GJ")
    return park(*names, gas(), power, heat, *rows)


@pytest.mark.parametrize(
    ("method", "cells", "power", "heat"),
    [
        # half and half: 108.10944045 t / 300 MWh x 100, / 1080 GJ x 500
        ("energy_content", {}, "36.036480150", "50.050666875"),
        ("inverse_efficiency", {}, "36.036480150", "50.050666875"),
        # 1080/0.35 : 1080/0.8 = 0.69565217 : 0.30434783
        (
            "separate_efficiency",
            {"electricity_efficiency_percent": 35, "heat_efficiency_percent": 80},
            "50.137711513",
            "30.465623315",
        ),
        # 1080/0.5 : 1080/0.9 = 0.64285714 : 0.35714286
        (
            "reference_saving",
            {"electricity_reference_percent": 50, "heat_reference_percent": 90},
            "46.332617336",
            "35.750476339",
        ),
    ],
)
def test_users_bear_the_fuel_of_the_plant_by_each_method(
    method: str, cells: dict[str, Any], power: str, heat: str
) -> None:
    found = compute(with_plant(plant(method=method, **cells)))
    assert near(member(found, "E002").scope2_location_tco2e, power)
    assert near(member(found, "E003").scope2_location_tco2e, heat)
    assert value(found, "scope1_tco2e") == BURNT
    assert value(found, "gross_tco2e") == BURNT  # the plant's fuel, once
    assert reconcile(found).is_exact


def test_without_the_register_users_bear_the_grid_and_the_default() -> None:
    found = compute(with_plant())
    assert member(found, "E002").scope2_location_tco2e == Decimal("57.37")  # 100 x 0.5737
    assert member(found, "E003").scope2_location_tco2e == 30  # 500 x 0.06
    assert value(found, "gross_tco2e") == BURNT


def house(*leases: Row, **cells: Any) -> Dossier:
    names = [enterprise(f"E00{number}") for number in range(1, 5)]
    return park(*names, energy(quantity=100, **cells), *leases)


def test_one_meter_for_a_house_by_floor_area() -> None:
    found = compute(house(lease("E002", 2000), lease("E003", 3000), lease("E004", 4000), lease("E001", 1000)))
    shares = {name: member(found, name).scope2_location_tco2e for name in ("E001", "E002", "E003", "E004")}
    # 57.37 t, of which 10, 20, 30 and 40 %
    assert {name: str(Decimal(amount or 0).normalize()) for name, amount in shares.items()} == {
        "E001": "5.737",
        "E002": "11.474",
        "E003": "17.211",
        "E004": "22.948",
    }
    assert value(found, "scope2_location_tco2e") == Decimal("57.37")
    assert reconcile(found).is_exact


def test_what_no_sub_meter_counts_stays_with_the_landlord() -> None:
    metered = {"key": "metered", "metered_unit": "MWh", "floor_area_m2": None}
    found = compute(
        house(lease("E002", None, metered=30, **metered), lease("E003", None, metered=25, **metered))
    )
    assert near(member(found, "E001").scope2_location_tco2e, "25.8165")  # 45 x 0.5737
    assert near(member(found, "E002").scope2_location_tco2e, "17.211")


WRONG = {
    "inventory.cogeneration-differs": with_plant(
        plant(period=f"{YEAR}-01"), plant(period=f"{YEAR}-02", method="inverse_efficiency")
    ),
    "inventory.cogeneration-without-fuel": park(
        enterprise("E001"),
        enterprise("E002"),
        energy(quantity=1),
        plant(),
        handed("electricity", "E002", 1, "MWh"),
    ),
    "inventory.cogeneration-over-output": with_plant(plant(electricity_output=99)),
    "inventory.lease-and-transfer": house(lease("E002", 10), handed("electricity", "E002", 5, "MWh")),
    "inventory.lease-periods": house(lease("E002", 10), lease("E003", 10, period=f"{YEAR}-01")),
    "inventory.lease-keys": house(lease("E002", 10), lease("E003", None, key="hours", hours=5)),
    "inventory.lease-without-purchase": park(
        enterprise("E001"), enterprise("E002"), energy(enterprise="E002", quantity=1), lease("E002", 10)
    ),
    "inventory.lease-over-purchase": house(lease("E002", 10), handed("electricity", "E003", 101, "MWh")),
}


@pytest.mark.parametrize("code", WRONG)
def test_what_is_wrong_is_named_and_the_park_stays(code: str) -> None:
    dossier = WRONG[code]
    found = compute(dossier)
    assert code in codes(found)
    bare = {**dossier.rows, "cogeneration": (), "leases": ()}
    alone = compute(Dossier("p", dossier.park, bare))
    for name in ("scope1_tco2e", "scope2_location_tco2e", "gross_tco2e"):
        assert value(found, name) == value(alone, name)


@pytest.mark.parametrize(("made", "is_told"), [(100, False), ("99.999", True)])
def test_at_its_output_a_plant_hands_on_all(made: object, is_told: bool) -> None:
    found = compute(with_plant(plant(electricity_output=made)))
    assert ("inventory.cogeneration-over-output" in codes(found)) is is_told


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    held = row("ownership", 2, owner="HQ", owned="E001", share_percent=40, control="none", operates=False)
    path = str(write_dossier(with_plant(plant(), held), tmp_path / "d"))
    assert run("members", path, "--on", "2025-06-30", "--json") == 0
    table = json.loads(capsys.readouterr().out)
    assert table["exact"] is True
    rows = {one["enterprise"]: one for one in table["rows"]}
    assert near(Decimal(rows["E002"]["received"]), "36.036480150")
    assert run("members", path, "--on", "2025-06-30") == 0
    assert "勾稽" in capsys.readouterr().out
    reporter = ("--reporter", "HQ", "--approach", "equity_share")
    assert run("members", path, "--on", "2025-06-30", *reporter) == 0
    assert "86.48" in capsys.readouterr().out.replace(",", "")  # 40 % of 216.2188809 is 86.48755236


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as left:
        main(arguments)
    return int(left.value.code or 0)
