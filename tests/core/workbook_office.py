"""Workbooks recalculated by LibreOffice, for the tests of the formats."""

import re
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl

SOFFICE = shutil.which("soffice")
_KEPT = re.compile(rb"(</f><v>)[^<]*(</v>)")
_ALWAYS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""


def formulas_recalculated(file: Path, folder: Path) -> Iterator[tuple[str, float, float]]:
    """Sheet and cell, kept value and fresh value of every formula of `file`.

    The kept values are first made wrong, so that what comes back has been recalculated.
    """
    fresh = openpyxl.load_workbook(_recalculate(_spoilt(file, folder), folder), data_only=True)
    kept = openpyxl.load_workbook(file, data_only=True)
    for sheet in openpyxl.load_workbook(file):
        for cell in (cell for row in sheet for cell in row if cell.data_type == "f"):
            before, after = (_number(book[sheet.title][cell.coordinate].value) for book in (kept, fresh))
            yield f"{sheet.title}!{cell.coordinate}", before, after


def _number(value: Any) -> float:
    assert isinstance(value, int | float), value
    return float(value)


def _spoilt(file: Path, folder: Path) -> Path:
    spoilt = folder / f"spoilt-{file.name}"
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(spoilt, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, _KEPT.sub(rb"\g<1>-987654321\g<2>", old.read(name)))
    return spoilt


def _recalculate(file: Path, folder: Path) -> Path:
    profile, out = folder / "office", folder / "recalculated"
    (profile / "user").mkdir(parents=True, exist_ok=True)
    (profile / "user" / "registrymodifications.xcu").write_text(_ALWAYS, "utf-8")
    command = [str(SOFFICE), f"-env:UserInstallation={profile.as_uri()}", "--headless"]
    command += ["--convert-to", "xlsx", "--outdir", str(out), str(file)]
    subprocess.run(command, check=True, capture_output=True, timeout=400)
    return out / file.name
