"""Whole numbers out of floats, and the order of readings."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lingtan.metering.coded import CODED, is_ordered, whole_numbers


@pytest.mark.parametrize(
    ("values", "whole", "exponent"),
    [
        ([1.23, 184213.37], [123, 18421337], -2),
        ([0.1, 3.0], [1, 30], -1),
        ([7.0, -2.0], [7, -2], 0),
        ([], [], 0),
        ([0.000000001], [1], -9),
        ([9007199254740991.0], [9007199254740991], 0),
    ],
)
def test_decimals_are_met_exactly(values: list[float], whole: list[int], exponent: int) -> None:
    found = whole_numbers(np.array(values))
    assert (found[0].tolist(), found[1]) == (whole, exponent)


def test_binary_fractions_keep_twelve_digits_of_their_total() -> None:
    third = np.array([100 / 3] * 300)  # adds up to 10^4: eight places make twelve digits
    whole, exponent = whole_numbers(third)
    assert exponent == -8
    assert whole.tolist() == [3333333333] * 300
    assert whole_numbers(third, total=1e10)[1] == -2


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf"), 2.0**53, 1e308])
def test_what_is_no_value_of_a_meter_is_refused(value: float) -> None:
    with pytest.raises(ValueError, match="not a value of a meter"):
        whole_numbers(np.array([1.0, value]))


@given(st.lists(st.integers(-(10**9), 10**9), min_size=1), st.integers(0, 6))
def test_any_decimal_comes_back(numbers: list[int], places: int) -> None:
    values = np.array([float(Decimal(n).scaleb(-places)) for n in numbers])
    whole, exponent = whole_numbers(values)
    assert -places <= exponent <= 0
    assert [Decimal(int(w)).scaleb(exponent) for w in whole] == [Decimal(n).scaleb(-places) for n in numbers]


@pytest.mark.parametrize(
    ("rows", "ordered"),
    [
        ([], True),
        ([(1, 5)], True),
        ([(1, 5), (1, 6), (2, 1)], True),
        ([(1, 5), (1, 5)], False),
        ([(1, 6), (1, 5)], False),
        ([(2, 1), (1, 5)], False),
    ],
)
def test_order_is_by_meter_and_instant_each_once(rows: list[tuple[int, int]], ordered: bool) -> None:
    frame = pl.DataFrame([(m, at, 0) for m, at in rows], schema=dict.fromkeys(CODED, pl.Int64), orient="row")
    assert is_ordered(frame.cast(CODED)) == ordered
