"""The meters of the register as a frame, for joining to readings."""

from __future__ import annotations

import polars as pl

from lingtan.dossier.records import Dossier, Row

SCHEMA = {
    "meter": pl.String,
    "carrier": pl.String,
    "role": pl.String,
    "parent": pl.String,
    "cumulative": pl.Boolean,
    "stated": pl.Int64,
    "zero_means_missing": pl.Boolean,
}


def meter_rows(dossier: Dossier) -> dict[str, Row]:
    """Rows of `meters` by id; of two rows with one id (a fault of the dossier) the first holds."""
    found: dict[str, Row] = {}
    for row in sorted(dossier.rows.get("meters", ()), key=lambda row: (row.text("meter"), row.place)):
        found.setdefault(row.text("meter"), row)
    return found


def meter_frame(rows: dict[str, Row]) -> pl.DataFrame:
    """One row per meter: what decides how its readings are taken. Blank cells are null."""
    records = [
        {
            "meter": meter,
            "carrier": row.text("carrier"),
            "role": row.text("role"),
            "parent": row.text("parent") or None,
            "cumulative": row.text("quantity") == "cumulative",
            "stated": None if (minutes := row.number("interval_minutes")) is None else int(minutes),
            "zero_means_missing": row.values.get("zero_means_missing"),
        }
        for meter, row in rows.items()
    ]
    return pl.DataFrame(records, schema=SCHEMA)


def ancestors(meter: str, rows: dict[str, Row]) -> tuple[Row, ...]:
    """The meters above `meter`, nearest first; none if the parents run in a ring (see `is_in_ring`)."""
    above: list[Row] = []
    seen = {meter}
    parent = rows[meter].text("parent") if meter in rows else ""
    while parent in rows:
        if parent in seen:
            return ()
        seen.add(parent)
        above.append(rows[parent])
        parent = rows[parent].text("parent")
    return tuple(above)


def is_in_ring(meter: str, rows: dict[str, Row]) -> bool:
    """Whether following the parents of `meter` never ends."""
    return not ancestors(meter, rows) and rows[meter].text("parent") in rows
