"""Every third-level indicator: the share of its points that was earned, and where its pass line lies."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from lingtan.assessment.records import Assessment, IndicatorResult
from lingtan.errors import Language
from lingtan.quantities import exactly
from lingtan.reports.charts.drawing import (
    GAP,
    Datum,
    bars,
    exact,
    frame,
    row_labels,
    rows_axis,
    rules,
    texts,
    tip_name,
    value_axis,
)
from lingtan.reports.charts.records import Chart, Spec
from lingtan.reports.charts.rows import bar, build_labels, longest_with
from lingtan.reports.charts.style import Speaker, load_style
from lingtan.reports.charts.totals import ZERO
from lingtan.reports.fonts import drawable
from lingtan.standards.records import Edition, Indicator
from lingtan.standards.scoring import score_indicator
from lingtan.texts import number

HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class _Row:
    """`share` of the points in percent; None: not known, or not applicable."""

    place: float
    indicator: Indicator
    result: IndicatorResult
    share: Decimal | None

    @property
    def note(self) -> str:
        """The name of the words for why nothing is earned; empty where there is a share to draw."""
        if not self.result.applies:
            return "inapplicable"
        if self.result.passed is False and self.indicator.kind == "constraint":
            return "failed"
        return "missing" if self.share is None else ""


def build_indicator_chart(result: Assessment, edition: Edition, *, language: Language = "zh") -> Chart | None:
    """Shares earned with pass lines, by first-level indicator; None if the edition gives no points."""
    speaker = Speaker("indicators", language)
    rows, heads = _rows(result, edition)
    if not rows:
        return None
    words = {"edition": speaker.pick(edition.zh, edition.en), "on": result.on, "count": len(rows)}
    words |= {
        "failed": sum(row.result.passed is False and row.indicator.kind == "constraint" for row in rows),
        "missing": sum(row.result.applies and row.result.value is None for row in rows),
        "inapplicable": sum(not row.result.applies for row in rows),
        "full": sum(row.share == HUNDRED for row in rows),
    }
    return Chart(
        id="indicators",
        title=speaker.say("title"),
        caption=speaker.say("caption", **words),
        spec=_spec(rows, heads, edition, speaker),
        alt=speaker.say("alt", **words),
    )


def _rows(result: Assessment, edition: Edition) -> tuple[list[_Row], list[tuple[float, str]]]:
    """Indicators with points from above, and the first-level indicators between them with their places."""
    above = {level.code: level.parent or level.code for level in edition.levels}
    found = {one.code: one for one in result.indicators if one.points is not None and one.earned is not None}
    rows: list[_Row] = []
    heads: list[tuple[float, str]] = []
    for indicator in edition.indicators:
        if indicator.code in found:
            code = above.get(indicator.level2, indicator.level2)
            if not heads or heads[-1][1] != code:
                heads.append((float(len(rows) + len(heads)), code))
            one = found[indicator.code]
            rows.append(_Row(float(len(rows) + len(heads)), indicator, one, _share(one)))
    return rows, heads


@exactly
def _share(result: IndicatorResult) -> Decimal | None:
    if not result.applies or result.value is None or not result.points or result.earned is None:
        return None
    return result.earned / result.points * HUNDRED


@exactly
def pass_share(indicator: Indicator) -> Decimal | None:
    """The share of points (%) that the pass line of a constraint earns; None where there is none."""
    if indicator.pass_at is None or not indicator.points:
        return None
    earned = score_indicator(indicator, indicator.pass_at).earned
    return Decimal(earned.numerator) / Decimal(earned.denominator) / indicator.points * HUNDRED


def _spec(
    rows: Sequence[_Row], heads: Sequence[tuple[float, str]], edition: Edition, speaker: Speaker
) -> Spec:
    row_px = load_style().dense_row_px
    names = [f"{row.indicator.code} {speaker.pick(row.indicator.zh, row.indicator.en)}" for row in rows]
    labels = build_labels(names, row_px=row_px, places=[row.place for row in rows], widest=0.5)
    said = [(HUNDRED, _said(row)) for row in rows]
    data = {
        "full": [bar(row.place, ZERO, HUNDRED) | {"tip": _tip(row, speaker)} for row in rows],
        "labels": labels.data,
        "heads": list(_heads(heads, edition, speaker)),
        "numbers": [
            {"x": 100, "y": row.place, "text": text} for row, (_, text) in zip(rows, said, strict=True)
        ],
        **_marks(rows, speaker),
    }
    layers = [
        bars("full", "pale"), bars("earned", "mid"), rules("lines", width=2, tips=True),
        texts("notes", dx=4), row_labels("labels"), texts("heads", color=load_style().soft),
        texts("numbers", dx=GAP),
    ]  # fmt: skip
    x = value_axis(speaker.say("axis"), 0, longest_with(said, left=labels.room))
    x["axis"] |= {"values": [0, 20, 40, 60, 80, 100]}
    count = len(rows) + len(heads)
    return frame(layers, data, height=row_px * count, left=labels.room, axes=(x, rows_axis(count)))


def _marks(rows: Sequence[_Row], speaker: Speaker) -> dict[str, list[Datum]]:
    """Earned shares, failed constraints, pass lines, and words where there is no share."""
    marks: dict[str, list[Datum]] = {"earned": [], "lines": [], "notes": []}
    for row in rows:
        y, line = row.place, pass_share(row.indicator)
        if line is not None and row.result.applies:
            tip = speaker.say("tip_line", code=row.indicator.code, share=number(line, 1))
            ends = {"x": exact(line), "x2": exact(line), "y": y - 0.42, "y2": y + 0.42}
            marks["lines"].append({**ends, "tip": tip})
        if row.note or row.share is None:
            marks["notes"].append({"x": 0, "y": y, "text": speaker.say(row.note)})
        else:
            marks["earned"].append(bar(y, ZERO, row.share) | {"tip": _tip(row, speaker)})
    return marks


def _tip(row: _Row, speaker: Speaker) -> str:
    indicator = row.indicator
    name = tip_name(f"{indicator.code} {speaker.pick(indicator.zh, indicator.en)}")
    points = speaker.say("tip_points", name=name, said=_said(row))
    return speaker.say("tip_note", points=points, note=speaker.say(row.note)) if row.note else points


def _heads(heads: Sequence[tuple[float, str]], edition: Edition, speaker: Speaker) -> Iterator[Datum]:
    names = {level.code: speaker.pick(level.zh, level.en) for level in edition.levels}
    for place, code in heads:
        yield {"x": 0, "y": place, "text": drawable(f"{code} {names.get(code, '')}".rstrip())}


def _said(row: _Row) -> str:
    if not row.result.applies:
        return f"— / {number(row.indicator.points)}"
    return f"{number(row.result.earned)} / {number(row.result.points)}"
