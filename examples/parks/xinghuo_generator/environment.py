"""Waste energy, water, solid waste, pollution sources, tests, environmental quality."""

from __future__ import annotations

from xinghuo_generator.loads import chance
from xinghuo_generator.tables import Tables, shifted
from xinghuo_generator.tenants import OPERATOR, UTILITY, Tenant, tenants

_NOT_ONLINE = ("DA-E033", "DA-E060")
# pollutant, unit, limit, highest share of the limit in per mille; the limits are the example's own
_TESTED = {
    "wastewater": (("化学需氧量", "mg/L", 500, 640), ("氨氮", "mg/L", 45, 520)),
    "exhaust": (("颗粒物", "mg/m3", 20, 610), ("氮氧化物", "mg/m3", 50, 780)),
    "vocs": (("非甲烷总烃", "mg/m3", 70, 560),),
}  # fmt: skip
_VOCS = ("E017", "E018", "E021", "E026", "E032", "E039")
_STREAMS = (("WH1", "E022", "heat", 26000, 11800), ("WH2", "E016", "heat", 8200, 4900),
              ("WH3", "E038", "heat", 9400, 2700), ("WH4", "E033", "heat", 12600, 6100),
              ("WC1", "E016", "cold", 3800, 2600), ("WP1", "E900", "pressure", 1500, 700))  # fmt: skip


def add_environment(tables: Tables) -> None:
    """All registers of this part."""
    for stream, owner, kind, recoverable, used in _STREAMS:
        tables.add(
            "waste_energy", stream=stream, enterprise=owner, kind=kind, recoverable_gj=recoverable,
            used_gj=used,
            evidence="EV038",
        )  # fmt: skip
    for tenant in (OPERATOR, *tenants(), UTILITY):
        _water(tables, tenant)
        _solid_waste(tables, tenant)
        _outlets(tables, tenant)
    _quality(tables)


def _water(tables: Tables, tenant: Tenant) -> None:
    """Industrial water only: manufacturers reuse cooling and rinsing water, the utility its cooling water."""
    if tenant.id == UTILITY.id:
        share = 4200
    elif tenant.industry.startswith("C"):
        share = 1130 + int(chance(f"{tenant.id}/reuse", 1, 120)[0]) * 3
    else:
        return
    tables.add(
        "water_use", period=2024, enterprise=tenant.id, fresh_m3=tenant.water_m3,
        reused_m3=tenant.water_m3 * share // 1000, evidence="EV039",
    )  # fmt: skip


def _solid_waste(tables: Tables, tenant: Tenant) -> None:
    if tenant.industry.startswith("C") and tenant.output_wan >= 1000:
        made = tenant.output_wan * 11 // 100
        used = made * (int(chance(f"{tenant.id}/waste", 1, 60)[0]) - 85) // 1000
        _waste(tables, tenant.id, "边角料与废包装", "general_industrial", made, used)
    if tenant.industry.startswith("C") and tenant.water_m3 >= 20000:
        made = tenant.water_m3 // 900
        _waste(tables, tenant.id, "废酸废碱与废溶剂", "hazardous", made, made * 41 // 100)
    if tenant.id == OPERATOR.id:
        _waste(tables, tenant.id, "生活垃圾", "domestic", 2150, 610)
        _waste(tables, tenant.id, "可回收物", "recyclable", 930, 930)


def _waste(tables: Tables, owner: str, name: str, category: str, *amounts: int) -> None:
    made, used = amounts
    tables.add(
        "solid_waste", period=2024, enterprise=owner, waste=name, category=category, generated_t=made,
        used_t=used,
        used_from_stock_t=0, disposed_t=made - used, evidence="EV040",
    )  # fmt: skip


def _outlets(tables: Tables, tenant: Tenant) -> None:
    if tenant.id == OPERATOR.id:
        _outlet(tables, "DW-WW1", tenant.id, "central_sewage", "wastewater")
    if not tenant.industry.startswith("C"):
        return
    if tenant.water_m3 >= 20000:
        _outlet(tables, f"DW-{tenant.id}", tenant.id, "wastewater", "wastewater")
    if tenant.gas_m3 >= 100000:
        _outlet(tables, f"DA-{tenant.id}", tenant.id, "exhaust", "exhaust")
    if tenant.id in _VOCS:
        _outlet(tables, f"DV-{tenant.id}", tenant.id, "vocs", "vocs")


def _outlet(tables: Tables, outlet: str, owner: str, kind: str, tested: str) -> None:
    tables.add(
        "pollution_sources", outlet=outlet, enterprise=owner, kind=kind, must_be_online=True,
        online_working=outlet not in _NOT_ONLINE, evidence="EV041",
    )  # fmt: skip
    for quarter, month in enumerate((2, 5, 8, 11), start=1):
        for letter, (pollutant, unit, limit, highest) in zip("ab", _TESTED[tested], strict=False):
            draw = int(chance(f"{outlet}/{quarter}/{pollutant}", 1, 200)[0])
            tables.add(
                "discharge_tests", test=f"T-{outlet}-{quarter}{letter}", outlet=outlet,
                date=f"2024-{month:02d}-{10 + quarter:02d}", pollutant=pollutant,
                value=shifted(limit * highest * draw // 100000, 1), limit=limit, unit=unit, within_limit=True,
                evidence="EV042",
            )  # fmt: skip


def _quality(tables: Tables) -> None:
    rows = (
        ("AIR-1", "air", "GB 3095"), ("SW-1", "surface_water", "GB 3838"),
        ("GW-1", "groundwater", "GB/T 14848"),
        ("SOIL-1", "soil", "GB 36600"), ("NOISE-1", "noise", "GB 3096"), ("NOISE-2", "noise", "GB 12348"),
    )  # fmt: skip
    for item, medium, standard in rows:
        tables.add(
            "environmental_quality",
            item=item,
            medium=medium,
            standard=standard,
            conforms=True,
            evidence="EV043",
        )
