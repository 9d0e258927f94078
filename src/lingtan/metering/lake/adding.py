"""Small batches: one late segment each, so that what is stored need not be written again."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from lingtan.metering.lake.exponents import compute_coarser, find_factors, find_finest
from lingtan.metering.lake.folding import NumberedMeters, Outcome, fold
from lingtan.metering.lake.merging import (
    AT_BITS,
    Rows,
    concat,
    instants_of,
    is_among,
    settle,
    unique,
    without,
)
from lingtan.metering.lake.placing import RANK_BITS, extend_codes
from lingtan.metering.lake.records import LATE, Meter, Piece, State
from lingtan.metering.lake.segments import FOLDER, read_rows, write_segment
from lingtan.metering.lake.spilling import IN_MEMORY, Spill

LATE_SHARE = 8  # late rows stay below an eighth of the base: folding costs each row a few writes at most
MOST_LATE = 8_000_000


def store(folder: Path, state: State, spill: Spill) -> Outcome:
    """The state with the readings of `spill`, as a late segment where they are few, else folded in.

    Nothing is recorded: the caller syncs the folder and writes the state.
    """
    spill.seal()
    base = sum(segment.rows for segment in state.segments if segment.kind == "base")
    late = sum(segment.rows for segment in state.late)
    if not spill.rows:
        return Outcome(state)
    if spill.rows <= IN_MEMORY and spill.rows + late <= min(base // LATE_SHARE, MOST_LATE):
        outcome = _add_late(folder, state, spill)
        if outcome is not None:
            return outcome
    return fold(folder, state, spill)


def _add_late(folder: Path, state: State, spill: Spill) -> Outcome | None:
    codes = extend_codes(state.codes, (meter for meter, _ in spill.ids), state.bits)
    exponents = find_finest(state.exponents, spill.ids)
    coarser = compute_coarser(state, exponents)
    if codes is None or coarser is None:
        return None
    rows = unique(NumberedMeters(spill, codes, exponents).translate(spill.load_all()))
    meters = {code: Meter(code, name, exponents[name]) for name, code in codes.items()}
    known = find_known(folder, state, exponents, rows)
    disputed = settle(concat([rows, known]))[1]
    conflicts = int(np.isin(np.unique(disputed.key), rows.key).sum())
    grown = replace(state, meters=tuple(sorted(meters.values())), coarser=coarser)
    return Outcome(_append(folder, grown, without(rows, known), meters), conflicts)


def find_known(folder: Path, state: State, exponents: dict[str, int], rows: Rows) -> Rows:
    """What is stored at the instants of sorted `rows`, in `exponents`."""
    found = []
    at, bucket_of = instants_of(rows.key), rows.key >> (AT_BITS + RANK_BITS)
    touched = {LATE, *np.unique(bucket_of).tolist()}
    for segment in state.segments:
        if segment.bucket not in touched:
            continue
        near = (at >= segment.first) & (at <= segment.last)
        if segment.bucket != LATE:
            near &= bucket_of == segment.bucket
        if near.any():
            factors = find_factors(state, segment, exponents)
            piece = Piece(folder / FOLDER / segment.file, segment.kind, factors)
            stored = read_rows(piece, segment.bucket, (int(at[near].min()), int(at[near].max())))
            found.append(stored.pick(is_among(stored.key, rows.key)))
    return concat(found)


def _append(folder: Path, state: State, rows: Rows, meters: dict[int, Meter]) -> State:
    """`state` with one more late segment; earlier ones that are no larger are merged into it."""
    if not len(rows):
        return state
    late = list(state.late)
    parts = [rows]
    while late and late[-1].rows <= sum(len(part) for part in parts):
        segment = late.pop()
        factors = find_factors(state, segment, state.exponents)
        parts.append(read_rows(Piece(folder / FOLDER / segment.file, "late", factors), LATE))
    written = write_segment(folder, LATE, "late", unique(concat(parts)), meters)
    others = [segment for segment in state.segments if segment.kind != "late"]
    files = {segment.file for segment in (*others, *late)}
    coarser = {key: exponent for key, exponent in state.coarser.items() if key[0] in files}
    return replace(state, segments=(*late, *others, written), coarser=coarser)
