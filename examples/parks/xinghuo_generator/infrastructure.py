"""Buildings, equipment, lamps, land, traffic, data centres and metering points."""

from __future__ import annotations

from collections.abc import Iterable

from xinghuo_generator.loads import chance
from xinghuo_generator.network import IT_SHARE_PERCENT, Meter
from xinghuo_generator.organisation import floor_area_m2
from xinghuo_generator.tables import Tables, shifted
from xinghuo_generator.tenants import OPERATOR, UTILITY, Tenant, tenants

PARK_AREA_M2 = 960000
ULTRA_LOW = ("E001", "E002", "E005", "E015", "E024", "E027")
_USES = {"office": "office", "warehouse": "warehouse", "flat": "data_centre"}
# energy limit of the building services by use, kgce/m2; invented, as the park's own quota
_LIMITS = {"factory": 26, "office": 21, "laboratory": 30, "warehouse": 14, "data_centre": 60,
           "commercial": 38, "dormitory": 17, "other": 24}  # fmt: skip
_OPERATORS_BUILDINGS = (
    ("孵化楼A", "laboratory", 18600, 6, "near_zero_carbon", 3),
    ("孵化楼B", "office", 15400, 6, "ultra_low_energy", 2),
    ("孵化楼C", "office", 12800, 5, "ordinary", 2), ("加速器厂房", "factory", 21600, 3, "ordinary", 1),
    ("运营中心", "office", 8200, 5, "zero_carbon", 3), ("人才公寓", "dormitory", 16900, 11, "ordinary", 2),
    ("商业配套", "commercial", 7400, 3, "ordinary", 1), ("公共仓库", "warehouse", 14200, 1, "ordinary", 0),
)  # fmt: skip
NO_ENERGY_USE = ("B-E034", "B-E059")  # left blank on purpose, see the example's README
_OVER_LIMIT = ("B-E032", "B-E033", "B-E038")


def add_infrastructure(tables: Tables, meters: Iterable[Meter]) -> None:
    """All registers of this part."""
    _buildings(tables)
    _equipment(tables)
    _grounds(tables)
    _traffic(tables)
    _data_centres(tables, meters)
    _metering_points(tables)


def _buildings(tables: Tables) -> None:
    for number, (name, use, area, floors, energy_class, stars) in enumerate(_OPERATORS_BUILDINGS, start=1):
        _building(tables, f"B-{number:02d}", name, OPERATOR.id, use, area, floors, energy_class, stars)
    _building(tables, "B-09", "能源中心", UTILITY.id, "other", 9800, 2, "ordinary", 2)
    for tenant in tenants():
        if not tenant.hosted or tenant.id == "E059":
            energy_class = "ultra_low_energy" if tenant.id in ULTRA_LOW else "ordinary"
            use, floors = _USES.get(tenant.load, "factory"), 1 if tenant.load == "warehouse" else 2
            name, area = tenant.name.removeprefix("示例").removesuffix("有限公司"), floor_area_m2(tenant)
            _building(tables, f"B-{tenant.id}", f"{name}楼", tenant.id, use, area, floors, energy_class, 1)


def _building(tables: Tables, building: str, name: str, user: str, use: str, *rest: object) -> None:
    area, floors, energy_class, stars = rest
    assert isinstance(area, int) and isinstance(floors, int)
    share = int(chance(f"{building}/use", 1, 130)[0]) - 170  # 70 to 96 per cent of the limit
    if building in _OVER_LIMIT:
        share = 1090
    intensity = None if building in NO_ENERGY_USE else shifted(_LIMITS[use] * share, 3)
    year = 2014 + int(chance(f"{building}/built", 1, 400)[0]) % 10
    tables.add(
        "buildings", building=building, name=name, enterprise=user, use=use, floor_area_m2=area,
        floors=floors,
        roof_area_m2=area // floors, built_year=year, new_building=year >= 2023, energy_class=energy_class,
        green_building_stars=stars, energy_use_intensity=intensity, energy_limit=_LIMITS[use],
        limit_standard="园区建筑用能定额（虚构）",
        evidence="EV030" if energy_class != "ordinary" else "EV031",
    )  # fmt: skip


def _equipment(tables: Tables) -> None:
    kinds = (
        ("空压机", "production", "GB 19153", 70), ("电动机组", "production", "GB 18613", 160),
        ("水泵", "utility", "GB 19762", 35), ("空调箱风机", "building", "GB 19761", 45),
    )  # fmt: skip
    number = 0
    for tenant in tenants():
        if tenant.electricity_mwh < 1500 or tenant.load in ("warehouse",):
            continue
        for kind, purpose, standard, per_gwh in kinds:
            number += 1
            power = per_gwh * tenant.electricity_mwh // 1000
            grade = _grade(f"EQ/{tenant.id}/{kind}", third=9)
            _machine(tables, number, tenant.id, kind, purpose, power, grade, standard)
    for kind, power, grade in (("离心冷水机组", 3200, 1), ("离心冷水机组", 3200, 2), ("冷冻水泵", 640, 2),
                               ("燃气锅炉", 420, 3), ("变压器", 2500, 2)):  # fmt: skip
        number += 1
        _machine(tables, number, UTILITY.id, kind, "utility", power, grade, "GB 19577")
    for tenant in tenants():
        if tenant.water_m3 >= 20000 and tenant.industry.startswith("C"):
            number += 1
            grade = _grade(f"TR/{tenant.id}", third=16)
            power = 30 + tenant.water_m3 // 2000
            _machine(tables, number, tenant.id, "废气与废水治理设备", "treatment", power, grade, "GB 19761")


