"""Metering as frames, for people and for export."""

from __future__ import annotations

import polars as pl

from lingtan.metering.records import Metering


def energy_table(metering: Metering) -> pl.DataFrame:
    """One row per meter and month: meter, enterprise, carrier, role, unit, month 1-12, quantity, estimated.

    `quantity` (measured) and `estimated` (what was not read, by a named method) are text of exact
    decimals, so that nothing is lost on the way; they are never added here.
    """
    records = [
        {
            "meter": energy.meter,
            "enterprise": energy.enterprise,
            "carrier": energy.carrier,
            "role": energy.role,
            "unit": energy.unit,
            "month": month,
            "quantity": f"{quantity:f}",
            "estimated": f"{energy.estimated_months[month - 1] if energy.estimated_months else 0:f}",
        }
        for energy in metering.meters
        for month, quantity in enumerate(energy.months, 1)
    ]
    texts = ("meter", "enterprise", "carrier", "role", "unit")
    return pl.DataFrame(
        records,
        schema={
            **dict.fromkeys(texts, pl.String),
            "month": pl.Int64,
            **dict.fromkeys(("quantity", "estimated"), pl.String),
        },
    )


def quality_table(metering: Metering) -> pl.DataFrame:
    """One row per meter: meter, carrier, role, counts, completeness, share estimated, first, last (UTC)."""
    counts = ("expected", "present", "zeros", "suspect_zeros", "clipped", "unpriced", "interval_minutes")
    records = [
        {
            "meter": energy.meter,
            "carrier": energy.carrier,
            "role": energy.role,
            **{name: getattr(energy, name) for name in counts},
            "completeness": float(energy.completeness),
            "share_estimated": float(energy.share_estimated),
            "first": energy.first,
            "last": energy.last,
        }
        for energy in metering.meters
    ]
    schema: dict[str, pl.DataType | type[pl.DataType]] = {
        **dict.fromkeys(("meter", "carrier", "role"), pl.String),
        **dict.fromkeys(counts, pl.Int64),
        "completeness": pl.Float64,
        "share_estimated": pl.Float64,
        **dict.fromkeys(("first", "last"), pl.Datetime("us", "UTC")),
    }
    return pl.DataFrame(records, schema=schema)
