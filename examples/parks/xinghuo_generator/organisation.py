"""Enterprises, products, permits, incidents, entering projects, checklists and measures."""

from __future__ import annotations

from ruamel.yaml import YAML

import lingtan_data
from xinghuo_generator.loads import chance
from xinghuo_generator.tables import Tables
from xinghuo_generator.tenants import OPERATOR, UTILITY, Tenant, tenants

KEY_ENTERPRISES = (
    "E015", "E016", "E017", "E021", "E022", "E026", "E027", "E029", "E032", "E033", "E038", "E039",
)  # fmt: skip
NOT_AUDITED = ("E033",)
GREEN_FACTORIES = (
    "E001", "E002", "E003", "E005", "E007", "E015", "E017", "E018", "E020", "E022", "E024", "E025", "E027",
    "E029",
    "E030",
)  # fmt: skip
GREEN_CHAINS = ("E004", "E016", "E026", "E040")
INVENTORIED = (
    "E000", "E001", "E002", "E003", "E004", "E005", "E007", "E010", "E015", "E016", "E017", "E018", "E019",
    "E020",
    "E021", "E022", "E023", "E024", "E025", "E026", "E027", "E028", "E029", "E030", "E031", "E032", "E039",
    "E040",
    "E046", "E048", "E900",
)  # fmt: skip
LAST_YEAR = ("E006", "E033", "E038", "E047")
_SERVICE = ("G", "I", "L", "M", "O", "N")


def floor_area_m2(tenant: Tenant) -> int:
    """The floor area an enterprise uses: by its staff, hosted ones in the operator's buildings."""
    return tenant.employees * 22 if tenant.hosted else 3000 + 40 * tenant.employees


def add_organisation(tables: Tables) -> None:
    """All registers of this part."""
    for tenant in (OPERATOR, *tenants(), UTILITY):
        _enterprise(tables, tenant)
    _products(tables)
    _permits(tables)
    _projects(tables)
    _checklists(tables)
    _measures(tables)
    tables.add(
        "incidents", incident="AQ-2023-01", date="2023-08-17", enterprise="E036", kind="safety",
        grade="general",
        description="叉车碰撞货架，一人轻伤，已结案（虚构）", evidence="EV020",
    )  # fmt: skip


def _enterprise(tables: Tables, tenant: Tenant) -> None:
    industrial = tenant.industry.startswith("C")
    since = 2013 + int(chance(f"{tenant.id}/since", 1, 400)[0] - 600) % 9
    tables.add(
        "enterprises", enterprise=tenant.id, name=tenant.name, role=_role(tenant),
        industry_code=tenant.industry,
        in_characteristic_industry=tenant.id in _characteristic(),
        active_from=f"{since}-0{1 + since % 9}-01" if _role(tenant) == "tenant" else "2012-05-01",
        employees=tenant.employees, floor_area_m2=floor_area_m2(tenant),
        output_value_wan_cny=tenant.output_wan if industrial else None,
        above_scale=industrial and tenant.output_wan >= 2000, key_enterprise=tenant.id in KEY_ENTERPRISES,
        high_tech=tenant.id in _characteristic() or tenant.industry.startswith("I"),
        green_manufacturing=_recognition(tenant), cleaner_production=_audit(tenant),
        carbon_inventoried=tenant.id in INVENTORIED,
        carbon_inventory_year=2024 if tenant.id in INVENTORIED else 2023 if tenant.id in LAST_YEAR else None,
        carbon_verified=tenant.id in INVENTORIED[:20], carbon_footprint=tenant.id in ("E015", "E020", "E024"),
        environmental_disclosure=tenant.id in KEY_ENTERPRISES,
        digital_diagnosis=industrial and not tenant.hosted,
        energy_benchmark=tenant.id in ("E015", "E020", "E027"), confidential=tenant.id in ("E017", "E028"),
        evidence="EV003" if tenant.id in GREEN_FACTORIES + GREEN_CHAINS else None,
    )  # fmt: skip


def _role(tenant: Tenant) -> str:
    return {OPERATOR.id: "operator", UTILITY.id: "utility"}.get(tenant.id, "tenant")


def _characteristic() -> tuple[str, ...]:
    """Integrated-circuit equipment, materials and packaging: E001 to E030."""
    return tuple(f"E{number:03d}" for number in range(1, 31))


def _recognition(tenant: Tenant) -> str:
    if tenant.id in GREEN_FACTORIES:
        return "green_factory"
    return "green_supply_chain" if tenant.id in GREEN_CHAINS else "none"


def _audit(tenant: Tenant) -> str:
    if tenant.id in KEY_ENTERPRISES:
        return "audited" if tenant.id in NOT_AUDITED else "accepted"
    return "audited" if tenant.id in ("E018", "E023", "E040") else "none"


def _products(tables: Tables) -> None:
    rows = (
        ("E015", "12英寸抛光片", 960000, "item", "4.15", "kgce/item", "3.9", "4.4", "5.2"),
        ("E020", "高纯靶材", 820, "t", "0.83", "tce/t", "0.78", "0.9", "1.1"),
        ("E022", "石英坩埚", 1450, "t", "0.98", "tce/t", "0.86", "1.05", "1.3"),
        ("E033", "精密铸件", 2300, "t", "0.52", "tce/t", "0.42", "0.5", "0.6"),
        ("E060", "石灰", 1480, "t", "0.181", "tce/t", "0.15", "0.18", "0.2"),
    )
    for enterprise, product, output, unit, used, used_unit, *limits in rows:
        tables.add(
            "products", enterprise=enterprise, product=product, output=output, output_unit=unit,
            unit_energy=used,
            unit_energy_unit=used_unit, limit_level_1=limits[0], limit_level_2=limits[1],
            limit_level_3=limits[2],
            limit_standard="园区企业限额（虚构）", evidence="EV004",
        )  # fmt: skip


