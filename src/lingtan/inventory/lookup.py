"""Factors as leaves of the trace: each asked for once, all used ones remembered for the warnings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import partial
from typing import TypeVar, cast

from lingtan.dossier.records import Location
from lingtan.errors import FactorError, Fault
from lingtan.factors import Gwp, Registry, find_enthalpy, find_gwp, place_chain
from lingtan.factors.records import FoundFactor
from lingtan.inventory.lines import Labelled, multiply
from lingtan.inventory.methods import Method
from lingtan.inventory.records import Scope
from lingtan.trace import Node, Origin

HOME = "CN"
# What stands above the line in the unit of a kind, where values exist per tonne, per volume and per energy.
_ABOVE = {"ncv": "GJ", "direct_factor": "tCO2e", "tce_calorific": "kgce"}
_CONVENTIONS = ("tce_calorific", "tce_definition", "method_electricity", "method_heat")
_NAMED = ("place", "id", "gwp", "steam")
T = TypeVar("T")


@dataclass(slots=True)
class Lookup:
    """The registry as seen from one park, year and method; nothing found is None, with the fault kept."""

    registry: Registry
    location: Location
    year: int
    method: Method
    on: date | None = None
    used: dict[str, FoundFactor] = field(default_factory=dict)
    refused: dict[tuple[str, ...], tuple[Fault, ...]] = field(default_factory=dict)
    _answers: dict[tuple[str, ...], object] = field(default_factory=dict)
    _nodes: dict[str, Node] = field(default_factory=dict)
    _place: str = ""

    def __post_init__(self) -> None:
        """Settles the narrowest place whose name is known; a name nobody knows is kept as a fault."""
        for name in (self.location.province, self.location.grid, self.location.country):
            if name and not self._place:
                self._place = self._tried(("place", name), partial(_region, name)) or ""

    @property
    def is_home(self) -> bool:
        """Whether the park lies in China, whose documents the methods follow."""
        return self.location.country == HOME

    @property
    def place(self) -> str:
        """The region id that factors are sought for."""
        return self._place or self.location.country

    def factor(self, activity: str, *kinds: str, per: str = "", national: bool = False) -> Node | None:
        """The factor of `activity` of the first of `kinds` that has one, in a unit that ends in `per`."""
        for kind in kinds:
            unit = f"{_ABOVE[kind]}/{per}" if per and kind in _ABOVE else ""
            found = self._find(activity, kind, unit, self._place_of(kind, national=national))
            if found is not None:
                return found
        return None

    def grid_factor(self, kind: str) -> Node | None:
        """The factor of electricity from the grid, of the place or of the country as the method has it."""
        return self.factor("electricity", kind, national=self.method.electricity_place.value == "national")

    @property
    def complaints(self) -> list[tuple[Fault, ...]]:
        """Why places, gases, steam and named factors were not found (activities have gaps of their own)."""
        return [faults for key, faults in sorted(self.refused.items()) if key[0] in _NAMED]

    def why_not(self, activity: str) -> list[Fault]:
        """What the registry said when asked for factors of `activity`."""
        return [item for key, faults in sorted(self.refused.items()) if key[0] == activity for item in faults]

    def _place_of(self, kind: str, *, national: bool) -> str:
        """Conventions of the methods hold wherever the park lies; other factors are those of its place."""
        if kind in _CONVENTIONS:
            return HOME
        return self.location.country if national else self.place

    def by_id(self, id_: str) -> Node | None:
        """The factor with this id."""
        found = self._tried(("id", id_), lambda: self.registry.find_by_id(id_, on=self.on))
        return None if found is None else self._node(found)

    def kind_of(self, node: Node) -> str:
        """The kind of a factor that was found here."""
        found = self.used.get(node.name)
        return found.factor.kind if found else ""

    def gwp(self, gas: str) -> tuple[tuple[Scope, Node], ...]:
        """GWP of a gas or blend: its Kyoto part, and the other part apart; empty where not known."""
        gwp_set = self.method.gwp_set.value
        found = self._tried(("gwp", gas), lambda: find_gwp(gas, gwp_set=gwp_set, registry=self.registry))
        if found is None:
            return ()
        parts: tuple[tuple[Scope, Decimal], ...] = (("1", found.kyoto), ("non_kyoto", found.non_kyoto))
        return tuple((scope, _gwp_node(found, scope, value)) for scope, value in parts if value)

    def leak_rate(self, equipment: str, kind: str) -> Labelled | None:
        """A leak rate of a type of equipment (its id) as a share of one; None if it is not known."""
        node = self.factor(equipment, kind)
        return None if node is None else (kind, _as_share(node))

    def enthalpy(self, pressure_mpa: Decimal, temperature_c: Decimal | None) -> Node | None:
        """Enthalpy of steam in kJ/kg; None outside the table (the fault is kept)."""
        key = ("steam", str(pressure_mpa), str(temperature_c))
        found = self._tried(
            key, lambda: find_enthalpy(pressure_mpa=pressure_mpa, temperature_c=temperature_c)
        )
        return None if found is None else self._node(found, name="×".join(key))

    def _find(self, activity: str, kind: str, unit: str, place: str) -> Node | None:
        def ask() -> FoundFactor:
            return self.registry.find(
                activity=activity, kind=kind, year=self.year, place=place,
                method=self.method.id, unit=unit, on=self.on,
            )  # fmt: skip

        found = self._tried((activity, kind, unit, place), ask)
        return None if found is None else self._node(found)

    def _tried(self, key: tuple[str, ...], ask: Callable[[], T]) -> T | None:
        """The answer of `ask`, asked once; what it refuses is kept as faults, never raised."""
        if key not in self._answers:
            try:
                self._answers[key] = ask()
            except FactorError as error:
                self.refused[key] = error.faults
                self._answers[key] = None
        return cast("T | None", self._answers[key])

    def _node(self, found: FoundFactor, name: str = "") -> Node:
        """One node per factor, shared by all lines that use it."""
        name = name or found.factor.id
        if name not in self._nodes:
            self.used[name] = found
            self._nodes[name] = _factor_node(name, found)
        return self._nodes[name]


def _region(name: str) -> str:
    return place_chain(name)[0]


def _factor_node(name: str, found: FoundFactor) -> Node:
    factor = found.factor
    detail = {
        "source": factor.source,
        "year": str(factor.year or ""),
        "region": factor.region,
        "because": found.because,
        "because_en": found.because_en,
        "second_hand": "yes" if factor.second_hand else "no",
    }
    origin = Origin("factor", factor.id, detail=detail)
    return Node(name, factor.value, factor.unit, origin=origin, basis=factor.basis, note=found.because)


def _gwp_node(gwp: Gwp, scope: Scope, value: Decimal) -> Node:
    sources = "；".join(sorted({factor.source for _, factor in gwp.parts}))
    parts = " + ".join(f"{share} × {factor.id}" for share, factor in gwp.parts)
    detail = {"source": sources, "parts": parts, "set": gwp.gwp_set, "because": gwp.because_zh}
    detail["because_en"] = gwp.because_en
    name = f"gwp.{gwp.gwp_set}.{gwp.gas}{'' if scope == '1' else '.non_kyoto'}"
    return Node(name, value, gwp.unit, origin=Origin("factor", name, detail=detail), basis="precedent")


def _as_share(node: Node) -> Node:
    return multiply(node.name, (("rate", node),), "1")
