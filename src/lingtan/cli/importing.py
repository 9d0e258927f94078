"""lingtan readings import | correct: into a lake, with a look at what would happen."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Annotated, Any, Literal

import polars as pl
import typer

from lingtan.cli.progress import progress
from lingtan.cli.reading import AsJson, read
from lingtan.cli.show import print_faults, print_json, print_table, say, tell
from lingtan.cli.sources import DayFirst, MeterName, Quantity, Stamps, Unit, Zone, options_of
from lingtan.errors import LingtanError, Place, fault
from lingtan.metering.importing import ImportPlan, plan_import, read_batches, read_rows
from lingtan.metering.lake import Correction, Receipt, open_lake
from lingtan.metering.register import meter_rows

Files = Annotated[
    list[Path], typer.Argument(exists=True, help="读数文件或文件夹，可多个 Files or folders of readings")
]
LakeFolder = Annotated[Path, typer.Option("--lake", help="读数湖的文件夹 Folder of the lake")]
DossierOption = Annotated[
    str | None,
    typer.Option("--dossier", help="档案：按其计量器具登记表导入 Dossier whose register of meters rules"),
]
DryRun = Annotated[
    bool, typer.Option("--dry-run", help="只看会怎样，不写入 Show what would happen, store nothing")
]
RowsTo = Annotated[
    Path | None, typer.Option("--rows", help="逐行去向写入 .csv What becomes of every row, to a .csv")
]
_FIRST = 20
_DECIDED = ("what", "decision", "reason")


def register(group: typer.Typer) -> None:
    """Add the commands to the group `readings`."""
    group.command("import")(import_readings)
    group.command("correct")(correct)


def import_readings(  # noqa: PLR0913
    files: Files, lake: LakeFolder, dossier: DossierOption = None, dry_run: DryRun = False,
    rows: RowsTo = None, zone: Zone = None, stamps: Stamps = None, quantity: Quantity = None,
    unit: Unit = None, day_first: DayFirst = None, meter: MeterName = None, json: AsJson = False,
) -> int:  # fmt: skip
    """把各种格式的读数导入读数湖；--dry-run 只预览。Readings of any layout into a lake."""
    options = options_of(zone, stamps, quantity, unit, day_first, meter)
    given = read(dossier) if dossier else None
    meters = meter_rows(given) if given else None
    if given and options.zone is None:
        options = replace(options, zone=given.park.location.timezone)
    with progress("识别 looking") as report:
        plan = plan_import(files, meters=meters, options=options, progress=lambda _, n: report(n, None))
    if rows is not None:
        _write_rows(plan, rows)
    receipts = [] if dry_run or not plan.taken else _store(plan, lake)
    if json:
        print_json(_as_dict(plan, receipts))
    else:
        _show(plan, dry_run)
        for receipt in receipts:
            say(f"{receipt.source}: 新 new {receipt.new:,} · 已有 there already {receipt.equal:,} · "
                f"冲突时刻 conflicting instants {receipt.conflicts:,}")  # fmt: skip
    return 1 if plan.has_errors or not plan.taken else 0


def _store(plan: ImportPlan, folder: Path) -> list[Receipt]:
    """Everything of the plan in one transaction."""
    lake = open_lake(folder, create=True)
    name = ", ".join(sorted(plan.digests))
    with (
        progress("导入 importing") as report,
        lake.open_import(name, _now(), sha256=plan.fingerprint()) as work,
    ):
        done = 0
        for batch in read_batches(plan):
            work.add(batch.frame, batch.exponents)
            done += batch.frame.height
            report(done, plan.taken)
    return [work.receipt]


def _now() -> datetime:
    return datetime.now().astimezone()


def _write_rows(plan: ImportPlan, file: Path) -> None:
    """Every row of the dry run to a CSV file, block after block."""
    with file.open("wb") as sink:
        for number, frame in enumerate(read_rows(plan)):
            frame.write_csv(
                sink, include_header=number == 0, include_bom=number == 0,
                datetime_format="%Y-%m-%dT%H:%M:%S%:z",
            )  # fmt: skip
    tell(f"逐行去向已写出 rows written: {file}")


def _show(plan: ImportPlan, dry_run: bool) -> None:
    for table in plan.tables:
        title = f"{table.file} {table.sheet}".strip()
        decisions = [decision.words("zh") for decision in table.decisions]
        print_table(
            f"{title}: 怎样理解 how it is taken", ("事项 What", "判断 Decision", "理由 Reason"), decisions
        )
        left = "、".join(f"{verdict} {count:,}" for verdict, count in sorted(table.left_out.items()))
        say(f"  采用 taken {table.taken:,} · 不采用 left out {left or 0} · 表 meters {len(table.meters)}")
    if dry_run:
        _show_first(plan)
        say("仅预览，没有写入 nothing was stored (--dry-run)", "yellow")
    print_faults(plan.faults, limit=30)


def _show_first(plan: ImportPlan) -> None:
    first: pl.DataFrame | None = next((f for f in read_rows(plan) if not f.is_empty()), None)
    if first is None:
        return
    columns = (">行 Row", "列 Column", "原时间 Stamp", ">原值 Raw", "表 Meter", "区间始 Begin, UTC",
               ">读数 Value", "单位 Unit", "去向 Verdict")  # fmt: skip
    rows = [
        (str(r["row"]), r["column"] or "", r["raw_stamp"] or "", r["raw_value"] or "", r["meter"] or "",
         f"{r['at']:%Y-%m-%d %H:%M}" if r["at"] else "", "" if r["value"] is None else f"{r['value']:g}",
         r["unit"] or "", r["verdict"])
        for r in first.head(_FIRST).iter_rows(named=True)
    ]  # fmt: skip
    print_table(f"{first['file'][0]}: 前 {len(rows)} 行 the first {len(rows)} rows", columns, rows)


def _as_dict(plan: ImportPlan, receipts: list[Receipt]) -> dict[str, Any]:
    tables = [
        {"file": t.file, "sheet": t.sheet or None, "layout": t.layout, "header_row": t.header_row,
         "taken": t.taken, "left_out": dict(t.left_out), "lines_lost": t.lines_lost,
         "decisions": [dict(zip(_DECIDED, d.words("en"), strict=True)) for d in t.decisions],
         "meters": [m.meter for m in t.meters]}
        for t in plan.tables
    ]  # fmt: skip
    stored = [
        {"source": r.source, "rows": r.rows, "new": r.new, "equal": r.equal, "conflicts": r.conflicts}
        for r in receipts
    ]
    faults = [one.as_dict() for one in plan.faults]
    return {
        "taken": plan.taken,
        "left_out": plan.left_out,
        "tables": tables,
        "stored": stored,
        "faults": faults,
    }


def correct(  # noqa: PLR0913
    lake: LakeFolder,
    meter: Annotated[str, typer.Argument(help="表号 Meter id")],
    at: Annotated[str, typer.Argument(help="时刻，带偏移的 ISO 8601 Instant, ISO 8601 with offset")],
    action: Annotated[
        Literal["replace", "add", "remove", "exchange", "restore"],
        typer.Option("--action", help="改值、补值、剔除、换表、恢复 What is decided"),
    ],
    who: Annotated[str, typer.Option("--who", help="谁决定 Who decides")],
    why: Annotated[str, typer.Option("--why", help="依据 On what grounds")],
    value: Annotated[
        str | None, typer.Option("--value", help="示值；换表时为换下示值 Value; final reading of an exchange")
    ] = None,
    value_after: Annotated[
        str | None, typer.Option("--value-after", help="换上示值 Initial reading of the new meter")
    ] = None,
    until: Annotated[str | None, typer.Option("--until", help="剔除或恢复到何时 End of the range")] = None,
    json: AsJson = False,
) -> int:
    """在读数湖中记一条更正；原读数不动。Record a correction beside the originals."""
    correction = Correction(
        meter=meter, at=_instant(at, "AT"), action=action, who=who, when=_now(), why=why,
        value=_number(value, "--value"), value_after=_number(value_after, "--value-after"),
        until=_instant(until, "--until") if until else None,
    )  # fmt: skip
    open_lake(lake).record_correction(correction)
    if json:
        print_json({"id": correction.id, "meter": meter, "action": action})
    else:
        say(f"已记录更正 recorded: {correction.id}", "bold green")
    return 0


def _instant(text: str, name: str) -> datetime:
    found: datetime | None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.utcoffset() is None:
        raise LingtanError([fault("metering.bad-correction", Place(column=name), given=text)])
    return found


def _number(text: str | None, name: str) -> Decimal | None:
    try:
        return None if text is None else Decimal(text)
    except InvalidOperation:
        raise LingtanError([fault("metering.bad-correction", Place(column=name), given=text)]) from None
