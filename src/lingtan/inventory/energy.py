"""Energy consumption in tonnes of coal equivalent, at calorific value and at equal value."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from lingtan.errors import NOWHERE, Fault, fault
from lingtan.inventory.activities import Activity
from lingtan.inventory.lines import multiply, negative, number, unit_scale
from lingtan.inventory.setting import Setting
from lingtan.inventory.sources.combustion import BURNT, FUELS
from lingtan.inventory.sources.electricity import in_mwh
from lingtan.inventory.sources.heat import KINDS as HEATS
from lingtan.inventory.sources.heat import Heats
from lingtan.quantities import UnitError, same_dimension
from lingtan.trace import Gap, Node, Origin

TCE = "tce"
_OFF = ("conversion_out", "sold")


@dataclass(frozen=True, slots=True)
class Energy:
    """One quantity of energy consumed, in tce; what leaves has its sign turned."""

    enterprise: str
    is_nonfossil: bool
    calorific: Node
    equal: Node


@dataclass(slots=True)
class Energies:
    """Coefficients of one park, and what was lacking on the way."""

    setting: Setting
    heats: Heats
    gaps: list[Gap] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    _lacking: set[str] = field(default_factory=set)
    _equal: Node | None = None
    _burnt: frozenset[tuple[str, str]] = frozenset()

    def __post_init__(self) -> None:
        fuels = self.setting.uses(*BURNT, kinds=("biogenic",))
        self._burnt = frozenset((a.enterprise, a.carrier.name) for a in fuels)

    def compute(self) -> tuple[Energy, ...]:
        """Energy of every activity that counts as consumption at the fence of the park.

        Fuel where it is burnt, converted (outputs off) or used as material if the method says so;
        bought electricity, heat and cold less sold; own solar, wind and renewable heat used. What
        own fuel makes inside is in the fuel already.
        """
        found = (self._one(activity) for activity in self.setting.activities if self._counts(activity))
        return tuple(energy for energy in found if energy is not None)

    def electricity(self, name: str, quantity: Node, *, equal: bool) -> Node | None:
        """Electricity in MWh as tce."""
        coefficient = (
            self.equal_value() if equal else self.setting.lookup.factor("electricity", "tce_calorific")
        )
        return self._product(name, quantity, coefficient, "electricity")

    def heat(self, name: str, quantity: Node) -> Node | None:
        """Heat in GJ as tce; the same at both values, no document has an equal value for heat."""
        return self._product(name, quantity, self.setting.lookup.factor("heat", "tce_calorific"), "heat")

    def equal_value(self) -> Node | None:
        """kgce per kWh at equal value: as the park states it, else a precedent (with a warning)."""
        if self._equal is None:
            stated = self.setting.dossier.park.profile.electricity_equal_value_kgce_per_kwh
            if stated is None:
                self._equal = self._precedent()
            else:
                origin = Origin("profile", "profile.electricity_equal_value_kgce_per_kwh")
                self._equal = Node("electricity_equal_value", stated, "kgce/kWh", origin=origin)
        return self._equal

    def _precedent(self) -> Node | None:
        """The coefficient of another document, in oil equivalent, over the energy of coal equivalent."""
        found = self.setting.lookup.by_id(self.setting.method.equal_value_precedent.value)
        coal = self.setting.lookup.factor("standard_coal", "tce_definition")
        if found is None or coal is None:
            return None
        oil = Node(
            "kgoe", unit_scale(("kgoe",), "MJ"), "MJ/kgoe", origin=Origin("parameter", "units.txt: kgoe")
        )
        inputs = (("coefficient", found), ("oil", oil))
        node = multiply("electricity_equal_value", inputs, "kgce/kWh", per=("coal", coal))
        used = f"{number(node).normalize():f}"
        self.faults.append(fault("inventory.equal-value-precedent", NOWHERE, value=used, unit=node.unit))
        return node

    def _counts(self, activity: Activity) -> bool:
        kind, use = activity.carrier.kind, activity.use
        if kind in FUELS:
            if use == "feedstock":
                return self.setting.method.feedstock_in_energy.holds
            is_burnt = (activity.enterprise, activity.carrier.name) in self._burnt
            is_own_power = use == "own_generation" and kind == "biogenic" and not is_burnt
            return use in (*BURNT, "conversion_in", "conversion_out") or is_own_power
        if activity.carrier.group.startswith("renewable"):
            # own generation is the part used here: what is sold was never counted in
            return use in ("purchased", "own_generation")
        return use in ("purchased", "sold")

    def _one(self, activity: Activity) -> Energy | None:
        kind = activity.carrier.kind
        calorific: Node | None
        equal: Node | None
        if kind == "electricity" or (kind == "biogenic" and activity.use == "own_generation"):
            name, power = f"energy[{activity.ref}]", in_mwh(activity)
            calorific, equal = (self.electricity(name, power, equal=way) for way in (False, True))
        elif kind in HEATS:
            gigajoules = self.heats.in_gj(activity)
            calorific = equal = (
                None if gigajoules is None else self.heat(f"energy[{activity.ref}]", gigajoules)
            )
        else:
            calorific = equal = self._fuel(activity)
        if calorific is None or equal is None:
            return None
        if activity.use in _OFF:
            calorific, equal = negative(calorific), negative(equal)
        is_nonfossil = kind == "biogenic" or activity.carrier.group.startswith("renewable")
        return Energy(activity.enterprise, is_nonfossil and _is_own(activity), calorific, equal)

    def _fuel(self, activity: Activity) -> Node | None:
        """By measured heating value, else by the coal coefficient, else by the default heating value."""
        carrier, unit, name = activity.carrier, activity.unit, f"energy[{activity.ref}]"
        lookup, fuels = self.setting.lookup, self.setting.fuels
        coal = lookup.factor("standard_coal", "tce_definition")
        quantity = ("quantity", activity.node)
        try:
            measured = fuels.measured(activity.enterprise, carrier, "ncv")
            if coal is not None and same_dimension(unit, "GJ"):
                return multiply(name, (quantity,), TCE, per=("standard_coal", coal))
            coefficient = (
                None if measured is not None else lookup.factor(carrier.name, "tce_calorific", per=unit)
            )
            if coefficient is not None:
                return multiply(name, (quantity, ("coefficient", coefficient)), TCE)
            ncv = measured or lookup.factor(carrier.name, "ncv", per=unit)
            if coal is not None and ncv is not None:
                return multiply(name, (quantity, ("ncv", ncv)), TCE, per=("standard_coal", coal))
        except UnitError:
            pass  # the combustion line names the unit already
        self._lacks(f"{activity.enterprise}/{carrier.name}")
        return None

    def _product(self, name: str, quantity: Node, coefficient: Node | None, carrier: str) -> Node | None:
        if coefficient is None:
            self._lacks(carrier)
            return None
        return multiply(name, (("quantity", quantity), ("coefficient", coefficient)), TCE)

    def _lacks(self, carrier: str) -> None:
        if carrier not in self._lacking:
            self._lacking.add(carrier)
            self.gaps.append(Gap(f"coal equivalent of {carrier}", "park"))


def _is_own(activity: Activity) -> bool:
    """Bought solar and wind count as non-fossil by proof (with green electricity), not by name."""
    return not (activity.carrier.kind == "electricity" and activity.use == "purchased")


def values(energies: Iterable[Energy], *, equal: bool = False) -> list[Node]:
    """The nodes at one value."""
    return [energy.equal if equal else energy.calorific for energy in energies]
