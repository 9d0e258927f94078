"""A report with every kind of block and hostile words, for the tests of the formats."""

from datetime import date
from decimal import Decimal

from lingtan.reports.charts.records import Chart
from lingtan.reports.records import (
    Amount,
    Block,
    Column,
    Heading,
    Listing,
    Paragraph,
    Picture,
    Reference,
    Report,
    Row,
    Strong,
    Table,
    Verdict,
)

HOSTILE = (
    "=1+1",
    "@SUM(A1)",
    "+86 21 5555",
    "-5",
    '=HYPERLINK("http://evil.example","x")',
    "<script>alert(1)</script> & #set page(width: 1pt) $x^2$ *b* _i_ `c` @lines \\ // [x] {x}",
    "\u202e反转\u2066文字\u200b",
    "长" * 300,
    "A" * 300,
    "𠮷野家😀",
    "a\x00b\x07c\td",
    "</script><!-- ]]> &lt;",
    "{c1} {{x}} %s",
)

CHART = Chart(
    id="bars",
    title="各范围排放",
    caption="单位：tCO2e；来源：园区清单",
    spec={
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "width": 400,
        "height": 120,
        "config": {"font": "Noto Sans SC"},
        "data": {"values": [{"scope": "范围一", "t": 10.5}, {"scope": "范围二", "t": 20.25}]},
        "mark": "bar",
        "encoding": {
            "x": {"field": "t", "type": "quantitative", "title": "排放 tCO2e"},
            "y": {"field": "scope", "type": "nominal", "title": None},
        },
    },
    alt="范围一 10.50 tCO2e，范围二 20.25 tCO2e",
)

LINES = Table(
    "lines",
    "排放明细",
    (Column("来源", 2), *(Column(title, 1, "right") for title in ("活动量", "因子", "tCO2e"))),
    (
        Row((("一号厂区",),), "group"),
        Row((
            ("天然气",),
            (Amount(Decimal("1000"), 2, path="a"),),
            (Amount(Decimal("0.0021622"), None, path="b"),),
            (Amount(Decimal("2.1622"), 2, path="c", formula="={c1}*{c2}"),),
        )),
        Row((
            ("柴油",),
            (Amount(Decimal("-12.345"), 2),),
            (Amount(Decimal("3.1"), None),),
            (Amount(None, 2),),
        )),
        Row((
            ("合计", ), (), (), (Amount(Decimal("2.1622"), 2, path="d", formula="=SUM({above})"),),
        ), "total"),
    ),
    ("来源：园区清单；见", Reference("intro"), "。"),
)  # fmt: skip


def sample(rows: int = 0, chapters: int = 1) -> Report:
    """Every kind of block; `rows` further rows in each of `chapters` tables."""
    blocks: list[Block] = [
        Heading("intro", "总则"),
        Paragraph(("综合得分 ", Amount(Decimal("82.20431915892"), 4, "分", "score"), "，结论：",
                   Verdict(True, "通过"), "、", Verdict(False, "未通过"), "、", Verdict(None, "未知"), "。")),
        Heading("lines-head", "排放", 2),
        Paragraph((Strong("注意"), "：见", Reference("lines"), "与", Reference("bars"), "。"), "callout"),
        LINES,
        Picture("bars", CHART, ("单位：tCO2e",)),
        Listing((("第一项 ", Amount(Decimal("1234567.891"), 2, "MWh")), ("第二项",)), ordered=True),
        Heading("hostile", "不寻常的名称"),
        Listing(tuple((text,) for text in HOSTILE)),
        Table("names", "名称表", (Column("名称", 3), Column("值", 1, "right")),
              tuple(Row(((text,), (Amount(Decimal(index), 0),))) for index, text in enumerate(HOSTILE))),
        Heading("h2", "二级标题", 2),
        Heading("h3", "三级标题", 3),
        Paragraph(("小字说明",), "note"),
    ]  # fmt: skip
    for chapter in range(chapters if rows else 0):
        blocks.append(Heading(f"chapter-{chapter}", f"企业 {chapter}"))
        blocks.append(_long_table(chapter, rows))
    blocks.append(Heading("sign", "真实性声明", numbered=False))
    signed = (Row((("负责人（签字）",), ())), Row((("单位（盖章）",), ())))
    blocks.append(Table("sign-table", "", (Column("", 1), Column("", 2)), signed, headed=False))
    return Report(
        kind="sample",
        language="zh",
        title="温室气体清单报告",
        park="示例园区",
        subtitle="2024 年",
        dated=date(2025, 6, 30),
        software="lingtan 0.0.0",
        front=(Paragraph(("首页说明",), "note"),),
        blocks=tuple(blocks),
    )


def _long_table(chapter: int, rows: int) -> Table:
    columns = (Column("项目", 2), *(Column(f"{month} 月", 1, "right") for month in range(1, 7)))
    body = tuple(
        Row(((f"用能项 {chapter}-{row}",), *((Amount(Decimal(chapter * 7919 + row * 31 + month) / 8, 2),)
             for month in range(6))))
        for row in range(rows)
    )  # fmt: skip
    return Table(f"table-{chapter}", f"企业 {chapter} 分月用能", columns, body)
