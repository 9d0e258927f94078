"""Energy handed from one enterprise to another inside the fence, each amount once."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from lingtan.dossier.records import Row
from lingtan.dossier.registers import Carrier, carriers
from lingtan.errors import fault
from lingtan.inventory.activities import Activity, cell
from lingtan.inventory.completeness import read_series
from lingtan.inventory.electricity import GRID, in_mwh
from lingtan.inventory.energy import Energies
from lingtan.inventory.heat import KINDS as HEATS
from lingtan.inventory.heat import Heats, heat_factor
from lingtan.inventory.lines import Draft, build_line, multiply
from lingtan.inventory.records import Line
from lingtan.inventory.setting import Setting
from lingtan.periods import Period
from lingtan.quantities import UnitError
from lingtan.trace import Gap, Node

Form = Literal["electricity", "heat"]


@dataclass(frozen=True, slots=True)
class Handover:
    """Energy handed over; `sender` is blank where only the receiver reported it.

    `line` is None where no factor is known: the energy counts all the same.
    """

    sender: str
    receiver: str
    form: Form
    energy: Node | None
    line: Line | None


@dataclass(slots=True)
class Handovers:
    """What is handed on inside one park; `draft` has what is lacking and what to say.

    `without_factor` lacks to emissions only: the energy is known.
    """

    setting: Setting
    energies: Energies
    heats: Heats
    draft: Draft = field(default_factory=Draft)
    without_factor: list[Gap] = field(default_factory=list)

    def find(self) -> list[Handover]:
        """Transfers of the year, and energy received inside that no transfer already names."""
        found: list[Handover | None] = []
        named: set[tuple[str, str]] = set()
        for row in read_series(self.setting.dossier, "transfers", self.setting.year, self.draft):
            named.add((row.text("to"), row.text("carrier")))
            activity = self._transfer(row)
            if activity is not None:
                found.append(self._handover(activity, row.text("from")))
        for activity in self.setting.uses("internal", kinds=("electricity", *HEATS)):
            if (activity.enterprise, activity.carrier.name) in named:
                self._say("inventory.internal-twice", activity, enterprise=activity.enterprise)
            else:
                found.append(self._handover(activity, ""))
        self.draft.gaps.extend(self.heats.gaps)
        self.draft.faults.extend(self.heats.faults)
        return [one for one in found if one is not None]

    def _transfer(self, row: Row) -> Activity | None:
        """A row of the transfers as energy received; a fuel counts where it is burnt."""
        carrier, period, unit = (
            carriers().get(row.text("carrier")),
            row.values.get("period"),
            row.text("unit"),
        )
        if carrier is None or not isinstance(period, Period) or row.number("quantity") is None or not unit:
            self._lacks(row, "quantity")
            return None
        node = cell(row, "quantity", unit)
        activity = Activity(period, row.text("to"), carrier, "internal", "", unit, node, row.key, row)
        if carrier.kind in ("electricity", *HEATS):
            return activity
        place = row.at("carrier")
        words = {"fuel": carrier.zh, "name": carrier.en}
        self.draft.faults.append(fault("inventory.fuel-trade", place, enterprise=row.text("from"), **words))
        return None

    def _handover(self, activity: Activity, sender: str) -> Handover | None:
        is_power = activity.carrier.kind == "electricity"
        quantity = self._in_mwh(activity) if is_power else self.heats.in_gj(activity)
        if quantity is None:
            return None
        name = f"internal[{activity.ref}]"
        energy = (
            self.energies.electricity(name, quantity, equal=False)
            if is_power
            else self.energies.heat(name, quantity)
        )
        line = self._line(
            name, activity, quantity, self._factor(activity.carrier, sender or activity.enterprise)
        )
        return Handover(sender, activity.enterprise, "electricity" if is_power else "heat", energy, line)

    def _line(self, name: str, activity: Activity, quantity: Node, factor: Node | None) -> Line | None:
        if factor is None:
            self._say("inventory.heat-without-factor", activity)
            self._lacks(activity.row, "carrier", self.without_factor)
            return None
        node = multiply(f"{name}.emissions", (("quantity", quantity), ("factor", factor)), "tCO2e")
        whose = (activity.enterprise, activity.carrier.name)
        return build_line(
            "internal", "2", whose=whose, quantity=quantity, factor=factor, node=node, view="none"
        )

    def _in_mwh(self, activity: Activity) -> Node | None:
        try:
            return in_mwh(activity)
        except UnitError:
            self._say("inventory.activity-unit", activity, unit=activity.unit)
            self._lacks(activity.row, "unit")
            return None

    def _factor(self, carrier: Carrier, supplier: str) -> Node | None:
        """Own solar and wind at zero, heat as its supplier measured, else the factor by place (ADR 0004)."""
        if carrier.kind in HEATS:
            return heat_factor(self.setting, supplier, carrier.name)
        if carrier.name != GRID:
            return self.setting.method.node("green_electricity_factor")
        return self.setting.lookup.grid_factor(self.setting.method.electricity_kind.value)

    def _lacks(self, row: Row | None, column: str, gaps: list[Gap] | None = None) -> None:
        if row is not None:
            asked = row.text("from") or row.text("enterprise") or "park"
            where = self.draft.gaps if gaps is None else gaps
            where.append(Gap(f"{row.register}[{row.key}].{column}", asked, row.at(column)))

    def _say(self, code: str, activity: Activity, **context: str) -> None:
        words = {"carrier": activity.carrier.zh, "name": activity.carrier.en, **context}
        place = activity.at("carrier")
        self.draft.faults.append(fault(code, place, **words))
