"""Evidence files: short, and each says that it is invented. Hashes are those of the files."""

from __future__ import annotations

import hashlib
from pathlib import Path

from xinghuo_generator.tables import Tables

# id: file name, title, what it supports
_FILES = (
    ("EV001", "boundary.md", "园区四至范围图说明", "boundary.geojson; G1", "第1页"),
    ("EV002", "land-use.md", "用地平衡表", "land_use; A1.6", "第1页"),
    ("EV003", "green-manufacturing.md", "绿色制造名单公示", "enterprises; C2.1", "附件"),
    ("EV004", "product-energy.md", "单位产品能耗统计表", "products", "第1页"),
    ("EV005", "permits.md", "许可与批复汇编", "permits", "第1-12页"),
    ("EV006", "electricity-bills-2024.pdf", "2024年电费结算单汇总", "energy_activity", "第1页"),
    ("EV007", "gas-bills-2024.pdf", "2024年燃气结算单汇总", "energy_activity", "第1页"),
    ("EV008", "heat-bills-2024.pdf", "2024年热力与蒸汽结算单汇总", "energy_activity", "第1页"),
    ("EV009", "fuel-stock-2024.txt", "2024年油品与液化气盘点表", "energy_activity", "第1页"),
    ("EV010", "pv-statement-2024.txt", "2024年光伏发电与上网结算表", "energy_activity", "第1页"),
    ("EV011", "meter-ledger.txt", "计量器具台账与检定记录", "meters; metering_points; C1.4; A3.2", "第1页"),
    ("EV012", "internal-supply-2024.txt", "2024年园内转供结算表", "transfers", "第1页"),
    ("EV013", "fuel-analysis.md", "燃料检测报告", "fuel_properties", "第2页"),
    ("EV014", "lime-output-2024.txt", "2024年石灰产量统计", "process_activity", "第1页"),
    ("EV015", "refrigerant-log-2024.txt", "2024年制冷剂与SF6充注记录", "fugitive_gases", "第1页"),
    ("EV016", "on-site-waste-2024.txt", "2024年园内焚烧与堆肥台账", "waste_treatment", "第1页"),
    ("EV017", "wastewater-2024.txt", "2024年污水处理运行台账", "wastewater", "第1页"),
    (
        "EV018",
        "electronics-gases-2024.txt",
        "2024年含氟气体与减排装置记录",
        "electronics_gases",
        "第1页",
    ),
    ("EV020", "incident-2023.md", "事件调查与结案材料", "incidents; G2", "第1页"),
    ("EV021", "project-screening.md", "入园项目降碳审查与退出办法", "projects; checklists; B2.2", "第三章"),
    ("EV022", "carbon-management.md", "零碳工作组织与制度文件", "checklists; B1.1; G6", "第一至五章"),
    ("EV023", "pathway-report.md", "零碳实施路径规划报告", "checklists; B1.2; G7", "目录"),
    ("EV024", "strategy.md", "零碳发展策略与实施方案", "checklists; G7", "第1页"),
    ("EV025", "platform.md", "能碳管理平台验收报告", "checklists; B2.1; G5", "第2页"),
    ("EV026", "ghg-report-2024.md", "2024年温室气体核算报告", "checklists; G8", "第1页"),
    ("EV027", "zone-approval.md", "开发区批复", "checklists", "第1页"),
    ("EV028", "ecology.md", "生态化管理自查材料", "checklists", "第1页"),
    ("EV029", "measures-2024.md", "自主减排项目核实报告", "measures; E1.1", "第4页"),
    ("EV030", "building-certificates.md", "超低能耗与近零碳建筑认定证书", "buildings; A1.1; A1.2", "第1页"),
    ("EV031", "building-energy-2024.txt", "2024年建筑能耗统计", "buildings; A1.3", "第1页"),
    ("EV032", "equipment-labels.txt", "设备能效标识清单", "equipment; A1.4; D1.3", "第1页"),
    ("EV033", "lamps.txt", "灯具清单", "lighting; A1.5", "第1页"),
    ("EV034", "vehicles-parking.txt", "车辆与充电车位清单", "vehicles; parking; A2.2", "第1页"),
    ("EV035", "travel-survey-2024.txt", "2024年员工出行调查", "travel_survey; A2.3", "第1页"),
    ("EV036", "freight-2024.txt", "2024年货运周转量统计", "freight; A2.4", "第1页"),
    ("EV037", "data-centre-2024.txt", "2024年数据中心用电统计", "data_centres; A3.1", "第1页"),
    ("EV038", "waste-energy-2024.txt", "2024年余能资源核查表", "waste_energy; C1.5", "第1页"),
    ("EV039", "water-2024.txt", "2024年水平衡测试表", "water_use; D2.2", "第1页"),
    ("EV040", "solid-waste-2024.txt", "2024年固体废物台账", "solid_waste; D2.1", "第1页"),
    ("EV041", "pollution-sources.txt", "排放口与在线监控清单", "pollution_sources; D1.1", "第1页"),
    ("EV042", "discharge-tests-2024.txt", "2024年排放检测报告汇总", "discharge_tests; D1.2", "第1页"),
    ("EV043", "environmental-quality-2024.md", "2024年环境质量结论", "environmental_quality; G3", "第1页"),
    ("EV044", "direct-supply-2024.pdf", "2024年绿电直供合同与结算单", "green_electricity; C1.1", "第1页"),
    ("EV045", "green-power-trade-2024.pdf", "2024年绿电交易合同与结算单", "green_electricity; C1.1", "第1页"),
    ("EV046", "certificate-cancellation-2024.pdf", "2024年绿证注销凭证", "certificates; C1.1", "第1页"),
    ("EV047", "credit-retirement-2024.pdf", "2024年碳信用注销凭证", "credits; E1.2", "第1页"),
    ("EV048", "equal-value.md", "电力等价值取值说明", "profile", "第1页"),
    ("EV049", "economic-statistics-2024.txt", "2024年经济统计年报", "profile; C1.3", "第1页"),
    ("EV050", "sink-2024.md", "园内林地碳汇核算报告", "removals; E1.1", "第3页"),
)

