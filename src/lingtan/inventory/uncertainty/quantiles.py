"""Mean, deviation and percentiles of a stream of draws in fixed memory.

Percentiles come from a histogram. Its range is set by the first block, a third of it on either side beyond
the least and largest draw; what lies outside counts in the outermost bins.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from lingtan.inventory.uncertainty.records import Simulated

BINS = 1 << 16  # a bin is less than a thousandth of a standard deviation
Array = npt.NDArray[np.float64]


class Summary:
    """One total. The sums are taken about the first draw, so that nothing is lost to rounding."""

    def __init__(self) -> None:
        self.count = 0
        self.shift = self.sum = self.squares = 0.0
        self.least = self.width = 0.0
        self.bins = np.zeros(BINS, dtype=np.int64)

    def add(self, draws: Array) -> None:
        """Take in a block."""
        if not self.count:
            self._settle(draws)
        apart = draws - self.shift
        self.count += len(draws)
        self.sum += float(apart.sum())
        self.squares += float(apart @ apart)
        if self.width:
            numbers = np.clip((draws - self.least) / self.width, 0, BINS - 1).astype(np.int64)
            self.bins += np.bincount(numbers, minlength=BINS)

    def _settle(self, draws: Array) -> None:
        least, most = float(draws.min()), float(draws.max())
        self.shift = float(draws[0])
        self.least = least - (most - least)
        self.width = 3 * (most - least) / BINS

    def close(self) -> Simulated:
        """What came out."""
        mean = self.sum / self.count
        variance = max(0.0, (self.squares - self.count * mean**2) / max(1, self.count - 1))
        percentiles = [self._percentile(share) for share in (0.025, 0.5, 0.975)]
        return Simulated(self.count, self.shift + mean, math.sqrt(variance), *percentiles)

    def _percentile(self, share: float) -> float:
        """Linear within the bin."""
        if not self.width:
            return self.shift
        sums = np.cumsum(self.bins)
        number = int(np.searchsorted(sums, share * self.count))
        before = int(sums[number - 1]) if number else 0
        inside = (share * self.count - before) / int(self.bins[number])
        return self.least + (number + inside) * self.width
