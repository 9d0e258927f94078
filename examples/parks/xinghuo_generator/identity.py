"""`park.yaml` and the boundary."""

from __future__ import annotations

import json
from pathlib import Path

from xinghuo_generator.tenants import OPERATOR, UTILITY, tenants

_PARK = """\
# Invented park. Written by examples/parks/generate_xinghuo.py; edit that, not this file.
id: xinghuo
name_zh: 星火零碳特色产业园区（虚构示例）
name_en: Xinghuo zero-carbon characteristic park (invented example)
note: >-
  本园区纯属虚构，仅用于演示与测试；企业、数据、材料、绿证与碳信用均不存在。
  This park is invented, for demonstration and tests only; no enterprise, figure, document,
  certificate or credit is real.
characteristic_industry: 集成电路装备与材料
location:
  country: CN
  province: 上海
  city: 上海
  district: 虚构区
  grid: 华东
  latitude: 30.90
  longitude: 121.60
  timezone: Asia/Shanghai
reporting:
  year: 2024
  editions: [sh-seesa-zctp-2024, cn-ndrc-910-2025]
profile:
  area_m2: 960000
  population_persons: 1850
  employees_persons: {employees}
  industrial_value_added_wan_cny: 88000
  industrial_value_added_growth_3y_percent: 6.4
  industrial_output_wan_cny: {output}
  gross_domestic_product_wan_cny: 109000
  resource_recycling_value_added_wan_cny: 2600
  revenue_wan_cny: 402000
  # low_carbon_research_wan_cny: left out on purpose, see README.md
  innovation_platforms_count: 3
  electricity_equal_value_kgce_per_kwh: 0.302
profile_evidence:
  area_m2: EV002
  industrial_value_added_wan_cny: EV049
  electricity_equal_value_kgce_per_kwh: EV048
responsible:
  - {{role: 园区零碳负责人, name: 示例甲, email: zero-carbon@example.org}}
  - {{role: 能碳数据负责人, name: 示例乙, email: data@example.org}}
boundary_confirmed: true
"""

# The corners, east of 121.594 and north of 30.896; the size is about 1.2 km by 0.8 km.
_CORNERS = (
    (121.594000, 30.896000), (121.606540, 30.896000), (121.606540, 30.902266), (121.605000, 30.903286),
    (121.594000, 30.903286), (121.594000, 30.896000),
)  # fmt: skip


def write_identity(folder: Path) -> None:
    """`park.yaml` and `boundary.geojson` in `folder`."""
    everyone = (OPERATOR, *tenants(), UTILITY)
    text = _PARK.format(
        employees=sum(one.employees for one in everyone), output=sum(one.output_wan for one in everyone)
    )
    (folder / "park.yaml").write_text(text, encoding="utf-8")
    properties = {
        "name": "星火零碳特色产业园区（虚构示例） / Xinghuo park (invented example)",
        "note": "虚构边界，不对应任何真实地块 / invented outline, no real plot",
    }
    polygon = {"type": "Polygon", "coordinates": [[list(corner) for corner in _CORNERS]]}
    feature = {"type": "Feature", "properties": properties, "geometry": polygon}
    collection = {"type": "FeatureCollection", "features": [feature]}
    text = json.dumps(collection, ensure_ascii=False, indent=1) + "\n"
    (folder / "boundary.geojson").write_text(text, encoding="utf-8")
