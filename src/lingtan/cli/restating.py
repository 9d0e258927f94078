"""lingtan restate freeze | compare."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from lingtan.cli.computing import measure
from lingtan.cli.reading import AsJson, DossierPath, OnDate, day, read
from lingtan.cli.show import print_json, print_table, say
from lingtan.dossier.records import Dossier
from lingtan.factors import load_registry
from lingtan.inventory import load_method
from lingtan.inventory.restatement import (
    Frozen,
    Inputs,
    Restatement,
    build_frozen,
    export_restatement,
    read_frozen,
    restate,
    write_frozen,
)
from lingtan.inventory.restatement.causes import Share
from lingtan.texts import number

LINES_SHOWN = 5
CAUSE_WORDS = {
    "software": "软件 software",
    "boundary": "边界（企业进出） boundary",
    "data": "数据 data",
    "method": "方法 method",
    "factors": "因子 factors",
}
Target = Annotated[
    Path, typer.Argument(help="冻结结果文件（.zip），不得已存在 New file for the frozen result")
]
FrozenFile = Annotated[Path, typer.Argument(help="冻结结果文件 A frozen result", exists=True, dir_okay=False)]
OneMethod = Annotated[str, typer.Option("--method", help="核算方法 Method")]
Note = Annotated[str, typer.Option("--note", help="为何冻结，如“基准年”  Why, such as base year")]
Totals = Annotated[
    list[str] | None, typer.Option("--total", help="只列某合计，可重复 Only this total, repeatable")
]
OwnFactors = Annotated[
    list[Path] | None,
    typer.Option("--factors", exists=True, file_okay=False, help="自有因子文件夹 Folder of own factors"),
]


def register(app: typer.Typer) -> None:
    """Add the commands to `app`."""
    group = typer.Typer(
        help="冻结结果与重述：变化拆分到原因 A result frozen; changes split into causes", no_args_is_help=True
    )
    group.command("freeze")(freeze)
    group.command("compare")(compare)
    app.add_typer(group, name="restate")


def freeze(  # noqa: PLR0913 a command has its options
    path: DossierPath,
    target: Target,
    method: OneMethod = "park",
    own: OwnFactors = None,
    note: Note = "",
    on: OnDate = None,
) -> int:
    """把结果连同档案、因子、方法和软件版本一起存成一个文件。Keep a result with all it was made of."""
    dossier = read(path)
    frozen = build_frozen(_inputs(dossier, method, own, day(on)), frozen_on=day(on), note=note)
    write_frozen(frozen, target)
    say(f"已冻结 frozen: {target} · {frozen.year} · {method} · 档案指纹 dossier {frozen.fingerprint[:12]}")
    return 0


def compare(  # noqa: PLR0913 a command has its options
    file: FrozenFile,
    path: DossierPath,
    method: OneMethod = "",
    own: OwnFactors = None,
    total: Totals = None,
    on: OnDate = None,
    json: AsJson = False,
) -> int:
    """新结果与冻结结果之差，逐项拆到软件、边界、数据、方法、因子。The difference, cause by cause."""
    old = read_frozen(file)
    new = _inputs(read(path), method or old.inputs.method.id, own, day(on))
    found = restate(old, new, totals=tuple(total or ()))
    if json:
        print_json([export_restatement(one) for one in found])
        return 0
    _show(old, found)
    return 0


def _inputs(dossier: Dossier, method: str, own: list[Path] | None, on: date) -> Inputs:
    return Inputs(dossier, load_method(method), load_registry(*(own or ())), measure(dossier), on)


def _show(old: Frozen, found: tuple[Restatement, ...]) -> None:
    software = f"软件 software {old.software}"
    say(f"冻结于 frozen on {old.frozen_on} · {software} · {old.inputs.method.id} {old.note}", "dim")
    names = [CAUSE_WORDS[share.cause] for share in found[0].shares]
    columns = ("合计 Total", ">原值 Before", *(f">{name}" for name in names), ">新值 After", ">%", "")
    print_table(f"重述 Restatement {old.year}", columns, [_row(one) for one in found])
    threshold = f"{number(found[0].threshold_percent)} %（设定值 operator-set）"
    say(
        f"变化达到原值的 {threshold} 时应重算基准年 a base year is calculated again from this change on",
        "dim",
    )
    largest = max(found, key=lambda one: abs(one.difference))
    for share in largest.shares:
        _show_lines(largest.total, share)


def _row(one: Restatement) -> tuple[str, ...]:
    changes = (number(share.change, 6) for share in one.shares)
    mark = "须重算 recalculate" if one.is_significant and one.difference else ""
    return (one.total, number(one.before, 6), *changes, number(one.after, 6), number(one.percent, 2), mark)


def _show_lines(total: str, share: Share) -> None:
    """The largest lines a cause moved."""
    if not share.lines:
        return
    largest = sorted(share.lines.items(), key=lambda item: -abs(item[1]))[:LINES_SHOWN]
    rows = [(*key, number(moved, 6)) for key, moved in largest]
    counted = f"变动最大的 {len(rows)} 行，共 {len(share.lines)} 行 largest lines"
    title = f"{CAUSE_WORDS[share.cause]} → {total}：{counted}"
    print_table(title, ("来源 Source", "范围 Scope", "企业 Enterprise", "品种 Carrier", ">变化 Change"), rows)