_TEXT = """{title}

本文件为虚构示例材料，由 examples/parks/generate_xinghuo.py 生成，不对应任何真实园区、企业或交易。
This file is invented. It belongs to the example park xinghuo and stands for no real park, company or trade.
"""


def add_evidence(tables: Tables, folder: Path) -> None:
    """Write the files and list them with their SHA-256."""
    folder.mkdir(parents=True, exist_ok=True)
    for key, file, title, supports, page in _FILES:
        content = _pdf(key, file) if file.endswith(".pdf") else _words(file, title)
        (folder / file).write_bytes(content)
        tables.add(
            "evidence", id=key, file=file, sha256=hashlib.sha256(content).hexdigest(), title=title,
            supports=supports, page=page, confidential=key in ("EV006", "EV007"),
        )  # fmt: skip


def _words(file: str, title: str) -> bytes:
    heading = f"# {title}" if file.endswith(".md") else title
    return _TEXT.format(title=heading).encode()


def _pdf(key: str, file: str) -> bytes:
    """A one-page PDF 1.4 with two lines in Helvetica, made by hand so that its bytes never change."""
    lines = f"({key} {file}) Tj 0 -24 Td (Invented example of the park xinghuo. No real document.) Tj"
    content = f"BT /F1 12 Tf 72 760 Td {lines} ET".encode()
    objects = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>\nstream\n%s\nendstream" % (len(content), content),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    )
    body, offsets = b"%PDF-1.4\n", []
    for number, item in enumerate(objects, start=1):
        offsets.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, item)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    tail = b"xref\n0 6\n0000000000 65535 f \n%strailer\n<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n"
    return body + tail % (table, len(body))
