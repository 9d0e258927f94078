"""An import on its way: rows parted by bucket, on disk once they are many."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lingtan.errors import LingtanError, Place, fault
from lingtan.metering.lake.merging import AT_BITS, Rows, concat
from lingtan.metering.lake.placing import HASH_BITS, hash_meter

PART_BITS = 8
IN_MEMORY = 2_000_000  # rows
MOST_IDS = 1 << (63 - AT_BITS)


class Spill:
    """Rows whose key has, in place of a code, a number for the pair of meter and exponent."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.ids: dict[tuple[str, int], int] = {}
        self.rows = 0
        self.touched: set[str] = set()
        self._part = np.zeros(64, np.uint8)
        self._held: list[Rows] = []
        self._waiting = 0
        self._blocks: dict[int, list[int]] = {}

    def number(self, meter: str, exponent: int) -> int:
        """The number of a meter whose values come with `exponent`."""
        number = self.ids.get((meter, exponent))
        if number is None:
            number = self.ids[meter, exponent] = len(self.ids)
            if number >= MOST_IDS:
                raise LingtanError([fault("lake.too-many-meters", most=MOST_IDS)])
            if number >= len(self._part):
                self._part = np.concatenate([self._part, np.zeros_like(self._part)])
            self._part[number] = hash_meter(meter) >> (HASH_BITS - PART_BITS)
        return number

    def append(self, rows: Rows) -> None:
        """Take rows in; beyond two million waiting ones they go to disk."""
        self.rows += len(rows)
        self._held.append(rows)
        self._waiting += len(rows)
        if self._waiting > IN_MEMORY:
            self._flush()

    def _flush(self) -> None:
        rows, self._held, self._waiting = concat(self._held), [], 0
        part = self._parts(rows)
        sorted_rows = rows.pick(np.argsort(part, kind="stable"))
        ends = np.cumsum(np.bincount(part, minlength=1 << PART_BITS)).tolist()
        try:
            for number, (begin, end) in enumerate(zip([0, *ends], ends, strict=False)):
                if begin < end:
                    self._write(number, sorted_rows.pick(slice(begin, end)))
        except OSError as error:
            raise LingtanError([fault("lake.not-written", Place(str(self.folder)), reason=error)]) from None

    def _parts(self, rows: Rows) -> NDArray[np.uint8]:
        part: NDArray[np.uint8] = self._part[rows.key >> AT_BITS]
        return part

    def _write(self, part: int, rows: Rows) -> None:
        with self._file(part).open("ab") as stream:
            stream.write(rows.key.tobytes())
            stream.write(rows.value.tobytes())
        self._blocks.setdefault(part, []).append(len(rows))

    def _file(self, part: int) -> Path:
        return self.folder / f"{part:02x}"

    def load(self, bucket: int, bits: int) -> Rows:
        """All rows of a bucket among `2^bits`, and, for more than 256 buckets, of its neighbours."""
        first = bucket << (PART_BITS - bits) if bits <= PART_BITS else bucket >> (bits - PART_BITS)
        parts = range(first, first + (1 << max(PART_BITS - bits, 0)))
        loaded = [rows for part in parts for rows in self._load(part)]
        for rows in self._held:
            part = self._parts(rows)
            loaded.append(rows.pick((part >= parts.start) & (part < parts.stop)))
        return concat(loaded)

    def _load(self, part: int) -> list[Rows]:
        blocks = self._blocks.get(part, [])
        if not blocks:
            return []
        numbers = np.fromfile(self._file(part), np.int64)
        ends = np.cumsum(np.array(blocks) * 2).tolist()
        halves = zip([0, *ends], ends, blocks, strict=False)
        return [Rows(numbers[begin : end - n], numbers[end - n : end]) for begin, end, n in halves]

    def load_all(self) -> Rows:
        """Every row."""
        return self.load(0, 0)
