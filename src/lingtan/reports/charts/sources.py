"""Emissions by source, largest first."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal

from lingtan.errors import Language
from lingtan.inventory.records import Inventory
from lingtan.quantities import add_exactly
from lingtan.reports.charts.records import Chart
from lingtan.reports.charts.stacked import Stack, draw_stacks
from lingtan.reports.charts.style import Colour, Speaker, load_style
from lingtan.reports.charts.totals import Total, find_total
from lingtan.texts import number

_SCOPES: dict[str, Colour] = {"1": "deep", "2": "mid"}
_SAID_IN_ALT = 3


def build_source_chart(inventory: Inventory, *, language: Language = "zh") -> Chart | None:
    """Scope 1 and location-based scope 2 by source (tCO2e); None without emissions or scopes."""
    speaker = Speaker("sources", language)
    gross = find_total(inventory.totals, "gross_tco2e")
    sums = sum_sources(inventory)
    if gross is None or not sums:
        return None
    ranked = sorted(sums.items(), key=lambda pair: (-pair[1], pair[0]))
    kinds = {scope: speaker.say(f"scope{scope}_short") for scope in _SCOPES}
    stacks = [
        Stack(speaker.name_of(source), ((kinds[scope], Total(value, is_partial=False)),), number(value, 0))
        for (source, scope), value in ranked
    ]
    legend = {kinds[scope]: colour for scope, colour in _SCOPES.items()}
    words = {"method": inventory.method, "year": inventory.year, "gwp": inventory.gwp}
    listed = [f"{stack.label} {stack.said}" for stack in stacks[:_SAID_IN_ALT]]
    return Chart(
        id="sources",
        title=speaker.say("title", **words),
        caption=speaker.say("caption", **words) + (speaker.say("lacking") if gross.is_partial else ""),
        spec=draw_stacks(stacks, legend, speaker, row_px=load_style().row_px),
        alt=speaker.say(
            "alt",
            listed=speaker.listed(listed),
            total=gross.said(speaker.say("unknown")),
            count=len(stacks),
            **words,
        ),
    )


def sum_sources(inventory: Inventory) -> dict[tuple[str, str], Decimal]:
    """Emissions by source and scope, location-based; sources without any are left out."""
    found: dict[tuple[str, str], list[Decimal]] = defaultdict(list)
    for line in inventory.lines:
        if line.scope in _SCOPES and line.view in ("both", "location"):
            found[line.source, line.scope].append(line.emissions)
    sums = {key: add_exactly(values) for key, values in found.items()}
    return {key: value for key, value in sums.items() if value}
