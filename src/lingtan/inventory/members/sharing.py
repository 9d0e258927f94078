"""A total shared by weights, so that the parts add up to exactly the total."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal, localcontext
from itertools import accumulate, pairwise

from lingtan.inventory.lines import Labelled, number, total
from lingtan.inventory.members.allocation_methods import Sharing
from lingtan.quantities import EXACT, WIDE, add_up
from lingtan.trace import Node, Origin, gaps_of

DIGITS = 46  # of the total that parts keep where a quotient never ends; four of our fifty stay free
_PLAIN = "total * own / whole"
_ON_GRID = "rounded(total * (upto / whole), digits) - rounded(total * (before / whole), digits)"


def share_out(
    common: Node, weights: Sequence[Labelled], whole: Node, sharing: Sharing, places: int | None = None
) -> Mapping[str, Node]:
    """The part of each of `weights` in `common`; `whole` is their sum, and above nought.

    Where every quotient ends within fifty digits a part is total × own / whole. Else all parts are
    differences of the running sum on one grid of digits: none is rounded by itself, none is below
    nought, and they add up to the total whichever comes last. With `places` given that is the grid.
    """
    grid = Decimal(1).scaleb(_exponent(number(common)) if places is None else -places)
    plain = [number(common) * number(weight) / number(whole) for _, weight in weights]
    if sum(plain, Decimal(0)) == number(common) and all(part == part.quantize(grid) for part in plain):
        parts = [_plain(common, pair, whole, value) for pair, value in zip(weights, plain, strict=True)]
    else:
        parts = _on_grid(common, weights, whole, grid)
    named = zip(weights, parts, strict=True)
    return {name: replace(part, basis=sharing.basis, note=sharing.source) for (name, _), part in named}


def settle(parts: Sequence[Decimal]) -> tuple[Decimal, ...]:
    """`parts` so that they add up to their sum as our arithmetic has it, to its last digit.

    Parts that fit stay as they are; else all are differences of the running sum on the grid of the sum.
    """
    whole = add_up(parts)
    exponent = int(whole.as_tuple().exponent)
    if all(int(part.as_tuple().exponent) >= exponent for part in parts):
        return tuple(parts)
    grid = Decimal(1).scaleb(exponent)
    with localcontext(WIDE):
        ends = [end.quantize(grid) for end in (Decimal(0), *accumulate(parts))]
        return tuple(_short(end - before) for before, end in pairwise(ends))


def _short(value: Decimal) -> Decimal:
    """Without zeros at the end that the grid has added."""
    short = value.normalize()
    return short if int(short.as_tuple().exponent) <= 0 else short.quantize(Decimal(1))


def share_known(common: Node, own: Labelled, whole: Node, *, is_refused: bool) -> Node:
    """The part of one weight where not all is known, with what is lacking to it; none if refused."""
    parts = (common, own[1], whole)
    if is_refused:
        return Node(f"{common.name}[{own[0]}]", None, common.unit, origin=Origin("missing", "refused"))
    is_known = all(part.value is not None for part in parts)
    value = number(common) * number(own[1]) / number(whole) if is_known else None
    return replace(_plain(common, own, whole, value), gaps=() if is_known else gaps_of(*parts))


def _exponent(value: Decimal) -> int:
    """The last digit of the grid: as fine as the total itself, at least DIGITS in all, fifty at most."""
    own, first = int(value.as_tuple().exponent), value.adjusted()
    return max(min(own, first - DIGITS + 1), first - EXACT.prec + 1)


def _plain(common: Node, own: Labelled, whole: Node, value: Decimal | None) -> Node:
    inputs = (("total", common), ("own", own[1]), ("whole", whole))
    return Node(f"{common.name}[{own[0]}]", value, common.unit, _PLAIN, inputs)


def _on_grid(common: Node, weights: Sequence[Labelled], whole: Node, grid: Decimal) -> list[Node]:
    digits = Node("digits", Decimal(-int(grid.as_tuple().exponent)), origin=Origin("parameter", "digits"))
    before = Node("before", Decimal(0), whole.unit, origin=Origin("parameter", "before the first"))
    parts: list[Node] = []
    for index, (name, weight) in enumerate(weights, 1):
        upto = whole if index == len(weights) else total("upto", (before, weight), whole.unit)
        ends = [(number(common) * (number(end) / number(whole))).quantize(grid) for end in (upto, before)]
        inputs = (("total", common), ("own", weight), ("whole", whole))
        running = (("upto", upto), ("before", before), ("digits", digits))
        value = ends[0] - ends[1]
        parts.append(Node(f"{common.name}[{name}]", value, common.unit, _ON_GRID, (*inputs, *running)))
        before = upto
    return parts
