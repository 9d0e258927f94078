"""lingtan uncertainty: how well the totals of an inventory are known, and what that hangs on."""

from __future__ import annotations

from typing import Annotated

import typer

from lingtan.cli.computing import read_inventory
from lingtan.cli.reading import AsJson, DossierPath, OnDate, ReadingsPaths
from lingtan.cli.show import print_faults, print_json, print_table, say
from lingtan.inventory.uncertainty import (
    LEVEL,
    Contribution,
    TotalUncertainty,
    Uncertainty,
    compute_uncertainty,
    export_uncertainty,
)
from lingtan.inventory.uncertainty.defaults import quantile
from lingtan.texts import number

SHOWN = 10
FAULTS_SHOWN = 10
OneMethod = Annotated[str, typer.Option("--method", help="核算方法 Method")]
Draws = Annotated[
    int, typer.Option("--draws", min=0, help="蒙特卡洛次数，0 为不做，至少 1000 Monte Carlo draws")
]
Seed = Annotated[
    int, typer.Option("--seed", min=0, help="随机数种子；同种子同结果 The same seed, the same result")
]
Total = Annotated[str, typer.Option("--total", help="逐项列出哪个合计的构成 Whose parts are listed")]


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""
    app.command("uncertainty")(uncertainty)


def uncertainty(  # noqa: PLR0913 a command has its options
    path: DossierPath,
    method: OneMethod = "park",
    draws: Draws = 0,
    seed: Seed = 1,
    total: Total = "",
    readings: ReadingsPaths = None,
    on: OnDate = None,
    json: AsJson = False,
) -> int:
    """清单的不确定度、各行与各输入的贡献、数据质量等级。How well an inventory is known, and why."""
    computed = read_inventory(path, readings, on, method=method)
    found = compute_uncertainty(computed.inventory, computed.dossier, draws=draws, seed=seed)
    if json:
        print_json(export_uncertainty(found))
        return 0
    _show(found)
    chosen = found.totals.get(total) or max(found.totals.values(), key=lambda one: one.deviation or 0)
    _show_parts(chosen)
    print_faults((*computed.faults, *found.faults), limit=FAULTS_SHOWN)
    return 0


def _show(found: Uncertainty) -> None:
    columns = ("合计 Total", ">数值 Value", ">± 95 %", ">± %", ">若各行独立 independent ± %",
               ">抽样 2.5–97.5 %", ">质量 Quality", "")  # fmt: skip
    title = f"不确定度 Uncertainty · {found.method} · {found.year}"
    print_table(title, columns, [_row(one) for one in found.totals.values()])
    say("多数缺省不确定度为设定值（methods/uncertainty.yaml）；引用前请换成自己的。", "dim")
    say(
        "Most default widths are operator-set: put your own in their place before you quote the figure.",
        "dim",
    )


def _row(one: TotalUncertainty) -> tuple[str, ...]:
    drawn = one.simulated
    interval = "" if drawn is None else f"{number(drawn.p2_5, 1)} – {number(drawn.p97_5, 1)}"
    independent = None
    if one.independent is not None and one.deviation and one.percent is not None:
        independent = one.percent * one.independent / one.deviation
    grade = one.grade
    quality = (
        "" if grade is None or grade.score is None else f"{number(grade.score, 1)}（{grade.grade or '—'}）"
    )
    mark = "" if one.is_complete else "不完整 incomplete"
    return (one.name, number(one.value), number(one.half_width), number(one.percent), number(independent),
            interval, quality, mark)  # fmt: skip


def _show_parts(one: TotalUncertainty) -> None:
    for title, parts in (("输入 Inputs", one.inputs), ("行 Lines", one.lines)):
        largest = sorted(parts, key=lambda part: -abs(part.share))[:SHOWN]
        rows = [_part(part) for part in largest]
        columns = ("名称 Name", ">数值 Value", f">单独 ± alone, {one.unit}", ">占方差 % of variance")
        print_table(f"{one.name}：{title}，前 {len(rows)} / {len(parts)}", columns, rows)


def _part(part: Contribution) -> tuple[str, ...]:
    """A line or an input; `alone` is what it would cause by itself, as half an interval of 95 %."""
    return (
        part.name,
        number(part.value, 4),
        number(part.deviation * quantile(LEVEL)),
        number(part.share * 100),
    )
