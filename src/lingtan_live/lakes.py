"""Live readings into the lake."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from lingtan.errors import LingtanError
from lingtan_live.readings import Reading

if TYPE_CHECKING:
    from lingtan.metering.lake import Receipt

_NEVER = frozenset({"lake.impossible-time", "lake.too-fine", "lake.too-many-meters"})
_LARGEST = 2**63 - 1
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class LakeSink:
    """A sink that is a lake. `source` is what its journal says; `now` dates the entries.

    The lake is opened (made, if there is none) at the first readings, so that polars is loaded only
    where readings are stored.
    """

    def __init__(
        self, folder: Path, source: str, *, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self.folder, self.source = folder, source
        self._now = now

    def store(self, readings: Sequence[Reading]) -> None:
        """`add`, for whoever does not ask what was new."""
        self.add(readings)

    def add(self, readings: Sequence[Reading]) -> Receipt:
        """Keep `readings`, lastingly, in one transaction; twice is once. What was new, equal, in conflict.

        ValueError or LingtanError: the lake will never take them. OSError: it cannot be written now
        (another writer, no room, no rights, damaged).
        """
        import polars as pl

        from lingtan.metering.lake import open_lake

        exponents = find_exponents(readings)
        columns = {
            "meter": [reading.meter for reading in readings],
            "at": [round((reading.at - _EPOCH).total_seconds() * 1000) for reading in readings],
            "value": [_whole(reading, exponents[reading.meter]) for reading in readings],
        }
        schema = {"meter": pl.String, "at": pl.Int64, "value": pl.Int64}
        frame = pl.DataFrame(columns, schema=schema).with_columns(pl.col("at").cast(pl.Datetime("ms", "UTC")))
        try:
            lake = open_lake(self.folder, create=True)
            return lake.add(frame, exponents, source=self.source, when=self._now())
        except LingtanError as error:
            if {fault.code for fault in error.faults} <= _NEVER:
                raise
            raise OSError(str(error)) from error


def find_exponents(readings: Sequence[Reading]) -> dict[str, int]:
    """Per meter the exponent of ten with which all its values are whole numbers; 0 at most."""
    found: dict[str, int] = {}
    for reading in readings:
        exponent = reading.value.normalize().as_tuple().exponent
        if not isinstance(exponent, int):
            raise ValueError(f"not a value of a meter: {reading.value}")
        found[reading.meter] = min(exponent, found.get(reading.meter, 0))
    return found


def _whole(reading: Reading, exponent: int) -> int:
    whole = int(reading.value.scaleb(-exponent))
    if abs(whole) > _LARGEST:
        raise ValueError(f"{reading.meter}: {reading.value} has too many digits")
    return whole
