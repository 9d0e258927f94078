"""Readings to energy: gathered from files and lakes, measured block by block."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfoNotFoundError

import polars as pl

from lingtan.dossier.records import Dossier
from lingtan.errors import Fault, Place, fault
from lingtan.metering.carbon.series import build_factors
from lingtan.metering.findings import Finding, find_drifts, find_standing, read_dismissals
from lingtan.metering.gathering import Gathered, gather_readings, read_blocks
from lingtan.metering.grid import build_grid
from lingtan.metering.importing import ImportOptions
from lingtan.metering.measuring import Year, measure_block
from lingtan.metering.records import Metering
from lingtan.metering.register import meter_frame, meter_rows
from lingtan.metering.tree import build_tree
from lingtan.metering.verdicts import overall_faults
from lingtan.metering.virtual import add_virtual
from lingtan.periods import Period
from lingtan.quantities import exactly


@exactly
def compute_metering(
    dossier: Dossier, *, intensity: Path | None = None, options: ImportOptions | None = None
) -> Metering:
    """Energy of each meter that the readings name, in the dossier's reporting year.

    Reads `dossier.readings`: files, folders, lakes (see `gathering`). `intensity` is a file of
    hourly carbon intensity that takes the place of any among them; `options` say of the files what
    they do not say themselves. The year is the local calendar
    year of the park's time zone, half-open. Errors are faults of the result.
    """
    rows, zone = meter_rows(dossier), dossier.park.location.timezone
    if not dossier.readings:
        return Metering()
    period = Period(dossier.park.reporting.year)
    try:
        grid = build_grid(period, period, zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        place = Place("park.yaml", column="location.timezone")
        return Metering(faults=(fault("metering.unknown-timezone", place, zone=zone),))
    gathered = gather_readings(dossier.readings, rows, options or ImportOptions(), intensity=intensity)
    factors = build_factors(gathered.intensity, grid) if gathered.intensity.height else None
    year = Year(rows, grid, factors.values if factors and factors.step_minutes else None)
    measured = [measure_block(block, year) for block in read_blocks(gathered)]
    meters = [energy for block in measured for energy in block.meters]
    faults = [found for block in measured for found in block.faults]
    faults += factors.faults if factors else ()
    found = [one for block in measured for one in block.findings]
    if measured:
        found += find_drifts(pl.concat([block.months for block in measured]), meter_frame(rows))
    findings, dismissed = _standing(found, gathered, year)
    faults += [
        one.as_fault(rows[one.meter].place, zone) for one in findings if one.code not in _TOLD_BY_METER
    ]
    ordered, of_tree = add_virtual(build_tree(rows), meters)
    faults += of_tree
    faults += [
        *gathered.findings.all(),
        *overall_faults(ordered, rows, has_intensity=not gathered.intensity.is_empty()),
    ]
    return Metering(
        ordered,
        tuple(sorted(faults, key=_order)),
        findings,
        dismissed,
        tuple(sorted(one for block in measured for one in block.months_read)),
        gathered.files,
        gathered.fingerprint(),
    )


_TOLD_BY_METER = frozenset(("gap", "zeros", "clipped"))
"""Findings that metering sums up in one fault per meter; the others are told one by one."""


def _standing(found: list[Finding], gathered: Gathered, year: Year) -> tuple[tuple[Finding, ...], int]:
    """Findings nobody dismissed, and how many were; a dismissal whose data changed is told."""
    said = [one for file in gathered.dismissals for one in read_dismissals(file, gathered.findings)]
    standing, outdated = find_standing(tuple(sorted(found)), tuple(said))
    for one in outdated:
        place = year.rows[one.meter].place
        context = {"meter": one.meter, "finding": one.code, "who": one.who}
        gathered.findings.add("quality.dismissal-outdated", place, **context)
    return standing, len(found) - len(standing)


def _order(found: Fault) -> tuple[Place, str, str]:
    return found.place, found.code, str(sorted(found.context.items()))
