"""The reference page of the registers, made from their declarations."""

from __future__ import annotations

from pathlib import Path

from lingtan.dossier.park_files import park_keys
from lingtan.dossier.registers import Column, Register, registers
from lingtan.dossier.tables import example_text

_TYPES = {
    "id": "编号 id", "ref": "引用 reference", "text": "文字 text", "number": "数 number",
    "count": "整数 whole number", "yes_no": "是/否 yes or no", "choice": "选项 choice", "date": "日期 date",
    "period": "年或月 year or month", "year": "年份 year", "unit": "单位 unit",
    "evidence": "材料编号 evidence ids",
}  # fmt: skip
_HEAD = """\
# 登记表 Registers

本页由登记表的定义生成，请勿手改。This page is made from the declarations of the registers; do not edit it.

列名可写英文名、中文名，或两者并列。Headings may be the name, the Chinese label, or both.
自己加的列原样保留，不参与计算。Further columns are kept as they are and not computed with.
"""


def render_reference() -> str:
    """Markdown: every key of park.yaml and every column of every register, in both languages."""
    contents = [f"- [{r.zh} `{name}`](#{name})：{r.about_zh}" for name, r in registers().items()]
    parts = [
        _HEAD,
        "\n".join(["- [park.yaml](#park)", *contents]),
        _park(),
        *map(_register, registers().values()),
    ]
    return "\n\n".join(part.strip() for part in parts) + "\n"


def write_reference(page: Path) -> None:
    """Write the page; `docs/reference/registers.md` is kept equal to it by a test."""
    page.write_text(render_reference(), encoding="utf-8")


def _park() -> str:
    lines = [
        '<a id="park"></a>',
        "## park.yaml",
        "",
        "| 键 key | 中文 | English | 必填 | 说明 remark |",
        "|---|---|---|---|---|",
    ]
    for key in park_keys().values():
        lines.append(
            f"| `{key.key}` | {key.zh} | {key.en} | {'是' if key.is_required else ''} | {key.about} |"
        )
    return "\n".join(lines)


def _register(register: Register) -> str:
    file = "evidence/evidence.csv" if register.name == "evidence" else f"registers/{register.name}.csv"
    lines = [
        f'<a id="{register.name}"></a>',
        f"## {register.zh} {register.en}",
        "",
        f"`{file}`。{register.about_zh}",
        f"{register.about_en} 键 key: {'、'.join(f'`{name}`' for name in register.key)}.",
        "",
        "| 列 column | 中文 | English | 类型 type | 单位 unit | 必填 | 取值 values | 例 example |",
        "|---|---|---|---|---|---|---|---|",
        *(_row(column) for column in register.columns.values()),
    ]
    return "\n".join(lines)


def _row(column: Column) -> str:
    unit = f"见 `{column.unit_column}`" if column.unit_column else column.unit
    need = "是" if column.required else ""
    cells = (f"`{column.name}`", column.zh, column.en, _TYPES[column.type], unit, need, _values(column))
    return f"| {' | '.join(cells)} | {example_text(column)} |"


def _values(column: Column) -> str:
    if column.to:
        return f"[`{column.to}`](#{column.to})"
    if column.choices:
        return "、".join(f"`{word}` {zh}" for word, (zh, _) in column.choices.items())
    low, high = ("" if limit is None else str(limit) for limit in (column.min, column.max))
    return f"{low}–{high}" if high else f"≥ {low}" if low else ""
