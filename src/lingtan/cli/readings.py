"""lingtan readings check | energy | balance."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Literal

import polars as pl
import typer

from lingtan.cli.progress import progress
from lingtan.cli.reading import AsJson, ReadingsPaths
from lingtan.cli.show import print_faults, print_json, print_table, say, tell
from lingtan.cli.sources import (
    DayFirst,
    Given,
    MeterName,
    Quantity,
    ReadingsSource,
    Stamps,
    Unit,
    YearOption,
    Zone,
    find_readings,
    options_of,
)
from lingtan.errors import LingtanError, Place, fault, has_errors
from lingtan.metering import compute_metering, energy_table, quality_table
from lingtan.metering.findings import Dismissal, Finding, render_dismissals
from lingtan.metering.findings.dismissals_file import NAME as DISMISSALS
from lingtan.metering.lake import open_lake
from lingtan.metering.lake.manifest import NAME as MANIFEST
from lingtan.metering.records import MeterEnergy, Metering, MonthRead
from lingtan.metering.register import meter_rows
from lingtan.metering.series import compute_series
from lingtan.metering.tree import build_tree, check_balances, compute_balances
from lingtan.texts import number

By = Annotated[Literal["year", "month", "day", "hour"], typer.Option("--by", help="按年、月、日或小时 Per …")]
Only = Annotated[
    list[str] | None, typer.Option("--only", help="只看这块表，可重复 Only this meter, repeatable")
]
OutputFile = Annotated[
    Path | None, typer.Option("-o", "--output", help="写入 .csv 或 .parquet To a .csv or .parquet file")
]


def register(group: typer.Typer) -> None:
    """Add the commands to the group `readings`."""
    group.command("check")(check)
    group.command("energy")(energy)
    group.command("balance")(balance)
    group.command("dismiss")(dismiss)


def check(  # noqa: PLR0913
    path: ReadingsSource, readings: ReadingsPaths = None, zone: Zone = None, stamps: Stamps = None,
    quantity: Quantity = None, unit: Unit = None, day_first: DayFirst = None, meter: MeterName = None,
    year: YearOption = None, json: AsJson = False,
) -> int:  # fmt: skip
    """读数质量；也检查读数湖。Gaps, doubtful zeros, resets and more; checks a lake too."""
    if (Path(path) / MANIFEST).is_file():
        return _check_lake(Path(path), json)
    options = options_of(zone, stamps, quantity, unit, day_first, meter)
    given = find_readings(path, readings, options, year=year)
    metering = _measure(given)
    rows = quality_table(metering).to_dicts()
    if json:
        faults = [one.as_dict() for one in metering.faults]
        findings = [_finding(one, given) for one in metering.findings]
        print_json(
            {"meters": [_plain(row) for row in rows], "months": [_month(one) for one in metering.months_read],
             "findings": findings, "dismissed": metering.dismissed, "faults": faults}
        )  # fmt: skip
        return 1 if has_errors(metering.faults) else 0
    columns = ("表 Meter", "品种 Carrier", ">应有 Expected", ">实有 Present", ">零值 Zeros",
               ">疑似缺失的零 Doubtful zeros", ">完整率 Completeness", ">推算占比 Estimated")  # fmt: skip
    shown = [
        (row["meter"], row["carrier"], str(row["expected"]), str(row["present"]), str(row["zeros"]),
         str(row["suspect_zeros"]), f"{row['completeness']:.1%}", f"{row['share_estimated']:.2%}")
        for row in rows
    ]  # fmt: skip
    print_table(f"读数质量 Quality of readings ({len(rows)})", columns, shown)
    _show_findings(given, metering)
    _close(metering)
    return 1 if has_errors(metering.faults) else 0


def _show_findings(given: Given, metering: Metering) -> None:
    """What people must look at, one line each; the id is what `readings dismiss` takes."""
    zone, places = given.dossier.park.location.timezone, meter_rows(given.dossier)
    shown = [
        (one.id, one.code, one.as_fault(places[one.meter].place, zone).words("zh").what,
         one.as_fault(places[one.meter].place, zone).words("zh").mend)
        for one in metering.findings[:_SHOWN_ROWS]
    ]  # fmt: skip
    columns = ("编号 Id", "类别 Code", "发现 Finding", "怎么办 What to do")
    if shown:
        print_table(f"须查看 To look at ({len(metering.findings)})", columns, shown)
    if len(metering.findings) > len(shown):
        say(f"只显示前 {len(shown)} 条；全部用 --json。The first {len(shown)}; all of them with --json.")
    if metering.dismissed:
        say(f"已忽略 dismissed: {metering.dismissed}")


def _month(one: MonthRead) -> dict[str, Any]:
    """How a meter was read in a month."""
    return {**asdict(one), "completeness": float(one.completeness)}


def _finding(one: Finding, given: Given) -> dict[str, Any]:
    """A finding for machines, with its words."""
    place = meter_rows(given.dossier)[one.meter].place
    told = one.as_fault(place, given.dossier.park.location.timezone).as_dict()
    facts = {"id": one.id, "meter": one.meter, "first": one.first.isoformat(), "last": one.last.isoformat()}
    return {**told, **facts, "count": one.count, "measure": one.measure, "fingerprint": one.fingerprint}


def dismiss(  # noqa: PLR0913
    path: ReadingsSource,
    finding: Annotated[str, typer.Argument(help="发现的编号，见 readings check Id of the finding")],
    who: Annotated[str, typer.Option("--who", help="谁决定 Who decides")],
    why: Annotated[str, typer.Option("--why", help="依据 On what grounds")],
    readings: ReadingsPaths = None,
    file: Annotated[
        Path | None,
        typer.Option(
            "--file", help="记到哪个 dismissals.csv，缺省为档案的 readings/ To which dismissals.csv"
        ),
    ] = None,
    json: AsJson = False,
) -> int:
    """忽略一条发现并写明理由；数据一变，它会重新出现。Dismiss a finding; it returns when its data change."""
    given = find_readings(path, readings, options_of(None, None, None, None, None, None))
    found = next((one for one in _measure(given).findings if one.id == finding), None)
    if found is None:
        raise LingtanError([fault("metering.no-such-finding", Place(path), given=finding)])
    target = file or Path(path) / "readings" / DISMISSALS
    said = Dismissal(
        found.code, found.meter, found.first, found.last, found.fingerprint, who,
        datetime.now().astimezone().replace(microsecond=0), why,
    )  # fmt: skip
    rest = render_dismissals([said]).partition("\n")[2]
    if target.exists():
        before = target.read_text(encoding="utf-8-sig")
        text = before if before.endswith("\n") else before + "\n"
    else:
        target.parent.mkdir(parents=True, exist_ok=True)
        text = render_dismissals([])
    target.write_text(text + rest, encoding="utf-8-sig")
    if json:
        print_json({"id": found.id, "file": str(target)})
    else:
        say(f"已记入 written: {target}", "bold green")
    return 0


def _check_lake(folder: Path, json: bool) -> int:
    """Files, hashes, order and manifest of a lake."""
    lake = open_lake(folder)
    faults = lake.check()
    buckets, meters = lake.buckets(), lake.meters()
    rows = sum(bucket.rows for bucket in buckets)
    if json:
        facts = {"meters": len(meters), "readings": rows, "buckets": len(buckets)}
        print_json({**facts, "faults": [one.as_dict() for one in faults]})
    else:
        print_faults(faults)
        say(
            f"读数湖 lake: {rows:,} 条读数 readings · {len(meters)} 块表 meters · {len(buckets)} 个桶 buckets"
        )
        if not faults:
            say("文件齐全、未改动、有序 every file is there, unchanged and in order", "bold green")
    return 1 if has_errors(faults) else 0


def energy(  # noqa: PLR0913
    path: ReadingsSource, readings: ReadingsPaths = None, by: By = "month", only: Only = None,
    output: OutputFile = None, zone: Zone = None, stamps: Stamps = None, quantity: Quantity = None,
    unit: Unit = None, day_first: DayFirst = None, meter: MeterName = None, year: YearOption = None,
    json: AsJson = False,
) -> int:  # fmt: skip
    """每块表按年、月、日、小时的用量。Energy per meter by year, month, day or hour."""
    options = options_of(zone, stamps, quantity, unit, day_first, meter)
    given = find_readings(path, readings, options, year=year)
    if by in ("day", "hour"):
        return _series(given, by, only, output, json)
    metering = _measure(given)
    chosen = [one for one in metering.meters if not only or one.meter in only]
    table = energy_table(Metering(tuple(chosen)))
    if by == "year":
        table = table.filter(pl.col("month") == 1).with_columns(
            quantity=pl.Series([f"{one.quantity:f}" for one in chosen], dtype=pl.String)
        )
        table = table.drop("month")
    if json or output:
        return _hand_over(table, output, json)
    columns = ("表 Meter", "品种 Carrier", "用途 Role", ">全年 Year", "单位 Unit",
               ">均摊 Spread", ">推算，另计 Estimated, apart", ">最小月 Least", ">最大月 Most")  # fmt: skip
    rows = [
        (one.meter, one.carrier, one.role, number(one.quantity), one.unit, number(one.spread), _estimate(one),
         number(min(one.months, default=None)), number(max(one.months, default=None)))
        for one in chosen
    ]  # fmt: skip
    print_table(f"能量 Energy ({len(rows)})", columns, rows)
    _close(metering)
    return 0


def _estimate(one: MeterEnergy) -> str:
    """What was estimated beside the measured, with its standard uncertainty."""
    if not one.estimated:
        return "—"
    return f"{number(one.estimated)} ± {number(one.uncertainty)} ({'、'.join(one.methods)})"


def _series(
    given: Given, by: Literal["day", "hour"], only: list[str] | None, output: Path | None, json: bool
) -> int:
    tell("按时段计算 by the hour")
    table = compute_series(given.dossier, by=by, options=given.options)
    if only:
        table = table.filter(pl.col("meter").is_in(only))
    if json or output:
        return _hand_over(table, output, json)
    columns = ("表 Meter", "时段 Begin", ">用量 Energy", "单位 Unit", ">已采 Read", ">均摊 Spread")
    rows = [
        (row["meter"], row["begin"].isoformat(timespec="minutes"), f"{row['energy']:,.3f}", row["unit"],
         f"{row['covered']:.0%}", f"{row['spread']:.0%}")
        for row in table.head(_SHOWN_ROWS).iter_rows(named=True)
    ]  # fmt: skip
    print_table(f"能量 Energy ({table.height})", columns, rows)
    if table.height > _SHOWN_ROWS:
        say(
            f"只显示前 {_SHOWN_ROWS} 行；全部写入文件用 -o。The first {_SHOWN_ROWS} rows; -o writes them all."
        )
    return 0


_SHOWN_ROWS = 48


def _hand_over(table: pl.DataFrame, output: Path | None, json: bool) -> int:
    """The table for machines: to a file, or as JSON."""
    if output is None:
        print_json([_plain(row) for row in table.to_dicts()])
    elif output.suffix.lower() == ".parquet":
        table.write_parquet(output)
    else:
        table.write_csv(output, datetime_format="%Y-%m-%dT%H:%M:%S%:z", include_bom=True)
    if output is not None:
        tell(f"已写出 written: {output} ({table.height})")
    return 0


def balance(path: ReadingsSource, readings: ReadingsPaths = None, json: AsJson = False) -> int:
    """总表与分表的平衡：来源、去向、余量。A meter against its submeters: in, out, what is left."""
    given = find_readings(path, readings, options_of(None, None, None, None, None, None))
    metering = _measure(given)
    tree = build_tree(meter_rows(given.dossier))
    found = compute_balances(tree, {one.meter: one.quantity for one in metering.meters})
    faults = (*tree.faults, *check_balances(tree, found))
    if json:
        rows = [
            {"meter": one.meter, "unit": one.unit, "inflow": f"{one.inflow:f}", "outflow": f"{one.outflow:f}",
             "residual": f"{one.residual:f}", "share": None if one.share is None else float(one.share),
             "children": list(one.children), "unknown": list(one.unknown)}
            for one in found
        ]  # fmt: skip
        print_json({"balances": rows, "faults": [one.as_dict() for one in faults]})
        return 1 if faults else 0
    columns = (
        "表 Meter",
        ">来源 In",
        ">去向 Out",
        ">余量 Left",
        ">占比 Share",
        "单位 Unit",
        "无数据的分表 Unknown",
    )
    shown = [
        (one.meter, number(one.inflow), number(one.outflow), number(one.residual),
         "—" if one.share is None else f"{one.share:.1%}", one.unit, "、".join(one.unknown))
        for one in found
    ]  # fmt: skip
    print_table(f"平衡 Balance ({len(found)})", columns, shown)
    print_faults(faults)
    return 1 if faults else 0


def _measure(given: Given) -> Metering:
    with progress("计量 metering"):
        return compute_metering(given.dossier, options=given.options)


def _close(metering: Metering) -> None:
    if not metering.meters:
        say("没有读数 no readings: 用 --readings 指明读数文件 name them with --readings", "yellow")
    print_faults(metering.faults, limit=30)


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return {key: value.isoformat() if hasattr(value, "isoformat") else value for key, value in row.items()}
