"""lingtan readings check | energy."""

from __future__ import annotations

from typing import Any

import typer

from lingtan.cli.reading import AsJson, DossierPath, ReadingsPaths, read
from lingtan.cli.show import number, print_faults, print_json, print_table, say
from lingtan.errors import has_errors
from lingtan.metering import compute_metering, energy_table, quality_table
from lingtan.metering.records import Metering


def register(app: typer.Typer) -> None:
    """Add the commands to `app`."""
    group = typer.Typer(help="表计读数：质量与用量 Readings: quality and energy", no_args_is_help=True)
    group.command("check")(check)
    group.command("energy")(energy)
    app.add_typer(group, name="readings")


def check(path: DossierPath, readings: ReadingsPaths = None, json: AsJson = False) -> int:
    """读数的缺数、疑似缺数的零值、重复、示值回落。Gaps, doubtful zeros, duplicates, resets."""
    metering = compute_metering(read(path, readings))
    rows = quality_table(metering).to_dicts()
    if json:
        faults = [one.as_dict() for one in metering.faults]
        print_json({"meters": [_plain(row) for row in rows], "faults": faults})
        return 1 if has_errors(metering.faults) else 0
    columns = ("表 Meter", "品种 Carrier", ">应有 Expected", ">实有 Present", ">零值 Zeros",
               ">疑似缺失的零 Doubtful zeros", ">完整率 Completeness")  # fmt: skip
    shown = [
        (row["meter"], row["carrier"], str(row["expected"]), str(row["present"]), str(row["zeros"]),
         str(row["suspect_zeros"]), f"{row['completeness']:.1%}")
        for row in rows
    ]  # fmt: skip
    print_table(f"读数质量 Quality of readings ({len(rows)})", columns, shown)
    _close(metering)
    return 1 if has_errors(metering.faults) else 0


def energy(path: DossierPath, readings: ReadingsPaths = None, json: AsJson = False) -> int:
    """每块表全年与逐月的用量。Energy per meter, year and months."""
    metering = compute_metering(read(path, readings))
    if json:
        print_json(energy_table(metering).to_dicts())
        return 0
    columns = (
        "表 Meter",
        "品种 Carrier",
        "用途 Role",
        ">全年 Year",
        "单位 Unit",
        ">最小月 Least month",
        ">最大月 Most",
    )
    rows = [
        (one.meter, one.carrier, one.role, number(one.quantity), one.unit,
         number(min(one.months, default=None)), number(max(one.months, default=None)))
        for one in metering.meters
    ]  # fmt: skip
    print_table(f"能量 Energy ({len(rows)})", columns, rows)
    _close(metering)
    return 0


def _close(metering: Metering) -> None:
    if not metering.meters:
        say("没有读数 no readings: 用 --readings 指明读数文件 name them with --readings", "yellow")
    print_faults(metering.faults, limit=30)


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return {key: value.isoformat() if hasattr(value, "isoformat") else value for key, value in row.items()}
