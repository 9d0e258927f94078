"""Small dossiers for tests: a right one, and the means to spoil it."""
# ruff: noqa: E501 - tables of cases read better in one line each

import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import openpyxl

PARK = """\
id: demo
name_zh: 示范园区
reporting: {year: 2024}
profile: {area_m2: 2123000}
"""
ENTERPRISES = """\
enterprise,name,role,above_scale,key_enterprise
E001,甲公司,tenant,yes,no
E002,乙公司,tenant,no,no
"""
ENERGY_HEAD = "period,enterprise,carrier,use,item,quantity,unit,source"
ENERGY = f"""\
{ENERGY_HEAD}
2024-01,E001,electricity,purchased,,100,MWh,bill
2024-02,E001,electricity,purchased,,110.5,MWh,bill
"""
# 0.02° by 0.01° at 30.9° N: about 1,912 m by 1,112 m
BOUNDARY = '{"type":"Polygon","coordinates":[[[121.47,30.90],[121.49,30.90],[121.49,30.91],[121.47,30.91],[121.47,30.90]]]}'
FILES: Mapping[str, str | bytes] = {
    "park.yaml": PARK,
    "boundary.geojson": BOUNDARY,
    "registers/enterprises.csv": ENTERPRISES,
    "registers/energy_activity.csv": ENERGY,
}
SHEETS: Mapping[str, Sequence[Sequence[object]]] = {
    "park": [["key", "value"], ["id", "demo"], ["name_zh", "示范园区"], ["reporting.year", 2024]],
    "enterprises": [line.split(",") for line in ENTERPRISES.splitlines()],
    "energy_activity": [
        ENERGY_HEAD.split(","),
        ["2024-01", "E001", "electricity", "purchased", None, 100, "MWh", "bill"],
    ],
}


def folder_of(where: Path, files: Mapping[str, str | bytes | None] | None = None) -> Path:
    """A right dossier as a folder, with `files` put over it (None takes one away)."""
    root = where / "park"
    for name, content in {**FILES, **(files or {})}.items():
        if content is None:
            continue
        target = root / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content.encode() if isinstance(content, str) else content)
    return root


def zip_of(
    where: Path, files: Mapping[str, str | bytes | None] | None = None, name: str = "park.zip"
) -> Path:
    """The same as a zip."""
    target = where / name
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in {**FILES, **(files or {})}.items():
            if content is not None:
                archive.writestr(path, content)
    return target


def workbook_of(where: Path, sheets: Mapping[str, Sequence[Sequence[object]] | None] | None = None) -> Path:
    """A right dossier as a workbook, with `sheets` put over it."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for title, rows in {**SHEETS, **(sheets or {})}.items():
        if rows is None:
            continue
        sheet = book.create_sheet(title)
        for number, row in enumerate(rows, start=1):
            for column, value in enumerate(row, start=1):
                cell = sheet.cell(number, column)
                if isinstance(value, tuple):
                    cell.value, cell.number_format = value
                elif (
                    isinstance(value, str) and value.startswith("=") and not value.startswith("==")
                ) or value is not None:
                    cell.value = value
    target = where / "park.xlsx"
    book.save(target)
    book.close()
    return target


def energy(*rows: str) -> str:
    """The register energy_activity with these rows."""
    return "\n".join([ENERGY_HEAD, *rows]) + "\n"
