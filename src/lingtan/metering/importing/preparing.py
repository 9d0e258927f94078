"""From a table to the recipe by which its cells are read, and the first decisions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from datetime import time as clock_time
from decimal import Decimal, InvalidOperation
from pathlib import PurePosixPath
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import polars as pl

from lingtan.dossier.findings import Findings, shown
from lingtan.dossier.records import Row
from lingtan.errors import Place
from lingtan.metering.importing.cells import Recipe, Table
from lingtan.metering.importing.clock import Clock
from lingtan.metering.importing.deciding import find_mark, find_midnight_last
from lingtan.metering.importing.factors import NO_UNIT, Factors
from lingtan.metering.importing.headings import Heading, find_heading
from lingtan.metering.importing.layout import Roles, find_roles
from lingtan.metering.importing.naming import Naming
from lingtan.metering.importing.records import Decision, ImportOptions
from lingtan.metering.importing.refusing import say_columns, say_lacking, say_no_heading, say_no_meter
from lingtan.metering.importing.stamp_forms import find_day_first
from lingtan.metering.importing.values import unit_of_cell
from lingtan.metering.importing.words import find_unit, load_words, says, unit_of_name

_SHOWN_NAMES = 5
_USUAL = ("", "utf-8", ",")


@dataclass(slots=True)
class Prepared:
    """A recipe, what was decided to make it, and what it was made for."""

    recipe: Recipe
    decisions: list[Decision]
    meters: Mapping[str, Row] | None
    options: ImportOptions
    file_units: dict[int, str] = field(default_factory=dict)


def prepare_table(
    table: Table, meters: Mapping[str, Row] | None, options: ImportOptions, findings: Findings
) -> Prepared | None:
    """The recipe for `table`, or None with the fault that says why there is none."""
    place = Place(table.file, table.sheet)
    heading, naming = find_heading(table.head), Naming(meters, options.names)
    if heading is None:
        say_no_heading(table, naming, place, findings)
        return None
    table.width = len(heading.names)
    sample = table.head[heading.first - 1 :]
    own = _own_meter(table, naming)
    roles = find_roles(heading, sample, naming, options, has_own_meter=own is not None)
    if isinstance(roles, str):
        say_lacking(roles, heading, naming, place, findings)
        return None
    say_columns(table, heading, roles, place, findings)
    constant = None if roles.layout == "wide" or roles.meter >= 0 else options.meter or own
    if not roles.values or (roles.layout != "wide" and roles.meter < 0 and constant is None):
        say_no_meter(heading, roles, place, findings)
        return None
    return _Preparation(table, heading, roles, meters, options, findings).run(naming, constant)


def _own_meter(table: Table, naming: Naming) -> str | None:
    """The meter of the register that sheet or file are named like."""
    if naming.is_open:
        return None
    return naming.find(table.sheet) or naming.find(PurePosixPath(table.file).name.split(".")[0])


@dataclass(slots=True)
class _Preparation:
    table: Table
    heading: Heading
    roles: Roles
    meters: Mapping[str, Row] | None
    options: ImportOptions
    findings: Findings
    decisions: list[Decision] = field(default_factory=list)
    in_cells: set[int] = field(default_factory=set)

    @property
    def place(self) -> Place:
        return Place(self.table.file, self.table.sheet)

    def run(self, naming: Naming, constant: str | None) -> Prepared | None:
        """The recipe, or None if a question stays open that nobody but people can answer."""
        self._say("layout", self.roles.layout, "data")
        for subject, value in (("encoding", self.table.encoding), ("separator", self.table.separator_name)):
            if value not in _USUAL:
                self._say(subject, value, "data")
        self._say("header", str(self.heading.row), "data")
        if self.roles.unknown:
            names = [shown(self.heading.names[i]) for i in self.roles.unknown]
            more = " …" if len(names) > _SHOWN_NAMES else ""
            context = {"count": len(names), "meters": ", ".join(names[:_SHOWN_NAMES]) + more}
            self.findings.add("metering.unknown-meter", self.place, **context)
        mark, clock = self._mark(), self._clock()
        if mark is None or clock is None:
            return None
        units = self._units()
        ids = {naming.number(meter): meter for meter in self.meters or {}}
        registered = {number: self._registered_unit(meter) for number, meter in ids.items()}
        recipe = Recipe(self.heading, self.roles, clock, mark, naming, Factors(registered), units, constant)
        recipe.in_cells = frozenset(self.in_cells)
        self._limit(recipe)
        self._refuse_primary(recipe)
        self._compare_multipliers(naming, constant)
        return Prepared(recipe, self.decisions, self.meters, self.options)

    def _say(self, subject: str, value: str, reason: str, about: str = "") -> None:
        self.decisions.append(Decision(subject, value, reason, about))

    def _registered_unit(self, meter: str) -> str:
        return self.meters[meter].text("unit") if self.meters else NO_UNIT

    def _name(self, index: int) -> str:
        return self.heading.names[index]

    def _sample(self, index: int) -> list[str]:
        rows = self.table.head[self.heading.first - 1 :]
        return [row[index] for row in rows if index < len(row)]

    def _mark(self) -> str | None:
        if self.options.decimal is not None:
            self._say("decimal", self.options.decimal, "option")
            return self.options.decimal
        found = find_mark([cell for index in self.roles.values for cell in self._sample(index)])
        if found is None:
            column = shown(self._name(self.roles.values[0]))
            self.findings.add("import.decimal-unclear", Place(self.place.file, self.place.sheet, 0, column))
        elif found == ",":
            self._say("decimal", found, "data")
        return found

    def _clock(self) -> Clock | None:
        zone, day_first = self._zone(), self._day_first()
        if zone == "" or day_first == "unclear":
            return None
        order = None if isinstance(day_first, str) else day_first
        clock = Clock(zone, order, days_1904=bool(getattr(self.table, "days_1904", False)))
        if self._is_midnight_last(clock):
            self._say("midnight", "closes", "order")
            return replace(clock, closes_day=True)
        return clock

    def _zone(self) -> str | None:
        name = " ".join(self._name(index) for index in self.roles.times)
        if self.options.zone is not None:
            try:
                ZoneInfo(self.options.zone)
            except (ZoneInfoNotFoundError, ValueError, OSError):
                self.findings.add("metering.unknown-timezone", self.place, zone=shown(self.options.zone))
                return ""
        if "utc" in name.lower() or "gmt" in name.lower():
            self._say("zone", "UTC", "name")
            return "UTC"
        if self.options.zone is None:
            return None
        self._say("zone", self.options.zone, "option")
        return self.options.zone

    def _day_first(self) -> bool | str | None:
        index = self.roles.times[0]
        found = find_day_first(self._sample(index))
        if found == "unclear" and self.options.day_first is None:
            found = self._day_first_of_all(index)
        if found is None:
            return None
        if self.options.day_first is not None:
            self._say("day-first", "day-first" if self.options.day_first else "month-first", "option")
            return self.options.day_first
        if found == "unclear":
            column, example = shown(self._name(index)), next(iter(self._sample(index)), "")
            place = Place(self.place.file, self.place.sheet, self.heading.first, column)
            self.findings.add("import.day-or-month", place, example=shown(example))
        else:
            self._say("day-first", "day-first" if found else "month-first", "data")
        return found

    def _day_first_of_all(self, index: int) -> bool | str | None:
        """Look through the whole column: the first rows are of the first days of a month."""
        for block in self.table.blocks(self.heading.first, Findings()):
            found = find_day_first(block[f"c{index}"].cast(pl.String))
            if isinstance(found, bool):
                return found
        return "unclear"

    def _is_midnight_last(self, clock: Clock) -> bool:
        if self.roles.layout == "matrix":
            return False
        for block in self.table.blocks(self.heading.first, Findings()):
            times = clock.read(*(block[f"c{index}"] for index in self.roles.times))
            meter = self.roles.meter
            names = (
                block[f"c{meter}"].cast(pl.String)
                if meter >= 0
                else pl.Series([""]).new_from_index(0, block.height)
            )
            return find_midnight_last(times["local"], names)
        return False

    def _units(self) -> dict[int, str]:
        """The unit of each value column: stated, in its name or row of units, in a title; else open."""
        units = {}
        stated = self.options.unit
        for index in self.roles.values:
            name, top = self._name(index), self.heading.tops[index]
            own = self.heading.units[index] or unit_of_name(name) or unit_of_name(top)
            unit = (find_unit(stated) or stated) if stated else own or self.heading.title_unit
            units[index] = unit or self._unit_of_cells(index)
        return units

    def _unit_of_cells(self, index: int) -> str:
        """The commonest unit that stands in the cells themselves."""
        found = [unit for cell in self._sample(index) if (unit := unit_of_cell(cell))]
        if not found or self.roles.unit >= 0:
            return NO_UNIT
        self.in_cells.add(index)
        return max(found, key=found.count)

    def _compare_multipliers(self, naming: Naming, constant: str | None) -> None:
        """Multipliers in the first rows of the file against those of the register."""
        column, told = self.roles.multiplier, set()
        for number, row in enumerate(self.table.head[self.heading.first - 1 :], self.heading.first):
            if not self.meters or not 0 <= column < len(row):
                return
            name = row[self.roles.meter] if 0 <= self.roles.meter < len(row) else ""
            meter = constant or naming.find(name)
            given = _decimal(row[column])
            if meter is None or meter not in self.meters or given is None or meter in told:
                continue
            registered = self.meters[meter].number("multiplier") or Decimal(1)
            if given != registered:
                told.add(meter)
                place = Place(self.place.file, self.place.sheet, number, shown(self._name(column)))
                context = {"meter": meter, "given": f"{given:f}", "registered": f"{registered:f}"}
                self.findings.add("import.multiplier-differs", place, **context)

    def _limit(self, recipe: Recipe) -> None:
        year = int(load_words().limits.earliest_year.value)
        recipe.earliest = datetime(year, 1, 1, tzinfo=UTC) - timedelta(days=1)
        if self.options.today is not None:
            zone = ZoneInfo(recipe.clock.zone or "UTC")
            end = datetime.combine(self.options.today, clock_time(0), zone) + timedelta(days=1)
            recipe.latest = end.astimezone(UTC)

    def _refuse_primary(self, recipe: Recipe) -> None:
        """Primary values of a meter with multiplier would be multiplied twice."""
        names = [self._name(index) + self.heading.tops[index] for index in self.roles.values]
        titles = [cell for row in self.table.head[: self.heading.row - 1] for cell in row]
        is_primary = self.options.side == "primary" or (
            self.options.side is None and any(says(name, "primary") for name in (*names, *titles))
        )
        self._say("multiplier", "not-applied", "rule")
        if not is_primary or not self.meters:
            return
        naming = recipe.naming
        recipe.refused = frozenset(
            naming.number(meter)
            for meter, row in self.meters.items()
            if row.number("multiplier") not in (None, 1)
        )


def _decimal(text: str) -> Decimal | None:
    try:
        found = Decimal(text.strip())
    except InvalidOperation:
        return None
    return found if found.is_finite() else None
