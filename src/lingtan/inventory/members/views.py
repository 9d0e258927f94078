"""The view of each enterprise: what it received inside the fence is in its scope 2, not in the park's."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from lingtan.inventory.energy import Energy
from lingtan.inventory.lines import ZERO, negative, number, on_grid, total
from lingtan.inventory.members.deliveries import Form
from lingtan.inventory.members.handovers import EMISSION_PLACES, Handover
from lingtan.inventory.members.sharing import settle
from lingtan.inventory.records import Line, Member
from lingtan.inventory.setting import Setting
from lingtan.quantities import add_exactly
from lingtan.trace import Gap, Node

Amounts = Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class Views:
    """Members and what their scope 2 counts beyond that of the park."""

    members: tuple[Member, ...]
    lines: tuple[Line, ...]
    internal: Node
    energy_of: Mapping[str, Node]


def compute_members(
    setting: Setting,
    lines: Iterable[Line],
    energies: Iterable[Energy],
    handovers: Sequence[Handover],
    lacks: Iterable[Gap],
) -> Views:
    """Scope 1, scope 2 by place and energy of every enterprise; `lacks`: what is lacking to any line.

    Σ scope 2 of the members − `internal` = scope 2 of the park. What is handed on leaves the sender's
    scope 2 up to what it bought and received: the rest it made itself, and that is in its scope 1.
    """
    own = [line for line in lines if line.view in ("both", "location")]
    inside = tuple(handover.line for handover in handovers if handover.line is not None)
    passed_on = _passed_on(own, handovers)
    energy_of = _energy_of(energies, handovers)
    registered = {row.text("enterprise") for row in setting.dossier.rows.get("enterprises", ())}
    receivers = {handover.receiver for handover in handovers}
    spoke = {line.enterprise for line in own} | {sender for sender, _, _ in passed_on} | {*energy_of}
    silent = {gap.asked_of for gap in setting.lacking.everywhere} - spoke - receivers  # not known, never zero
    names = sorted({*registered, *spoke, *receivers})
    parts = _Parts(
        scope1=_settled(names, own, "1"),
        over_fence=_settled(names, own, "2"),
        received=_sums((line.enterprise, line.emissions) for line in inside),
        passed_on=_sums((sender, -number(node)) for sender, _, node in passed_on),
    )
    gaps = _gaps(lacks, handovers)
    unknown = {one.receiver for one in handovers if one.line is None} - {line.enterprise for line in inside}
    members = tuple(
        Member(name, None, None, None, gaps=gaps[name])
        if name in silent
        else parts.member(name, energy_of.get(name), gaps[name], is_received_known=name not in unknown)
        for name in names
    )
    nodes = [*(line.node for line in inside), *(node for _, _, node in passed_on)]
    internal = total("internal_transfers_tco2e", nodes, "tCO2e")
    return Views(members, inside, internal, energy_of)


@dataclass(frozen=True, slots=True)
class _Parts:
    """What the members' scopes are made of, by enterprise."""

    scope1: Amounts
    over_fence: Amounts
    received: Amounts
    passed_on: Amounts

    def member(
        self, name: str, energy: Node | None, gaps: tuple[Gap, ...], *, is_received_known: bool
    ) -> Member:
        """Scope 2 of what is known: an amount received without a factor is a gap of the member."""
        bought, received, passed_on = self.over_fence[name], self.received[name], self.passed_on[name]
        return Member(
            name,
            self.scope1[name],
            add_exactly((bought, received, passed_on.copy_negate())),
            None if energy is None else number(energy),
            bought,
            received if is_received_known else None,
            passed_on,
            gaps,
        )


def _settled(names: Sequence[str], lines: Sequence[Line], scope: str) -> Amounts:
    """What each enterprise has in `scope`, so that all add up to the total of the park to its last digit."""
    sums = _sums((line.enterprise, line.emissions) for line in lines if line.scope == scope)
    return dict(zip(names, settle([sums[name] for name in names]), strict=True))


def _sums(pairs: Iterable[tuple[str, Decimal]]) -> defaultdict[str, Decimal]:
    groups: defaultdict[str, list[Decimal]] = defaultdict(list)
    for name, value in pairs:
        groups[name].append(value)
    return defaultdict(Decimal, {name: add_exactly(values) for name, values in groups.items()})


def _gaps(lacks: Iterable[Gap], handovers: Iterable[Handover]) -> defaultdict[str, tuple[Gap, ...]]:
    """What is lacking to each: what it is asked for, and what its suppliers are."""
    found: defaultdict[str, set[Gap]] = defaultdict(set)
    for gap in lacks:
        found[gap.asked_of].add(gap)
    for handover in handovers:
        found[handover.receiver].update(handover.gaps)
    return defaultdict(tuple, {name: tuple(sorted(gaps)) for name, gaps in found.items()})


def _passed_on(own: Sequence[Line], handovers: Sequence[Handover]) -> list[tuple[str, Form, Node]]:
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
        found.append((sender, form, negative(on_grid(node, EMISSION_PLACES))))
    return found


def _grouped(triples: list[tuple[str, Form, Node]]) -> defaultdict[tuple[str, Form], list[Node]]:
    groups: defaultdict[tuple[str, Form], list[Node]] = defaultdict(list)
    for name, form, node in triples:
        groups[name, form].append(node)
    return groups


def _form(line: Line) -> Form:
    return "electricity" if line.source == "electricity" else "heat"


def _energy_of(energies: Iterable[Energy], handovers: Iterable[Handover]) -> dict[str, Node]:
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
