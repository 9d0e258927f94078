"""The view of each enterprise: what it received inside the fence is in its scope 2, not in the park's."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from lingtan.inventory.energy import Energy
from lingtan.inventory.handovers import Form, Handover
from lingtan.inventory.lines import ZERO, negative, number, total
from lingtan.inventory.records import Line, Member
from lingtan.inventory.setting import Setting
from lingtan.trace import Node


@dataclass(frozen=True, slots=True)
class Views:
    """Members and what their scope 2 counts beyond that of the park."""

    members: tuple[Member, ...]
    lines: tuple[Line, ...]
    internal: Node
    energy_of: Mapping[str, Node]


def compute_members(
    setting: Setting, lines: Iterable[Line], energies: Iterable[Energy], handovers: list[Handover]
) -> Views:
    """Scope 1, scope 2 by place and energy of every enterprise.

    Σ scope 2 of the members − `internal` = scope 2 of the park. What is handed on leaves the sender's
    scope 2 up to what it bought and received: the rest it made itself, and that is in its scope 1.
    """
    own = [line for line in lines if line.view in ("both", "location")]
    inside = tuple(handover.line for handover in handovers if handover.line is not None)
    passed_on = _passed_on(own, handovers)
    scope1 = _sums((line.enterprise, line.emissions) for line in own if line.scope == "1")
    scope2 = _sums((line.enterprise, line.emissions) for line in own if line.scope == "2")
    for line in inside:
        scope2[line.enterprise] += line.emissions
    for sender, _, node in passed_on:
        scope2[sender] += number(node)
    energy_of = _energy_of(energies, handovers)
    registered = {row.text("enterprise") for row in setting.dossier.rows.get("enterprises", ())}
    names = sorted({*registered, *scope1, *scope2, *energy_of})
    asked = {gap.asked_of for gap in setting.lacking.everywhere}
    silent = asked - {*scope1, *scope2, *energy_of}  # said nothing at all: not known, never zero
    members = tuple(
        Member(
            name,
            None if name in silent else scope1[name],
            None if name in silent else scope2[name],
            number(energy_of[name]) if name in energy_of else None,
        )
        for name in names
    )
    nodes = [*(line.node for line in inside), *(node for _, _, node in passed_on)]
    internal = total("internal_transfers_tco2e", nodes, "tCO2e")
    return Views(members, inside, internal, energy_of)


def _sums(pairs: Iterable[tuple[str, Decimal]]) -> defaultdict[str, Decimal]:
    sums: defaultdict[str, Decimal] = defaultdict(Decimal)
    for name, value in pairs:
        sums[name] += value
    return sums


def _passed_on(own: list[Line], handovers: list[Handover]) -> list[tuple[str, Form, Node]]:
    """Per sender and form: what it handed on, no more than it bought and received, taken off."""
    had = _grouped([(line.enterprise, _form(line), line.node) for line in own if line.scope == "2"])
    known = [(handover, handover.line.node) for handover in handovers if handover.line is not None]
    received = _grouped([(one.receiver, one.form, node) for one, node in known])
    sent = _grouped([(one.sender, one.form, node) for one, node in known if one.sender])
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
