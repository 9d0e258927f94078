"""Readings into their buckets: what is stored, what is late and what is new become one base again."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from lingtan.metering.lake.exponents import build_table, find_factors, find_finest, multiply
from lingtan.metering.lake.merging import AT_BITS, EMPTY, Rows, merge, move, settle
from lingtan.metering.lake.placing import RANK_BITS, assign_codes, bucket_of_code, compute_bits, find_bucket
from lingtan.metering.lake.records import LATE, Kind, Meter, Piece, Segment, State
from lingtan.metering.lake.segments import FOLDER, read_codes, read_rows, write_segment
from lingtan.metering.lake.spilling import Spill

THREADS = 2


@dataclass(frozen=True, slots=True)
class Outcome:
    """The state to record, and at how many instants of the import values differ."""

    state: State
    conflicts: int = 0


def fold(folder: Path, state: State, spill: Spill) -> Outcome:
    """Every bucket that has something late or new, written again; the state as it will be.

    The number of buckets follows from the meters and rows stored, so it may change, and with it
    all buckets. Nothing is recorded: the caller syncs the folder and writes the state.
    """
    meters = len(state.codes.keys() | {meter for meter, _ in spill.ids})
    bits = compute_bits(meters, max(state.rows, spill.rows))  # most imports repeat, or add little
    folded = _Fold(folder, state, spill, bits).run()
    settled = compute_bits(meters, folded.state.rows)
    if settled == bits:
        return folded
    again = _Fold(folder, folded.state, Spill(spill.folder), settled).run()
    return Outcome(again.state, folded.conflicts)


class _Fold:
    """One pass over the buckets."""

    def __init__(self, folder: Path, state: State, spill: Spill, bits: int) -> None:
        self.folder, self.state, self.spill, self.bits = folder, state, spill, bits
        self.exponents = find_finest(state.exponents, spill.ids)
        assigned = assign_codes(self.exponents, bits)
        self.is_kept = bits == state.bits
        self.written = self._touched() if self.is_kept else {bucket_of_code(c) for c in assigned.values()}
        self.codes = {
            name: code if bucket_of_code(code) in self.written else state.codes[name]
            for name, code in assigned.items()
        }
        self.meters = {code: Meter(code, name, self.exponents[name]) for name, code in self.codes.items()}
        moved = {meter.code: self.codes[meter.meter] for meter in state.meters}
        by = {old: new - old for old, new in moved.items()}
        self.moved = build_table(by, max(by, default=0))
        self.numbered = NumberedMeters(spill, self.codes, self.exponents)

    def _touched(self) -> set[int]:
        """Buckets with something to do, where their number stays."""
        touched = {find_bucket(name, self.bits) for name, _ in self.spill.ids}
        touched |= {bucket_of_code(code) for _, code in self.state.coarser}
        for segment in self.state.late:
            touched |= {bucket_of_code(code) for code in read_codes(self.folder / FOLDER / segment.file)}
        return touched

    def run(self) -> Outcome:
        """Write the buckets on two threads."""
        with ThreadPoolExecutor(THREADS) as pool:
            results = list(pool.map(self._write, sorted(self.written)))
        segments = [segment for written, _ in results for segment in written]
        if self.is_kept:
            segments += [s for s in self.state.segments if s.bucket != LATE and s.bucket not in self.written]
        meters, corrections = tuple(sorted(self.meters.values())), self.state.corrections
        state = State(
            self.state.generation, self.bits, meters, tuple(sorted(segments)), corrections=corrections
        )
        return Outcome(state, sum(conflicts for _, conflicts in results))

    def _write(self, bucket: int) -> tuple[list[Segment], int]:
        incoming = self._incoming(bucket)
        rows = merge([*self._stored(bucket), incoming], compiled=self.spill.is_large)
        settled, disputed = settle(rows)
        conflicts = np.isin(np.unique(disputed.key), incoming.key).sum() if len(disputed) else 0
        kinds: tuple[tuple[Kind, Rows], ...] = (("base", settled), ("conflict", disputed))
        written = [
            write_segment(self.folder, bucket, kind, rows, self.meters) for kind, rows in kinds if len(rows)
        ]
        return written, int(conflicts)

    def _incoming(self, bucket: int) -> Rows:
        rows = self.spill.load(bucket, self.bits)
        return self._only(bucket, self.numbered.translate(rows)) if len(rows) else EMPTY

    def _stored(self, bucket: int) -> Iterable[Rows]:
        """What is stored of the bucket, under its codes and exponents to be."""
        for old in find_sources(bucket, self.bits, self.state.bits):
            for segment in self.state.segments:
                if segment.bucket in (old, LATE):
                    factors = find_factors(self.state, segment, self.exponents)
                    piece = Piece(self.folder / FOLDER / segment.file, segment.kind, factors)
                    rows = read_rows(piece, old)
                    yield self._only(bucket, Rows(move(rows.key, self.moved), rows.value))

    def _only(self, bucket: int, rows: Rows) -> Rows:
        inside = rows.key >> (AT_BITS + RANK_BITS) == bucket
        return rows if inside.all() else rows.pick(inside)


class NumberedMeters:
    """From the numbers of a spill to codes and exponents of the lake."""

    def __init__(self, spill: Spill, codes: dict[str, int], exponents: dict[str, int]) -> None:
        last = len(spill.ids)
        by = {number: codes[name] - number for (name, _), number in spill.ids.items()}
        self._moved = build_table(by, last)
        factors = {number: 10 ** (own - exponents[name]) for (name, own), number in spill.ids.items()}
        self._factors = build_table(factors, last, 1)
        self._is_one = bool(np.all(self._factors == 1))

    def translate(self, rows: Rows) -> Rows:
        """Rows under codes, values in the exponents of the lake."""
        value = rows.value
        if not self._is_one:
            value = multiply(value, self._factors[rows.key >> AT_BITS])
        return Rows(move(rows.key, self._moved), value)


def find_sources(bucket: int, bits: int, old_bits: int) -> range:
    """The buckets among `2^old_bits` whose meters a bucket among `2^bits` has, or shares."""
    if bits >= old_bits:
        source = bucket >> (bits - old_bits)
        return range(source, source + 1)
    return range(bucket << (old_bits - bits), (bucket + 1) << (old_bits - bits))
