"""Tables in text files: separator found, rows numbered as people count them, ragged rows told."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from typing import BinaryIO

import polars as pl

from lingtan.dossier.findings import Findings, shown
from lingtan.errors import LingtanError, Place, fault
from lingtan.metering.importing.lines import LineReader, Lines, find_encoding, read_head

HEAD_ROWS = 60
_SEPARATORS = (",", ";", "\t", "|")
_NAMES = {"\t": "Tab"}
Open = Callable[[], BinaryIO]


class TextTable:
    """A text file as a table of text cells `c0`, `c1` …, with `row` as people count it."""

    sheet = ""

    def __init__(self, open_stream: Open, file: str) -> None:
        """LingtanError if it is no text."""
        self._open, self.file = open_stream, file
        with open_stream() as stream:
            head = read_head(stream)
        found = find_encoding(head)
        if found is None:
            raise LingtanError([fault("import.not-text", Place(file))])
        self.encoding, self._mark = found
        lines = self._head_lines()
        self.separator = _find_separator(lines)
        self.head = [_cells(line, self.separator) for line in lines]
        self.width = max((len(cells) for cells in self.head), default=0)
        self.lost = 0

    @property
    def separator_name(self) -> str:
        """The separator as people call it."""
        return _NAMES.get(self.separator, self.separator)

    def _head_lines(self) -> list[str]:
        reader = LineReader(self.encoding, self._mark, Place(self.file), Findings())
        with self._open() as stream:
            for block in reader.read(stream):
                return block.data.decode("utf-8", "replace").split("\n")[: min(HEAD_ROWS, block.count)]
        return []

    def blocks(self, first: int, findings: Findings) -> Iterator[pl.DataFrame]:
        """Rows from number `first` on, blank ones left out; what is wrong goes to `findings`."""
        reader = LineReader(self.encoding, self._mark, Place(self.file), findings)
        with self._open() as stream:
            for block in reader.read(stream):
                frame = self._table(block, reader)
                if block.first < first:
                    frame = frame.filter(pl.col("row") >= first)
                yield self._without_ragged(frame, findings, reader)
        self.lost = reader.lost

    def _table(self, block: Lines, reader: LineReader) -> pl.DataFrame:
        try:
            frame = self._parsed(block.data)
        except pl.exceptions.ComputeError:
            frame = None
        if frame is None or frame.height != block.count:
            frame = self._parsed(_whole_quotes(block, reader), quotes=False)
        return frame.with_row_index("row", block.first).with_columns(pl.col("row").cast(pl.Int64))

    def _parsed(self, data: bytes, *, quotes: bool = True) -> pl.DataFrame:
        names = [f"c{index}" for index in range(self.width)] + ["over"]
        header = self.separator.join(names).encode() + b"\n"
        return pl.read_csv(
            header + data,
            separator=self.separator,
            infer_schema=False,
            truncate_ragged_lines=True,
            quote_char='"' if quotes else None,
        )

    def _without_ragged(self, frame: pl.DataFrame, findings: Findings, reader: LineReader) -> pl.DataFrame:
        if frame["over"].null_count() < frame.height:
            over = frame.filter(pl.col("over").is_not_null())
            reader.lost += over.height
            for row, example in over.select("row", "over").iter_rows():
                place = Place(self.file, row=row)
                findings.count("import.ragged", place, width=self.width, example=shown(example))
            frame = frame.filter(pl.col("over").is_null())
        frame = frame.drop("over")
        if any(frame[name].null_count() == 0 for name in frame.columns[1:]):
            return frame
        return frame.filter(pl.any_horizontal(pl.exclude("row").is_not_null()))


def _whole_quotes(block: Lines, reader: LineReader) -> bytes:
    """The lines without quotes around cells; lines whose quotes do not match are left out."""
    lines = block.data[:-1].split(b"\n")
    kept = []
    for number, line in enumerate(lines, block.first):
        is_whole = line.count(b'"') % 2 == 0
        kept.append(line if is_whole else reader.lose("import.broken-quotes", number))
    return b"\n".join(kept) + b"\n"


def _find_separator(lines: list[str]) -> str:
    """The separator with which most lines have the commonest number of cells, above one."""

    def fitness(separator: str) -> tuple[int, int]:
        widths = [len(_cells(line, separator)) for line in lines if line.strip()]
        usual = max(widths, key=lambda width: (widths.count(width), width), default=1)
        if usual < 2:
            usual = max(widths, default=1)
        return (sum(width == usual for width in widths), usual) if usual > 1 else (0, 0)

    return max(_SEPARATORS, key=fitness)


def _cells(line: str, separator: str) -> list[str]:
    try:
        return next(csv.reader([line.rstrip("\r")], delimiter=separator), [])
    except csv.Error:
        return line.split(separator)
