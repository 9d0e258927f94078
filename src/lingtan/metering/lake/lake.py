"""The readings lake: a folder of Parquet buckets and a manifest; many readers, one writer at a time."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import polars as pl

from lingtan.databases import transaction
from lingtan.errors import Fault, LingtanError, Place, fault
from lingtan.metering.coded import CODED
from lingtan.metering.lake.adding import store
from lingtan.metering.lake.checking import check_manifest, check_segment, find_orphans
from lingtan.metering.lake.corrections import check_correction, check_room, find_exponent
from lingtan.metering.lake.exponents import compute_coarser, find_finest
from lingtan.metering.lake.folding import fold
from lingtan.metering.lake.importing import ImportWork
from lingtan.metering.lake.leftovers import GRACE, sweep, work_folder
from lingtan.metering.lake.manifest import (
    connect,
    create_manifest,
    load_imports,
    load_state,
    record_import,
    write_state,
)
from lingtan.metering.lake.reading import build_buckets, read_bucket, read_conflicts
from lingtan.metering.lake.records import Bucket, Correction, Meter, Receipt, Snapshot, State
from lingtan.metering.lake.segments import FOLDER, sync_folder
from lingtan.metering.lake.spilling import Spill

PATIENCE = 60.0
_COLUMNS = {name: kind for name, kind in CODED.items() if name != "meter"}


def open_lake(folder: Path, create: bool = False, *, patience: float = PATIENCE) -> Lake:
    """The lake in `folder`; `create` makes one where there is none.

    Leftovers of killed imports are removed unless a writer is at work. A second writer waits
    `patience` seconds. LingtanError: no lake, damaged, of another format, not writable.
    """
    if create:
        try:
            (folder / FOLDER).mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise LingtanError([fault("lake.not-written", Place(str(folder)), reason=error)]) from None
        create_manifest(folder, patience)
        sync_folder(folder)
    lake = Lake(folder, patience)
    lake._sweep_leftovers()
    return lake


class Lake:
    """Readings of meters, as stored by imports and corrected by people.

    Readers never wait and see whole imports only; what they got stays readable for an hour after it
    was replaced. Every method may be called from any process; a `Lake` belongs to one thread.
    """

    def __init__(self, folder: Path, patience: float = PATIENCE) -> None:
        self.folder, self.patience = folder, patience
        self._known: State | None = None

    def snapshot(self) -> Snapshot:
        """Meters, buckets and corrections of one moment. Codes change when buckets are folded."""
        state = self._load()
        return Snapshot(state.generation, state.meters, build_buckets(self.folder, state), state.corrections)

    def meters(self) -> tuple[Meter, ...]:
        """Code, id and exponent of every meter, by code."""
        return self._load().meters

    def buckets(self) -> tuple[Bucket, ...]:
        """All buckets: paths and whatever else `read_bucket` needs. They can be sent to other processes."""
        return build_buckets(self.folder, self._load())

    def read(self, bucket: Bucket, *, corrected: bool = True) -> pl.DataFrame:
        """`read_bucket`, which see."""
        return read_bucket(bucket, corrected=corrected)

    def conflicts(self) -> pl.DataFrame:
        """Every value of every instant that has several: meter (id), at, value (whole number), exponent."""
        parts = []
        for bucket in self.buckets():
            names = {meter.code: meter.meter for meter in bucket.meters}
            exponents = {meter.code: meter.exponent for meter in bucket.meters}
            code = pl.col("meter")
            parts.append(
                read_conflicts(bucket).with_columns(
                    code.replace_strict(names, return_dtype=pl.String),
                    code.replace_strict(exponents, return_dtype=pl.Int64).alias("exponent"),
                )
            )
        empty = pl.DataFrame(schema={"meter": pl.String, **_COLUMNS, "exponent": pl.Int64})
        return pl.concat([empty, *parts]).sort("meter", "at", "value")

    def corrections(self) -> tuple[Correction, ...]:
        """All corrections, by when they were decided."""
        return self._load().corrections

    def imports(self) -> tuple[tuple[Receipt, datetime], ...]:
        """The journal: receipts and when, oldest first."""
        with connect(self.folder, self.patience) as connection:
            return load_imports(connection)

    def add(
        self,
        readings: pl.DataFrame,
        exponents: Mapping[str, int] | int = 0,
        *,
        source: str,
        when: datetime,
        sha256: str = "",
    ) -> Receipt:
        """Store `readings` in one transaction: all of them, lastingly, or none.

        Columns meter (String, Categorical, Enum, or Int32 codes of this lake), at (Datetime ms UTC),
        value (Int64: whole numbers times ten to the meter's exponent). In any order; what is stored
        already changes nothing. LingtanError as for `open_import`.
        """
        with self.open_import(source, when, sha256=sha256) as work:
            work.add(readings, exponents)
        return work.receipt

    @contextmanager
    def open_import(self, source: str, when: datetime, *, sha256: str = "") -> Iterator[ImportWork]:
        """An import of any size in batches: `with lake.open_import(...) as work: work.add(batch, exponents)`.

        Memory stays flat; rows wait on disk and become visible in one transaction at the end of the
        block, or not at all if it raises. Then `work.receipt` is there. `sha256`: of the source file,
        for the journal. LingtanError: another writer, a full disk, instants outside 1970 to 2109,
        values that cannot be held in the finest exponent.
        """
        names = {meter.code: meter.meter for meter in self._load().meters}
        with ExitStack() as stack:
            folder = stack.enter_context(work_folder(self.folder))
            work = ImportWork(Spill(folder), names)
            stack.callback(work.spill.close)
            yield work
            with self._writing(when) as (connection, state):
                outcome = store(self.folder, state, work.spill)
                self._record(connection, state, outcome.state, when)
                new = outcome.state.rows - state.rows
                counts = (work.rows, new, work.spill.rows - new, work.missing, outcome.conflicts)
                work.receipt = Receipt(source, *counts)
                record_import(connection, work.receipt, sha256, when)

    def record_correction(self, correction: Correction) -> None:
        """Record a decision; the originals stay. Twice is once.

        LingtanError: unknown meter, nobody's name or no reason, contradictions, values too fine.
        """
        with self._writing(correction.when) as (connection, state):
            faults = check_correction(correction, state)
            if faults:
                raise LingtanError(faults)
            if correction in state.corrections:
                return
            own = (correction.meter, find_exponent(correction))
            new = self._with_exponents(state, own)
            corrections = tuple(sorted((*new.corrections, correction), key=lambda c: (c.when, c.id)))
            self._record(connection, state, replace(new, corrections=corrections), correction.when)

    def _with_exponents(self, state: State, own: tuple[str, int]) -> State:
        """`state` with the exponent that a value of a correction needs."""
        exponents = find_finest(state.exponents, [own])
        coarser = compute_coarser(state, exponents)
        if coarser is not None:
            meters = tuple(replace(meter, exponent=exponents[meter.meter]) for meter in state.meters)
            return replace(state, meters=meters, coarser=coarser)
        with work_folder(self.folder) as folder:
            spill = Spill(folder)
            spill.number(own[:1], own[1])
            return fold(self.folder, state, spill).state

    def compact(self, when: datetime) -> None:
        """Fold late readings into their buckets and drop files retired an hour before `when`.

        Afterwards the files depend on what is stored alone, not on how it came.
        """
        with self._writing(when) as (connection, state), work_folder(self.folder) as folder:
            self._record(connection, state, fold(self.folder, state, Spill(folder)).state, when)

    def sweep(self, before: datetime) -> None:
        """Remove files that were replaced up to `before`: no reader uses a state older than that."""
        with connect(self.folder, self.patience) as connection, transaction(connection):
            sweep(connection, self.folder, before)

    def check(self) -> tuple[Fault, ...]:
        """Whether every file is there, unchanged, ordered and as recorded; nothing is repaired.

        Files the manifest does not know are looked for unless a writer is at work.
        """
        with connect(self.folder, self.patience) as connection:
            found = check_manifest(connection, self.folder)
            state = load_state(connection)
            for segment in state.segments:
                found += check_segment(self.folder, segment, state)
        with self._unless_writing() as free:
            return (*found, *(find_orphans(free, self.folder) if free else ()))

    def _load(self) -> State:
        with connect(self.folder, self.patience) as connection:
            self._known = load_state(connection, self._known)
        return self._known

    @contextmanager
    def _writing(self, when: datetime) -> Iterator[tuple[sqlite3.Connection, State]]:
        if when.utcoffset() is None:
            raise ValueError("`when` needs an offset")
        with connect(self.folder, self.patience) as connection, transaction(connection):
            yield connection, load_state(connection, self._known)
            sweep(connection, self.folder, when - GRACE)

    def _record(self, connection: sqlite3.Connection, old: State, new: State, when: datetime) -> None:
        """Everything on disk first, then the manifest speaks of it."""
        if new != old:
            faults = check_room(new)
            if faults:
                raise LingtanError(faults)
            sync_folder(self.folder / FOLDER)
            write_state(connection, old, new, when)

    @contextmanager
    def _unless_writing(self) -> Iterator[sqlite3.Connection | None]:
        """A connection that holds the writer's place, or None where somebody else does."""
        try:
            with connect(self.folder, 0.0) as connection, transaction(connection):
                yield connection
        except LingtanError as error:
            if {found.code for found in error.faults} - {"lake.other-writer", "lake.not-written"}:
                raise
            yield None

    def _sweep_leftovers(self) -> None:
        with self._unless_writing() as free:
            if free is not None:
                load_state(free)
                sweep(free, self.folder)
