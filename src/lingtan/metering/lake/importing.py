"""One import, batch by batch, before anything of it is visible."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import polars as pl
from numpy.typing import NDArray

from lingtan.errors import Fault, LingtanError, Place, fault
from lingtan.metering.coded import CODED, FINEST
from lingtan.metering.lake.merging import AT_BITS, AT_END, Rows
from lingtan.metering.lake.records import Receipt
from lingtan.metering.lake.spilling import Spill


class ImportWork:
    """Takes batches in; afterwards `receipt` says what became of them."""

    receipt: Receipt

    def __init__(self, spill: Spill, names: Mapping[int, str]) -> None:
        self.spill = spill
        self.rows = 0
        self.missing = 0
        self._names = names

    def add(self, readings: pl.DataFrame, exponents: Mapping[str, int] | int = 0) -> None:
        """Take a batch in: columns and exponents as for `Lake.add`.

        ValueError for other columns, KeyError for a meter without exponent or an unknown code;
        LingtanError for instants outside 1970 to 2109.
        """
        for name in ("at", "value"):
            if readings[name].dtype != CODED[name]:
                raise ValueError(f"column {name} is {readings[name].dtype}, not {CODED[name]}")
        given = [exponents] if isinstance(exponents, int) else exponents.values()
        if any(not FINEST <= exponent <= 0 for exponent in given):
            raise ValueError(f"exponents are {FINEST} to 0")
        count = readings.height
        readings = readings.drop_nulls(["meter", "at", "value"])
        self.rows += count
        self.missing += count - readings.height
        if not readings.height:
            return
        at = readings["at"].to_physical().to_numpy()
        if at.min() < 0 or at.max() >= AT_END:
            raise LingtanError([self._impossible(readings, at)])
        key = self._keys(readings["meter"], exponents)
        key |= at
        self.spill.append(Rows(key, readings["value"].to_numpy()))

    def _keys(self, meter: pl.Series, exponents: Mapping[str, int] | int) -> NDArray[np.int64]:
        """Per row the number of its meter and exponent, where a key has it; the instant is to come."""
        if meter.dtype == pl.String:
            meter = meter.cast(pl.Categorical)
        physical = meter.to_physical().to_numpy()
        some_row = np.full(int(physical.max()) + 1, -1, np.int64)
        some_row[physical] = np.arange(len(physical))
        present = np.flatnonzero(some_row >= 0)
        number = np.zeros(len(some_row), np.int64)
        number[present] = self.spill.number(self._find_names(meter, some_row[present]), exponents)
        keys: NDArray[np.int64] = (number << AT_BITS)[physical]
        return keys

    def _impossible(self, readings: pl.DataFrame, at: NDArray[np.int64]) -> Fault:
        outside = readings.filter((at < 0) | (at >= AT_END))
        meter = self._find_names(outside["meter"], np.zeros(1, np.int64))[0]
        example = outside["at"].dt.strftime("%Y-%m-%d")[0]
        return fault("lake.impossible-time", Place(sheet=meter), count=outside.height, example=example)

    def _find_names(self, meter: pl.Series, rows: NDArray[np.int64]) -> list[str]:
        found = meter.gather(rows)
        if found.dtype == pl.Int32:
            return [self._names[code] for code in found.to_list()]
        return found.cast(pl.String).to_list()
