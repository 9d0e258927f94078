"""Energy handed from one enterprise to another inside the fence, each amount once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from lingtan.dossier.registers import Carrier
from lingtan.errors import NOWHERE, fault
from lingtan.inventory.energy import Energies
from lingtan.inventory.lines import Draft, build_line, multiply, on_grid
from lingtan.inventory.members.cogeneration import Plant, Plants, over_output
from lingtan.inventory.members.deliveries import Delivery, Form, find_transfers, received, row_gap
from lingtan.inventory.members.leases import find_leases
from lingtan.inventory.records import Line
from lingtan.inventory.setting import Setting
from lingtan.inventory.sources.electricity import GRID
from lingtan.inventory.sources.heat import KINDS as HEATS
from lingtan.inventory.sources.heat import Heats, heat_factor
from lingtan.trace import Gap, Node

EMISSION_PLACES = 30  # decimals of a tonne, so that what goes out and comes in adds up to the last digit


@dataclass(frozen=True, slots=True)
class Handover:
    """Energy handed over; `sender` is blank where only the receiver reported it.

    `line` is None where no factor or no quantity is known; `gaps` lack to the receiver.
    """

    sender: str
    receiver: str
    form: Form
    energy: Node | None
    line: Line | None
    gaps: tuple[Gap, ...] = ()


@dataclass(slots=True)
class Handovers:
    """What is handed on inside one park; `draft` has what is lacking and what to say.

    `without_factor` lacks to emissions only: the energy is known.
    """

    setting: Setting
    energies: Energies
    heats: Heats
    plants: Plants
    draft: Draft = field(default_factory=Draft)
    without_factor: list[Gap] = field(default_factory=list)

    def find(self) -> list[Handover]:
        """Transfers and leases of the year, and energy received inside that neither already names."""
        found = find_transfers(self.setting, self.heats, self.draft)
        found += find_leases(self.setting, self.heats, found, self.draft)
        named = {(one.receiver, one.carrier.name) for one in found}
        for activity in self.setting.uses("internal", kinds=("electricity", *HEATS)):
            if (activity.enterprise, activity.carrier.name) in named:
                words = {"carrier": activity.carrier.zh, "name": activity.carrier.en}
                place = activity.at("carrier")
                self.draft.faults.append(
                    fault("inventory.internal-twice", place, enterprise=activity.enterprise, **words)
                )
            else:
                found.append(received(activity, self.heats, self.draft))
        handed = [self._handover(one) for one in found]
        self._check_plants(found)
        self.draft.gaps.extend([*self.heats.gaps, *self.plants.draft.gaps])
        self.draft.faults.extend([*self.heats.faults, *self.plants.draft.faults])
        return handed

    def _handover(self, one: Delivery) -> Handover:
        quantity, name = one.quantity, f"internal[{one.ref}]"
        if quantity is None:
            return Handover(one.sender, one.receiver, one.form, None, None, one.gaps)
        energy = (
            self.energies.electricity(name, quantity, equal=False)
            if one.form == "electricity"
            else self.energies.heat(name, quantity)
        )
        plant = self._plant(one)
        factor = plant.factors[one.form] if plant else self._factor(one.carrier, one.sender or one.receiver)
        gaps = [*one.gaps, *(plant.gaps if plant else ())]
        if factor is None:
            gaps += self._without_factor(one, plant) if not gaps else ()
        self.without_factor.extend(gap for gap in gaps if gap not in self.without_factor)
        line = None if factor is None else _line(name, one, quantity, factor)
        return Handover(one.sender, one.receiver, one.form, energy, line, tuple(gaps))

    def _factor(self, carrier: Carrier, supplier: str) -> Node | None:
        """Own solar and wind at zero, heat as its supplier measured, else the factor by place (ADR 0004)."""
        if carrier.kind in HEATS:
            return heat_factor(self.setting, supplier, carrier.name)
        if carrier.name != GRID:
            return self.setting.method.node("green_electricity_factor")
        return self.setting.lookup.grid_factor(self.setting.method.electricity_kind.value)

    def _plant(self, one: Delivery) -> Plant | None:
        """The CHP plant whose factor stands in for the default; what a supplier measured goes before it."""
        row = self.setting.fuels.properties.get((one.sender, one.carrier.name))
        is_measured = row is not None and row.number("direct_factor") is not None
        is_made = one.carrier.name in (GRID, "heat", "steam")
        is_own = is_made and not (is_measured and one.form == "heat")
        return self.plants.of.get(one.sender) if is_own else None

    def _without_factor(self, one: Delivery, plant: Plant | None) -> list[Gap]:
        if plant is None:
            place = one.row.at("carrier") if one.row else NOWHERE
            self.draft.faults.append(fault("inventory.heat-without-factor", place, **one.words))
        return [row_gap(one.row, "carrier")] if one.row is not None else []

    def _check_plants(self, found: Iterable[Delivery]) -> None:
        sent = [(one.sender, one.form, one.quantity) for one in found if self._plant(one)]
        over_output(self.plants, [(name, form, node) for name, form, node in sent if node is not None])


def _line(name: str, one: Delivery, quantity: Node, factor: Node) -> Line:
    node = multiply(f"{name}.emissions", (("quantity", quantity), ("factor", factor)), "tCO2e")
    whose = (one.receiver, one.carrier.name)
    node = on_grid(node, EMISSION_PLACES)
    return build_line("internal", "2", whose=whose, quantity=quantity, factor=factor, node=node, view="none")
