"""What stands in the files or sheets of a dossier: park, registers, boundary, evidence."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from lingtan.dossier.archives import Files
from lingtan.dossier.boundary import BoundaryError, parse_geojson
from lingtan.dossier.boundary_sheet import read_boundary_sheet
from lingtan.dossier.cells_words import Nearest
from lingtan.dossier.csv_tables import csv_table
from lingtan.dossier.evidence import LIST, check_evidence_files, hash_evidence
from lingtan.dossier.findings import Findings, shown
from lingtan.dossier.headers import folded
from lingtan.dossier.park_files import parse_park, read_park_sheet
from lingtan.dossier.records import Park, Row
from lingtan.dossier.registers import Register, registers
from lingtan.dossier.tables import Table, is_blank, read_table
from lingtan.dossier.workbooks import Workbook
from lingtan.errors import DossierError, Place, fault

PARK, BOUNDARY, READINGS = "park.yaml", "boundary.geojson", "readings/"
_HOME = frozenset(("中国", "中华人民共和国", "CHINA", "CHN", "PRC"))
READING_ENDINGS = (".parquet", ".csv", ".csv.gz")
OWN_SHEETS = {
    "start": "开始 start",
    "park": "园区 park",
    "boundary": "边界 boundary",
    "choices": "选项 choices",
}


@dataclass
class Content:
    """What was read so far; `park` stays None if it could not be read."""

    name: str
    park: Park | None = None
    park_place: Place = field(default_factory=Place)
    rows: dict[str, tuple[Row, ...]] = field(default_factory=dict)
    boundary: Mapping[str, object] | None = None
    boundary_place: Place = field(default_factory=Place)
    evidence_files: dict[str, str] = field(default_factory=dict)
    readings: tuple[Path, ...] = ()


def read_files(name: str, files: Files, findings: Findings) -> Content:
    if PARK not in files.names:
        hint = "、".join(n for n in files.names if n.lower().endswith((".yaml", ".yml")))[:200]
        raise DossierError([*findings.all(), fault("dossier.no-park", Place(name), hint=hint or "—")])
    content = Content(name, park_place=Place(PARK), boundary_place=Place(BOUNDARY))
    raw = files.read(PARK, findings)
    park = parse_park(raw, PARK, findings) if raw is not None else None
    content.park = _with_names(park, content.park_place, findings)
    if BOUNDARY in files.names:
        content.boundary = _boundary(files.read(BOUNDARY, findings), findings)
    content.rows = _register_files(files, findings)
    content.evidence_files = hash_evidence(files, findings)
    check_evidence_files(content.rows["evidence"], content.evidence_files, findings)
    for other in files.names:
        if other.startswith(READINGS) and not is_reading(other) and not is_readme(other):
            findings.add("dossier.not-readings", Place(shown(other)))
        elif not other.startswith(("registers/", "evidence/", READINGS)) and not _is_own(other):
            findings.add("dossier.unknown-file", Place(shown(other)))
    return content


def _with_names(park: Park | None, place: Place, findings: Findings) -> Park | None:
    """The park with registers and country by their names, also where people wrote titles or words."""
    if park is None:
        return None
    named = [register_titled(title) for title in park.confirmed_empty]
    pairs = zip(named, park.confirmed_empty, strict=True)
    names = tuple(register.name if register else given for register, given in pairs)
    here = Place(place.file, place.sheet, 0, "location.country")
    country = _country(park.location.country, here, findings)
    location = park.location.model_copy(update={"country": country})
    return park.model_copy(update={"confirmed_empty": names, "location": location})


def _country(given: str, place: Place, findings: Findings) -> str:
    """The two letters of ISO 3166-1: with a note where they were written otherwise, else a fault."""
    code = folded(given).upper()
    code = "CN" if code in _HOME else code
    if not re.fullmatch("[A-Z]{2}", code):
        findings.add("dossier.not-a-country", place, given=shown(given))
        return given
    if code != given:
        findings.count("dossier.country-word", place, given=shown(given), country=code)
    return code


def is_reading(name: str) -> bool:
    """Whether a file of the dossier is one of those that metering reads."""
    return name.startswith(READINGS) and name.lower().endswith(READING_ENDINGS)


def is_readme(name: str) -> bool:
    """Whether a file only explains the folder it lies in."""
    return name.rpartition("/")[2].upper().startswith("README")


def _is_own(name: str) -> bool:
    return name in (PARK, BOUNDARY) or ("/" not in name and is_readme(name))


def _boundary(raw: bytes | None, findings: Findings) -> Mapping[str, object] | None:
    if raw is None:
        return None
    try:
        return parse_geojson(raw)
    except BoundaryError as error:
        findings.add(error.code, Place(BOUNDARY), **error.context)
        return None


def _register_files(files: Files, findings: Findings) -> dict[str, tuple[Row, ...]]:
    found: dict[str, str] = {}
    for name in files.names:
        if name.startswith("registers/"):
            _match_title(name, name.removeprefix("registers/"), found, findings)
        elif name.lower() == LIST:
            found["evidence"] = name
    rows: dict[str, tuple[Row, ...]] = {}
    for register in registers().values():
        raw = files.read(found[register.name], findings) if register.name in found else None
        place = Place(found.get(register.name, ""))
        table = csv_table(register, raw, place, findings) if raw is not None else None
        rows[register.name] = read_table(table, findings) if table else ()
    return rows


def _match_title(where: str, file: str, found: dict[str, str], findings: Findings) -> None:
    """Which register a file is, by English or Chinese name; a fault if none or if it is taken."""
    stem, _, ending = file.rpartition(".")
    register = register_titled(stem) if ending.lower() in ("csv", "txt", "tsv") else None
    if register is None:
        _tell_unknown(stem, Place(shown(where)), shown(file), findings)
    elif register.name in found:
        findings.add("dossier.two-tables", Place(shown(where)), register=register.zh)
    else:
        found[register.name] = where


def _tell_unknown(title: str, place: Place, given: str, findings: Findings) -> None:
    """A table that is no register: with the one that was probably meant, if there is one."""
    titles = {name: f"{register.zh} {register.name}" for name, register in registers().items()}
    meant = {folded(word): titles[one.name] for one in registers().values() for word in (one.name, one.zh)}
    hint = str(Nearest(folded(title), meant, 0.5, or_all=False))
    if hint:
        findings.add("dossier.unknown-table", place, given=given, hint=hint)
    else:
        findings.add("dossier.foreign-table", place, given=given)


def register_titled(title: str) -> Register | None:
    """The register a file or sheet is called after: `meters`, `计量器具`, `计量器具 meters`."""
    text = folded(title)
    for register in registers().values():
        name, zh, en = folded(register.name), folded(register.zh), folded(register.en)
        if text in (name, zh, en, zh + name, name + zh):
            return register
    return None


def read_sheets(workbook: Workbook, findings: Findings) -> Content:
    """What the sheets of a workbook say. DossierError if it has no sheet `park`."""
    content = Content(Path(workbook.name).stem)
    found: dict[str, str] = {}
    park_title = ""
    for title, grid in workbook.sheets.items():
        kind, place = _own_kind(title), Place(workbook.name, title)
        if kind == "park":
            park_title, content.park_place = title, place
        elif kind == "boundary":
            content.boundary, content.boundary_place = read_boundary_sheet(grid, place, findings), place
        elif not kind and not all(is_blank(row) for row in grid):
            _match_sheet(title, place, found, findings)
    if not park_title:
        titles = "、".join(workbook.sheets)
        raise DossierError([fault("dossier.no-park-sheet", Place(workbook.name), hint=shown(titles))])
    park = read_park_sheet(workbook.sheets[park_title], content.park_place, findings)
    content.park = _with_names(park, content.park_place, findings)
    for register in registers().values():
        title = found.get(register.name, "")
        grid = workbook.sheets.get(title, [])
        table = Table(register, Place(workbook.name, title), grid, is_workbook=True)
        content.rows[register.name] = read_table(table, findings)
    if content.rows["evidence"]:
        findings.add("dossier.files-not-in-workbook", Place(workbook.name, found["evidence"]))
    return content


def _own_kind(title: str) -> str:
    """Which of our own sheets a title names: `park`, `园区`, `园区 park`; empty if none."""
    text = folded(title)
    for name, own_title in OWN_SHEETS.items():
        chinese = folded(own_title).removesuffix(name)
        if text in (name, chinese, chinese + name, name + chinese):
            return name
    return ""


def _match_sheet(title: str, place: Place, found: dict[str, str], findings: Findings) -> None:
    register = register_titled(title)
    if register is None:
        _tell_unknown(title, place, shown(title), findings)
    elif register.name in found:
        findings.add("dossier.two-tables", place, register=register.zh)
    else:
        found[register.name] = title