def _grade(name: str, *, third: int) -> int:
    """Grade 3 in `third` per cent of the cases, else 1 or 2."""
    draw = (int(chance(name, 1, 500)[0]) - 500) // 10
    return 3 if draw < third else 1 if draw % 3 == 0 else 2


def _machine(tables: Tables, number: int, owner: str, kind: str, purpose: str, *rest: object) -> None:
    power, grade, standard = rest
    tables.add(
        "equipment", equipment=f"EQ{number:03d}", enterprise=owner, kind=kind, purpose=purpose,
        rated_power_kw=power, efficiency_grade=grade, grade_standard=standard, evidence="EV032",
    )  # fmt: skip


def _grounds(tables: Tables) -> None:
    lamps = (
        ("L01", "园区道路", "renewable", 420), ("L02", "园区道路", "efficient", 610),
        ("L03", "公共建筑", "efficient", 8600), ("L04", "厂房", "efficient", 31400),
        ("L05", "厂房", "ordinary", 1700),
    )  # fmt: skip
    for lamp, area, kind, count in lamps:
        tables.add("lighting", lamp=lamp, area=area, kind=kind, lamps=count, evidence="EV033")
    land = (
        ("G01", "green", 268000), ("G02", "green", 52000), ("J01", "building", 412000),
        ("D01", "road", 148000),
        ("S01", "water", 34000), ("Q01", "other", 46000),
    )  # fmt: skip
    for parcel, kind, area in land:
        tables.add("land_use", parcel=parcel, kind=kind, area_m2=area, evidence="EV002")


def _traffic(tables: Tables) -> None:
    vehicles = (
        ("V01", "E000", "official", "battery", 14), ("V02", "E000", "sanitation", "battery", 9),
        ("V03", "E000", "sanitation", "diesel", 3), ("V04", "E051", "logistics", "diesel", 38),
        ("V05", "E051", "logistics", "battery", 46), ("V06", "E048", "logistics", "diesel", 16),
        ("V07", "E048", "logistics", "hydrogen", 5), ("V08", "E050", "logistics", "diesel", 11),
        ("V09", "E001", "official", "petrol", 6),
    )  # fmt: skip
    for vehicle, owner, service, energy, count in vehicles:
        tables.add(
            "vehicles", vehicle=vehicle, enterprise=owner, service=service, energy=energy, vehicles=count,
            evidence="EV034",
        )  # fmt: skip
    car_parks = (("CP1", 860, 262), ("CP2", 1240, 341), ("CP3", 690, 184), ("CP4", 410, 96))
    for car_park, spaces, clean in car_parks:
        tables.add(
            "parking", car_park=car_park, spaces=spaces, clean_energy_spaces=clean, evidence="EV034",
        )  # fmt: skip
    trips = (("walk", 1180), ("bicycle", 1690), ("bus", 2240), ("metro", 4410), ("clean_car", 2360),
             ("fuel_car", 3980), ("other", 210))  # fmt: skip
    for mode, count in trips:
        tables.add("travel_survey", survey="S2024", mode=mode, trips=count, evidence="EV035")
    freight = (
        ("F01", "E048", "road_diesel", 6400000), ("F02", "E048", "road_hydrogen", 2100000),
        ("F03", "E051", "road_diesel", 5200000), ("F04", "E051", "road_battery", 9300000),
        ("F05", "E050", "road_diesel", 3900000), ("F06", "E049", "water", 21800000),
        ("F07", "E049", "rail", 7600000),
        ("F08", "E015", "air", 640000),
    )  # fmt: skip
    for freight_id, owner, mode, work in freight:
        tables.add(
            "freight",
            freight=freight_id,
            enterprise=owner,
            mode=mode,
            tonne_kilometres=work,
            evidence="EV036",
        )


def _data_centres(tables: Tables, meters: Iterable[Meter]) -> None:
    counted = {meter.id: int(meter.values.sum()) for meter in meters}
    tables.add(
        "data_centres", data_centre="DC1", enterprise="E046", it_energy_mwh=shifted(counted["E046-IT"], 3),
        facility_energy_mwh=shifted(counted["E046-EL1"] + counted["E046-EL2"], 3), evidence="EV037",
    )  # fmt: skip
    # DC2's facility energy is left blank on purpose, see the example's README
    edge = counted["E047-EL"] * IT_SHARE_PERCENT // 100
    tables.add(
        "data_centres", data_centre="DC2", enterprise="E047", it_energy_mwh=shifted(edge, 3),
        evidence="EV037",
    )  # fmt: skip


def _metering_points(tables: Tables) -> None:
    number = 0
    for user in (OPERATOR, *tenants(), UTILITY):
        for medium, level, fitted in _points(user):
            number += 1
            tables.add(
                "metering_points", point=f"MP{number:03d}", enterprise=user.id, medium=medium, level=level,
                must_be_metered=True, fitted=fitted, evidence="EV011",
            )  # fmt: skip


def _points(user: Tenant) -> list[tuple[str, str, bool]]:
    points = [("electricity", "unit", True), ("water", "unit", user.id not in ("E050", "E055"))]
    if user.electricity_mwh >= 2000:
        points.append(("electricity", "sub_unit", True))
        points.append(("electricity", "equipment", user.id not in ("E032", "E038")))
    if user.gas_m3:
        points += [("gas", "unit", True), ("gas", "equipment", user.id not in ("E033", "E060"))]
    if user.heat_gj or user.id == UTILITY.id:
        points.append(("heat", "unit", True))
    if user.cold_gj:
        points.append(("cold", "unit", True))
    if user.id == "E039":
        points.append(("steam", "unit", True))
    if user.load == "continuous":
        points.append(("compressed_air", "sub_unit", user.id not in ("E026",)))
    return points
