"""How a command takes its dossier: a folder, a .zip, an .xlsx, or `-` for standard input."""

from __future__ import annotations

import sys
import zipfile
from collections.abc import Sequence
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import Annotated

import typer

from lingtan.cli.show import tell
from lingtan.dossier.reading import build_scratch, read_dossier
from lingtan.dossier.records import Dossier

DossierPath = Annotated[
    str,
    typer.Argument(help="档案：文件夹、.zip、.xlsx，或 - 表示标准输入 A dossier, or - for standard input"),
]
ReadingsPaths = Annotated[
    list[Path] | None,
    typer.Option("--readings", exists=True, help="档案之外的读数文件或文件夹 Readings outside the dossier"),
]
AsJson = Annotated[bool, typer.Option("--json", help="输出 JSON For machines")]
OnDate = Annotated[
    datetime | None,
    typer.Option(
        "--on", formats=["%Y-%m-%d"], help="评价日期，缺省为今天 Date of the assessment, today if absent"
    ),
]


def read(path: str, readings: Sequence[Path] | None = None) -> Dossier:
    """The dossier at `path`; raises DossierError if it cannot be read at all."""
    tell(f"读取档案 reading the dossier: {path}")
    if path != "-":
        return read_dossier(Path(path), readings=readings or ())
    raw = sys.stdin.buffer.read()
    # kept until the end: evidence and readings are taken from it when the dossier is written elsewhere
    file = build_scratch() / f"stdin{_ending(raw)}"
    file.write_bytes(raw)
    return read_dossier(file, readings=readings or ())


def _ending(raw: bytes) -> str:
    try:
        with zipfile.ZipFile(BytesIO(raw)) as archive:
            return ".xlsx" if "xl/workbook.xml" in archive.namelist() else ".zip"
    except zipfile.BadZipFile:
        return ".xlsx"


def day(on: datetime | None) -> date:
    """The date given, or today: the only clock there is."""
    return on.date() if on else date.today()
