"""The view of each enterprise: what it received inside the fence is in its scope 2, not in the park's."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from lingtan.dossier.records import Row
from lingtan.dossier.registers import Carrier, carriers
from lingtan.errors import fault
from lingtan.inventory.activities import Activity, cell, rows_of_year
from lingtan.inventory.electricity import GRID, in_mwh
from lingtan.inventory.energy import Energies, Energy
from lingtan.inventory.heat import KINDS as HEATS
from lingtan.inventory.heat import Heats, heat_factor
from lingtan.inventory.lines import ZERO, Draft, multiply, negative, number, total
from lingtan.inventory.records import Line, Member
from lingtan.inventory.setting import Setting
from lingtan.quantities import UnitError
from lingtan.trace import Gap, Node

Form = Literal["electricity", "heat"]


@dataclass(frozen=True, slots=True)
class Handover:
    """Energy handed over inside the fence; `sender` is blank where only the receiver reported it."""

    sender: str
    receiver: str
    form: Form
    emissions: Node
    energy: Node | None
    line: Line


@dataclass(frozen=True, slots=True)
class Views:
    """Members and what their scope 2 counts beyond that of the park."""

    members: tuple[Member, ...]
    lines: tuple[Line, ...]
    internal: Node
    energy_of: Mapping[str, Node]


def find_handovers(setting: Setting, heats: Heats, energies: Energies, draft: Draft) -> list[Handover]:
    """Transfers of the year, and energy received inside that no transfer already names."""
    found: list[Handover] = []
    for row in rows_of_year(setting.dossier, "transfers", setting.year):
        activity = _transfer(row, setting, draft)
        if activity is not None:
            found.extend(_handover(setting, activity, row.text("from"), heats, energies))
    named = {(row.text("to"), row.text("carrier")) for row in setting.dossier.rows.get("transfers", ())}
    for activity in setting.uses("internal", kinds=("electricity", *HEATS)):
        if (activity.enterprise, activity.carrier.name) in named:
            words = {
                "enterprise": activity.enterprise,
                "carrier": activity.carrier.zh,
                "name": activity.carrier.en,
            }
            draft.faults.append(fault("inventory.internal-twice", activity.at("use"), **words))
            continue
        found.extend(_handover(setting, activity, "", heats, energies))
    return found


def _transfer(row: Row, setting: Setting, draft: Draft) -> Activity | None:
    """A row of the transfers as energy received by its receiver."""
    carrier = carriers().get(row.text("carrier"))
    period = row.values.get("period")
    if carrier is None or row.number("quantity") is None or not row.text("unit"):
        draft.gaps.append(
            Gap(f"transfers[{row.key}].quantity", row.text("from") or "park", row.at("quantity"))
        )
        return None
    if carrier.kind in ("fossil", "biogenic"):
        return None  # a fuel counts where it is burnt
    node = cell(row, "quantity", row.text("unit"))
    return Activity(period, row.text("to"), carrier, "internal", "", node.unit, node, row.key, row)  # type: ignore[arg-type]


def _handover(
    setting: Setting, activity: Activity, sender: str, heats: Heats, energies: Energies
) -> Iterable[Handover]:
    name = f"internal[{activity.ref}]"
    if activity.carrier.kind == "electricity":
        try:
            quantity: Node | None = in_mwh(activity)
        except UnitError:
            quantity = None
        factor = _electricity_factor(setting, activity.carrier)
        energy = quantity and energies.electricity(name, quantity, equal=False)
        form: Form = "electricity"
    else:
        quantity = heats.in_gj(activity)
        factor = heat_factor(setting, sender or activity.enterprise, activity.carrier.name)
        energy = quantity and energies.heat(name, quantity)
        form = "heat"
    if quantity is None or factor is None:
        return
    node = multiply(f"{name}.emissions", (("quantity", quantity), ("factor", factor)), "tCO2e")
    line = Line(
        "internal", "2", activity.enterprise, activity.carrier.name, number(quantity), quantity.unit,
        number(factor), factor.unit, factor.name, number(node), node, "none",
    )  # fmt: skip
    yield Handover(sender, activity.enterprise, form, node, energy, line)


def _electricity_factor(setting: Setting, carrier: Carrier) -> Node | None:
    """Own solar and wind at zero, everything else at the factor by place (see ADR 0004)."""
    if carrier.name != GRID:
        return setting.method.node("green_electricity_factor")
    return setting.lookup.factor(GRID, setting.method.electricity_kind.value)


def compute_members(
    setting: Setting, lines: Iterable[Line], energies: Iterable[Energy], handovers: list[Handover]
) -> Views:
    """Scope 1, scope 2 by place and energy of every enterprise.

    Σ scope 2 of the members − `internal` = scope 2 of the park. What is handed on leaves the sender's
    scope 2 up to what it bought and received: the rest it made itself, and that is in its scope 1.
    """
    own = _own_lines(setting, lines)
    passed_on = _passed_on(own, handovers)
    scope1 = _sums((line.enterprise, line.emissions) for line in own if line.scope == "1")
    scope2 = _sums((line.enterprise, line.emissions) for line in own if line.scope == "2")
    for handover in handovers:
        scope2[handover.receiver] += number(handover.emissions)
    for sender, _, node in passed_on:
        scope2[sender] += number(node)
    energy_of = _energy_of(energies, handovers)
    registered = {row.text("enterprise") for row in setting.dossier.rows.get("enterprises", ())}
    names = sorted({*registered, *scope1, *scope2, *energy_of})
    members = tuple(
        Member(name, scope1[name], scope2[name], number(energy_of[name]) if name in energy_of else None)
        for name in names
    )
    nodes = [*(h.emissions for h in handovers), *(node for _, _, node in passed_on)]
    internal = total("internal_transfers_tco2e", nodes, "tCO2e")
    return Views(members, tuple(h.line for h in handovers), internal, energy_of)


def _own_lines(setting: Setting, lines: Iterable[Line]) -> list[Line]:
    """Lines of enterprises that count by place."""
    return [line for line in lines if line.view in ("both", "location")]


def _sums(pairs: Iterable[tuple[str, Decimal]]) -> defaultdict[str, Decimal]:
    sums: defaultdict[str, Decimal] = defaultdict(Decimal)
    for name, value in pairs:
        sums[name] += value
    return sums


def _passed_on(own: list[Line], handovers: list[Handover]) -> list[tuple[str, Form, Node]]:
    """Per sender and form: what it handed on, no more than it bought and received, taken off."""
    had = _grouped([(line.enterprise, _form(line), line.node) for line in own if line.scope == "2"])
    received = _grouped([(h.receiver, h.form, h.emissions) for h in handovers])
    sent = _grouped([(h.sender, h.form, h.emissions) for h in handovers if h.sender])
    found: list[tuple[str, Form, Node]] = []
    for (sender, form), nodes in sorted(sent.items()):
        given = total("handed_on", nodes, "tCO2e")
        there = total("bought_and_received", [*had[sender, form], *received[sender, form]], "tCO2e")
        value = min(number(given), max(ZERO, number(there)))
        rule, inputs = "min(handed_on, max(0, had))", (("handed_on", given), ("had", there))
        node = Node(f"passed_on[{sender}/{form}]", value, "tCO2e", rule=rule, inputs=inputs)
        found.append((sender, form, negative(node)))
    return found


def _grouped(triples: list[tuple[str, Form, Node]]) -> defaultdict[tuple[str, Form], list[Node]]:
    groups: defaultdict[tuple[str, Form], list[Node]] = defaultdict(list)
    for name, form, node in triples:
        groups[name, form].append(node)
    return groups


def _form(line: Line) -> Form:
    return "electricity" if line.source == "electricity" else "heat"


def _energy_of(energies: Iterable[Energy], handovers: list[Handover]) -> dict[str, Node]:
    """Energy of each enterprise at its own fence, at calorific value."""
    nodes: defaultdict[str, list[Node]] = defaultdict(list)
    for energy in energies:
        nodes[energy.enterprise].append(energy.calorific)
    for handover in handovers:
        if handover.energy is not None:
            nodes[handover.receiver].append(handover.energy)
            if handover.sender:
                nodes[handover.sender].append(negative(handover.energy))
    return {name: total(f"members[{name}].energy_tce", found, "tce") for name, found in sorted(nodes.items())}
