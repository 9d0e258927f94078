"""After every cell was seen: what each meter's readings are, and the faults of the table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time
from decimal import Decimal
from typing import Any

import polars as pl

from lingtan.dossier.findings import Findings
from lingtan.errors import Place
from lingtan.metering.importing.cells import Table
from lingtan.metering.importing.deciding import find_registers, find_stamps, find_steps
from lingtan.metering.importing.factors import NO_UNIT
from lingtan.metering.importing.preparing import Prepared
from lingtan.metering.importing.records import ColumnUse, Decision, MeterPlan, Quantity, TablePlan
from lingtan.metering.importing.survey import Survey, decimals_kept
from lingtan.metering.importing.telling import Teller
from lingtan.metering.importing.values import LARGEST, MOST_DECIMALS
from lingtan.metering.importing.words import find_unit, says
from lingtan.quantities import UnitError, same_dimension

_TWELVE_DIGITS = 1e12
_TOLD_BY_NAME: tuple[Quantity, ...] = ("power", "cumulative", "interval")
_MINUTE_MS = 60_000
_SHOWN_NAMES = 5


def settle_table(
    prepared: Prepared, survey: Survey, table: Table, findings: Findings
) -> tuple[TablePlan, pl.DataFrame]:
    """The plan of a table, and instants with several readings; faults go to `findings`."""
    return _Settling(prepared, survey, table, findings).run()


@dataclass(slots=True)
class _Settling:
    prepared: Prepared
    survey: Survey
    table: Table
    findings: Findings
    steps: dict[int, int] = field(default_factory=dict)
    registers: set[int] = field(default_factory=set)
    sampled: dict[int, int] = field(default_factory=dict)

    @property
    def place(self) -> Place:
        return self.teller.place

    @property
    def teller(self) -> Teller:
        return Teller(self.prepared, self.survey, self.table, self.findings)

    def run(self) -> tuple[TablePlan, pl.DataFrame]:
        sample = self.survey.sample()
        self.steps, self.registers = find_steps(sample), find_registers(sample)
        self.sampled = dict(sample.group_by("meter").len().iter_rows())
        facts = self.survey.meters()
        stamps, reason = self._stamps(facts)
        plans = tuple(self._meter(row, stamps) for row in facts.sort("meter").iter_rows(named=True))
        if any(plan.stamps != "instant" for plan in plans):
            self._say("stamps", stamps, reason)
        self._say_kinds(plans)
        left = self.teller.say_left_out()
        repeats = self.teller.say_repeats()
        recipe = self.prepared.recipe
        plan = TablePlan(
            self.table.file,
            self.table.sheet,
            recipe.roles.layout,
            recipe.heading.row,
            self._columns(),
            tuple(self.prepared.decisions),
            plans,
            self.survey.taken,
            left,
            self.table.lost,
        )
        return plan, repeats

    def _say(self, subject: str, value: str, reason: str, about: str = "") -> None:
        decision = Decision(subject, value, reason, about)
        if decision not in self.prepared.decisions:
            self.prepared.decisions.append(decision)

    def _row(self, meter: str) -> Any:
        return (self.prepared.meters or {}).get(meter)

    def _stamps(self, facts: pl.DataFrame) -> tuple[str, str]:
        """What a stamp marks where the register is silent, and why."""
        options, recipe = self.prepared.options, self.prepared.recipe
        if options.stamps is not None:
            return options.stamps, "option"
        if recipe.roles.stamps is not None:
            return recipe.roles.stamps
        if recipe.clock.closes_day:
            return "end", "order"
        if self.survey.late:
            return "end", "twenty-four"
        step = max(self.steps.values(), key=list(self.steps.values()).count, default=0)
        if facts.is_empty():
            return "begin", "default"
        first, last = (
            [_day_ms(at) for at in facts[name].dt.time().to_list()] for name in ("local_first", "local_last")
        )
        found = find_stamps(first, last, step)
        if found is None:
            self._warn_assumed(facts)
            return "begin", "default"
        return found, "ends" if found == "end" else "begins"

    def _warn_assumed(self, facts: pl.DataFrame) -> None:
        """Where register, data and people are silent, the begin is taken and that is said."""
        for row in facts.sort("meter").iter_rows(named=True):
            registered = self._row(self.prepared.recipe.naming.ids[row["meter"]])
            stated = registered is not None and registered.text("stamps")
            quantity, _ = self._quantity(row["meter"], row, registered, quietly=True)
            if not stated and quantity != "cumulative":
                self.findings.add("import.stamps-assumed", self.place)
                return

    def _meter(self, facts: Mapping[str, Any], stamps: str) -> MeterPlan:
        recipe, number = self.prepared.recipe, facts["meter"]
        meter = recipe.naming.ids[number]
        row = self._row(meter)
        quantity, reason = self._quantity(number, facts, row)
        stated = row.text("stamps") if row is not None else ""
        if stated and quantity != "cumulative":
            self._say("stamps", stated, "register", meter)
        stamps = stated or stamps
        minutes = self._interval(number, row)
        is_end = stamps == "end" and quantity != "cumulative"
        if is_end and not minutes:
            self.findings.add("import.interval-unknown", self.teller.place_of(facts["column"]), meter=meter)
        file_unit = facts["unit"]
        unit = (row.text("unit") if row is not None else "") or file_unit
        self.teller.say_meter(meter, facts, row, quantity)
        decimals = decimals_kept(
            facts["decimals"],
            max(abs(facts["least"]), abs(facts["most"])),
            facts["size"],
            LARGEST,
            _TWELVE_DIGITS,
        )
        if decimals < facts["decimals"] or facts["decimals"] == MOST_DECIMALS:
            self.findings.count("import.rounded", self.teller.place_of(facts["column"]), decimals=decimals)
        return MeterPlan(
            meter=meter,
            column=recipe.heading.names[facts["column"]],
            quantity=quantity,
            reason=reason,
            unit=unit,
            file_unit=file_unit or unit,
            factor=recipe.factors.factor(number, file_unit) or Decimal(1),
            stamps="instant" if quantity == "cumulative" else "end" if is_end else "begin",
            interval_minutes=minutes,
            shift_ms=minutes * _MINUTE_MS if is_end else 0,
            exponent=-decimals,
            taken=facts["count"],
            first=facts["first"],
            last=facts["last"],
        )

    def _interval(self, number: int, row: Any) -> int:
        stated = row.number("interval_minutes") if row is not None else None
        if stated:
            return int(stated)
        usual = list(self.steps.values())
        return self.steps.get(number) or max(usual, key=usual.count, default=0)

    def _quantity(
        self, number: int, facts: Mapping[str, Any], row: Any, *, quietly: bool = False
    ) -> tuple[Quantity, str]:
        """Register, option, unit, name, data, in this order; a register that the data deny is told."""
        seen: Quantity = "cumulative" if number in self.registers else "interval"
        if row is not None and row.text("quantity"):
            stated = row.text("quantity")
            meter = self.prepared.recipe.naming.ids[number]
            is_judged = self.sampled.get(number, 0) >= 96  # a few readings tell nothing
            if not quietly and (stated == "cumulative") != (seen == "cumulative") and is_judged:
                place = self.teller.place_of(facts["column"])
                self.findings.add("import.quantity-differs", place, meter=meter, stated=stated, seen=seen)
            return stated, "register"
        if self.prepared.options.quantity is not None:
            return self.prepared.options.quantity, "option"
        if _is_power(facts["unit"]):
            return "power", "unit"
        heading = self.prepared.recipe.heading
        name = heading.names[facts["column"]] + heading.tops[facts["column"]]
        for what in _TOLD_BY_NAME:
            if says(name, what):
                return what, "name"
        return seen, "data" if facts["count"] >= 96 else "default"

    def _say_kinds(self, plans: tuple[MeterPlan, ...]) -> None:
        """One line for all meters taken alike, a line per meter where they differ."""
        for subject in ("quantity", "unit", "interval"):
            told = {plan.meter: self._told(plan, subject) for plan in plans}
            same = len(set(told.values())) == 1
            for meter, (value, reason) in told.items():
                if value:
                    self._say(subject, value, reason, "" if same else meter)

    def _told(self, plan: MeterPlan, subject: str) -> tuple[str, str]:
        if subject == "quantity":
            return plan.quantity, plan.reason
        if subject == "interval":
            row = self._row(plan.meter)
            stated = row is not None and row.number("interval_minutes")
            return (
                str(plan.interval_minutes) if plan.interval_minutes else ""
            ), "register" if stated else "data"
        value = (
            plan.unit if plan.factor == 1 else f"{plan.file_unit} × {plan.factor.normalize():f} = {plan.unit}"
        )
        stated_unit = self.prepared.options.unit is not None
        column = self.prepared.recipe.heading.names.index(plan.column)
        named = (
            stated_unit
            or bool(self.prepared.recipe.units.get(column))
            or self.prepared.recipe.roles.unit >= 0
        )
        return value, "option" if stated_unit else "name" if named else "register"

    def _columns(self) -> tuple[ColumnUse, ...]:
        recipe = self.prepared.recipe
        roles, names = recipe.roles, recipe.heading.names
        uses = dict.fromkeys(roles.times, "time")
        uses |= {roles.meter: "meter", roles.unit: "unit", roles.multiplier: "multiplier"}
        uses |= dict.fromkeys(roles.values, "value") | dict.fromkeys(roles.unknown, "unknown-meter")
        meters = dict(zip(roles.values, roles.meters, strict=False))
        return tuple(
            ColumnUse(name, uses.get(index, "ignored"), meters.get(index, recipe.constant or ""))
            if index in roles.values
            else ColumnUse(name, uses.get(index, "ignored"))
            for index, name in enumerate(names)
        )


def _day_ms(at: time) -> int:
    return ((at.hour * 60 + at.minute) * 60 + at.second) * 1000 + at.microsecond // 1000


def _is_power(unit: str) -> bool:
    try:
        return unit != NO_UNIT and same_dimension(find_unit(unit) or unit, "kW")
    except UnitError:
        return False
