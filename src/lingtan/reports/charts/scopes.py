"""Emissions by scope, location-based and market-based side by side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lingtan.errors import Language
from lingtan.inventory.records import Inventory
from lingtan.quantities import add_exactly
from lingtan.reports.charts.records import Chart, Spec
from lingtan.reports.charts.stacked import Stack, draw_stacks
from lingtan.reports.charts.style import Colour, Speaker, load_style
from lingtan.reports.charts.totals import Total, find_total

_ROWS = {
    "location": ("scope1_tco2e", "scope2_location_tco2e"),
    "market": ("scope1_tco2e", "scope2_market_tco2e"),
    "biogenic": ("biogenic_tco2",),
    "non_kyoto": ("non_kyoto_tco2e",),
}
_SCOPES: dict[str, Colour] = {"scope1": "deep", "scope2": "mid", "apart": "pale"}


@dataclass(frozen=True, slots=True)
class _Row:
    name: str
    parts: tuple[tuple[str, Total], ...]

    @property
    def total(self) -> Total:
        known = [total for _, total in self.parts if total.value is not None]
        is_partial = len(known) < len(self.parts) or any(total.is_partial for total in known)
        return Total(add_exactly(total.drawn for total in known) if known else None, is_partial)


def build_scope_chart(inventory: Inventory, *, language: Language = "zh") -> Chart | None:
    """Scope 1 and 2 as stacked bars, what is reported apart below; None if the method has no scopes."""
    speaker = Speaker("scopes", language)
    rows = _rows(inventory)
    if not any(row.total.value for row in rows):
        return None
    unknown = speaker.say("unknown")
    said = [_said(row, speaker) for row in rows]
    partial = speaker.say("partial") if any(row.total.is_partial for row in rows) else ""
    words = {"method": inventory.method, "year": inventory.year, "gwp": inventory.gwp}
    return Chart(
        id="scopes",
        title=speaker.say("title", **words),
        caption=speaker.say("caption", **words) + partial,
        spec=_spec(rows, [row.total.said(unknown) for row in rows], speaker),
        alt=speaker.say("alt", listed=speaker.listed(said), **words),
    )


def _rows(inventory: Inventory) -> list[_Row]:
    """Both views of the whole; what is reported apart only where there is any."""
    rows = []
    for name, totals in _ROWS.items():
        found = [(total, find_total(inventory.totals, total)) for total in totals]
        parts = tuple((total, value) for total, value in found if value is not None)
        is_needed = len(totals) > 1 or any(value.value or value.is_partial for _, value in parts)
        if len(parts) == len(totals) and is_needed:
            rows.append(_Row(name, parts))
    return rows


def _said(row: _Row, speaker: Speaker) -> str:
    parts = [f"{speaker.say(name)} {total.said(speaker.say('unknown'))}" for name, total in row.parts]
    joined = (", " if speaker.language == "en" else "、").join(parts)
    if len(parts) == 1:
        return joined
    return speaker.say("row", name=speaker.say(row.name), total=row.total.said(""), parts=joined)


def _spec(rows: Sequence[_Row], said: list[str], speaker: Speaker) -> Spec:
    stacks = [
        Stack(speaker.say(row.name), tuple(_parts(row, speaker)), text)
        for row, text in zip(rows, said, strict=True)
    ]
    legend = {speaker.say(f"{scope}_short"): colour for scope, colour in _SCOPES.items()}
    return draw_stacks(stacks, legend, speaker, row_px=load_style().row_px)


def _parts(row: _Row, speaker: Speaker) -> Iterator[tuple[str, Total]]:
    kinds = ("scope1", "scope2") if len(row.parts) > 1 else ("apart",)
    for kind, (_, total) in zip(kinds, row.parts, strict=True):
        yield speaker.say(f"{kind}_short"), total
