"""Leaves of the trace as uncertain inputs, each once: a factor used by many lines errs in all of them."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from lingtan.dossier.records import Dossier, Row
from lingtan.dossier.registers import carriers
from lingtan.errors import Fault, Place, fault
from lingtan.factors import Registry
from lingtan.inventory.uncertainty.defaults import Defaults, Spread
from lingtan.inventory.uncertainty.records import Input, Role
from lingtan.trace import Node, Origin

Key = tuple[str, str]  # name, and the place of a cell: a key that stands twice is two inputs
Kinds = tuple[Role, str, str]  # role, kind of its width, kind of its score
HOURLY = "hourly_intensity"
_NO_KIND: Kinds = ("activity", "", "")
_MEASURED: Kinds = ("factor", "measured", "measured")
_GWP: Kinds = ("gwp", "gwp", "")
_INSTRUMENTS = ("green_electricity", "certificates")
_FACTOR_COLUMNS = (
    "factor",
    "purity_percent",
    "carbon_fraction_percent",
    "fossil_fraction_percent",
    "heel_percent",
    "use_rate_percent",
    "abated_percent",
    "destruction_percent",
)
_OWN_SOURCE = ("process_activity", "fugitive_gases", "electronics_gases", "waste_treatment", "wastewater")


@dataclass(slots=True)
class Inputs:
    """The inputs found so far. `given` are uncertainties by name of input, before any default."""

    dossier: Dossier
    registry: Registry
    defaults: Defaults
    given: Mapping[str, Spread] = field(default_factory=dict)
    found: dict[Key, Input] = field(default_factory=dict)
    _kinds: dict[str, str] = field(default_factory=dict)
    _rows: dict[tuple[str, Place], Row] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Kinds of factors by id, rows of energy by the place of their quantity."""
        self._kinds = {factor.id: factor.kind for factor in self.registry.list_factors()}
        for row in self.dossier.rows.get("energy_activity", ()):
            self._rows[row.origin("quantity").reference, row.at("quantity")] = row

    def find(self, leaf: Node) -> tuple[Key, ...]:
        """The inputs behind a leaf: none where it is exact (conversions, choices of the method).

        Emissions read hour by hour have two: what the meter errs by, and the intensity all of them share.
        """
        origin = leaf.origin
        if origin is None or origin.kind in ("parameter", "confirmed"):
            return ()
        if origin.kind == "readings" and origin.reference.endswith(".emissions"):
            shared = replace(leaf, name=HOURLY, value=None, unit="1")
            own = self._put(leaf, Origin("readings", ""), ("activity", "meter", "meter"))
            return own, self._put(shared, Origin("readings", ""), ("factor", HOURLY, HOURLY))
        return (self._put(leaf, origin, self._classified(leaf, origin)),)

    def _put(self, leaf: Node, origin: Origin, kinds: Kinds) -> Key:
        key = (leaf.name, str(origin.place) if origin.kind == "cell" else "")
        if key not in self.found:
            self.found[key] = self._input(leaf, kinds)
        return key

    def _input(self, leaf: Node, kinds: Kinds) -> Input:
        role, kind, quality = kinds
        value = leaf.value if isinstance(leaf.value, Decimal) else None
        bare = Input(leaf.name, role, kind, quality, value, leaf.unit, None)
        if leaf.name in self.given:
            spread = self.given[leaf.name]
            return replace(bare, deviation=spread.deviation, source="given")
        width = self.defaults.inputs.get(kind)
        if width is None:
            return bare
        return replace(bare, deviation=width.spread.deviation, basis=width.basis, source=width.source)

    def _classified(self, leaf: Node, origin: Origin) -> Kinds:
        if origin.kind == "readings":
            return ("activity", "meter", "meter")
        if origin.kind == "factor":
            if leaf.name.startswith("gwp."):
                return _GWP
            kind = self._kind(leaf.name, origin.reference)
            return ("factor", kind, kind if kind in self.defaults.factor_scores else "default")
        return self._cell(origin) if origin.kind == "cell" else _NO_KIND

    def _kind(self, name: str, id_: str) -> str:
        """The kind of width of a factor out of a document; enthalpies are read off a table of their own."""
        if name.startswith("steam×"):
            return "steam_table"
        return self.defaults.factor_kinds.get(self._kinds.get(id_, ""), "default")

    def _cell(self, origin: Origin) -> Kinds:
        register, column = origin.reference.split("[", 1)[0], origin.reference.rsplit(".", 1)[-1]
        if register == "fuel_properties" or column in _FACTOR_COLUMNS:
            return _MEASURED
        if column == "gwp":
            return _GWP
        if register in _INSTRUMENTS:
            return ("activity", "instrument", "instrument")
        if register in _OWN_SOURCE:
            return ("activity", register, register)
        return self._energy(self._rows.get((origin.reference, origin.place)))

    def _energy(self, row: Row | None) -> Kinds:
        """By the column `source`; of fossil fuel the documented width, unless it was estimated."""
        source = row.text("source") if row is not None else ""
        if row is None or not source:
            return _NO_KIND
        carrier = carriers().get(row.text("carrier"))
        is_fossil = carrier is not None and carrier.kind == "fossil" and source != "estimate"
        return ("activity", "fossil_fuel" if is_fossil else source, source)

    def refuse_spreads(self) -> list[Fault]:
        """The uncertainties given that are out of range."""
        return [
            fault("uncertainty.bad-spread", name=name, percent=spread.percent, confidence=spread.confidence)
            for name, spread in sorted(self.given.items())
            if not spread.is_usable
        ]

    def refuse_names(self) -> list[Fault]:
        """The uncertainties given for what is no input that was found."""
        names = sorted({one.name for one in self.found.values()})
        return [
            fault("uncertainty.unknown-input", name=name, near=_near(name, names))
            for name in sorted(self.given)
            if name not in names
        ]


def _near(name: str, names: Sequence[str]) -> str:
    return "、".join(difflib.get_close_matches(name, names, n=3)) or "—"
