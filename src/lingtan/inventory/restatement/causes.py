"""The difference between a frozen result and a new one, split exactly into its causes.

One thing is changed after another, in a fixed order, and each time the inventory is computed again:
software, boundary, data, method, factors. What a step changes is its cause's share; the shares sum to
the difference by construction. What two causes do together falls to the later one (ADR 0013).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise
from typing import Literal, get_args

from lingtan.errors import LingtanError, fault
from lingtan.inventory.restatement.blending import blend_boundary
from lingtan.inventory.restatement.frozen import Frozen, Inputs, LineKey, Stated, state
from lingtan.inventory.restatement.rules import load_restatement_rules
from lingtan.quantities import exactly, less

Cause = Literal["software", "boundary", "data", "method", "factors"]
CAUSES: tuple[Cause, ...] = get_args(Cause)


@dataclass(frozen=True, slots=True)
class Share:
    """What a cause changed: in all (tCO2 or tCO2e), and by line; lines that it left alone are not named.

    The lines sum to `change`; where they are sums rounded at the fiftieth digit, the last entry
    (all blank) takes what is left.
    """

    cause: Cause
    change: Decimal
    lines: Mapping[LineKey, Decimal]


@dataclass(frozen=True, slots=True)
class Restatement:
    """One total of one year before and after. `shares` sum to `after - before` to the last digit.

    `percent` of the old value; None if that is zero. `is_significant`: at or above `threshold_percent`,
    where a base year is to be calculated again.
    """

    total: str
    year: int
    unit: str
    before: Decimal
    after: Decimal
    shares: tuple[Share, ...]
    percent: Decimal | None
    threshold_percent: Decimal
    is_significant: bool

    @property
    def difference(self) -> Decimal:
        """After less before, exactly."""
        return less(self.after, self.before)


@exactly
def restate(old: Frozen, new: Inputs, *, totals: tuple[str, ...] = ()) -> tuple[Restatement, ...]:
    """Every total of emissions (or those named) that both results have, before and after.

    LingtanError: another year, another park's id, methods with no total in common, or a total that
    is not known on one side (a difference of something unknown is not a number).
    """
    _refuse(old, new)
    stages = [old.totals, *(state(inputs.compute()) for inputs in _steps(old.inputs, new))]
    names = [name for name in stages[-1] if name in old.totals and (not totals or name in totals)]
    if not names:
        raise LingtanError(
            [fault("restatement.no-common-total", old=old.inputs.method.id, new=new.method.id)]
        )
    return tuple(_restated(name, old.year, [stage[name] for stage in stages]) for name in names)


def _refuse(old: Frozen, new: Inputs) -> None:
    year, park = new.dossier.park.reporting.year, new.dossier.park.id
    if year != old.year:
        raise LingtanError([fault("restatement.other-year", old=old.year, new=year)])
    if park != old.inputs.dossier.park.id:
        raise LingtanError([fault("restatement.other-park", old=old.inputs.dossier.park.id, new=park)])


def _steps(old: Inputs, new: Inputs) -> tuple[Inputs, ...]:
    """The inputs after each cause, in the order of `CAUSES`; equal ones are computed all the same."""
    boundary = blend_boundary(old, new)
    data = replace(boundary, dossier=new.dossier, metering=new.metering)
    method = replace(data, method=new.method)
    return old, boundary, data, method, replace(method, registry=new.registry, on=new.on)


def _restated(name: str, year: int, stages: list[Stated]) -> Restatement:
    before, after = stages[0].value, stages[-1].value
    if before is None or after is None or any(stage.value is None for stage in stages):
        raise LingtanError([fault("restatement.not-known", total=name, year=year)])
    steps = zip(CAUSES, pairwise(stages), strict=True)
    shares = tuple(_share(cause, one, other) for cause, (one, other) in steps)
    percent = abs(after - before) / abs(before) * 100 if before else None
    threshold = load_restatement_rules().threshold_percent.value
    is_significant = after != before if percent is None else percent >= threshold
    unit = stages[-1].unit
    return Restatement(name, year, unit, before, after, shares, percent, threshold, is_significant)


def _share(cause: Cause, before: Stated, after: Stated) -> Share:
    change = less(after.value or Decimal(0), before.value or Decimal(0))
    lines = {}
    for key in sorted({*before.lines, *after.lines}):
        moved = less(after.lines.get(key, Decimal(0)), before.lines.get(key, Decimal(0)))
        if moved:
            lines[key] = moved
    rest = less(change, *lines.values())
    if rest:
        lines["", "", "", ""] = rest
    return Share(cause, change, lines)
