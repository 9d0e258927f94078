"""Each fault of the inventory, raised by the smallest park that deserves it, with its place."""

from __future__ import annotations

import pytest
from inventory_parks import YEAR, compute, energy, park, row

from lingtan.dossier.records import Dossier, Location
from lingtan.errors import LingtanError


def process(name: str, **cells: object) -> Dossier:
    given = {"period": YEAR, "enterprise": "E001", "process": name, "quantity": 1, "unit": "t", **cells}
    return park(energy(quantity=1), row("process_activity", 2, **given))


def gas(**cells: object) -> Dossier:
    given = {"period": YEAR, "enterprise": "E001", "gas": "SF6", "method": "material_balance", **cells}
    amounts = {"inventory_change_kg": 1, "transferred_kg": 0, "capacity_change_kg": 0}
    return park(energy(quantity=1), row("fugitive_gases", 2, **{**amounts, **given}))


def used(carrier: str, use: str, unit: str = "GJ", **cells: object) -> Dossier:
    return park(energy(carrier=carrier, use=use, unit=unit, quantity=1, **cells))


def own(carrier: str, unit: str) -> object:
    return row(
        "fuel_properties", 2, enterprise="E001", carrier=carrier, direct_factor=1, direct_factor_unit=unit
    )


LIME = {"factor": 1, "factor_unit": "tCO2/t", "source": "x"}
HANDED = {
    "period": YEAR,
    "from": "E002",
    "to": "E001",
    "carrier": "electricity",
    "quantity": 1,
    "unit": "MWh",
}
SCREENED = {"method": "screening", "equipment_type": "飞船", "new_charge_kg": 1, "operating_capacity_kg": 1}
PARKS = {
    "inventory.heat-unit": used("heat", "purchased", "m3"),
    "inventory.process-unit": process("lime", **{**LIME, "factor_unit": "tCO2/m3"}),
    "inventory.own-factor-without-source": process("lime", **{**LIME, "source": None}),
    "inventory.purity-blank": process("limestone"),
    "inventory.unknown-gas": gas(gas="天外气体"),
    "inventory.unknown-equipment": gas(**SCREENED, disposed_capacity_kg=0),
    "inventory.second-hand": used("electricity", "purchased", "MWh"),
    "inventory.fuel-unit": park(
        energy(carrier="diesel", use="combustion", unit="L", quantity=1), own("diesel", "tCO2/t")
    ),
    "inventory.electricity-own-factor": park(energy(quantity=1), own("electricity", "tCO2/MWh")),
    "inventory.fuel-trade": used("diesel", "sold", "t"),
    "inventory.fuel-without-use": used("diesel", "purchased", "t"),
    "inventory.internal-twice": park(energy(use="internal", quantity=1), row("transfers", 2, **HANDED)),
    "inventory.use-misfit": used("electricity", "combustion", "MWh"),
    "inventory.steam-state": used("steam", "purchased", "t", pressure_mpa=1),
    "inventory.power-as-conversion": used("heat", "conversion_out"),
    "inventory.made-inside": used("steam", "own_generation"),
    "inventory.gross-calorific": park(
        energy(carrier="natural_gas", use="combustion", unit="kWh", quantity=1),
        location=Location(country="GB"),
    ),
}
NOWHERE_TO_POINT = {"inventory.second-hand", "inventory.gross-calorific"}


@pytest.mark.parametrize("code", sorted(PARKS))
def test_is_said_with_its_place(code: str) -> None:
    said = [fault for fault in compute(PARKS[code]).warnings if fault.code == code]
    assert said
    assert code in NOWHERE_TO_POINT or all(fault.place.sheet and fault.place.row for fault in said)


@pytest.mark.parametrize(
    "code",
    ["inventory.heat-unit", "inventory.process-unit", "inventory.unknown-gas", "inventory.unknown-equipment",
     "inventory.fuel-unit", "inventory.fuel-without-use", "inventory.use-misfit"],
)  # fmt: skip
def test_what_cannot_be_counted_is_a_gap(code: str) -> None:
    assert compute(PARKS[code]).missing


def test_unknown_method_is_an_error() -> None:
    with pytest.raises(LingtanError) as caught:
        compute(park(), method="iso")
    assert [fault.code for fault in caught.value.faults] == ["inventory.unknown-method"]
