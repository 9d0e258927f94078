"""What no single cell can show: references, keys, units against carriers, confirmed registers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from functools import cache

from lingtan.dossier.cells_words import Nearest
from lingtan.dossier.evidence import check_evidence_ids
from lingtan.dossier.findings import Findings, shown
from lingtan.dossier.records import Cell, Park, Profile, Row
from lingtan.dossier.registers import Register, carriers, registers
from lingtan.errors import Place
from lingtan.periods import Period
from lingtan.quantities import UnitError, is_unit, same_dimension

ENERGY_UNIT = "GJ"

Rows = Mapping[str, Sequence[Row]]


def check_rows(park: Park | None, rows: Rows, park_place: Place, findings: Findings) -> None:
    """Every check across rows and registers; `park` None if park.yaml could not be read."""
    for name, register in registers().items():
        check_register(register, rows, findings)
        if park is not None:
            _check_periods(register, rows.get(name, ()), park.reporting.year, findings)
    check_evidence_ids(park, rows, findings)
    if park is not None:
        _check_confirmed(park, rows, park_place, findings)


def check_register(
    register: Register, rows: Rows, findings: Findings, known: Collection[str] | None = None
) -> None:
    """The checks across the rows of one register, and from it to others: to those in `known`, if given."""
    _check_keys(register, rows.get(register.name, ()), findings)
    _check_references(register, rows, findings, known)
    _check_carrier_units(register, rows.get(register.name, ()), findings)


def _check_keys(register: Register, rows: Sequence[Row], findings: Findings) -> None:
    """Rows with the same key: equal rows and contradicting rows are different faults."""
    first: dict[tuple[Cell, ...], Row] = {}
    required = [name for name in register.key if register.columns[name].required]
    for row in rows:
        key = tuple(row.values[name] for name in register.key)
        other = first.setdefault(key, row)
        if other is row or any(row.values[name] is None for name in required):
            continue
        same = other.values == row.values and other.extra == row.extra and other.unread == row.unread
        code = "dossier.duplicate-row" if same else "dossier.duplicate-key"
        context = {"key": shown(row.key), "other": other.place.row}
        findings.add(code, row.at(register.key[0]), **context)


def id_column(register: Register) -> str:
    """The column that others refer to: the first one of type id."""
    return next(name for name, column in register.columns.items() if column.type == "id")


def _check_references(
    register: Register, rows: Rows, findings: Findings, known: Collection[str] | None
) -> None:
    for name, column in register.columns.items():
        if column.type != "ref" or (known is not None and column.to not in known):
            continue
        target = registers()[column.to]
        target_id = id_column(target)
        ids = {row.text(target_id) for row in rows.get(column.to, ())}
        meant = {one: one for one in sorted(ids) if one}
        for row in rows.get(register.name, ()):
            value = row.text(name)
            if value and value not in ids:
                hint = Nearest(value, meant, 0.6, most=5)
                words = {"given": shown(value), "label": column.zh, "target": target.zh, "hint": hint}
                findings.add("dossier.unknown-reference", row.at(name), **words)


def _check_carrier_units(register: Register, rows: Sequence[Row], findings: Findings) -> None:
    """A quantity of a carrier must be in its own kind of unit, or in a unit of energy."""
    quantity = register.columns.get("quantity")
    columns = register.columns.items()
    carrier_column = next((name for name, column in columns if column.choices_from == "carriers"), "")
    if quantity is None or not quantity.unit_column or not carrier_column:
        return
    for row in rows:
        carrier, unit = row.text(carrier_column), row.text(quantity.unit_column)
        if carrier and unit and not _measures(unit, carrier):
            usual = carriers()[carrier].unit
            words = {"given": shown(unit), "carrier": carriers()[carrier].zh, "unit": usual}
            code = (
                "dossier.volume-of-carrier" if _is_volume_for_mass(unit, usual) else "dossier.unit-of-carrier"
            )
            findings.add(code, row.at(quantity.unit_column), **words)


@cache
def _measures(unit: str, carrier: str) -> bool:
    try:
        return same_dimension(unit, carriers()[carrier].unit) or same_dimension(unit, ENERGY_UNIT)
    except UnitError:
        return False


@cache
def _is_volume_for_mass(unit: str, usual: str) -> bool:
    """Whether litres or gallons stand where a mass belongs."""
    return is_unit(unit) and same_dimension(unit, "L") and same_dimension(usual, "t")


def _check_periods(register: Register, rows: Sequence[Row], year: int, findings: Findings) -> None:
    """Periods of the key outside the reporting year, with the likely reason; told once per register."""
    name = next((key for key in register.key if register.columns[key].type == "period"), "")
    periods = [(row, period) for row in rows if isinstance(period := row.values.get(name), Period)]
    others = [(row, period) for row, period in periods if period.year != year]
    if others and len(others) == len(periods) and len({period.year for _, period in others}) == 1:
        row, period = others[0]
        words = {"given": period.year, "year": year, "count": len(others)}
        findings.add("dossier.table-of-another-year", row.at(name), **words)
        return
    mistyped = _mistyped(register, name, periods, year)
    for row, meant in mistyped:
        given = row.values[name]
        findings.add("dossier.year-mistyped", row.at(name), given=given, year=year, meant=meant)
    told = {id(row) for row, _ in mistyped}
    for row, period in others:
        if id(row) in told:
            continue
        findings.count("dossier.outside-reporting-year", row.at(name), given=period, year=year)


def _mistyped(
    register: Register, name: str, periods: Sequence[tuple[Row, Period]], year: int
) -> list[tuple[Row, Period]]:
    """Months of another year that fit, all those of their series, into holes of this year's series."""
    there: dict[tuple[Cell, ...], set[int]] = defaultdict(set)
    others: dict[tuple[Cell, ...], list[tuple[Row, Period]]] = defaultdict(list)
    for row, period in periods:
        rest = _rest_of_key(register, row, name)
        if period.year == year:
            there[rest].add(period.month)
        else:
            others[rest].append((row, Period(year, period.month)))
    found = []
    for rest, rows in others.items():
        holes = set(range(1, 13)) - there[rest]
        months = [period.month for _, period in rows]
        is_series = 0 not in there[rest] and len(there[rest]) > len(rows) == len(set(months))
        if is_series and holes.issuperset(months):
            found.extend(rows)
    return found


def _rest_of_key(register: Register, row: Row, name: str) -> tuple[Cell, ...]:
    return tuple(row.values[key] for key in register.key if key != name)


def _check_confirmed(park: Park, rows: Rows, place: Place, findings: Findings) -> None:
    here = Place(place.file, place.sheet, 0, "confirmed_empty")
    for name in park.confirmed_empty:
        if name not in registers():
            titles = {one.zh: f"{one.zh} {one.name}" for one in registers().values()}
            titles |= {one.name: f"{one.zh} {one.name}" for one in registers().values()}
            hint = Nearest(name, titles, 0.4)
            findings.add("dossier.confirmed-unknown", here, given=shown(name), hint=hint)
        elif rows.get(name):
            findings.add("dossier.confirmed-not-empty", here, given=name, count=len(rows[name]))
    for key in park.profile_evidence:
        if key not in Profile.model_fields:
            known = {field: field for field in Profile.model_fields}
            column = f"profile_evidence.{key}"
            findings.add(
                "document.unknown-key",
                Place(place.file, place.sheet, 0, column),
                key=shown(column),
                hint=Nearest(key, known, 0.6),
            )
