"""Readings of a dossier's meters, from files and lakes, as blocks of whole meters in order."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import polars as pl

from lingtan.dossier.findings import Findings
from lingtan.dossier.records import Row
from lingtan.errors import Fault, LingtanError, fault
from lingtan.metering.coded import CODED
from lingtan.metering.corrections_file import NAME as CORRECTIONS
from lingtan.metering.corrections_file import read_corrections
from lingtan.metering.findings.dismissals_file import NAME as DISMISSALS
from lingtan.metering.importing import ImportOptions, ImportPlan, plan_import, read_batches
from lingtan.metering.importing.records import fingerprint
from lingtan.metering.intensity import column_names, read_intensity
from lingtan.metering.lake import Bucket, Meter, open_lake, read_bucket
from lingtan.metering.lake.corrections import apply_changes, build_changes, find_breaks
from lingtan.metering.lake.manifest import NAME as MANIFEST
from lingtan.metering.lake.merging import Rows, concat, from_frame, settle, sort, to_frame
from lingtan.metering.lake.records import State

_TOLD_PER_METER = frozenset(
    f"import.{name}" for name in ("repeated", "conflict", "zeros", "clipped", "negative")
)
"""Said of each meter over all files by metering itself, so not of each file again."""


def _no_instants() -> pl.DataFrame:
    return pl.DataFrame(schema={name: CODED[name] for name in ("meter", "at")})


@dataclass(frozen=True, slots=True)
class Block:
    """Whole meters: `CODED` readings, the id and exponent of each code, breaks (code, ms).

    `repeated` and `disputed` are instants sent twice with the same value and with several: frames
    `meter` (code), `at`.
    """

    readings: pl.DataFrame
    meters: tuple[str, ...]
    exponents: tuple[int, ...]
    breaks: tuple[tuple[int, int], ...] = ()
    repeated: pl.DataFrame = field(default_factory=_no_instants)
    disputed: pl.DataFrame = field(default_factory=_no_instants)


@dataclass(frozen=True, slots=True)
class Gathered:
    """Where readings come from: planned files, buckets of lakes; carbon intensity (`at`, `value`)."""

    plan: ImportPlan
    buckets: tuple[Bucket, ...]
    corrections: tuple[Path, ...]
    dismissals: tuple[Path, ...]
    intensity: pl.DataFrame
    findings: Findings
    digests: Mapping[str, str]
    rows: Mapping[str, Row]

    @property
    def files(self) -> tuple[str, ...]:
        """Names of the files used."""
        return tuple(sorted(self.digests))

    def fingerprint(self) -> str:
        """SHA-256 over the hashes of files and lakes, whatever their names."""
        return fingerprint(self.digests)


def gather_readings(
    paths: Iterable[Path], rows: Mapping[str, Row], options: ImportOptions, *, intensity: Path | None = None
) -> Gathered:
    """What `paths` (files, folders, lakes) hold of the meters `rows`; nothing is computed yet.

    `intensity` takes the place of any carbon intensity among them. Faults of everything that could
    not be used.
    """
    findings = Findings()
    given = list(paths)
    lakes = [path for path in given if (path / MANIFEST).is_file()]
    buckets, digests = _buckets(lakes, findings)
    files = [path for path in given if path not in lakes]
    hourly = read_intensity(files if intensity is None else [intensity])
    corrections = _named(files, CORRECTIONS)
    other = {path for path in hourly.paths if not _has_meters(path, rows)}
    dismissals = _named(files, DISMISSALS)
    skip = {path.resolve() for path in (*corrections, *dismissals, *other)}
    plan = plan_import(files, meters=rows, options=options, skip=skip)
    findings.extend(hourly.findings.all())
    mislabelled = {one.place.file for one in plan.faults if one.code == "import.other-kind"}
    findings.extend(
        one if one.place.file in mislabelled else _told(one)
        for one in plan.faults
        if one.code not in _TOLD_PER_METER
    )
    digests |= {**plan.digests, **hourly.digests, **{file.name: _digest(file) for file in corrections}}
    return Gathered(plan, buckets, corrections, dismissals, hourly.series, findings, digests, rows)


def _told(found: Fault) -> Fault:
    """A table of other things among the readings is no fault: weather, prices."""
    columns = found.context.get("columns", "-")
    if found.code != "import.no-meter" or "meter_id" in columns:
        return found
    return fault("metering.file-ignored", found.place, columns=columns)


def _buckets(lakes: Iterable[Path], findings: Findings) -> tuple[tuple[Bucket, ...], dict[str, str]]:
    """The buckets of lakes, and for each lake a hash over those of its files and corrections."""
    found: list[Bucket] = []
    digests = {}
    for folder in lakes:
        try:
            snapshot = open_lake(folder).snapshot()
        except LingtanError as error:
            findings.extend(error.faults)
            continue
        found += snapshot.buckets
        parts = [piece.path.name for bucket in snapshot.buckets for piece in bucket.pieces]
        parts += [correction.id for correction in snapshot.corrections]
        digests[folder.name] = hashlib.sha256("\n".join(sorted(set(parts))).encode()).hexdigest()
    return tuple(found), digests


def _named(paths: Iterable[Path], name: str) -> tuple[Path, ...]:
    """Files called `name` among `paths` and below."""
    found = [path for root in paths for path in (root.rglob(name) if root.is_dir() else [root])]
    return tuple(sorted({path for path in found if path.name == name and path.is_file()}))


def _has_meters(path: Path, rows: Mapping[str, Row]) -> bool:
    """Whether a file with carbon intensity holds readings of meters too."""
    names = set(column_names(path))
    return "meter_id" in names or not rows.keys().isdisjoint(names)


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def read_blocks(gathered: Gathered) -> Iterator[Block]:
    """Every registered meter of what was gathered, each in one block; memory holds one block.

    Files make one block, and so do files and lakes together: a meter may be in both.
    """
    batches = list(read_batches(gathered.plan))
    if not batches and not gathered.corrections:
        for bucket in gathered.buckets:
            yield from _known(_from_bucket(bucket), gathered.rows)
        return
    exponents: dict[str, int] = {}
    frames = []
    for batch in batches:
        frames.append(_scaled(batch.frame, dict(batch.exponents)))
        exponents |= {m: min(e, exponents.get(m, 0)) for m, e in batch.exponents.items()}
    for bucket in gathered.buckets:
        block = _from_bucket(bucket)
        names = pl.Series(block.meters, dtype=pl.String)
        own = dict(zip(block.meters, block.exponents, strict=True))
        named = block.readings.with_columns(names.gather(block.readings["meter"]).alias("meter"))
        frames.append(_scaled(named, own))
        exponents |= {m: min(e, exponents.get(m, 0)) for m, e in own.items()}
    yield from _known(_merged(frames, exponents, gathered), gathered.rows)


def _scaled(frame: pl.DataFrame, exponents: Mapping[str, int]) -> pl.DataFrame:
    """`frame` (meter id, at, value) with the exponent its values have."""
    power = pl.col("meter").replace_strict(exponents, return_dtype=pl.Int64) if exponents else pl.lit(0)
    return frame.with_columns(power.alias("exponent"))


def _merged(frames: list[pl.DataFrame], exponents: dict[str, int], gathered: Gathered) -> Block:
    """One block of everything, corrected."""
    ids = sorted(exponents)
    codes = {meter: code for code, meter in enumerate(ids)}
    meters = [Meter(code, meter, exponents[meter]) for meter, code in codes.items()]
    parts = [from_frame(_coded(frame, codes, exponents)) for frame in frames]
    rows = concat(parts)
    settled, disputed = settle(rows)
    corrections = tuple(
        one for file in gathered.corrections for one in read_corrections(file, meters, gathered.findings)
    )
    state = State(meters=tuple(meters), corrections=corrections)
    changes = tuple(change for some in build_changes(state).values() for change in some)
    if changes:
        settled = apply_changes(settled, changes)
    repeated = _repeated(rows)
    return Block(
        to_frame(settled),
        tuple(ids),
        tuple(exponents[meter] for meter in ids),
        find_breaks(changes),
        repeated.join(to_frame(disputed), on=["meter", "at"], how="anti"),
        to_frame(disputed).select("meter", "at").unique(maintain_order=True),
    )


def _coded(frame: pl.DataFrame, codes: Mapping[str, int], exponents: Mapping[str, int]) -> pl.DataFrame:
    finest = pl.col("meter").replace_strict(dict(exponents), return_dtype=pl.Int64)
    value = pl.col("value") * (10 ** (pl.col("exponent") - finest)).cast(pl.Int64)
    code = pl.col("meter").replace_strict(dict(codes), return_dtype=pl.Int32)
    return frame.select(code.alias("meter"), pl.col("at").cast(CODED["at"]), value.alias("value"))


def _repeated(rows: Rows) -> pl.DataFrame:
    """Instants that stand more than once: `meter`, `at`."""
    ordered = sort(rows)
    again = np.flatnonzero(ordered.key[1:] == ordered.key[:-1]) + 1
    return to_frame(ordered.pick(again)).select("meter", "at").unique(maintain_order=True)


def _from_bucket(bucket: Bucket) -> Block:
    """A bucket of a lake with codes counted from 0."""
    codes = {meter.code: number for number, meter in enumerate(bucket.meters)}
    frame = read_bucket(bucket)
    renamed = pl.col("meter").replace_strict(codes, return_dtype=pl.Int32)
    breaks = tuple((codes[code], at) for code, at in bucket.breaks)
    return Block(
        frame.with_columns(renamed.alias("meter")),
        tuple(meter.meter for meter in bucket.meters),
        tuple(meter.exponent for meter in bucket.meters),
        breaks,
    )


def _known(block: Block, rows: Mapping[str, Row]) -> Iterator[Block]:
    """The block without meters that are not in the register; nothing if none is left."""
    known = [code for code, meter in enumerate(block.meters) if meter in rows]
    if len(known) < len(block.meters):
        block = replace(block, readings=block.readings.filter(pl.col("meter").is_in(known)))
    if not block.readings.is_empty() or not block.disputed.is_empty():
        yield block
