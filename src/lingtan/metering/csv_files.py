"""CSV files of readings as platforms export them: other separators, other encodings, titles on top."""

from __future__ import annotations

import gzip
import io
from pathlib import Path

import polars as pl

from lingtan.errors import Fault, LingtanError, Place, fault

_GZIP = b"\x1f\x8b"
_HEAD = 65_536  # bytes in which the header is looked for
_SEPARATORS = (",", ";", "\t")


def load_csv(path: Path, place: Place, faults: list[Fault]) -> pl.DataFrame:
    """The table of the file, all cells text: UTF-8, or GB 18030 with a note.

    LingtanError where rows do not fit the header; what polars and gzip raise for damaged files,
    and UnicodeDecodeError where the text is neither.
    """
    separator = _separator(path)
    try:
        frame = _parsed(path, separator, place)
    except pl.exceptions.ComputeError as error:
        if "utf-8" not in str(error).lower():
            raise
        frame = _parsed(io.BytesIO(_text(path).encode()), separator, place)
        faults.append(fault("dossier.other-encoding", place, given="GB 18030"))
    if separator != ",":
        given = {";": ";", "\t": "Tab"}[separator]
        faults.append(fault("dossier.other-separator", place, given=given))
    return frame


def _parsed(source: Path | io.BytesIO, separator: str, place: Place) -> pl.DataFrame:
    try:
        return pl.read_csv(source, infer_schema=False, separator=separator)
    except pl.exceptions.ComputeError as error:
        if "more fields" not in str(error):
            raise
        raise LingtanError([fault("metering.ragged", place)]) from None


def _separator(path: Path) -> str:
    """The separator that stands most often in the header; the comma where none does."""
    with path.open("rb") as stream:
        is_packed = stream.read(2) == _GZIP
    with gzip.open(path) if is_packed else path.open("rb") as stream:
        header = stream.read(_HEAD).partition(b"\n")[0]
    return max(_SEPARATORS, key=lambda separator: header.count(separator.encode()))


def _text(path: Path) -> str:
    raw = path.read_bytes()
    return (gzip.decompress(raw) if raw.startswith(_GZIP) else raw).decode("gb18030")
