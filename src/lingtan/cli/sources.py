"""Where the readings of a command come from: a dossier, or files that stand alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

import typer

from lingtan.cli.reading import read
from lingtan.cli.show import say, tell
from lingtan.dossier.records import Dossier
from lingtan.errors import DossierError, LingtanError, Place, fault
from lingtan.metering.bare import build_bare_dossier
from lingtan.metering.importing import ImportOptions
from lingtan.metering.lake.manifest import NAME as MANIFEST

ReadingsSource = Annotated[
    str,
    typer.Argument(
        help="档案，或单独的读数文件、文件夹、读数湖 A dossier, or a file, a folder or a lake of readings"
    ),
]
Zone = Annotated[
    str | None, typer.Option("--timezone", help="无偏移时间的时区 Zone of stamps without offset")
]
Stamps = Annotated[
    Literal["begin", "end"] | None,
    typer.Option("--stamps", help="时间戳记区间始或区间末 Stamps mark the begin or the end of an interval"),
]
Quantity = Annotated[
    Literal["interval", "cumulative", "power"] | None,
    typer.Option("--quantity", help="读数类型 Kind of readings"),
]
Unit = Annotated[str | None, typer.Option("--unit", help="文件中的单位 Unit in the files")]
DayFirst = Annotated[
    bool | None,
    typer.Option("--day-first/--month-first", help="日期先日后月，或先月后日 Day or month comes first"),
]
MeterName = Annotated[
    str | None, typer.Option("--meter", help="没有表号列时，是哪块表 The one meter a table is of")
]
YearOption = Annotated[
    int | None, typer.Option("--year", help="年度，缺省为读数最多的一年 The year, else that of most readings")
]


@dataclass(frozen=True, slots=True)
class Given:
    """A dossier (with or without register of its own) and how its files are to be taken."""

    dossier: Dossier
    options: ImportOptions


def options_of(  # noqa: PLR0913
    zone: str | None, stamps: Literal["begin", "end"] | None, quantity: str | None, unit: str | None,
    day_first: bool | None, meter: str | None,
) -> ImportOptions:  # fmt: skip
    """What was stated on the command line; today is the last day readings may be of."""
    if zone is not None:
        _check_zone(zone)
    return ImportOptions(
        zone=zone, today=date.today(), day_first=day_first, stamps=stamps,
        quantity=quantity, unit=unit, meter=meter,  # type: ignore[arg-type]
    )  # fmt: skip


def _check_zone(zone: str) -> None:
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        place = Place(column="--timezone")
        raise LingtanError([fault("metering.unknown-timezone", place, zone=zone)]) from None


def find_readings(
    path: str, readings: Sequence[Path] | None, options: ImportOptions, *, year: int | None = None
) -> Given:
    """The dossier at `path`; or, where there is none, one made of the meters its files name."""
    if path == "-" or is_dossier(Path(path)):
        return Given(read(path, readings), options)
    tell(f"读取读数 reading: {path}")
    if not Path(path).exists():
        raise LingtanError([fault("dossier.not-found", Place(path))])
    dossier, _ = build_bare_dossier([Path(path), *(readings or ())], options, year=year)
    say(f"没有登记表：按文件中的 {len(dossier.rows['meters'])} 块表计算，均视为总表。"
        f"No register: {len(dossier.rows['meters'])} meters as the files name them, all as supplies. "
        f"{dossier.park.reporting.year}, {dossier.park.location.timezone}", "dim", stderr=True)  # fmt: skip
    return Given(dossier, options)


def is_dossier(path: Path) -> bool:
    """Whether `path` holds a park: a folder with park.yaml, or an archive or workbook with one."""
    if path.is_dir():
        return (path / "park.yaml").is_file() or not _holds_readings(path)
    if path.suffix.lower() not in (".zip", ".xlsx", ".xlsm"):
        return not path.exists()
    try:
        from lingtan.dossier.reading import read_dossier

        read_dossier(path)
    except DossierError as error:
        return not {one.code for one in error.faults} & {"dossier.no-park", "dossier.no-park-sheet"}
    return True


def _holds_readings(folder: Path) -> bool:
    endings = (".csv", ".parquet", ".gz", ".xlsx", ".txt", ".tsv", ".zip")
    return (folder / MANIFEST).is_file() or any(f.name.lower().endswith(endings) for f in folder.rglob("*"))
