"""A restatement as JSON (shape: docs/reference/json.md): exact decimals as strings."""

from __future__ import annotations

from typing import Any

from lingtan.inventory.restatement.causes import Restatement
from lingtan.trace import plain


def export_restatement(one: Restatement) -> dict[str, Any]:
    """`one` as plain data."""
    return {
        "total": one.total,
        "year": one.year,
        "unit": one.unit,
        "before": plain(one.before),
        "after": plain(one.after),
        "difference": plain(one.difference),
        "percent": plain(one.percent),
        "threshold_percent": plain(one.threshold_percent),
        "is_significant": one.is_significant,
        "causes": [
            {
                "cause": share.cause,
                "change": plain(share.change),
                "lines": [
                    dict(zip(("source", "scope", "enterprise", "carrier"), key, strict=True))
                    | {"change": plain(moved)}
                    for key, moved in share.lines.items()
                ],
            }
            for share in one.shares
        ],
    }
