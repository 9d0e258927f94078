"""First-order propagation: the variance of a sum of lines that share inputs.

Var = Σ over inputs of (Σ over lines of slope × σ)². A slope is the change of a line in tCO2e for a
relative change of the input by 1, σ the relative standard deviation of the input.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lingtan.inventory.uncertainty.inputs import Key
from lingtan.inventory.uncertainty.records import Contribution, Input
from lingtan.inventory.uncertainty.slopes import Sloped


@dataclass(frozen=True, slots=True)
class SlopedLine:
    """A line by name, with its value and slopes."""

    name: str
    sloped: Sloped


@dataclass(frozen=True, slots=True)
class Propagated:
    """Standard deviations of a sum in its unit, shared and independent, and who contributes."""

    deviation: float
    independent: float
    lines: tuple[Contribution, ...]
    inputs: tuple[Contribution, ...]
    without: tuple[str, ...]


def propagate(lines: Sequence[SlopedLine], inputs: Mapping[Key, Input]) -> Propagated:
    """The deviation of the sum of `lines`; inputs without uncertainty are named and left out."""
    used = _by_input(lines)
    sigmas = {key: inputs[key].deviation for key in used}
    known = {key: sigma for key, sigma in sigmas.items() if sigma is not None}
    sums = {key: math.fsum(used[key]) for key in known}
    variance = math.fsum((sums[key] * sigma) ** 2 for key, sigma in known.items())
    alone = [math.fsum((slope * known[key]) ** 2 for key, slope in _known(line, known)) for line in lines]
    return Propagated(
        deviation=math.sqrt(variance),
        independent=math.sqrt(math.fsum(alone)),
        lines=tuple(_line(*pair, sums, known, variance) for pair in zip(lines, alone, strict=True)),
        inputs=tuple(_input(inputs[key], sums[key] * known[key], variance) for key in sorted(known)),
        without=tuple(sorted({inputs[key].name for key, sigma in sigmas.items() if sigma is None})),
    )


def _by_input(lines: Sequence[SlopedLine]) -> dict[Key, list[float]]:
    used: defaultdict[Key, list[float]] = defaultdict(list)
    for line in lines:
        for key, slope in line.sloped.slopes.items():
            if slope:
                used[key].append(slope)
    return used


def _known(line: SlopedLine, known: Mapping[Key, float]) -> list[tuple[Key, float]]:
    return [(key, slope) for key, slope in line.sloped.slopes.items() if key in known]


def _line(
    line: SlopedLine, alone: float, sums: Mapping[Key, float], known: Mapping[Key, float], variance: float
) -> Contribution:
    """Its covariance with the total, of the variance: what inputs share is given out by slope."""
    covariance = math.fsum(slope * sums[key] * known[key] ** 2 for key, slope in _known(line, known))
    return Contribution(line.name, line.sloped.value, math.sqrt(alone), _part(covariance, variance))


def _input(one: Input, change: float, variance: float) -> Contribution:
    value = None if one.value is None else float(one.value)
    return Contribution(one.name, value, abs(change), _part(change**2, variance))


def _part(amount: float, variance: float) -> float:
    return amount / variance if variance else 0.0
