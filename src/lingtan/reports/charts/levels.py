"""Points earned by first-level indicators, against full marks."""

from __future__ import annotations

from lingtan.assessment.records import Assessment, LevelResult
from lingtan.errors import Language
from lingtan.reports.charts.drawing import GAP, bars, exact, frame, row_labels, rows_axis, texts, tip_name
from lingtan.reports.charts.records import Chart, Spec
from lingtan.reports.charts.rows import bar, build_labels, scale_for
from lingtan.reports.charts.style import Speaker, load_style
from lingtan.reports.charts.totals import ZERO
from lingtan.standards.records import Edition
from lingtan.texts import number


def build_level_chart(result: Assessment, edition: Edition, *, language: Language = "zh") -> Chart | None:
    """Earned and full points of each first-level indicator; None if the edition gives no points."""
    speaker = Speaker("levels", language)
    first = {level.code for level in edition.levels if not level.parent}
    levels = [level for level in result.levels if level.code in first and level.points]
    if not levels:
        return None
    names = [f"{level.code} {speaker.pick(level.zh, level.en)}" for level in levels]
    said = [f"{number(level.earned)} / {number(level.points)}" for level in levels]
    listed = speaker.listed([f"{name} {text}" for name, text in zip(names, said, strict=True)])
    return Chart(
        id="levels",
        title=speaker.say("title"),
        caption=speaker.say("caption", edition=speaker.pick(edition.zh, edition.en), on=result.on),
        spec=_spec(levels, names, said, speaker),
        alt=speaker.say("alt", listed=listed),
    )


def _spec(levels: list[LevelResult], names: list[str], said: list[str], speaker: Speaker) -> Spec:
    row_px = load_style().row_px
    labels = build_labels(names, row_px=row_px)
    rows = list(enumerate(levels))
    tips = [
        {"tip": speaker.say("tip_points", name=tip_name(name), said=text)}
        for name, text in zip(names, said, strict=True)
    ]
    data = {
        "full": [bar(place, ZERO, level.points) | tips[place] for place, level in rows],
        "earned": [bar(place, ZERO, level.earned, half=0.2) | tips[place] for place, level in rows],
        "labels": labels.data,
        "numbers": [{"x": exact(level.points), "y": place, "text": said[place]} for place, level in rows],
    }
    ends = [(level.points, said[place]) for place, level in rows]
    layers = [bars("full", "pale"), bars("earned", "deep"), row_labels("labels"), texts("numbers", dx=GAP)]
    return frame(
        layers,
        data,
        height=row_px * len(levels),
        left=labels.room,
        axes=(scale_for(speaker.say("axis"), ends, left=labels.room), rows_axis(len(levels))),
    )
