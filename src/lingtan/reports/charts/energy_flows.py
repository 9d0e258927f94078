"""Where energy comes from and who uses it: carriers to enterprises, in tonnes of coal equivalent."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from functools import partial
from typing import Literal

from lingtan.dossier.registers import carriers
from lingtan.errors import Language
from lingtan.inventory.records import Inventory
from lingtan.quantities import add_exactly
from lingtan.reports.charts.records import Chart
from lingtan.reports.charts.sankey import Flow, Nodes, draw_sankey
from lingtan.reports.charts.style import Colour, Speaker
from lingtan.reports.charts.totals import find_total
from lingtan.reports.fonts import drawable
from lingtan.texts import number
from lingtan.trace import Node

LARGEST = 10
_TOTAL = "energy_tce_calorific"
_NAMED = re.compile(r"energy\[(?P<ref>.*)\]", re.DOTALL)
_CARRIER, _SELLER, _USER, _OTHERS, _OUT = "c:", "s:", "u:", "o:", "x:"
"""Kinds of nodes: what gives (carriers, sellers), and what takes (users, others, what leaves)."""

_SIDES: tuple[Literal["source"], Literal["target"]] = ("source", "target")
_COLOURS: dict[str, Colour] = {
    "electricity": "mid", "renewable_electricity": "bright", "renewable_heat": "bright", "biomass": "bright",
    "heat": "warm", "cold": "warm",
}  # fmt: skip
_FOSSIL: Colour = "deep"
_NO_NAMES: Mapping[str, str] = {}

Amounts = dict[tuple[str, str], Decimal]
"""tce by carrier and enterprise; negative where more leaves than comes."""


def build_energy_chart(
    inventory: Inventory, *, names: Mapping[str, str] = _NO_NAMES, language: Language = "zh"
) -> Chart | None:
    """Carriers to the ten largest users and the others (calorific value); None without energy.

    What an enterprise sells of a carrier is taken off what it gets; where more leaves than comes it
    flows to a node of its own, so that ribbons are never negative. `names` as in other charts.
    """
    speaker = Speaker("energy", language)
    total = find_total(inventory.totals, _TOTAL)
    amounts = sum_energy(inventory)
    if total is None or not any(amounts.values()):
        return None
    flows, others = _flows(amounts)
    called = partial(_label, names=names, others=others, speaker=speaker)
    left, right = (_nodes(_ranked(flows, side), called) for side in _SIDES)
    words = {"year": inventory.year, "method": inventory.method, "total": total.said(speaker.say("unknown"))}
    listed = speaker.listed([f"{drawable(name)} {said}" for name, said in left.labels.values()])
    colours = {flow.source: _colour(flow.source) for flow in flows}
    lacking = speaker.say("lacking") if total.is_partial else ""
    return Chart(
        id="energy",
        title=speaker.say("title", **words),
        caption=speaker.say("caption", **words) + lacking,
        spec=draw_sankey(flows, left, right, speaker, colours=colours),
        alt=speaker.say("alt", listed=listed, **words),
    )


def _nodes(sums: Mapping[str, Decimal], called: Callable[[str], str]) -> Nodes:
    return Nodes({node: (called(node), number(tce, 0)) for node, tce in sums.items()})


def sum_energy(inventory: Inventory) -> Amounts:
    """Energy by carrier and enterprise, out of the trace of the total; they sum to it."""
    total = inventory.totals.get(_TOTAL)
    found: dict[tuple[str, str], list[Decimal]] = defaultdict(list)
    for _, node in total.inputs if total is not None and total.rule == "sum" else ():
        if isinstance(node.value, Decimal):
            found[_whose(node)].append(node.value)
    return {key: add_exactly(values) for key, values in sorted(found.items())}


def _whose(node: Node) -> tuple[str, str]:
    """Carrier and enterprise in the name of a node, `energy[period/enterprise/carrier/use…]`."""
    match = _NAMED.fullmatch(node.name)
    parts = match["ref"].split("/") if match else []
    at = next((n for n, part in enumerate(parts) if n >= 2 and part in carriers()), 0)
    return (parts[at], "/".join(parts[1:at])) if at else ("", "")


def _flows(amounts: Amounts) -> tuple[list[Flow], int]:
    """Flows between nodes, and how many users the node of the others stands for."""
    got: dict[str, list[Decimal]] = defaultdict(list)
    for (_, user), tce in amounts.items():
        if tce > 0:
            got[user].append(tce)
    ranked = sorted(got, key=lambda user: (-add_exactly(got[user]), user))
    shown = {*ranked} if len(ranked) <= LARGEST + 1 else {*ranked[:LARGEST]}
    joined: dict[tuple[str, str], list[Decimal]] = defaultdict(list)
    for (carrier, user), tce in amounts.items():
        if tce > 0:
            joined[_CARRIER + carrier, _USER + user if user in shown else _OTHERS].append(tce)
        elif tce < 0:
            joined[_SELLER + user, _OUT + carrier].append(-tce)
    flows = [Flow(source, target, add_exactly(some)) for (source, target), some in joined.items()]
    return flows, len(ranked) - len(shown)


def _ranked(flows: Sequence[Flow], side: Literal["source", "target"]) -> dict[str, Decimal]:
    """Nodes of one side, the largest first; the others and what leaves last."""
    found: dict[str, list[Decimal]] = defaultdict(list)
    for flow in flows:
        found[flow.source if side == "source" else flow.target].append(flow.amount)
    sums = {name: add_exactly(some) for name, some in found.items()}
    last = (_OTHERS, _SELLER, _OUT)
    order = sorted(
        sums,
        key=lambda name: (
            name[:2] in last,
            last.index(name[:2]) if name[:2] in last else 0,
            -sums[name],
            name,
        ),
    )
    return {name: sums[name] for name in order}


def _colour(node: str) -> Colour:
    carrier = carriers().get(node.removeprefix(_CARRIER)) if node.startswith(_CARRIER) else None
    return "pale" if carrier is None else _COLOURS.get(carrier.group, _FOSSIL)


def _label(node: str, names: Mapping[str, str], others: int, speaker: Speaker) -> str:
    """What a node is called; `names` of enterprises by id."""
    kind, name = node[:2], node[2:]
    carrier = carriers().get(name)
    if kind == _OTHERS:
        return speaker.say("others", count=others)
    if kind in (_CARRIER, _OUT):
        called = speaker.pick(carrier.zh, carrier.en) if carrier else speaker.say("other")
        return called if kind == _CARRIER else speaker.say("out", carrier=called)
    return names.get(name) or name or speaker.say("whole_park")
