"""How far two evaluators agree beyond chance: Cohen's kappa (Cohen 1960), exact.

kappa = (observed - expected) / (1 - expected), with expected = sum over verdicts of the product of the
two evaluators' shares. Standard error for large samples after Fleiss, Cohen and Everitt (1969).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations

from lingtan_web.reviews.rules.terms import Band

Pair = tuple[Hashable, Hashable]


@dataclass(frozen=True, slots=True)
class Agreement:
    """`kappa` None: chance alone would have them agree always (both gave one and the same verdict)."""

    count: int
    observed: Fraction
    expected: Fraction
    kappa: Fraction | None
    error: float | None


def compute_agreement(pairs: Iterable[Pair]) -> Agreement | None:
    """Agreement over pairs of verdicts on the same things; None without any pair."""
    table = Counter(pairs)
    count = table.total()
    if not count:
        return None
    rows, columns = _margins(table)
    observed = Fraction(sum(n for (one, other), n in table.items() if one == other), count)
    expected = sum((Fraction(rows[k] * columns[k], count * count) for k in rows), Fraction(0))
    if expected == 1:
        return Agreement(count, observed, expected, None, None)
    kappa = (observed - expected) / (1 - expected)
    return Agreement(count, observed, expected, kappa, _error(table, observed, expected))


def _margins(table: Mapping[Pair, int]) -> tuple[Counter[Hashable], Counter[Hashable]]:
    rows: Counter[Hashable] = Counter()
    columns: Counter[Hashable] = Counter()
    for (one, other), n in table.items():
        rows[one] += n
        columns[other] += n
    return rows, columns


def _error(table: Counter[Pair], observed: Fraction, expected: Fraction) -> float:
    """Fleiss, Cohen and Everitt 1969: sqrt(A + B - C) / ((1 - pe) * sqrt(n))."""
    count = table.total()
    rows, columns = _margins(table)
    kappa = (observed - expected) / (1 - expected)
    on = off = Fraction(0)
    for (one, other), n in table.items():
        share = Fraction(n, count)
        if one == other:
            both = Fraction(rows[one] + columns[one], count)
            on += share * (1 - both * (1 - kappa)) ** 2
        else:
            both = Fraction(columns[one] + rows[other], count)
            off += share * both**2
    off *= (1 - kappa) ** 2
    last = (kappa - expected * (1 - kappa)) ** 2
    return math.sqrt(max(Fraction(0), on + off - last)) / (float(1 - expected) * math.sqrt(count))


def pair_verdicts(
    given: Mapping[Hashable, Mapping[Hashable, Hashable]],
) -> dict[tuple[Hashable, Hashable], list[Pair]]:
    """Verdicts by evaluator and thing, as pairs for each two evaluators over what both judged."""
    found = {}
    for one, other in combinations(sorted(given, key=str), 2):
        both = sorted(set(given[one]) & set(given[other]), key=str)
        if both:
            found[(one, other)] = [(given[one][thing], given[other][thing]) for thing in both]
    return found


def find_band(kappa: Fraction, bands: Sequence[Band]) -> Band:
    """The words for a kappa, rounded to two places as the bands are written."""
    rounded = Fraction(round(kappa * 100), 100)
    return [band for band in bands if Fraction(band.lower) <= rounded][-1]
