"""The ordered cancellation: from emissions before it down to what remains."""

from __future__ import annotations

from lingtan.errors import Language
from lingtan.ledger.records import Ledger
from lingtan.reports.charts.records import Chart
from lingtan.reports.charts.style import Speaker
from lingtan.reports.charts.totals import PARTIAL, Total, find_total
from lingtan.reports.charts.waterfall import Step, draw_waterfall

_TOTALS = ("gross_tco2e", "removed_tco2e", "green_tco2e", "credits_tco2e", "residual_tco2e")
_LEVELS = ("gross_tco2e", "residual_tco2e")


def build_cancellation_chart(ledger: Ledger, *, language: Language = "zh") -> Chart | None:
    """Gross, own reduction, green electricity, credits, residual (tCO2e); None if one is not known."""
    speaker = Speaker("cancellation", language)
    found = {name: find_total(ledger.totals, name) for name in _TOTALS}
    totals = {name: total for name, total in found.items() if total and total.value is not None}
    if len(totals) < len(_TOTALS) or not totals["gross_tco2e"].value:
        return None
    steps = [_step(name, total, speaker) for name, total in totals.items()]
    partial = speaker.say("partial") if any(step.said.endswith(PARTIAL) for step in steps) else ""
    listed = speaker.listed([f"{step.label} {step.said}" for step in steps])
    return Chart(
        id="cancellation",
        title=speaker.say("title", year=ledger.year),
        caption=speaker.say("caption", year=ledger.year) + partial,
        spec=draw_waterfall(steps, speaker, axis=speaker.say("emissions_axis"), unit="tCO2e"),
        alt=speaker.say("alt", year=ledger.year, listed=listed),
    )


def _step(name: str, total: Total, speaker: Speaker) -> Step:
    is_level = name in _LEVELS
    said = total.said(speaker.say("unknown"))
    if not is_level and total.value:
        said = f"−{said}"
    amount = total.drawn if is_level else total.drawn.copy_negate()
    return Step(speaker.say(name), amount, "level" if is_level else "less", said)
