"""Exponents of meters: the finest that ever came, and what files written before must be multiplied by."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from lingtan.errors import LingtanError, fault
from lingtan.metering.lake.merging import Rows, Whole, codes_of
from lingtan.metering.lake.placing import bucket_of_code
from lingtan.metering.lake.records import LATE, Segment, State

LARGEST = 2**63 - 1
Factors = tuple[tuple[int, int], ...]


def find_finest(known: Mapping[str, int], more: Iterable[tuple[str, int]]) -> dict[str, int]:
    """The smallest exponent per meter, of those known and those that come with readings."""
    finest = dict(known)
    for meter, exponent in more:
        finest[meter] = min(exponent, finest.get(meter, exponent))
    return finest


def find_factors(state: State, segment: Segment, exponents: Mapping[str, int]) -> Factors:
    """(code, factor) of the values of a segment, where `exponents` (per meter id) are to hold."""
    factors = {}
    for meter in state.meters:
        stored = state.coarser.get((segment.file, meter.code), meter.exponent)
        if stored != exponents[meter.meter]:
            factors[meter.code] = 10 ** (stored - exponents[meter.meter])
    return tuple(factors.items())


def compute_coarser(state: State, exponents: Mapping[str, int]) -> dict[tuple[str, int], int] | None:
    """Which files keep a coarser exponent once `exponents` hold; None where a value might not fit.

    In that case the files have to be read to know: folding does.
    """
    coarser = dict(state.coarser)
    for meter in state.meters:
        if exponents[meter.meter] == meter.exponent:
            continue
        for segment in state.segments:
            if segment.bucket in (LATE, bucket_of_code(meter.code)):
                stored = coarser.setdefault((segment.file, meter.code), meter.exponent)
                if segment.largest * 10 ** (stored - exponents[meter.meter]) > LARGEST:
                    return None
    return coarser


def rescale(rows: Rows, factors: Factors) -> Rows:
    """Values times the factor of their code. LingtanError where one leaves int64."""
    if not factors or not len(rows):
        return rows
    codes = codes_of(rows.key)
    return Rows(rows.key, multiply(rows.value, build_table(dict(factors), int(codes.max()), 1)[codes]))


def multiply(value: Whole, factor: Whole) -> Whole:
    """`value` times `factor`, element by element. LingtanError where a product leaves int64."""
    room = LARGEST // factor
    if bool(np.any((value > room) | (value < -room))):
        raise LingtanError([fault("lake.too-fine")])
    return value * factor


def add(value: Whole, more: int) -> Whole:
    """`value` plus `more`. LingtanError where a sum leaves int64."""
    if len(value) and max(int(value.max()) + more, -(int(value.min()) + more)) > LARGEST:
        raise LingtanError([fault("lake.too-fine")])
    return value + more


def build_table(numbers: Mapping[int, int], last: int, default: int = 0) -> Whole:
    """An array to look numbers 0 … `last` up in."""
    table = np.full(last + 1, default, np.int64)
    for index, number in numbers.items():
        if index <= last:
            table[index] = number
    return table
