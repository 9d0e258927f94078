"""An import on its way: rows parted by bucket, on disk once they are many."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np

from lingtan.errors import LingtanError, Place, fault
from lingtan.metering.lake.merging import AT_BITS, EMPTY, Rows, Whole, concat
from lingtan.metering.lake.placing import HASH_BITS, hash_meter

PART_BITS = 8
PARTS = 1 << PART_BITS
IN_MEMORY = 2_000_000  # rows
LARGE = 10_000_000
MOST_IDS = 1 << (63 - AT_BITS)
_BYTES = 8


@dataclass(frozen=True, slots=True)
class _Block:
    """Rows grouped by part: in memory, or keys and then values in the file from `offset` on."""

    ends: list[int]
    rows: Rows | None = None
    offset: int = 0


class Spill:
    """Rows whose key has, in place of a code, a number for the pair of meter and exponent."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.ids: dict[tuple[str, int], int] = {}
        self.rows = 0
        self._part = np.zeros(64, np.uint8)
        self._held: list[Rows] = []
        self._waiting = 0
        self._blocks: list[_Block] = []
        self._file: BinaryIO | None = None
        self._thread = ThreadPoolExecutor(1)
        self._flushing: Future[None] | None = None

    @property
    def is_large(self) -> bool:
        """Whether compiling pays."""
        return self.rows >= LARGE

    def number(self, names: Iterable[str], exponents: Mapping[str, int] | int) -> list[int]:
        """The numbers of meters whose values come with `exponents`."""
        if isinstance(exponents, int):
            pairs = [(name, exponents) for name in names]
        else:
            pairs = [(name, exponents[name]) for name in names]
        for pair in pairs:
            if pair not in self.ids:
                self._take_in(pair)
        return [self.ids[pair] for pair in pairs]

    def _take_in(self, pair: tuple[str, int]) -> None:
        number = self.ids[pair] = len(self.ids)
        if number >= MOST_IDS:
            raise LingtanError([fault("lake.too-many-meters", most=MOST_IDS)])
        if number >= len(self._part):
            self._part = np.concatenate([self._part, np.zeros_like(self._part)])
        self._part[number] = hash_meter(pair[0]) >> (HASH_BITS - PART_BITS)

    def append(self, rows: Rows) -> None:
        """Take rows in; beyond two million waiting ones they go to disk."""
        self.rows += len(rows)
        self._held.append(rows)
        self._waiting += len(rows)
        if self._waiting > IN_MEMORY:
            self._flush()

    def _flush(self) -> None:
        """Rows to disk on a thread of their own, while the next ones are decoded."""
        self._wait()
        self._flushing = self._thread.submit(self._store, self._held)
        self._held, self._waiting = [], 0

    def _wait(self) -> None:
        if self._flushing is not None:
            self._flushing.result()

    def _store(self, held: list[Rows]) -> None:
        try:
            if self._file is None:
                self._file = (self.folder / "rows").open("w+b")
            for rows in held:
                grouped, ends = self._group(rows)
                self._blocks.append(_Block(ends, offset=self._file.tell()))
                self._file.write(grouped.key.data)
                self._file.write(grouped.value.data)
            self._file.flush()
        except OSError as error:
            raise LingtanError([fault("lake.not-written", Place(str(self.folder)), reason=error)]) from None

    def _group(self, rows: Rows) -> tuple[Rows, list[int]]:
        """Rows part by part, and where each part ends."""
        if self.is_large:
            from lingtan.metering.lake.compiled import part_rows

            grouped, ends = part_rows(rows, self._part, PARTS)
            return grouped, ends.tolist()
        part = self._part[rows.key >> AT_BITS]
        ends = np.cumsum(np.bincount(part, minlength=PARTS))
        return rows.pick(np.argsort(part, kind="stable")), ends.tolist()

    def seal(self) -> None:
        """Nothing more comes: rows still held are grouped, so that `load` only has to cut."""
        self._wait()
        if self._held:
            grouped, ends = self._group(concat(self._held))
            self._blocks.append(_Block(ends, grouped))
            self._held, self._waiting = [], 0

    def load(self, bucket: int, bits: int) -> Rows:
        """All rows of a bucket among `2^bits`, and, for more than 256 buckets, of its neighbours."""
        first = bucket << (PART_BITS - bits) if bits <= PART_BITS else bucket >> (bits - PART_BITS)
        spans = list(self._spans(first, first + (1 << max(PART_BITS - bits, 0))))
        if not spans:
            return EMPTY
        count = sum(end - begin for _, begin, end in spans)
        rows, done = Rows(np.empty(count, np.int64), np.empty(count, np.int64)), 0
        for block, begin, end in spans:
            self._copy(block, begin, rows.pick(slice(done, done + end - begin)))
            done += end - begin
        return rows

    def _spans(self, first: int, stop: int) -> Iterator[tuple[_Block, int, int]]:
        for block in self._blocks:
            begin, end = block.ends[first - 1] if first else 0, block.ends[stop - 1]
            if begin < end:
                yield block, begin, end

    def _copy(self, block: _Block, begin: int, target: Rows) -> None:
        if block.rows is not None:
            target.key[:] = block.rows.key[begin : begin + len(target)]
            target.value[:] = block.rows.value[begin : begin + len(target)]
            return
        self._read(block.offset + begin * _BYTES, target.key)
        self._read(block.offset + (block.ends[-1] + begin) * _BYTES, target.value)

    def _read(self, offset: int, target: Whole) -> None:
        if self._file is None or os.preadv(self._file.fileno(), [target.data], offset) != target.nbytes:
            raise AssertionError("rows of an import were lost on the way")

    def load_all(self) -> Rows:
        """Every row."""
        return self.load(0, 0)

    def close(self) -> None:
        """Let go of the thread and the file."""
        self._thread.shutdown()
        if self._file is not None:
            self._file.close()
