"""Small parks for the tests of the inventory: rows written as a person would fill them in."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from lingtan.dossier.records import Dossier, Location, Park, Profile, Reporting, Row
from lingtan.dossier.registers import registers
from lingtan.errors import Place
from lingtan.factors import Registry, load_registry
from lingtan.factors.records import Factor
from lingtan.inventory import compute_inventory
from lingtan.inventory.records import Inventory
from lingtan.periods import read_period

YEAR = 2024


NOTHING_THERE = (
    "process_activity",
    "fugitive_gases",
    "waste_treatment",
    "wastewater",
    "green_electricity",
    "certificates",
)


def row(register: str, number: int, **cells: Any) -> Row:
    """A row of `register`: numbers and periods from text, blank columns None."""
    declared = registers()[register]
    values = dict.fromkeys(declared.columns)
    for name, value in cells.items():
        column = declared.columns[name]
        if column.type in ("number", "count", "year") and value is not None:
            values[name] = Decimal(str(value))
        else:
            values[name] = read_period(str(value)) if column.type == "period" else value
    key = "/".join(str(values[part]) for part in declared.key if values.get(part) is not None)
    return Row(register, key, values, Place("", register, number))


def energy(number: int = 2, **cells: Any) -> Row:
    """A row of energy_activity; bought electricity in MWh of E001 for the year unless said otherwise."""
    given = {
        "period": YEAR,
        "enterprise": "E001",
        "carrier": "electricity",
        "use": "purchased",
        "unit": "MWh",
        "source": "bill",
        **cells,
    }
    return row("energy_activity", number, **given)


def enterprise(name: str = "E001", **cells: Any) -> Row:
    """A row of enterprises."""
    given = {"name": name, "role": "tenant", "above_scale": True, "key_enterprise": False, **cells}
    return row("enterprises", 2, enterprise=name, **given)


def park(
    *rows: Row,
    location: Location | None = None,
    profile: Profile | None = None,
    confirmed: tuple[str, ...] = NOTHING_THERE,
    year: int = YEAR,
) -> Dossier:
    """A dossier of `rows`, in Shanghai and 2024 unless said otherwise; enterprises are named if none is."""
    by_register: dict[str, tuple[Row, ...]] = dict.fromkeys(registers(), ())
    for one in rows:
        by_register[one.register] = (*by_register[one.register], one)
    if not by_register["enterprises"]:
        named = {one.text(column) for one in rows for column in ("enterprise", "from", "to")} - {""}
        by_register["enterprises"] = tuple(enterprise(name) for name in sorted(named))
    proofs = sorted({one.text("evidence") for one in rows} - {""})
    by_register["evidence"] = tuple(row("evidence", 2, id=name, title="证明") for name in proofs)
    record = Park(
        id="p",
        name_zh="测试园区",
        location=location or Location(province="上海"),
        reporting=Reporting(year=year),
        profile=profile or Profile(),
        confirmed_empty=confirmed,
    )
    return Dossier("p", record, by_register)


def own_factor(activity: str, kind: str, value: object, unit: str, **more: Any) -> Factor:
    """A factor of a worked case: an input of the case, of no other use."""
    given: dict[str, Any] = {"region": "CN", "year": YEAR, "gas": "CO2", **more}
    return Factor(
        id=f"own.case.{activity}.{kind}",
        activity=activity,
        kind=kind,
        name_zh="算例",
        name_en="case",
        value=Decimal(str(value)),
        unit=unit,
        valid_from=0,
        valid_to=0,
        published_on="",
        source="worked case",
        source_url="",
        basis="precedent",
        second_hand=False,
        review_by=date(2030, 1, 1),
        **given,
    )


def registry_with(*own: Factor) -> Registry:
    """The shipped factors, those of the case in place of the ones for the same activity and kind."""
    taken = {(factor.activity, factor.kind) for factor in own}
    shipped = load_registry().list_factors()
    return Registry([*(f for f in shipped if (f.activity, f.kind) not in taken), *own])


def compute(dossier: Dossier, **more: Any) -> Inventory:
    """The inventory by method `park` unless said otherwise."""
    return compute_inventory(dossier, **more)


def value(inventory: Inventory, name: str) -> Decimal | None:
    """A total's value."""
    found = inventory.totals[name].value
    assert found is None or isinstance(found, Decimal)
    return found


def codes(inventory: Inventory) -> set[str]:
    """Codes of the faults an inventory carries."""
    return {item.code for item in inventory.warnings}
