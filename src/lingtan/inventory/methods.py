"""A method as data: which gases, which factors, which conventions, each with basis and source."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import cache
from typing import Literal

import lingtan_data
from lingtan.documents import Record, load_record
from lingtan.errors import LingtanError, fault
from lingtan.trace import Basis, Node, Origin


class Choice(Record):
    """A convention of a method: basis and where it is written."""

    basis: Basis
    source: str


class Word(Choice):
    """A convention that is a name."""

    value: str


class Flag(Choice):
    """A convention that is yes or no (YAML 1.2 reads `yes` as text)."""

    value: Literal["yes", "no"]

    @property
    def holds(self) -> bool:
        """Whether it is yes."""
        return self.value == "yes"


class Words(Choice):
    """A convention that is a list of names."""

    value: tuple[str, ...]


class Number(Choice):
    """A convention that is a number with its unit."""

    value: Decimal
    unit: str


class Method(Record):
    """A method profile. Results of two methods are never added."""

    id: str
    zh: str
    en: str
    review_by: date
    gas_coverage: Word
    gwp_set: Word
    co2_molar_mass: Number
    carbon_molar_mass: Number
    fuel_path: Word
    combustion_other_gases: Flag
    conversion_oxidation_percent: Number
    dual_electricity: Flag
    electricity_kind: Word
    electricity_place: Word
    market_kind: Word
    green_electricity_factor: Number
    green_instruments: Words
    export: Word
    nonfossil_export_at_zero: Flag
    heat_place: Word
    nonfossil_heat_factor: Number
    reference_enthalpy: Number
    energy_mode: Word
    intensity: Word
    feedstock_in_energy: Flag
    equal_value_precedent: Word
    offsets: Word
    factor_age_years: Number
    imbalance_percent: Number

    def node(self, name: str) -> Node:
        """A number of the profile as a leaf of the trace."""
        number: Number = getattr(self, name)
        origin = Origin("parameter", f"methods/{self.id}.{name}", detail={"source": number.source})
        return Node(name, number.value, number.unit, origin=origin, basis=number.basis)

    @property
    def emissions_unit(self) -> str:
        """tCO2, or tCO2e where other gases count."""
        return "tCO2" if self.is_co2_only else "tCO2e"

    @property
    def is_co2_only(self) -> bool:
        """Whether gases other than CO2 stay out."""
        return self.gas_coverage.value == "co2"


@cache
def method_names() -> tuple[str, ...]:
    """Every method that can be computed."""
    return tuple(sorted(file.stem for file in lingtan_data.path("methods", "profiles").glob("*.yaml")))


@cache
def load_method(name: str) -> Method:
    """The method profile `name`. LingtanError if there is none, EditionError if its file is wrong."""
    if name not in method_names():
        known = "、".join(method_names())
        raise LingtanError([fault("inventory.unknown-method", method=name, known=known)])
    return load_record(Method, "methods", "profiles", f"{name}.yaml")
