"""Parquet files as tables, read in batches."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO

import polars as pl

from lingtan.dossier.findings import Findings, shown
from lingtan.errors import LingtanError, Place, fault
from lingtan.metering.importing.text_tables import Open

BATCH_CELLS = 2_000_000
_SAMPLE = 20


class ParquetTable:
    """A Parquet file: its columns `c0`, `c1` … as typed as they are; the header is row 1."""

    sheet = ""
    encoding = separator_name = ""
    lost = 0

    def __init__(self, open_stream: Open, file: str) -> None:
        """LingtanError if it is damaged."""
        self._open, self.file = open_stream, file
        with open_stream() as stream:
            parquet = self._opened(stream)
            schema = parquet.schema_arrow
            names, sample = list(schema.names), self._sample(parquet)
        self.nested = [name for name, kind in zip(names, schema.types, strict=True) if _is_nested(kind)]
        self._flat = [index for index, name in enumerate(names) if name not in self.nested]
        self.width = len(self._flat)
        self.head = [[names[index] for index in self._flat], *self._rows(sample)]

    def _opened(self, stream: BinaryIO) -> Any:
        import pyarrow  # type: ignore[import-untyped]
        import pyarrow.parquet  # type: ignore[import-untyped]

        try:
            return pyarrow.parquet.ParquetFile(stream)
        except (pyarrow.ArrowException, OSError, ValueError) as error:
            raise self._damaged(error) from None

    def _damaged(self, error: Exception) -> LingtanError:
        return LingtanError([fault("metering.unreadable", Place(self.file), reason=shown(error))])

    def _sample(self, parquet: Any) -> Any:
        import pyarrow

        try:
            return next(parquet.iter_batches(batch_size=_SAMPLE, use_threads=False), None)
        except (pyarrow.ArrowException, OSError, ValueError) as error:
            raise self._damaged(error) from None

    def _rows(self, sample: Any) -> Iterator[list[str]]:
        if sample is not None:
            columns = [_polars(sample.column(index)).cast(pl.String) for index in self._flat]
            for cells in zip(*columns, strict=True):
                yield ["" if cell is None else cell for cell in cells]

    def blocks(self, first: int, findings: Findings) -> Iterator[pl.DataFrame]:
        """Rows from number `first` on (the first row of data is 2)."""
        import pyarrow

        row, size = 2, max(BATCH_CELLS // max(self.width, 1), 1)
        with self._open() as stream:
            batches = self._opened(stream).iter_batches(batch_size=size)
            while True:
                try:
                    batch = next(batches, None)
                except (pyarrow.ArrowException, OSError, ValueError) as error:
                    raise self._damaged(error) from None
                if batch is None:
                    return
                columns = {f"c{i}": _polars(batch.column(index)) for i, index in enumerate(self._flat)}
                frame = pl.DataFrame(columns).with_row_index("row", row)
                yield frame.with_columns(pl.col("row").cast(pl.Int64)).filter(pl.col("row") >= first)
                row += batch.num_rows


def _is_nested(kind: Any) -> bool:
    import pyarrow

    nested = pyarrow.types.is_nested(kind) or pyarrow.types.is_map(kind)
    return bool(nested or pyarrow.types.is_binary(kind) or pyarrow.types.is_large_binary(kind))


def _polars(column: Any) -> pl.Series:
    series = pl.from_arrow(column)
    assert isinstance(series, pl.Series)
    if isinstance(series.dtype, pl.Categorical | pl.Enum):
        return series.cast(pl.String)
    return series
