"""A total of one year before and after, split into causes."""

from __future__ import annotations

from decimal import Decimal

from lingtan.errors import Language
from lingtan.inventory.restatement import Restatement
from lingtan.reports.charts.records import Chart
from lingtan.reports.charts.style import Speaker
from lingtan.reports.charts.waterfall import Step, draw_waterfall, starts_at_nought
from lingtan.texts import number


def build_restatement_chart(restatement: Restatement, *, language: Language = "zh") -> Chart | None:
    """Before, causes, after, in the unit of the total; None if nothing changed."""
    speaker = Speaker("restatement", language)
    if not any(share.change for share in restatement.shares):
        return None
    steps = [
        _level("before", restatement.before, speaker),
        *(_change(share.cause, share.change, speaker) for share in restatement.shares),
        _level("after", restatement.after, speaker),
    ]
    words = {
        "total": speaker.name_of(restatement.total),
        "year": restatement.year,
        "unit": restatement.unit,
    }
    cut = "" if starts_at_nought(steps) else speaker.say("cut")
    listed = speaker.listed([f"{step.label} {step.said}" for step in steps])
    return Chart(
        id=f"restatement-{restatement.total}",
        title=speaker.say("title", **words),
        caption=speaker.say("caption", **words) + cut,
        spec=draw_waterfall(steps, speaker, axis=speaker.say("axis", **words), unit=restatement.unit),
        alt=speaker.say("alt", listed=listed, **words),
    )


def _level(name: str, value: Decimal, speaker: Speaker) -> Step:
    return Step(speaker.say(name), value, "level", number(value, 0))


def _change(cause: str, change: Decimal, speaker: Speaker) -> Step:
    said = number(abs(change), 0)
    sign = "+" if change > 0 else "−" if change < 0 else ""
    return Step(speaker.say(cause), change, "more" if change > 0 else "less", sign + said)
