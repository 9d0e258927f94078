"""Readings as two arrays of whole numbers, and what is settled among them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from lingtan.metering.coded import CODED

AT_BITS = 42
AT_END = 1 << AT_BITS
"""Instants lie in 1970-01-01 … 2109-05-15: with the code they fit one int64."""
_AT_MASK = AT_END - 1
_FEW = 8
_RADIX = 1 << 16  # numpy sorts 16-bit numbers by counting

Whole = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Rows:
    """Readings: `key` is meter code and instant in one number, `value` beside it."""

    key: Whole
    value: Whole

    def __len__(self) -> int:
        return len(self.key)

    def pick(self, which: NDArray[np.bool_] | NDArray[np.intp] | slice) -> Rows:
        """The rows of a mask, of indices or of a slice."""
        return Rows(self.key[which], self.value[which])


EMPTY = Rows(np.empty(0, np.int64), np.empty(0, np.int64))


def pack(code: NDArray[np.integer], at: Whole) -> Whole:
    """Code and milliseconds in one number that sorts by code, then by instant."""
    return code.astype(np.int64) << AT_BITS | at


def move(key: Whole, by: Whole) -> Whole:
    """Keys under other codes: `by` has for each code the difference of the new one."""
    moved: Whole = key + (by << AT_BITS)[key >> AT_BITS]
    return moved


def codes_of(key: Whole) -> NDArray[np.int32]:
    """The meter codes of keys."""
    return (key >> AT_BITS).astype(np.int32)


def instants_of(key: Whole) -> Whole:
    """The milliseconds of keys."""
    return key & _AT_MASK


def to_frame(rows: Rows) -> pl.DataFrame:
    """As CODED columns."""
    at = pl.Series("at", instants_of(rows.key)).cast(CODED["at"])
    return pl.DataFrame({"meter": codes_of(rows.key), "at": at, "value": rows.value})


def from_frame(frame: pl.DataFrame) -> Rows:
    """From CODED columns."""
    at = frame["at"].to_physical().to_numpy()
    return Rows(pack(frame["meter"].to_numpy(), at), frame["value"].to_numpy())


def concat(parts: list[Rows]) -> Rows:
    """All rows, part after part."""
    if len(parts) == 1:
        return parts[0]
    if not parts:
        return EMPTY
    return Rows(np.concatenate([part.key for part in parts]), np.concatenate([part.value for part in parts]))


def sort(rows: Rows, *, compiled: bool = False) -> Rows:
    """Sorted by key. Meters by counting first: what is left are nearly sorted runs, quick to merge.

    `compiled`: three times as fast, after a second or two for compiling; the same rows.
    """
    key = rows.key
    if len(key) < 2 or bool(np.all(key[1:] >= key[:-1])):
        return rows
    if compiled:
        from lingtan.metering.lake.compiled import sort_rows

        done = sort_rows(rows)
        if done is not None:
            return done
    code = key >> AT_BITS
    code -= code.min()
    if code.max() >= _RADIX:
        return rows.pick(np.argsort(key, kind="stable"))
    rows = rows.pick(np.argsort(code.astype(np.uint16), kind="stable"))
    key = rows.key
    if bool(np.all(key[1:] >= key[:-1])):
        return rows
    return rows.pick(np.argsort(key, kind="stable"))


def merge(parts: list[Rows], *, compiled: bool = False) -> Rows:
    """All rows sorted by key; what is sorted already, as a base is, is not sorted anew."""
    parts = sorted((part for part in parts if len(part)), key=len)
    if not parts:
        return EMPTY
    most = sort(parts.pop(), compiled=compiled)
    rest = sort(concat(parts), compiled=compiled)
    if not len(rest):
        return most
    if len(rest) > len(most) // _FEW:
        both = concat([most, rest])
        return both.pick(np.argsort(both.key, kind="stable"))  # two sorted runs: one pass
    places = np.searchsorted(most.key, rest.key, side="right")
    return Rows(np.insert(most.key, places, rest.key), np.insert(most.value, places, rest.value))


def settle(rows: Rows) -> tuple[Rows, Rows]:
    """(settled, in conflict), each sorted by key and value, equal rows once.

    An instant with one value is settled; of an instant with different values all are in conflict.
    """
    rows = sort(rows)
    again = rows.key[1:] == rows.key[:-1]
    if not again.any():
        return rows, EMPTY
    differs = again & (rows.value[1:] != rows.value[:-1])
    if not differs.any():
        return _drop(rows, np.flatnonzero(again) + 1), EMPTY
    disputed = is_among(rows.key, rows.key[1:][differs])
    first = np.concatenate([np.ones(1, np.bool_), ~again])
    return rows.pick(first & ~disputed), unique(rows.pick(disputed))


def _drop(rows: Rows, places: NDArray[np.intp]) -> Rows:
    """Without the rows at `places`; where they are few, by copying what lies between."""
    if len(places) > len(rows) // 64:
        return Rows(np.delete(rows.key, places), np.delete(rows.value, places))
    ends = [*places.tolist(), len(rows)]
    return concat([rows.pick(slice(a, b)) for a, b in zip([0, *(places + 1).tolist()], ends, strict=True)])


def unique(rows: Rows) -> Rows:
    """Sorted by key and value, equal rows once."""
    rows = rows.pick(np.lexsort((rows.value, rows.key)))
    if len(rows) < 2:
        return rows
    first = np.ones(len(rows), np.bool_)
    first[1:] = (rows.key[1:] != rows.key[:-1]) | (rows.value[1:] != rows.value[:-1])
    return rows.pick(first)


def is_among(key: Whole, some: Whole) -> NDArray[np.bool_]:
    """For each key whether it is one of `some`, which are sorted and few."""
    if not len(some):
        return np.zeros(len(key), np.bool_)
    places = np.searchsorted(some, key)
    places[places == len(some)] = 0
    among: NDArray[np.bool_] = some[places] == key
    return among


def are_distinct(rows: Rows) -> bool:
    """Whether rows are sorted by key and value, each row once."""
    later, same = rows.key[1:] > rows.key[:-1], rows.key[1:] == rows.key[:-1]
    return bool(np.all(later | (same & (rows.value[1:] > rows.value[:-1]))))


def without(rows: Rows, known: Rows) -> Rows:
    """The rows that are not among `known`."""
    if not len(known):
        return rows
    mine = pl.DataFrame({"key": rows.key, "value": rows.value})
    theirs = pl.DataFrame({"key": known.key, "value": known.value})
    left = mine.join(theirs, on=["key", "value"], how="anti", maintain_order="left")
    return Rows(left["key"].to_numpy(), left["value"].to_numpy())
