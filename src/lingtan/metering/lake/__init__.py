"""The readings lake: Parquet buckets of whole meters, sorted and whole-numbered, with a manifest."""

from lingtan.metering.lake.exporting import export_readings
from lingtan.metering.lake.importing import ImportWork
from lingtan.metering.lake.lake import Lake, open_lake
from lingtan.metering.lake.reading import read_bucket, read_whole
from lingtan.metering.lake.records import Bucket, Change, Correction, Meter, Piece, Receipt, Snapshot

__all__ = [
    "Bucket",
    "Change",
    "Correction",
    "ImportWork",
    "Lake",
    "Meter",
    "Piece",
    "Receipt",
    "Snapshot",
    "export_readings",
    "open_lake",
    "read_bucket",
    "read_whole",
]
