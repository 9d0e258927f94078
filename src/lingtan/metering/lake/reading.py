"""Buckets as of one moment, and their readings."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import polars as pl

from lingtan.metering.lake.corrections import apply_changes, build_changes, find_breaks
from lingtan.metering.lake.exponents import find_factors
from lingtan.metering.lake.merging import Rows, from_frame, merge, settle, to_frame
from lingtan.metering.lake.placing import bucket_of_code
from lingtan.metering.lake.records import LATE, Bucket, Change, Meter, Piece, Segment, State
from lingtan.metering.lake.segments import FOLDER, read_base, read_rows


def read_bucket(bucket: Bucket, *, corrected: bool = True) -> pl.DataFrame:
    """The readings of the bucket as CODED: whole meters, sorted by meter and instant, each once.

    Instants with conflicting values are left out unless a correction decides. `corrected`: with
    the corrections; exchanges with known readings make the register go on (values from the event on
    are raised by final less initial), those with an unknown one are `bucket.breaks`: the step over
    such an instant is unknown. Needs no lake, only the files: runs in any thread or process.
    LingtanError for files that are gone or damaged.
    """
    changes = bucket.changes if corrected else ()
    base = bucket.base
    if base is not None and bucket.is_settled:
        frame = read_base(base)
        return to_frame(apply_changes(from_frame(frame), changes)) if changes else frame
    return to_frame(apply_changes(settle(_read_all(bucket.pieces, bucket.number))[0], changes))


def read_whole(bucket: Bucket) -> tuple[pl.DataFrame, tuple[tuple[int, int], ...]]:
    """The corrected readings of the bucket and its breaks, as the energy kernel takes them."""
    return read_bucket(bucket), bucket.breaks


def read_conflicts(bucket: Bucket) -> pl.DataFrame:
    """All values of instants with more than one, as CODED but for the repeated instants."""
    alone = [piece for piece in bucket.pieces if piece.kind == "conflict"]
    return to_frame(settle(_read_all(alone if bucket.is_settled else bucket.pieces, bucket.number))[1])


def _read_all(pieces: Iterable[Piece], bucket: int) -> Rows:
    return merge([read_rows(piece, bucket) for piece in pieces])


def build_buckets(folder: Path, state: State) -> tuple[Bucket, ...]:
    """The buckets of a state, in the order of their numbers."""
    changes = build_changes(state)
    members: dict[int, list[Meter]] = {}
    for meter in state.meters:
        members.setdefault(bucket_of_code(meter.code), []).append(meter)
    segments: dict[int, list[Segment]] = {}
    for segment in state.segments:
        segments.setdefault(segment.bucket, []).append(segment)
    late = segments.get(LATE, [])
    pieces = {s.file: Piece(folder / FOLDER / s.file, s.kind, _factors(state, s)) for s in state.segments}
    buckets = []
    for number, meters in sorted(members.items()):
        own = [*segments.get(number, []), *late]
        mine = tuple(change for meter in meters for change in changes.get(meter.code, ()))
        buckets.append(_build(number, tuple(meters), [(s, pieces[s.file]) for s in own], mine))
    return tuple(buckets)


def _factors(state: State, segment: Segment) -> tuple[tuple[int, int], ...]:
    return find_factors(state, segment, state.exponents) if state.coarser else ()


def _build(
    number: int, meters: tuple[Meter, ...], own: list[tuple[Segment, Piece]], changes: tuple[Change, ...]
) -> Bucket:
    return Bucket(
        number,
        meters,
        tuple(piece for _, piece in own),
        changes,
        find_breaks(changes),
        sum(segment.rows for segment, _ in own if segment.kind == "base"),
        min(segment.first for segment, _ in own),
        max(segment.last for segment, _ in own),
    )
