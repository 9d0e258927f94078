"""The emission factor and the heating value of a fuel: measured where handed in, else default."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from lingtan.dossier.records import Dossier, Row
from lingtan.dossier.registers import Carrier
from lingtan.errors import NOWHERE, Fault, fault
from lingtan.inventory.activities import cell, is_unproven_zero
from lingtan.inventory.lines import Labelled, multiply
from lingtan.inventory.lookup import Lookup
from lingtan.quantities import UnitError, same_dimension
from lingtan.trace import Gap, Node

_CHAIN_COLUMNS = ("ncv", "carbon_content_tc_per_gj", "oxidation_percent", "carbon_per_unit")
Path = Literal["combustion", "conversion"]


@dataclass(slots=True)
class Fuels:
    """Factors of the fuels of one park, each (enterprise, carrier, unit) worked out once.

    Nothing is guessed: where neither the park nor a document has a value the answer is None and
    `gaps` says what is lacking; `faults` has what is wrong. `unproven`: an own factor of nought without
    evidence stands there, so that nothing is known.
    """

    lookup: Lookup
    properties: Mapping[tuple[str, str], Row]
    unproven: frozenset[tuple[str, str]] = frozenset()
    faults: list[Fault] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    _factors: dict[tuple[str, str, str, Path], Node | None] = field(default_factory=dict)

    def factor(
        self, enterprise: str, carrier: Carrier, unit: str, *, path: Path = "combustion"
    ) -> Node | None:
        """tCO2 per `unit` of the fuel; in conversion all carbon counts as oxidised."""
        key = (enterprise, carrier.name, unit, path)
        if key not in self._factors:
            self._factors[key] = self._find(enterprise, carrier, unit, path)
        return self._factors[key]

    def measured(self, enterprise: str, carrier: Carrier, column: str, unit: str = "") -> Node | None:
        """A measured value of the register, None where the cell is blank."""
        row = self.properties.get((enterprise, carrier.name))
        if row is None or row.number(column) is None:
            return None
        return cell(row, column, unit or row.text(f"{column}_unit"))

    def ncv(self, enterprise: str, carrier: Carrier, unit: str) -> Node | None:
        """The heating value per `unit` of fuel, measured before default."""
        return self.measured(enterprise, carrier, "ncv") or self.lookup.factor(carrier.name, "ncv", per=unit)

    def _find(self, enterprise: str, carrier: Carrier, unit: str, path: Path) -> Node | None:
        if (enterprise, carrier.name) in self.unproven:
            self.gaps.append(Gap(f"fuel_properties[{enterprise}/{carrier.name}].evidence", enterprise))
            return None
        own = self.measured(enterprise, carrier, "direct_factor")
        if own is not None and self._has_two_paths(enterprise, carrier):
            return None
        ways: tuple[Callable[[], Node | None], ...] = (
            lambda: self._chain(enterprise, carrier, unit, path),
            lambda: self.lookup.factor(carrier.name, "direct_factor", per=unit),
        )
        ways = ways if self.lookup.is_home else ways[::-1]
        try:
            found = _per(own, unit) if own is not None else ways[0]() or ways[1]()
        except UnitError:
            self.faults.append(self._unit_fault(enterprise, carrier, unit))
            found = None
        if found is not None and own is None and self.lookup.kind_of(found) == "direct_factor":
            self._say_gross(enterprise, carrier, unit, found)
        if found is None:
            self.faults.extend(self.lookup.why_not(carrier.name))
            self.gaps.append(Gap(f"fuel_properties[{enterprise}/{carrier.name}]", enterprise))
        return found

    def _has_two_paths(self, enterprise: str, carrier: Carrier) -> bool:
        """Whether a direct factor stands beside values of the other path: an error, never a choice."""
        row = self.properties[enterprise, carrier.name]
        both = any(row.number(column) is not None for column in _CHAIN_COLUMNS)
        if both:
            place = row.at("direct_factor")
            self.faults.append(fault("inventory.two-paths", place, fuel=carrier.zh, name=carrier.en))
            self.gaps.append(Gap(f"fuel_properties[{row.key}].direct_factor", enterprise, place))
        return both

    def _chain(self, enterprise: str, carrier: Carrier, unit: str, path: Path) -> Node | None:
        """NCV x carbon content x oxidation x 44/12; measured carbon per unit replaces the first two."""
        carbon = self._carbon(enterprise, carrier, unit)
        oxidation = self._oxidation(enterprise, carrier, path)
        if carbon is None or oxidation is None:
            return None
        method = self.lookup.method
        mass = ("co2_mass", method.node("co2_molar_mass"))
        inputs = (*carbon, ("oxidation", oxidation), mass)
        per = ("carbon_mass", method.node("carbon_molar_mass"))
        name = "×".join(node.name for label, node in inputs if label not in ("co2_mass",))
        return multiply(name, inputs, f"tCO2/{unit}", per=per)

    def _carbon(self, enterprise: str, carrier: Carrier, unit: str) -> tuple[Labelled, ...] | None:
        own = self.measured(enterprise, carrier, "carbon_per_unit")
        if own is not None:
            return (("carbon", own),)
        content = self.measured(enterprise, carrier, "carbon_content_tc_per_gj", "tC/GJ")
        content = content or self.lookup.factor(carrier.name, "carbon_content")
        if content is None:
            return None
        if same_dimension(unit, "GJ"):
            return (("carbon_content", content),)
        ncv = self.ncv(enterprise, carrier, unit)
        return None if ncv is None else (("ncv", ncv), ("carbon_content", content))

    def _oxidation(self, enterprise: str, carrier: Carrier, path: Path) -> Node | None:
        if path == "conversion":
            return self.lookup.method.node("conversion_oxidation_percent")
        own = self.measured(enterprise, carrier, "oxidation_percent", "percent")
        return own or self.lookup.factor(carrier.name, "oxidation")

    def _say_gross(self, enterprise: str, carrier: Carrier, unit: str, factor: Node) -> None:
        """Fuel bought by energy: the factor is for the gross calorific value, tce take it as it stands."""
        if same_dimension(unit, "GJ"):
            words = {"fuel": carrier.zh, "name": carrier.en, "unit": unit, "factor": factor.name}
            self.faults.append(fault("inventory.gross-calorific", NOWHERE, enterprise=enterprise, **words))

    def _unit_fault(self, enterprise: str, carrier: Carrier, unit: str) -> Fault:
        row = self.properties.get((enterprise, carrier.name))
        place = row.place if row is not None else NOWHERE
        return fault(
            "inventory.fuel-unit", place, fuel=carrier.zh, name=carrier.en, unit=unit, usual=carrier.unit
        )


def _per(own: Node, unit: str) -> Node:
    """An own direct factor, once it is known that it multiplies with `unit` to a mass of CO2."""
    multiply("check", (("factor", own),), f"tCO2/{unit}")
    return own


def read_fuels(dossier: Dossier, lookup: Lookup) -> Fuels:
    """The measured fuel properties of the dossier over the defaults of the registry."""
    rows = dossier.rows.get("fuel_properties", ())
    properties = {(row.text("enterprise"), row.text("carrier")): row for row in rows}
    unproven = {
        key: row for key, row in properties.items() if is_unproven_zero(dossier, row, "direct_factor")
    }
    faults = [
        fault("inventory.zero-without-evidence", row.at("direct_factor"), row=row.key)
        for row in unproven.values()
    ]
    return Fuels(lookup, properties, frozenset(unproven), faults)
