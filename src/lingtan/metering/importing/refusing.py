"""Faults of a table as a whole: no header, no time, no meter, columns that cannot be used."""

from __future__ import annotations

from collections.abc import Sequence

from lingtan.dossier.findings import Findings, shown
from lingtan.errors import Place
from lingtan.metering.importing.cells import Table
from lingtan.metering.importing.headings import Heading
from lingtan.metering.importing.layout import Roles
from lingtan.metering.importing.naming import Naming

_SHOWN_NAMES = 5


def say_no_heading(table: Table, naming: Naming, place: Place, findings: Findings) -> None:
    """A table without header: empty, without times, or something else."""
    filled = [[cell for cell in row if cell.strip()] for row in table.head]
    first = next((row for row in filled if row), None)
    if first is None:
        findings.add("import.empty", place)
        return
    columns = ", ".join(shown(cell) for cell in first[:_SHOWN_NAMES])
    known = [] if naming.is_open else [meter for cell in first if (meter := naming.find(cell))]
    if known:
        meters = ", ".join(known[:_SHOWN_NAMES])
        findings.add("metering.no-time-column", place, columns=columns, meters=meters)
    else:
        findings.add("metering.file-ignored", place, columns=columns)


def say_lacking(code: str, heading: Heading, naming: Naming, place: Place, findings: Findings) -> None:
    """What the columns lack, by the code `find_roles` gives."""
    columns = ", ".join(shown(name) for name in heading.names[:_SHOWN_NAMES])
    known = [meter for name in heading.names if (meter := naming.find(name))]
    if code == "metering.no-time-column":
        findings.add(code, place, columns=columns, meters=", ".join(known[:_SHOWN_NAMES]) or "-")
    elif code == "metering.missing-column":
        findings.add(code, Place(place.file, place.sheet, heading.row, "value"))
    else:
        findings.add(code, place, columns=columns)


def say_columns(table: Table, heading: Heading, roles: Roles, place: Place, findings: Findings) -> None:
    """Columns of one name, and those that hold no single values."""
    names = [name for name in heading.names if name]
    for name in dict.fromkeys(name for name in names if names.count(name) > 1):
        top = {heading.tops[i] for i, other in enumerate(heading.names) if other == name}
        if len(top) < names.count(name):
            findings.add("import.duplicate-column", Place(place.file, place.sheet, heading.row, shown(name)))
    nested: Sequence[str] = getattr(table, "nested", ())
    if nested:
        findings.add("import.nested-columns", place, columns=", ".join(map(shown, nested[:_SHOWN_NAMES])))


def say_no_meter(heading: Heading, roles: Roles, place: Place, findings: Findings) -> None:
    """Readings of nobody knows which meter."""
    columns = ", ".join(shown(heading.names[i]) for i in (roles.unknown or roles.values)[:_SHOWN_NAMES])
    findings.add("import.no-meter", place, columns=columns)
