"""Readings without a dossier: a park made of the meters that the files themselves name."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

from lingtan.dossier.records import Cell, Dossier, Location, Park, Reporting, Row
from lingtan.errors import LingtanError, Place, fault
from lingtan.metering.importing import ImportOptions, ImportPlan, MeterPlan, plan_import
from lingtan.metering.intensity import read_intensity
from lingtan.metering.lake.manifest import NAME as MANIFEST
from lingtan.quantities import is_unit, same_dimension

_WORDS = (
    ("natural_gas", r"gas|燃气|天然气"),
    ("steam", r"steam|蒸汽"),
    ("heat", r"heat|热"),
    ("cold", r"cold|cool|chill|冷"),
    ("compressed_air", r"air|压缩空气|气压"),
    ("water", r"water|水"),
)
_ENERGY_UNITS = ("kWh", "kW", "m3", "m3 / h", "t", "t / h")


def build_bare_dossier(
    paths: Sequence[Path], options: ImportOptions, *, year: int | None = None
) -> tuple[Dossier, ImportPlan]:
    """A dossier of the meters in `paths`, all of them supplies, and the plan that found them.

    The year is `year`, or the one with most readings; the time zone that of `options`, else UTC.
    Columns that measure no energy, volume or mass are left out. LingtanError if nothing is left, or
    for a lake, which does not say what its meters measure.
    """
    if any((path / MANIFEST).is_file() for path in paths):
        raise LingtanError([fault("metering.register-needed", Place(paths[0].name))])
    skip = {path for path in read_intensity(paths).paths if path.is_file()}
    plan = plan_import(paths, options=options, skip=skip)
    meters = [one for table in plan.tables for one in table.meters if _is_metered(one)]
    if not meters:
        raise LingtanError([*plan.faults, fault("metering.nothing-metered", Place(paths[0].name))])
    files = {one.meter: table.file for table in plan.tables for one in table.meters}
    rows = {one.meter: _row(one, files[one.meter]) for one in meters}
    years: Counter[int] = Counter()
    for one in meters:
        years.update(dict.fromkeys(_years(one), 1))
    park = Park(
        id=paths[0].stem,
        name_zh=paths[0].name,
        location=Location(timezone=options.zone or "UTC"),
        reporting=Reporting(year=year or max(sorted(years), key=lambda y: years[y])),
    )
    return Dossier(park.id, park, {"meters": tuple(rows.values())}, readings=tuple(paths)), plan


def _is_metered(plan: MeterPlan) -> bool:
    unit = plan.unit
    return is_unit(unit) and unit != "" and any(same_dimension(unit, known) for known in _ENERGY_UNITS)


def _years(plan: MeterPlan) -> range:
    if plan.first is None or plan.last is None:
        return range(0)
    begin, end = plan.first, plan.last
    first = begin.year + (begin.month > 6)  # a year of which only the end is there does not count
    return range(first, end.year + 1 - (end.month <= 6)) or range(end.year, end.year + 1)


def _row(plan: MeterPlan, file: str) -> Row:
    cells: dict[str, Cell] = {
        "meter": plan.meter,
        "carrier": _carrier(f"{plan.meter} {file}"),
        "role": "supply",
        "quantity": plan.quantity,
        "unit": plan.unit,
        "interval_minutes": Decimal(plan.interval_minutes) if plan.interval_minutes else None,
        "stamps": plan.stamps if plan.stamps in ("begin", "end") else None,
    }
    return Row("meters", plan.meter, cells, Place(file, column=plan.column))


def _carrier(text: str) -> str:
    return next((name for name, words in _WORDS if re.search(words, text, re.IGNORECASE)), "electricity")