def _permits(tables: Tables) -> None:
    tables.add(
        "permits", permit="GH-2012-001", enterprise="E000", kind="construction", issued_on="2012-03-20",
        evidence="EV005",
    )  # fmt: skip
    tables.add(
        "permits", permit="HP-2012-001", enterprise="E000", kind="environmental_approval",
        issued_on="2012-06-11",
        evidence="EV005",
    )  # fmt: skip
    makers = [tenant for tenant in tenants() if tenant.industry.startswith("C") and tenant.output_wan >= 2000]
    for number, tenant in enumerate(makers, start=1):
        tables.add(
            "permits", permit=f"PW-2022-{number:03d}", enterprise=tenant.id, kind="discharge",
            issued_on=f"2022-{1 + number % 12:02d}-15", valid_to=f"2027-{1 + number % 12:02d}-14",
            evidence="EV005",
        )  # fmt: skip


def _projects(tables: Tables) -> None:
    rows = (
        ("E015", "切磨抛线扩建", "01-18", True, "admitted"), ("E024", "衬底二期", "02-26", True, "admitted"),
        ("E027", "封装中试线", "03-12", True, "admitted"),
        ("E016", "特气充装站改造", "04-09", True, "admitted"),
        ("E040", "细胞培养车间", "05-21", True, "pending"),
        ("E022", "窑炉余热回收", "06-17", True, "admitted"),
        (None, "电镀代工项目", "07-02", True, "refused"), ("E029", "模块产线", "08-13", True, "admitted"),
        ("E012", "阀门装配线", "09-24", False, "admitted"),
        ("E053", "设计中心扩租", "10-15", None, "admitted"),
        ("E046", "机房液冷改造", "11-06", True, "admitted"),
    )  # fmt: skip
    for number, (enterprise, name, applied, screened, decision) in enumerate(rows, start=1):
        tables.add(
            "projects", project=f"P2024-{number:02d}", name=name, enterprise=enterprise,
            applied_on=f"2024-{applied}", kind="entering", screened=screened, decision=decision,
            evidence="EV021",
        )  # fmt: skip
    tables.add(
        "projects", project="P2024-12", name="废酸回收与湿电子化学品联产", enterprise="E021",
        applied_on="2024-06-03",
        kind="eco_chain", screened=True, decision="admitted", evidence="EV021",
    )  # fmt: skip


_NOT_FULFILLED = (("carbon_management", "fund"),)
_CHECKLIST_EVIDENCE = {
    "carbon_management": "EV022", "pathway_report": "EV023", "strategy": "EV024", "platform": "EV025",
    "ghg_report": "EV026", "admission": "EV021", "park_eligibility": "EV027", "ecology": "EV028",
}  # fmt: skip


def _checklists(tables: Tables) -> None:
    items = YAML(typ="safe").load(lingtan_data.path("schema", "checklists.yaml"))
    for checklist, entries in items.items():
        for item, words in entries.items():
            tables.add(
                "checklists", checklist=checklist, item=item, requirement=words["zh"],
                fulfilled=(checklist, item) not in _NOT_FULFILLED, evidence=_CHECKLIST_EVIDENCE[checklist],
            )  # fmt: skip


def _measures(tables: Tables) -> None:
    rows = (
        ("M01", "能源公司屋顶与车棚光伏", "E900", "renewable", "2022-06-01", 3300, True, 2400),
        ("M02", "企业屋顶光伏", "E015", "renewable", "2022-11-01", 6900, True, 5200),
        ("M03", "集中供冷站高效改造", "E900", "efficiency", "2023-04-01", 1250, True, 980),
        ("M04", "空压机余热回收", "E016", "efficiency", "2023-09-01", 410, True, 260),
        ("M05", "窑炉富氧燃烧", "E022", "process", "2024-01-01", 380, True, 340),
        ("M06", "能碳平台负荷优化", "E000", "management", "2024-02-01", 290, True, 120),
        ("M07", "沼气回收利用", "E039", "process", "2024-03-01", 160, True, 150),
    )
    for measure, name, owner, kind, start, reduction, visible, investment in rows:
        tables.add(
            "measures", measure=measure, name=name, owner=owner, kind=kind, status="implemented",
            start_date=start,
            year=2024, verified_reduction_tco2e=reduction, visible_in_inventory=visible,
            investment_wan_cny=investment, evidence="EV029",
        )  # fmt: skip
    tables.add(
        "measures", measure="M08", name="窑炉余热外供周边社区", owner="E022", kind="efficiency",
        status="implemented",
        start_date="2023-11-01", year=2024, verified_reduction_tco2e=240, visible_in_inventory=False,
        investment_wan_cny=90, evidence="EV029",
    )  # fmt: skip
    for measure, name, owner, kind, investment in (
        ("M09", "蒸汽热泵替代燃气锅炉", "E900", "electrification", 3600),
        ("M10", "配送车辆电动化", "E051", "electrification", 850),
        ("M11", "20MWh 储能", "E900", "other", 2200),
    ):
        tables.add(
            "measures", measure=measure, name=name, owner=owner, kind=kind, status="planned",
            investment_wan_cny=investment,
        )  # fmt: skip
