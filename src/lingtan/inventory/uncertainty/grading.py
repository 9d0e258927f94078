"""Data quality: activity score × factor score of each line, weighted by emissions (Shenzhen template)."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from lingtan.inventory.uncertainty.defaults import Defaults
from lingtan.inventory.uncertainty.inputs import Key
from lingtan.inventory.uncertainty.propagate import SlopedLine
from lingtan.inventory.uncertainty.records import Grade, Input
from lingtan.standards.records import Sourced


@dataclass(frozen=True, slots=True)
class Scored:
    """A line with its score (None: no score for one of its inputs) and its emissions in tCO2e."""

    name: str
    score: float | None
    weight: float


def score_line(line: SlopedLine, inputs: Mapping[Key, Input], defaults: Defaults) -> Scored:
    """Worst activity times worst factor; GWP has no score and needs none unless it is the only factor."""
    weight = abs(line.sloped.value)
    used = [inputs[key] for key, slope in line.sloped.slopes.items() if slope]
    activity = _worst((one for one in used if one.role == "activity"), defaults.activity_scores)
    factors = [one for one in used if one.role == "factor"]
    only_gwp = not factors and any(one.role == "gwp" for one in used)
    default = float(defaults.factor_scores["default"].value)
    factor = default if only_gwp else _worst(factors, defaults.factor_scores)
    known = activity is not None and factor is not None
    return Scored(line.name, activity * factor if known and activity and factor else None, weight)


def _worst(inputs: Iterable[Input], scores: Mapping[str, Sourced]) -> float | None:
    """The least score; None where there is no input or one has no score."""
    found = [scores.get(one.quality) for one in inputs]
    values = [float(one.value) for one in found if one is not None]
    return min(values) if values and len(values) == len(found) else None


def grade_lines(name: str, lines: Sequence[Scored], defaults: Defaults) -> Grade:
    """The mean of the scores by emissions; lines without score are named."""
    scored = [(line.score, line.weight) for line in lines if line.score is not None and line.weight]
    without = tuple(sorted({line.name for line in lines if line.score is None and line.weight}))
    weight = math.fsum(weight for _, weight in scored)
    if not weight:
        return Grade(name, None, None, 0.0, without)
    score = math.fsum(score * weight for score, weight in scored) / weight
    return Grade(name, score, defaults.grade(score), weight, without)
