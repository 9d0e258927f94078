"""The score on the scale of an edition's stars, and how far the next one is."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

from lingtan.assessment.records import Assessment
from lingtan.errors import Language
from lingtan.quantities import less
from lingtan.reports.charts.drawing import (
    GAP,
    Datum,
    bars,
    exact,
    frame,
    hidden_axis,
    plot_width,
    points,
    rules,
    texts,
    tip_name,
    value_axis,
)
from lingtan.reports.charts.records import Chart, Spec
from lingtan.reports.charts.rows import bar
from lingtan.reports.charts.style import Colour, Speaker, load_style
from lingtan.reports.charts.totals import ZERO
from lingtan.reports.fonts import text_width
from lingtan.standards.records import Award, Edition
from lingtan.texts import number

_BAND_COLOURS: tuple[Colour, ...] = ("pale", "bright", "mid", "warm", "deep")
_LEFT_PX = 8
_STEP = 0.75
"""Rows between the names of two awards: each name ends at its own line and meets no other."""


def build_star_chart(result: Assessment, edition: Edition, *, language: Language = "zh") -> Chart | None:
    """Score and thresholds of stars; None without a score or where stars do not hang on points."""
    speaker = Speaker("stars", language)
    awards = _awards(edition)
    if result.score is None or edition.total_points is None or not awards:
        return None
    score = number(result.score)
    given = next((award for award in edition.awards if award.id == result.stage), None)
    stage = _named(given, speaker) if given else speaker.say("none")
    words = {"score": score, "full": number(edition.total_points), "stage": stage}
    words["next"] = _next(result.score, awards, speaker)
    held = speaker.say("held") if _is_held(result, awards) else ""
    source = {"edition": speaker.pick(edition.zh, edition.en), "on": result.on}
    return Chart(
        id="stars",
        title=speaker.say("title"),
        caption=speaker.say("caption", **source, **words) + held,
        spec=_spec(result.score, edition.total_points, awards, words, speaker),
        alt=speaker.say("alt", **words) + held,
    )


def _awards(edition: Edition) -> list[tuple[Decimal, Award]]:
    """Awards with a threshold, from the lowest."""
    found = [(award.from_score, award) for award in edition.awards]
    return sorted(((at, award) for at, award in found if at is not None), key=lambda pair: pair[0])


def _is_held(result: Assessment, awards: list[tuple[Decimal, Award]]) -> bool:
    """Whether the score reaches further than the award that was given."""
    reached = [award.id for at, award in awards if result.score is not None and result.score >= at]
    return bool(reached) and result.stage != reached[-1]


def _next(score: Decimal, awards: list[tuple[Decimal, Award]], speaker: Speaker) -> str:
    above = [(at, award) for at, award in awards if at > score]
    if not above:
        return speaker.say("top")
    at, award = above[0]
    return speaker.say("next", award=_named(award, speaker), points=number(less(at, score)))


def _spec(
    score: Decimal,
    full: Decimal,
    awards: list[tuple[Decimal, Award]],
    words: dict[str, str],
    speaker: Speaker,
) -> Spec:
    bands = _bands(awards, full, speaker)
    tip = {"tip": speaker.say("tip_score", **words)}
    side = "right" if score > full / 2 else "left"
    data: dict[str, list[Datum]] = {
        **bands,
        **_thresholds(awards, exact(full), speaker),
        "score": [{"x": exact(score), "x2": exact(score), "y": 0.85, "y2": 2.15, **tip}],
        "mark": [{"x": exact(score), "y": 0.78, **tip}],
        "said": [{"x": exact(score), "y": 0.2, "text": f"{words['score']}　{words['next']}"}],
    }
    layers = [bars(name, _BAND_COLOURS[min(n, 4)]) for n, name in enumerate(bands)]
    layers += [
        rules("limits", tips=True),
        rules("score", width=2.5, tips=True),
        points("mark", "triangle-down", size=90),
        texts("before", align="right", dx=-5),
        texts("behind", align="left", dx=5),
        texts("said", align=side, dx=8 if side == "right" else -8),
    ]
    deep = 2.6 + _STEP * len(awards)
    x = value_axis(speaker.say("axis"), 0, exact(full), ticks=10)
    x["axis"]["grid"] = False
    height = load_style().row_px * deep
    return frame(layers, data, height=height, left=_LEFT_PX, axes=(x, hidden_axis(deep, -0.2)))


def _bands(awards: list[tuple[Decimal, Award]], full: Decimal, speaker: Speaker) -> dict[str, list[Datum]]:
    """Stretches between thresholds, by name; empty ones are left out."""
    begins = [(ZERO, speaker.say("none")), *((at, _named(award, speaker)) for at, award in awards)]
    stretches = [(one, other, name) for (one, name), (other, _) in pairwise([*begins, (full, "")])]
    drawn = [stretch for stretch in stretches if stretch[0] < stretch[1]]
    return {f"band{n}": [_band(*stretch, speaker)] for n, stretch in enumerate(drawn)}


def _band(begin: Decimal, end: Decimal, name: str, speaker: Speaker) -> Datum:
    words = {"award": name, "begin": number(begin), "end": number(end)}
    return {**bar(1.5, begin, end, half=0.5), "tip": speaker.say("tip_band", **words)}


def _named(award: Award, speaker: Speaker) -> str:
    return tip_name(speaker.pick(award.zh, award.en))


def _thresholds(awards: list[tuple[Decimal, Award]], full: float, speaker: Speaker) -> dict[str, list[Datum]]:
    """A line for each award down to its name, which stands before the line if there is room, else behind."""
    found: dict[str, list[Datum]] = {"limits": [], "before": [], "behind": []}
    for n, (at, award) in enumerate(awards):
        name, x = f"{_named(award, speaker)} ≥ {number(at)}", exact(at)
        has_room = text_width(name, load_style().text_px) + GAP < x / full * plot_width(_LEFT_PX)
        tip = speaker.say("tip_limit", award=_named(award, speaker), points=number(at))
        found["limits"].append({"x": x, "x2": x, "y": 2.0, "y2": 3.0 + _STEP * n, "tip": tip})
        found["before" if has_room else "behind"].append({"x": x, "y": 2.7 + _STEP * n, "text": name})
    return found
