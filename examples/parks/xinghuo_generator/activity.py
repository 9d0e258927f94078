"""Meters, energy, transfers and the other sources of emissions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from xinghuo_generator.calendar_2024 import HOURS, months_of_hours
from xinghuo_generator.network import STEAM_BUYER, Meter
from xinghuo_generator.tables import Tables, shifted
from xinghuo_generator.tenants import OPERATOR, UTILITY, tenants

# tonnes in the year, from stock balances: (enterprise, carrier, item, tonnes in thousandths)
_FUELS = (
    ("E000", "diesel", "环卫与应急车辆", 14600), ("E000", "gasoline", "公务车", 7900),
    ("E000", "lpg", "食堂", 21500), ("E001", "gasoline", "公务车", 11200),
    ("E002", "gasoline", "公务车", 9400),
    ("E015", "diesel", "叉车与应急电源", 24800), ("E015", "gasoline", "公务车", 12600),
    ("E016", "diesel", "槽车装卸", 17300), ("E027", "gasoline", "公务车", 10800),
    ("E033", "diesel", "叉车", 21900), ("E033", "lpg", "切割", 16400), ("E036", "diesel", "叉车", 9700),
    ("E039", "diesel", "应急电源", 6200), ("E046", "diesel", "应急电源试机", 11800),
    ("E048", "diesel", "冷藏车", 88400), ("E049", "diesel", "叉车", 42600),
    ("E050", "diesel", "危化品运输", 51300),
    ("E051", "diesel", "配送车", 176900), ("E051", "gasoline", "配送车", 31700),
    ("E900", "diesel", "抢修车", 8100),
)  # fmt: skip


def add_meters(tables: Tables, meters: Iterable[Meter]) -> None:
    """The register of meters."""
    for meter in meters:
        tables.add(
            "meters", meter=meter.id, enterprise=meter.enterprise, carrier=meter.carrier, role=meter.role,
            parent=meter.parent, quantity="cumulative" if meter.cumulative else "interval", unit=meter.unit,
            multiplier=meter.multiplier, online=meter.online, interval_minutes=60 if meter.online else 1440,
            stamps="" if meter.cumulative else "begin", zero_means_missing=False, evidence="EV011",
        )  # fmt: skip


def add_energy(tables: Tables, meters: Iterable[Meter]) -> None:
    """What the meters counted, month by month, as bills and readings of the accounts have it."""
    by_id = {meter.id: meter for meter in meters}
    for user in (OPERATOR, *tenants(), UTILITY):
        mine = [meter for meter in by_id.values() if meter.enterprise == user.id]
        _bought(tables, user.id, mine)
        _solar(tables, user.id, mine)
    _transfers(tables, by_id)
    for enterprise, carrier, item, quantity in _FUELS:
        tables.add(
            "energy_activity", period=2024, enterprise=enterprise, carrier=carrier, use="combustion",
            item=item,
            quantity=shifted(quantity, 3), unit="t", source="stock", evidence="EV009",
        )  # fmt: skip


# carrier of supply meters: use, unit, places from the meter's unit, source, evidence
_BOUGHT = {
    "electricity": ("purchased", "MWh", 3, "bill", "EV006"),
    "natural_gas": ("combustion", "万Nm3", 4, "bill", "EV007"),
    "heat": ("purchased", "GJ", 3, "bill", "EV008"), "steam": ("purchased", "t", 3, "bill", "EV008"),
}  # fmt: skip


def _bought(tables: Tables, enterprise: str, meters: list[Meter]) -> None:
    for carrier, (use, unit, places, source, evidence) in _BOUGHT.items():
        counted = [meter.values for meter in meters if meter.carrier == carrier and meter.role == "supply"]
        if not counted:
            continue
        state = {"temperature_c": 200, "pressure_mpa": "1.0"} if carrier == "steam" else {}
        for month, quantity in enumerate(_monthly(np.sum(counted, axis=0)), start=1):
            tables.add(
                "energy_activity", period=f"2024-{month:02d}", enterprise=enterprise, carrier=carrier,
                use=use,
                quantity=shifted(quantity, places), unit=unit, source=source, evidence=evidence, **state,
            )  # fmt: skip


def _solar(tables: Tables, enterprise: str, meters: list[Meter]) -> None:
    by_role = {meter.role: meter.values for meter in meters if meter.role in ("generation", "export")}
    if not by_role:
        return
    sold = by_role.get("export", np.zeros(HOURS, dtype=np.int64))
    flows = {"own_generation": _monthly(by_role["generation"] - sold), "sold": _monthly(sold)}
    for use, months in flows.items():
        if not sum(months):  # no export meter
            continue
        for month, quantity in enumerate(months, start=1):
            tables.add(
                "energy_activity", period=f"2024-{month:02d}", enterprise=enterprise,
                carrier="solar_electricity", use=use, quantity=shifted(quantity, 3), unit="MWh",
                source="meter", evidence="EV010",
            )  # fmt: skip


def _transfers(tables: Tables, by_id: Mapping[str, Meter]) -> None:
    for tenant in tenants():
        if tenant.hosted:
            _transfer(tables, OPERATOR.id, tenant.id, by_id[f"{tenant.id}-EL"], "MWh")
        if tenant.heat_gj:
            _transfer(tables, UTILITY.id, tenant.id, by_id[f"{tenant.id}-HT"], "GJ")
        if tenant.cold_gj:
            _transfer(tables, UTILITY.id, tenant.id, by_id[f"{tenant.id}-CD"], "GJ")
    _transfer(tables, UTILITY.id, OPERATOR.id, by_id[f"{UTILITY.id}-TO"], "MWh")


def _transfer(tables: Tables, giver: str, taker: str, meter: Meter, unit: str) -> None:
    for month, quantity in enumerate(_monthly(meter.values), start=1):
        tables.add(
            "transfers", **{"from": giver}, period=f"2024-{month:02d}", to=taker, carrier=meter.carrier,
            quantity=shifted(quantity, 3), unit=unit, evidence="EV012",
        )  # fmt: skip


def _monthly(values: np.ndarray) -> list[int]:
    months = months_of_hours()
    return [int(values[months == month].sum()) for month in range(1, 13)]


def add_other_sources(tables: Tables) -> None:
    """Measured fuel properties, process, fugitive and electronics gases, waste treated here, wastewater."""
    tables.add(
        "fuel_properties", enterprise="E022", carrier="natural_gas", ncv="386.40", ncv_unit="GJ/万Nm3",
        carbon_content_tc_per_gj="0.0153", oxidation_percent=99, source="燃气检测报告 2024（虚构）",
        evidence="EV013",
    )  # fmt: skip
    tables.add(
        "fuel_properties", enterprise="E033", carrier="lpg", direct_factor="3.05",
        direct_factor_unit="tCO2/t",
        source="供应商检测报告 2024（虚构）", evidence="EV013",
    )  # fmt: skip
    tables.add(
        "fuel_properties", enterprise="E900", carrier="cold", direct_factor="0.045",
        direct_factor_unit="tCO2/GJ",
        source="供冷站电耗核算 2024（虚构）", evidence="EV013",
    )  # fmt: skip
    tables.add(
        "process_activity", period=2024, enterprise="E060", process="lime", quantity=1480, unit="t",
        source="生产统计", evidence="EV014",
    )  # fmt: skip
    _fugitive(tables)
    _electronics(tables)
    tables.add(
        "waste_treatment", period=2024, enterprise=STEAM_BUYER, waste="有机废液", treatment="incineration",
        quantity_t=165, carbon_fraction_percent=48, fossil_fraction_percent=100, evidence="EV016",
    )  # fmt: skip
    tables.add(
        "waste_treatment", period=2024, enterprise="E000", waste="绿化垃圾", treatment="composting",
        quantity_t=72, weight_basis="wet", evidence="EV016",
    )  # fmt: skip
    tables.add(
        "wastewater", period=2024, enterprise="E000", plant="WW1", treatment="aerobic", volume_m3=1180000,
        cod_removed_t=372, methane_recovered_t=0, evidence="EV017",
    )  # fmt: skip
    tables.add(
        "wastewater", period=2024, enterprise=STEAM_BUYER, plant="WW2", treatment="anaerobic",
        volume_m3=61000,
        cod_removed_t=46, methane_recovered_t="6.5", evidence="EV017",
    )  # fmt: skip


def _electronics(tables: Tables) -> None:
    """Packaging etches, wafer tests use none, power devices clean their chambers."""
    tables.add(
        "electronics_gases", period=2024, enterprise="E027", industry="semiconductor", gas="cf4",
        consumed_kg=60, abated_percent=85, evidence="EV018",
    )  # fmt: skip
    tables.add(
        "electronics_gases", period=2024, enterprise="E028", industry="semiconductor", gas="cf4",
        consumed_kg=0, evidence="EV018",
    )  # fmt: skip
    tables.add(
        "electronics_gases", period=2024, enterprise="E029", industry="semiconductor", gas="nf3",
        cleaning="remote", consumed_kg=150, abated_percent=90, evidence="EV018",
    )  # fmt: skip


def _fugitive(tables: Tables) -> None:
    simplified = (
        ("E000", "R-410A", "多联机", 26, 24, 31), ("E001", "R-410A", "多联机", 0, 0, 18),
        ("E015", "R-134a", "工艺冷机", 0, 0, 64), ("E027", "R-410A", "恒温恒湿机", 12, 12, 22),
        ("E048", "R-404A", "冷库机组", 0, 0, 46), ("E046", "R-410A", "机房空调", 40, 38, 27),
    )  # fmt: skip
    for enterprise, gas, item, charge, capacity, recharge in simplified:
        tables.add(
            "fugitive_gases", period=2024, enterprise=enterprise, gas=gas, item=item, method="simplified",
            new_charge_kg=charge, new_capacity_kg=capacity, recharge_kg=recharge, disposed_capacity_kg=0,
            recovered_kg=0, evidence="EV015",
        )  # fmt: skip
    tables.add(
        "fugitive_gases", period=2024, enterprise="E900", gas="SF6", item="110kV 开关",
        method="material_balance",
        inventory_change_kg=4, transferred_kg=30, capacity_change_kg=-26, evidence="EV015",
    )  # fmt: skip
    tables.add(
        "fugitive_gases", period=2024, enterprise="E900", gas="R-134a", item="离心冷水机组",
        method="screening",
        equipment_type="chillers", new_charge_kg=0, operating_capacity_kg=4200, disposed_capacity_kg=0,
        evidence="EV015",
    )  # fmt: skip
