"""Amounts of energy that go from one enterprise to another inside the fence, before factors."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from lingtan.dossier.records import Row
from lingtan.dossier.registers import Carrier, carriers
from lingtan.errors import Fault, fault
from lingtan.inventory.activities import Activity, cell
from lingtan.inventory.completeness import read_series
from lingtan.inventory.lines import Draft
from lingtan.inventory.setting import Setting
from lingtan.inventory.sources.electricity import in_mwh
from lingtan.inventory.sources.heat import KINDS as HEATS
from lingtan.inventory.sources.heat import Heats
from lingtan.periods import Period
from lingtan.quantities import UnitError
from lingtan.trace import Gap, Node

Form = Literal["electricity", "heat"]
PLACES = 12  # decimals of a MWh or GJ that an amount shared by a key keeps
USED = ("electricity", *HEATS)


@dataclass(frozen=True, slots=True)
class Delivery:
    """`quantity` in MWh or GJ, None: not known, with its gaps; `sender` blank: only the receiver told."""

    sender: str
    receiver: str
    carrier: Carrier
    period: Period
    ref: str
    quantity: Node | None
    row: Row | None = None
    gaps: tuple[Gap, ...] = ()

    @property
    def form(self) -> Form:
        """Whether it is electricity or heat (steam and cold among it)."""
        return "electricity" if self.carrier.kind == "electricity" else "heat"

    @property
    def words(self) -> dict[str, str]:
        """What faults call the carrier."""
        return {"carrier": self.carrier.zh, "name": self.carrier.en}


def row_gap(row: Row, column: str) -> Gap:
    """The gap of a cell, asked of the enterprise that sends."""
    asked = row.text("from") or row.text("landlord") or row.text("enterprise") or "park"
    return Gap(f"{row.register}[{row.key}].{column}", asked, row.at(column))


def find_transfers(setting: Setting, heats: Heats, draft: Draft) -> list[Delivery]:
    """The rows of the year; a fuel handed on counts where it is burnt."""
    found = (_transfer(row, heats, draft) for row in read_series(
        setting.dossier, "transfers", setting.year, draft))  # fmt: skip
    return [one for one in found if one is not None]


def _transfer(row: Row, heats: Heats, draft: Draft) -> Delivery | None:
    carrier, period, unit = carriers().get(row.text("carrier")), row.values.get("period"), row.text("unit")
    if carrier is None or not isinstance(period, Period):
        draft.gaps.append(row_gap(row, "quantity"))
        return None
    if row.number("quantity") is None or not unit:
        gaps = (row_gap(row, "quantity"),)
        draft.gaps.extend(gaps)
        return Delivery(row.text("from"), row.text("to"), carrier, period, row.key, None, row, gaps)
    if carrier.kind not in USED:
        draft.faults.append(say_fuel(row, carrier, row.text("from")))
        return None
    node = cell(row, "quantity", unit)
    activity = Activity(period, row.text("to"), carrier, "internal", "", unit, node, row.key, row)
    return replace(received(activity, heats, draft), sender=row.text("from"))


def say_fuel(row: Row, carrier: Carrier, enterprise: str) -> Fault:
    """A fuel is not handed on as energy used."""
    words = {"fuel": carrier.zh, "name": carrier.en, "enterprise": enterprise}
    return fault("inventory.fuel-trade", row.at("carrier"), **words)


def received(activity: Activity, heats: Heats, draft: Draft) -> Delivery:
    """What an enterprise received, whoever sent it."""
    before = len(heats.gaps), len(draft.gaps)
    quantity = in_used_unit(activity, heats, draft)
    gaps = (*heats.gaps[before[0] :], *draft.gaps[before[1] :])
    return Delivery(
        "", activity.enterprise, activity.carrier, activity.period, activity.ref, quantity, activity.row, gaps
    )


def in_used_unit(activity: Activity, heats: Heats, draft: Draft) -> Node | None:
    """The quantity in MWh or GJ; a unit that is none of energy is told."""
    if activity.carrier.kind != "electricity":
        return heats.in_gj(activity)
    try:
        return in_mwh(activity)
    except UnitError:
        words = {"carrier": activity.carrier.zh, "name": activity.carrier.en, "unit": activity.unit}
        draft.faults.append(fault("inventory.activity-unit", activity.at("unit"), **words))
        if activity.row is not None:
            draft.gaps.append(row_gap(activity.row, "unit"))
        return None
