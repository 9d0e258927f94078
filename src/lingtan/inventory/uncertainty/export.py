"""The uncertainty of an inventory as JSON: floats as numbers, exact values as strings."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from lingtan.inventory.uncertainty.records import Contribution, Input, TotalUncertainty, Uncertainty
from lingtan.trace import export_gaps, plain


def export_uncertainty(found: Uncertainty) -> dict[str, Any]:
    """`found` as plain data; null is not known."""
    return {
        "method": found.method,
        "period": str(found.year),
        "seed": found.seed,
        "totals": {name: _total(one) for name, one in found.totals.items()},
        "inputs": [_input(one) for one in found.inputs],
        "faults": [fault.as_dict() for fault in found.faults],
    }


def _total(one: TotalUncertainty) -> dict[str, Any]:
    return {
        "value": plain(one.value),
        "unit": one.unit,
        "deviation": one.deviation,
        "half_width_95": one.half_width,
        "percent_95": one.percent,
        "deviation_if_independent": one.independent,
        "complete": one.is_complete,
        "without": list(one.without),
        "unknown": list(one.unknown),
        "gaps": export_gaps(one.gaps),
        "simulated": None if one.simulated is None else asdict(one.simulated),
        "quality": None if one.grade is None else asdict(one.grade),
        "quality_by_source": [asdict(grade) for grade in one.sources],
        "lines": _parts(one.lines),
        "inputs": _parts(one.inputs),
    }


def _parts(parts: Iterable[Contribution]) -> list[dict[str, Any]]:
    return [asdict(part) for part in parts]


def _input(one: Input) -> dict[str, Any]:
    return asdict(one) | {"value": plain(one.value)}
