"""The invented enterprises of the park: who they are and what they use in a year.

Nothing here is a real company. Names begin with 示例 ("example") so that nobody takes them for one.
Energy is the year's consumption; the meters divide it over the hours.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tenant:
    """One enterprise; units are in the names, energy and water are of the year, output in 万元."""

    id: str
    name: str
    industry: str
    load: str
    electricity_mwh: int
    gas_m3: int = 0
    heat_gj: int = 0
    cold_gj: int = 0
    water_m3: int = 0
    employees: int = 50
    output_wan: int = 0
    pv_kw: int = 0
    hosted: bool = False


# short name, GB/T 4754 code, load shape, MWh, m3 gas, GJ heat, GJ cold, m3 water, employees, 万元,
# kW of PV, hosted in the operator's buildings
_TABLE: tuple[tuple[str, str, str, int, int, int, int, int, int, int, int, bool], ...] = (
    ("刻蚀设备", "C3562", "assembly", 4200, 40000, 3600, 9000, 21000, 620, 16800, 1550, False),
    ("薄膜沉积设备", "C3562", "assembly", 3800, 40000, 3200, 8600, 19000, 540, 15200, 1450, False),
    ("清洗设备", "C3562", "assembly", 2100, 0, 1800, 4200, 14000, 310, 8600, 0, False),
    ("涂胶显影设备", "C3562", "assembly", 1900, 0, 1600, 3900, 9000, 280, 8100, 0, False),
    ("离子注入设备", "C3562", "assembly", 2600, 0, 0, 5200, 8000, 330, 10300, 900, False),
    ("量测设备", "C3562", "assembly", 1200, 0, 0, 2600, 5000, 260, 7400, 0, False),
    ("化学机械抛光设备", "C3562", "assembly", 1700, 0, 0, 3400, 11000, 240, 6900, 0, False),
    ("快速热处理设备", "C3562", "assembly", 1500, 0, 0, 0, 5000, 190, 5600, 0, False),
    ("晶圆传输设备", "C3562", "assembly", 900, 0, 0, 0, 4000, 160, 4700, 0, True),
    ("真空泵", "C3441", "machining", 1600, 0, 0, 0, 6000, 220, 5800, 700, False),
    ("射频电源", "C3824", "assembly", 800, 0, 0, 0, 3000, 140, 4300, 0, True),
    ("精密阀门", "C3443", "machining", 700, 0, 0, 0, 3000, 130, 3400, 0, True),
    ("气体输送系统", "C3562", "assembly", 1000, 0, 0, 0, 4000, 150, 4100, 0, False),
    ("温控设备", "C3562", "assembly", 600, 0, 0, 0, 2000, 90, 2600, 0, True),
    ("大硅片", "C3985", "cleanroom", 16000, 300000, 9800, 24000, 420000, 880, 31500, 3200, False),
    ("电子特气", "C3985", "continuous", 9800, 250000, 6400, 0, 96000, 310, 18200, 900, False),
    ("光刻胶", "C3985", "cleanroom", 4200, 90000, 5200, 8200, 38000, 260, 12100, 0, False),
    ("抛光液", "C3985", "cleanroom", 3600, 80000, 4300, 0, 61000, 210, 8800, 700, False),
    ("抛光垫", "C3985", "cleanroom", 2300, 0, 2900, 0, 12000, 170, 6500, 0, False),
    ("高纯溅射靶材", "C3985", "continuous", 5200, 0, 0, 4100, 34000, 320, 10800, 1200, False),
    ("湿电子化学品", "C3985", "continuous", 7400, 280000, 8800, 0, 148000, 290, 13600, 0, False),
    ("石英制品", "C3059", "continuous", 4800, 620000, 0, 0, 52000, 260, 8400, 1000, False),
    ("陶瓷部件", "C3074", "continuous", 4400, 540000, 0, 0, 31000, 240, 7600, 0, False),
    ("碳化硅衬底", "C3985", "cleanroom", 12600, 120000, 0, 9800, 88000, 420, 16900, 1400, False),
    ("光掩模", "C3985", "cleanroom", 3900, 60000, 0, 6200, 24000, 210, 7100, 0, False),
    ("引线框架", "C3985", "continuous", 3300, 150000, 0, 0, 76000, 280, 6600, 0, False),
    ("先进封装", "C3973", "cleanroom", 8600, 200000, 6700, 18000, 210000, 760, 15800, 0, False),
    ("晶圆测试", "C3973", "cleanroom", 2900, 0, 0, 7100, 9000, 240, 5900, 0, False),
    ("功率器件", "C3972", "cleanroom", 6200, 150000, 0, 12000, 124000, 450, 10900, 0, False),
    ("传感器芯片", "C3983", "cleanroom", 3300, 0, 0, 6400, 47000, 290, 6700, 0, False),
    ("精密机加工", "C3484", "machining", 2100, 60000, 0, 0, 9000, 180, 4200, 0, False),
    ("表面处理", "C3360", "machining", 2700, 330000, 0, 0, 87000, 150, 3300, 0, False),
    ("精密铸造", "C3391", "continuous", 3900, 480000, 0, 0, 22000, 190, 4600, 0, False),
    ("模具", "C3525", "machining", 1300, 0, 0, 0, 4000, 120, 2400, 0, False),
    ("紧固件", "C3482", "machining", 1100, 0, 0, 0, 5000, 90, 1900, 0, False),
    ("焊接结构件", "C3311", "machining", 900, 50000, 0, 0, 3000, 110, 1800, 0, False),
    ("轴承", "C3451", "machining", 1000, 0, 0, 0, 4000, 100, 2100, 0, False),
    ("热处理", "C3360", "continuous", 2300, 420000, 0, 0, 16000, 80, 2000, 0, False),
    ("原料药", "C2710", "continuous", 4100, 260000, 0, 0, 132000, 240, 7200, 0, False),
    ("生物制剂", "C2761", "cleanroom", 3300, 160000, 7700, 0, 54000, 210, 6800, 0, False),
    ("细胞培养基", "C2761", "cleanroom", 1500, 0, 0, 0, 17000, 90, 2600, 0, False),
    ("诊断试剂", "C2770", "office", 800, 0, 0, 0, 5000, 110, 2900, 0, True),
    ("医疗器械", "C3581", "assembly", 900, 20000, 0, 0, 4000, 130, 2700, 0, False),
    ("疫苗辅料", "C2762", "cleanroom", 1200, 0, 0, 0, 11000, 80, 2100, 0, False),
    ("实验试剂", "C2664", "office", 500, 0, 0, 0, 3000, 50, 1100, 0, True),
    ("云数据中心", "I6450", "flat", 9600, 0, 0, 0, 26000, 60, 0, 0, False),
    ("边缘数据中心", "I6450", "flat", 1900, 0, 0, 0, 5000, 20, 0, 0, False),
    ("冷链物流", "G5930", "warehouse", 1800, 0, 0, 0, 4000, 90, 0, 0, False),
    ("保税仓储", "G5990", "warehouse", 700, 0, 0, 0, 2000, 80, 0, 0, False),
    ("危化品仓储", "G5942", "warehouse", 400, 0, 0, 0, 2000, 40, 0, 0, False),
    ("城市配送", "G5431", "warehouse", 500, 0, 0, 0, 1000, 120, 0, 0, False),
    ("模拟芯片设计", "I6520", "office", 500, 0, 0, 0, 3000, 260, 0, 0, True),
    ("存储芯片设计", "I6520", "office", 350, 0, 0, 0, 2000, 190, 0, 0, True),
    ("射频芯片设计", "I6520", "office", 300, 0, 0, 0, 2000, 150, 0, 0, True),
    ("设计软件", "I6513", "office", 260, 0, 0, 0, 2000, 140, 0, 0, True),
    ("检测认证", "M7452", "office", 640, 0, 0, 0, 3000, 120, 0, 0, True),
    ("创业孵化", "L7291", "office", 420, 0, 0, 0, 4000, 180, 0, 0, True),
    ("设备维保", "O8129", "office", 240, 0, 0, 0, 1000, 70, 0, 0, True),
    ("设计研究", "M7320", "office", 190, 0, 0, 0, 1000, 90, 0, 0, True),
    ("环保石灰", "C3012", "continuous", 700, 150000, 0, 0, 6000, 40, 1600, 0, False),
)  # fmt: skip

OPERATOR = Tenant(
    "E000", "星火园区运营管理有限公司（虚构）", "N7840", "public", 3200, water_m3=62000, employees=110
)
UTILITY = Tenant(
    "E900", "星火能源服务有限公司（虚构）", "D4430", "cooling", 12100,
    gas_m3=1250000, water_m3=118000, employees=70, pv_kw=6000,
)  # fmt: skip


def tenants() -> tuple[Tenant, ...]:
    """The sixty tenants, E001 to E060, in the order of the table."""
    return tuple(_tenant(number, *row) for number, row in enumerate(_TABLE, start=1))


def _tenant(number: int, short: str, *row: object) -> Tenant:
    names = Tenant.__dataclass_fields__.keys() - {"id", "name"}
    ordered = [name for name in Tenant.__dataclass_fields__ if name in names]
    return Tenant(f"E{number:03d}", f"示例{short}有限公司", **dict(zip(ordered, row, strict=True)))  # type: ignore[arg-type]
