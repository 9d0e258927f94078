"""Enthalpy of steam by the tables of GB/T 32151.34-2024: C.4 saturated, C.5 superheated.

Between the points of C.5 on either side of the boiling line linear interpolation would mix
water with steam, so a line of equal pressure begins at its saturated point of C.4. Cells
marked as misprints are left out.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import cache

from lingtan.errors import FactorError, Fault, Place, fault
from lingtan.factors.choice import explained
from lingtan.factors.reading import read_row
from lingtan.factors.records import Factor, FoundFactor
from lingtan.factors.tables import read_table
from lingtan.quantities import exactly

Point = tuple[Decimal, Decimal]  # where, value
_PRESSURE, _TEMPERATURE = "MPa", "℃"


@exactly
def find_enthalpy(*, pressure_mpa: Decimal, temperature_c: Decimal | None = None) -> FoundFactor:
    """Enthalpy of steam in kJ/kg at an absolute pressure in MPa; saturated if no temperature is given.

    Linear between the points of the table. FactorError: outside the table, or water at this
    temperature. A misprint of the table that would have been used is left out, with a warning.
    """
    saturated = _saturated()
    if temperature_c is None:
        _must_lie(pressure_mpa, [p for p, _ in saturated["enthalpy"]], f"{pressure_mpa} MPa", _PRESSURE)
        value = _between(saturated["enthalpy"], pressure_mpa)
        return _found(value, f"{pressure_mpa} MPa，饱和", f"{pressure_mpa} MPa, saturated", "C.4", [])
    given = f"{pressure_mpa} MPa，{temperature_c} ℃"
    pressures = sorted(_superheated())
    _must_lie(pressure_mpa, pressures, given, _PRESSURE)
    boiling = _boiling(pressure_mpa)
    if temperature_c < boiling:
        raise _is_water(pressure_mpa, temperature_c, boiling)
    line, misprints = _line(pressure_mpa, pressures)
    _must_lie(temperature_c, [t for t, _ in line], given, _TEMPERATURE)
    faults = _misprint_faults(line, misprints, temperature_c)
    value = _between(line, temperature_c)
    return _found(value, given, f"{pressure_mpa} MPa, {temperature_c} °C", "C.4/C.5", faults)


@cache
def _saturated() -> Mapping[str, tuple[Point, ...]]:
    rows = sorted(read_table("steam_saturated"), key=lambda row: Decimal(row["pressure_mpa"]))
    return {
        "enthalpy": tuple((Decimal(r["pressure_mpa"]), Decimal(r["enthalpy_kj_per_kg"])) for r in rows),
        "temperature": tuple((Decimal(r["pressure_mpa"]), Decimal(r["temperature_c"])) for r in rows),
    }


@cache
def _superheated() -> Mapping[Decimal, Mapping[Decimal, Decimal | None]]:
    """Pressure, temperature, enthalpy of the steam cells; None where the cell is a misprint."""
    table: dict[Decimal, dict[Decimal, Decimal | None]] = {}
    for row in read_table("steam_superheated"):
        pressure, temperature = Decimal(row["pressure_mpa"]), Decimal(row["temperature_c"])
        if temperature > _boiling(pressure):
            value = None if row["mark"] == "misprint" else Decimal(row["enthalpy_kj_per_kg"])
            table.setdefault(pressure, {})[temperature] = value
    return table


def _boiling(pressure: Decimal) -> Decimal:
    """Saturation temperature; above the last pressure of C.4 (near critical) its last temperature."""
    points = _saturated()["temperature"]
    return points[-1][1] if pressure > points[-1][0] else _between(points, pressure)


def _line(pressure: Decimal, pressures: Sequence[Decimal]) -> tuple[list[Point], set[Decimal]]:
    """Enthalpy by temperature at one pressure, saturated point first; temperatures with a misprint."""
    at = bisect_left(pressures, pressure)
    around = [pressure] if pressures[at] == pressure else [pressures[at - 1], pressures[at]]
    columns = [_superheated()[p] for p in around]
    shared = sorted(set(columns[0]).intersection(*columns[1:]))
    misprints = {t for t in shared if any(column[t] is None for column in columns)}
    line: list[Point] = []
    last = _saturated()["enthalpy"][-1][0]
    if pressure <= last:
        line.append((_boiling(pressure), _between(_saturated()["enthalpy"], pressure)))
    for temperature in shared:
        values = [column[temperature] for column in columns]
        known = [(p, v) for p, v in zip(around, values, strict=True) if v is not None]
        if len(known) == len(around):
            line.append((temperature, _between(known, pressure)))
    return line, misprints


def _between(points: Sequence[Point], at: Decimal) -> Decimal:
    """Linear between the two points around `at`, which lies within them."""
    index = bisect_left(points, at, key=lambda point: point[0])
    here, value = points[index]
    if here == at:
        return value
    before, below = points[index - 1]
    return below + (value - below) * (at - before) / (here - before)


def _must_lie(at: Decimal, points: Sequence[Decimal], given: str, unit: str) -> None:
    low, high = points[0], points[-1]
    if not low <= at <= high:
        raise FactorError([fault("factor.steam-outside", given=given, unit=unit, low=low, high=high)])


def _is_water(pressure: Decimal, temperature: Decimal, boiling: Decimal) -> FactorError:
    return FactorError(
        [
            fault(
                "factor.steam-is-water",
                pressure=pressure,
                temperature=temperature,
                saturation=f"{boiling:.2f}",
            )
        ]
    )


def _misprint_faults(line: Sequence[Point], misprints: set[Decimal], at: Decimal) -> list[Fault]:
    """A warning for the misprints that lie between the points used."""
    index = bisect_left(line, at, key=lambda point: point[0])
    if line[index][0] == at:
        return []
    used = sorted(t for t in misprints if line[index - 1][0] < t < line[index][0])
    return [fault("factor.steam-misprint", cells="、".join(f"{t} ℃" for t in used))] if used else []


def _found(value: Decimal, zh: str, en: str, table: str, faults: list[Fault]) -> FoundFactor:
    reasons = f"表{table}，{zh}，线性内插", f"table {table}, {en}, linear interpolation"
    return explained(replace(_tables(), value=value), *reasons, faults)


@cache
def _tables() -> Factor:
    """Where the tables come from, as a factor without value."""
    factor, faults = read_row(read_table("steam_source")[0], Place("steam_source.csv", row=2))
    if factor is None:
        raise FactorError(faults)
    return factor
