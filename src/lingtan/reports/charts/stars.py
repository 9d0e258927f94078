"""The score on the scale of an edition's stars, and how far the next one is."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise
from typing import Any

from lingtan.assessment.records import Assessment
from lingtan.errors import Language
from lingtan.quantities import less
from lingtan.reports.charts.drawing import bars, exact, frame, hidden_axis, points, rules, texts, value_axis
from lingtan.reports.charts.records import Chart, Spec
from lingtan.reports.charts.rows import bar
from lingtan.reports.charts.style import Colour, Speaker, load_style
from lingtan.standards.records import Award, Edition
from lingtan.texts import number

_BAND_COLOURS: tuple[Colour, ...] = ("pale", "bright", "mid", "warm", "deep")
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
    stage = speaker.pick(given.zh, given.en) if given else speaker.say("none")
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
    return speaker.say("next", award=speaker.pick(award.zh, award.en), points=number(less(at, score)))


def _spec(
    score: Decimal,
    full: Decimal,
    awards: list[tuple[Decimal, Award]],
    words: dict[str, str],
    speaker: Speaker,
) -> Spec:
    limits = [Decimal(0), *(at for at, _ in awards), full]
    bands = [bar(1.5, one, other, half=0.5) for one, other in pairwise(limits)]
    data: dict[str, list[dict[str, Any]]] = {
        f"band{n}": [band] for n, band in enumerate(bands) if band["x"] != band["x2"]
    }
    named = [(at, speaker.pick(award.zh, award.en)) for at, award in awards]
    data["names"] = [
        {"x": exact(at), "y": 2.7 + _STEP * n, "text": f"{name} ≥ {number(at)}"}
        for n, (at, name) in enumerate(named)
    ]
    data["limits"] = [
        {"x": exact(at), "x2": exact(at), "y": 2.0, "y2": 3.0 + _STEP * n} for n, (at, _) in enumerate(named)
    ]  # fmt: skip
    data["score"] = [{"x": exact(score), "x2": exact(score), "y": 0.85, "y2": 2.15}]
    data["mark"] = [{"x": exact(score), "y": 0.78}]
    data["said"] = [{"x": exact(score), "y": 0.2, "text": f"{words['score']}　{words['next']}"}]
    layers = [bars(name, _BAND_COLOURS[min(n, 4)]) for n, name in enumerate(k for k in data if "band" in k)]
    layers += [
        rules("limits"),
        rules("score", width=2.5),
        points("mark", "triangle-down", size=90),
        texts("names", align="right", dx=-5),
        texts("said", align="right" if score > full / 2 else "left", dx=8 if score > full / 2 else -8),
    ]
    deep = 2.6 + _STEP * len(awards)
    x = value_axis(speaker.say("axis"), 0, exact(full), ticks=10)
    x["axis"]["grid"] = False
    return frame(layers, data, height=load_style().row_px * deep, left=8, axes=(x, hidden_axis(deep, -0.2)))
