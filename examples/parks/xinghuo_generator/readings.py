"""Readings as Parquet files: whole numbers, delta-encoded, with three documented faults.

The faults are put into the readings only; the activity data come from the bills and are whole.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from xinghuo_generator.calendar_2024 import HOUR_MS, HOURS, hour_index, stamps_utc_ms
from xinghuo_generator.network import Meter

DEAD_METER, DEAD_FROM, DEAD_HOURS = "E021-EL", hour_index(7, 16), 48
DOUBLED_METER, DOUBLED_AT = "E017-EL", hour_index(3, 12, 14)
REPLACED_METER, REPLACED_AT = "E013-EL", hour_index(9, 5, 10)

_FILES = {"electricity": "electricity", "natural_gas": "gas", "heat": "heat", "steam": "heat",
          "cold": "cold", "water": "water"}  # fmt: skip
_FIRST_STATE = 184213  # what the old registers showed on new year's day


def write_readings(meters: Iterable[Meter], folder: Path) -> None:
    """`electricity.parquet`, `gas.parquet`, `heat.parquet`, `cold.parquet`, `water.parquet` in `folder`.

    Columns: meter_id, at (UTC, begin of the interval, or the instant of a register's state), value.
    """
    folder.mkdir(parents=True, exist_ok=True)
    groups: dict[str, list[Meter]] = {}
    for meter in meters:
        groups.setdefault(_FILES[meter.carrier], []).append(meter)
    for name, group in sorted(groups.items()):
        _write(folder / f"{name}.parquet", [(meter, *_sent(meter)) for meter in group])


def _sent(meter: Meter) -> tuple[np.ndarray, np.ndarray]:
    """Stamps and values as the meter sends them, in its own unit before the multiplier."""
    stamps, values = stamps_utc_ms(), meter.values // meter.multiplier
    if meter.cumulative:
        return _states(meter, values)
    if not meter.online:
        return stamps[::24], values.reshape(-1, 24).sum(axis=1)
    if meter.id == DEAD_METER:
        alive = np.r_[0:DEAD_FROM, DEAD_FROM + DEAD_HOURS : HOURS]
        return stamps[alive], values[alive]
    if meter.id == DOUBLED_METER:
        twice = np.r_[0 : DOUBLED_AT + 1, DOUBLED_AT:HOURS]
        return stamps[twice], values[twice]
    return stamps, values


def _states(meter: Meter, values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    stamps = np.append(stamps_utc_ms(), stamps_utc_ms()[-1] + HOUR_MS)
    states = _FIRST_STATE + np.insert(values.cumsum(), 0, 0)
    if meter.id == REPLACED_METER:
        states[REPLACED_AT:] -= states[REPLACED_AT]
    return stamps, states


def _write(file: Path, sent: list[tuple[Meter, np.ndarray, np.ndarray]]) -> None:
    names = [meter.id for meter, _, _ in sent]
    counts = [len(stamps) for _, stamps, _ in sent]
    table = pa.table(
        {
            "meter_id": pa.DictionaryArray.from_arrays(
                pa.array(np.repeat(np.arange(len(names), dtype=np.int32), counts)), pa.array(names)
            ),
            "at": pa.array(np.concatenate([stamps for _, stamps, _ in sent]), pa.timestamp("ms", tz="UTC")),
            "value": pa.array(np.concatenate([values for _, _, values in sent]), pa.int64()),
        }
    )
    encodings = {"at": "DELTA_BINARY_PACKED", "value": "DELTA_BINARY_PACKED"}
    pq.write_table(
        table, file, compression="zstd", compression_level=19, use_dictionary=["meter_id"],
        column_encoding=encodings, row_group_size=len(table),
    )  # fmt: skip
