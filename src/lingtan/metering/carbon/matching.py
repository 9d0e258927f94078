"""Carbon-free share: load met by carbon-free energy, in the same hour and over the whole time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from lingtan.quantities import exactly

UNKNOWN = -1
"""Energy or share of a slot that is not known."""

SHARE_PARTS = 1_000_000
"""Shares in arrays are whole millionths."""


@dataclass(frozen=True)
class Matching:
    """Energies in the unit of the input; `used` is what each source gave to the load in its own hour.

    `matched` is their sum, `free` all carbon-free energy, `undated` that without hours (certificates
    of a month or year: they count in the annual match only). `from_grid` is the carbon-free part of
    what the grid gave (a fraction); None if its share was not given. `left_out`: slots in which
    load or a source is not known; nothing of them is in any sum.
    """

    load: int
    free: int
    undated: int
    used: Mapping[str, int]
    matched: int
    from_grid: Fraction | None
    left_out: int

    @property
    def hourly_share(self) -> Decimal | None:
        """Sum over hours of min(load, carbon-free) / load; None without load."""
        return _share(Fraction(self.matched), self.load)

    @property
    def annual_share(self) -> Decimal | None:
        """min(carbon-free, load) / load over the whole time, certificates included; None without load."""
        return _share(Fraction(min(self.free + self.undated, self.load)), self.load)

    @property
    def hourly_share_with_grid(self) -> Decimal | None:
        """As `hourly_share`, with what is carbon-free in the electricity of the grid."""
        return None if self.from_grid is None else _share(self.matched + self.from_grid, self.load)


@exactly
def _share(part: Fraction, whole: int) -> Decimal | None:
    return Decimal(part.numerator) / (Decimal(part.denominator) * whole) if whole else None


def compute_matching(
    load: NDArray[np.int64],
    sources: Mapping[str, NDArray[np.int64]],
    *,
    undated: int = 0,
    grid_share: NDArray[np.int64] | None = None,
) -> Matching:
    """Match `load` with `sources` slot by slot, in their order (on-site first, then contracts).

    All are whole numbers in one unit, one per slot, UNKNOWN where not known; shape (slots,).
    `grid_share`: carbon-free share of the grid by slot in millionths. ValueError for negative
    energy other than UNKNOWN, or a share above one: that is a fault of the caller.
    """
    rows = [load, *sources.values(), *([] if grid_share is None else [grid_share])]
    if any(np.any(row < UNKNOWN) for row in rows) or undated < 0:
        raise ValueError("energy and shares are not negative")
    if grid_share is not None and np.any(grid_share > SHARE_PARTS):
        raise ValueError("a share is at most one")
    known = np.all(np.stack(rows) != UNKNOWN, axis=0)
    left = load[known].copy()
    used, free = {}, 0
    for name, row in sources.items():
        given = np.minimum(left, row[known])
        left -= given
        used[name], free = sum(given.tolist()), free + sum(row[known].tolist())
    return Matching(
        load=sum(load[known].tolist()),
        free=free,
        undated=undated,
        used=used,
        matched=sum(used.values()),
        from_grid=None if grid_share is None else _from_grid(left, grid_share[known]),
        left_out=int(np.count_nonzero(~known)),
    )


def _from_grid(left: NDArray[np.int64], share: NDArray[np.int64]) -> Fraction:
    """The carbon-free part of what the grid gave, exactly."""
    parts = sum(one * other for one, other in zip(left.tolist(), share.tolist(), strict=True))
    return Fraction(parts, SHARE_PARTS)
