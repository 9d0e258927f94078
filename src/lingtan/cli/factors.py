"""lingtan factor find | list | check."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from lingtan.cli.computing import read_inventory
from lingtan.cli.reading import AsJson, OnDate, day
from lingtan.cli.show import answer_check, print_faults, print_json, print_table, say
from lingtan.factors import check_factors, load_registry
from lingtan.factors.records import Factor
from lingtan.inventory.annex import find_used_factors
from lingtan.inventory.records import Inventory
from lingtan.texts import number
from lingtan.trace import plain

Activity = Annotated[str, typer.Argument(help="活动：能源品种、过程等 Carrier, process …")]
KindOf = Annotated[str, typer.Option("--kind", help="因子类别，如 grid_average、ncv Kind")]
Place = Annotated[str, typer.Option("--place", help="地区：省、电网、国家 Province, grid or country")]
Year = Annotated[int, typer.Option("--year", help="报告年度 Reporting year")]
Method = Annotated[str, typer.Option("--method", help="核算方法 Method")]
Folders = Annotated[
    list[Path] | None,
    typer.Option("--factors", exists=True, file_okay=False, help="自有因子文件夹 Folder of own factors"),
]
Folder = Annotated[
    Path | None, typer.Argument(help="自有因子文件夹 Own factors", exists=True, file_okay=False)
]
OptionalActivity = Annotated[str, typer.Option("--activity", help="只列某活动 Only this activity")]
OptionalKind = Annotated[str, typer.Option("--kind", help="只列某类别 Only this kind")]
OptionalPlace = Annotated[str, typer.Option("--place", help="只列某地区 Only this region")]
OptionalYear = Annotated[int, typer.Option("--year", help="只列某年份 Only this vintage")]

UsedBy = Annotated[
    str, typer.Option("--used-by", help="只列某档案的结果所用的因子 Factors a dossier's result uses")
]
UsedMethod = Annotated[
    str, typer.Option("--method", help="与 --used-by 同用：核算方法 Method, with --used-by")
]


def register(app: typer.Typer) -> None:
    """Add the commands to `app`."""
    group = typer.Typer(help="排放因子：查找、列出、检查 Factors: find, list, check", no_args_is_help=True)
    group.command("find")(find)
    group.command("list")(list_)
    group.command("check")(check)
    app.add_typer(group, name="factor")


def find(  # noqa: PLR0913 a command has its options
    activity: Activity,
    kind: KindOf,
    year: Year,
    place: Place = "CN",
    method: Method = "",
    own: Folders = None,
    on: OnDate = None,
    json: AsJson = False,
) -> int:
    """按活动、地区、年度查找因子，并说明选取理由。The factor chosen, and why."""
    registry = load_registry(*(own or ()))
    found = registry.find(activity=activity, kind=kind, place=place, year=year, method=method, on=day(on))
    if json:
        faults = [one.as_dict() for one in found.faults]
        print_json({**_plain(found.factor), "because": found.because_zh, "because_en": found.because_en,
                    "faults": faults})  # fmt: skip
        return 0
    factor = found.factor
    say(f"{factor.id}  {number(factor.value, 8)} {factor.unit}", "bold")
    say(f"{factor.name_zh} {factor.name_en}")
    say(f"{found.because_zh} {found.because_en}")
    mark = "（转引，未核对原文 second-hand, not checked against the document）" if factor.second_hand else ""
    say(f"来源 source: {factor.source}{mark}")
    say(f"依据性质 basis: {factor.basis} · 复核期限 review by: {factor.review_by}")
    print_faults(found.faults, quiet=True)
    return 0


def list_(  # noqa: PLR0913 a command has its options
    activity: OptionalActivity = "",
    kind: OptionalKind = "",
    place: OptionalPlace = "",
    year: OptionalYear = 0,
    own: Folders = None,
    used_by: UsedBy = "",
    used_method: UsedMethod = "park",
    on: OnDate = None,
    json: AsJson = False,
) -> int:
    """列出因子；--used-by 列出某档案结果所用的因子（因子附表）。The factors there are, or an annex."""
    registry = load_registry(*(own or ()))
    if used_by:
        found = read_inventory(used_by, None, on, method=used_method, registry=registry)
        return _annex(found.inventory, json=json)
    listed = registry.list_factors(activity=activity, kind=kind, place=place, year=year)
    if json:
        print_json([_plain(factor) for factor in listed])
        return 0
    rows = [
        (f.id, f.name_zh, f.region, str(f.year or ""), "not found" if f.value is None else number(f.value, 8),
         f.unit, f.basis, "转引 second-hand" if f.second_hand else "", f.source)
        for f in listed
    ]  # fmt: skip
    columns = (
        "编号 Id",
        "名称 Name",
        "地区 Region",
        "年份 Year",
        ">数值 Value",
        "单位 Unit",
        "依据性质 Basis",
        "",
        "来源 Source",
    )
    print_table(f"因子 Factors ({len(rows)})", columns, rows)
    return 0


def _annex(inventory: Inventory, *, json: bool) -> int:
    """The factor annex of an inventory."""
    used = find_used_factors(inventory)
    if json:
        print_json([one.as_dict() for one in used])
        return 0
    rows = [
        (one.reference, number(one.value, 8), one.unit, one.basis or "", "转引" if one.second_hand else "",
         one.source, str(one.lines or ""), number(one.emissions) if one.lines else "")
        for one in used
    ]  # fmt: skip
    columns = (
        "编号 Id",
        ">数值 Value",
        "单位 Unit",
        "依据性质 Basis",
        "",
        "来源 Source",
        ">行 Lines",
        ">涉及 tCO2e",
    )
    print_table(f"因子附表 Factor annex · {inventory.method} · {inventory.year} ({len(used)})", columns, rows)
    say("“涉及 tCO2e”为所用各行排放绝对值之和，一行用到多个因子，故各因子不可相加。", "dim")
    say(
        "tCO2e: sum of |emissions| of the lines that use it; a line uses several, so they do not add up.",
        "dim",
    )
    return 0


def check(folder: Folder = None, on: OnDate = None, json: AsJson = False) -> int:
    """检查因子文件，并列出到期应复核的。Faults of factor files, and what is due for review."""
    faults = check_factors(folder, on=day(on))
    return answer_check(faults, "因子文件没有错误 no errors", json=json)


def _plain(factor: Factor) -> dict[str, Any]:
    """A factor for JSON: the value as text, null where it was not found."""
    data = asdict(factor)
    dates = {key: value.isoformat() for key, value in data.items() if isinstance(value, date)}
    return {**data, **dates, "value": plain(factor.value)}
