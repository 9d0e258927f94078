"""Own values of fuels and processes that are off the documents' by a known confusion, or impossible."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from lingtan.dossier.records import Dossier, Row
from lingtan.dossier.registers import Carrier, carriers, registers
from lingtan.errors import Fault, fault
from lingtan.inventory.lines import multiply, number
from lingtan.inventory.lookup import Lookup
from lingtan.inventory.slips.confusions import HUNDRED, Of, describe, find_likely, load_slips, shorten
from lingtan.inventory.sources.combustion import FUELS
from lingtan.inventory.sources.fuels import Fuels
from lingtan.quantities import UnitError, is_unit, normal_unit, same_dimension, scale
from lingtan.standards.records import Sourced
from lingtan.trace import Node

_OTHER_GASES = {"combustion_ch4": "CH4", "combustion_n2o": "N2O"}
_GRAMS = Decimal(1000)


def find_factor_slips(dossier: Dossier, lookup: Lookup) -> Iterator[Fault]:
    """Slips among own heating values, carbon contents and factors.

    `lookup` is one of its own: what is only compared is not among the factors used.
    """
    defaults = Fuels(lookup, {})
    for row in dossier.rows.get("fuel_properties", ()):
        carrier = carriers().get(row.text("carrier"))
        if carrier is not None and carrier.kind in FUELS:
            yield from _FuelRow(row, carrier, defaults).find()
    for row in dossier.rows.get("process_activity", ()):
        yield from _process(row, lookup)


class _FuelRow:
    """The own values of one fuel beside its default values."""

    def __init__(self, row: Row, carrier: Carrier, defaults: Fuels) -> None:
        self._row = row
        self._carrier = carrier
        self._defaults = defaults
        self._limits = load_slips().limits

    def find(self) -> Iterator[Fault]:
        """The slips of the row, a cell each once."""
        limits = self._limits
        yield from self._value("ncv", "ncv", limits.hydrogen_ncv)
        yield from self._value("carbon_per_unit", "carbon", limits.pure_carbon)
        yield from self._value("direct_factor", "factor", limits.pure_carbon_co2)
        yield from self._content()

    def _value(self, column: str, of: Of, most: Sourced) -> Iterator[Fault]:
        """A value with a unit of its own: impossible, of another gas, or off by a confusion."""
        value, unit = self._row.number(column), self._row.text(f"{column}_unit")
        if value is None or not is_unit(unit):
            return
        expected = self._default(column, unit)
        if same_dimension(unit, most.unit) and value * scale(unit, most.unit) > most.value:
            yield self._impossible(column, (value, unit), of, expected, most)
        elif column == "direct_factor" and (gas := self._other_gas(value, unit)):
            yield gas
        elif expected is not None:
            yield from self._off(column, (value, unit), of, expected)

    def _content(self) -> Iterator[Fault]:
        """Carbon per heat: with the heating value it cannot be more than the fuel weighs."""
        column, unit, most = "carbon_content_tc_per_gj", "tC/GJ", self._limits.pure_carbon
        value = self._row.number(column)
        if value is None:
            return
        default = self._defaults.lookup.factor(self._carrier.name, "carbon_content")
        expected = None if default is None else number(default) * scale(default.unit, unit)
        ncv = self._defaults.ncv("", self._carrier, "t")
        per_tonne = None if ncv is None else value * number(ncv) * scale(ncv.unit, "GJ/t")
        if per_tonne is not None and per_tonne > most.value:
            yield self._impossible(column, (value, unit), "carbon", expected, most)
        elif expected is not None:
            yield from self._off(column, (value, unit), "carbon", expected)

    def _default(self, column: str, unit: str) -> Decimal | None:
        """What the documents have for the value of `column`, in `unit`; None where nothing compares."""
        per = normal_unit(unit).rpartition("/")[2]
        try:
            found = self._default_node(column, per, unit)
            return None if found is None else number(multiply("default", (("value", found),), unit))
        except UnitError:
            return None

    def _default_node(self, column: str, per: str, unit: str) -> Node | None:
        if column == "direct_factor":
            return self._defaults.factor("", self._carrier, per)
        ncv = self._defaults.ncv("", self._carrier, per)
        content = self._defaults.lookup.factor(self._carrier.name, "carbon_content")
        if column == "ncv" or ncv is None or content is None:
            return ncv if column == "ncv" else None
        return multiply("carbon", (("ncv", ncv), ("content", content)), unit)

    def _other_gas(self, value: Decimal, unit: str) -> Fault | None:
        """Where the value is that of methane or nitrous oxide, in the unit or in grams for kilograms."""
        per = normal_unit(unit).rpartition("/")[2]
        mass = normal_unit(unit).replace("CO2e", "").replace("CO2", "")
        for kind, gas in _OTHER_GASES.items():
            node = self._defaults.lookup.factor(self._carrier.name, kind)
            ncv = self._defaults.ncv("", self._carrier, per)
            if node is None or (ncv is None and not same_dimension(per, "GJ")):
                continue
            inputs = (("factor", node),) if ncv is None else (("factor", node), ("ncv", ncv))
            try:
                expected = number(multiply("gas", inputs, mass))
            except UnitError:
                continue
            percent = self._limits.impossible_percent.value
            for likely in (expected, expected * _GRAMS):
                if abs(value - likely) * HUNDRED <= percent * likely:
                    words = {"gas": gas, "unit": unit, **self._names("direct_factor")}
                    described = describe(value, likely, None)
                    return fault("inventory.slip-gas", self._row.at("direct_factor"), **words, **described)
        return None

    def _off(self, column: str, stated: tuple[Decimal, str], of: Of, expected: Decimal) -> Iterator[Fault]:
        value, unit = stated
        percent = self._limits.factor_percent.value
        likely = find_likely(value, expected, unit, of=of, percent=percent)
        if likely is not None:
            words = {"unit": unit, "percent": percent, **self._names(column)}
            described = describe(value, expected, likely)
            yield fault("inventory.slip-default", self._row.at(column), **words, **described)

    def _impossible(
        self, column: str, stated: tuple[Decimal, str], of: Of, expected: Decimal | None, most: Sourced
    ) -> Fault:
        value, unit = stated
        percent = self._limits.impossible_percent.value
        likely = find_likely(value, expected, unit, of=of, percent=percent) if expected else None
        words = {"unit": unit, "most": shorten(most.value), "most_unit": most.unit, **self._names(column)}
        described = describe(value, expected or Decimal(0), likely)
        return fault("inventory.slip-impossible", self._row.at(column), **words, **described)

    def _names(self, column: str) -> dict[str, str]:
        declared = registers()["fuel_properties"].columns[column]
        fuel = {"fuel": self._carrier.zh, "fuel_en": self._carrier.en}
        return {**fuel, "label": declared.zh, "name": declared.en, "enterprise": self._row.text("enterprise")}


def _process(row: Row, lookup: Lookup) -> Iterator[Fault]:
    """An own process factor that is off the document's by a confusion."""
    value, unit = row.number("factor"), row.text("factor_unit") or "tCO2/t"
    document = lookup.factor(row.text("process"), "process", "carbonate")
    if value is None or document is None or not is_unit(unit) or not same_dimension(unit, document.unit):
        return
    expected = number(document) * scale(document.unit, unit)
    percent = load_slips().limits.factor_percent.value
    likely = find_likely(value, expected, unit, of="factor", percent=percent)
    if likely is not None:
        column = registers()["process_activity"].columns["factor"]
        zh, en = registers()["process_activity"].columns["process"].choices.get(row.text("process"), ("", ""))
        words = {"fuel": zh, "fuel_en": en, "label": column.zh, "name": column.en, "percent": percent}
        words |= {"enterprise": row.text("enterprise"), "unit": unit}
        yield fault("inventory.slip-default", row.at("factor"), **words, **describe(value, expected, likely))
