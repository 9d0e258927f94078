"""Missing data that people see as one: cells of one column."""

from __future__ import annotations

from collections.abc import Iterable

from lingtan.assessment.naming import kind_of_datum
from lingtan.assessment.records import MissingDatum
from lingtan.trace import Gap


def group_gaps(gaps: Iterable[Gap]) -> list[list[Gap]]:
    """Cells of one column together, in the order of the first."""
    alike: dict[str, list[Gap]] = {}
    for gap in gaps:
        alike.setdefault(kind_of_datum(gap.datum), []).append(gap)
    return list(alike.values())


def group_missing(missing: Iterable[MissingDatum]) -> list[list[MissingDatum]]:
    """Cells of one column that hang on the same things together, in the order of the first."""
    alike: dict[tuple[object, ...], list[MissingDatum]] = {}
    for datum in missing:
        kind = (kind_of_datum(datum.datum), datum.indicators, datum.gates)
        alike.setdefault(kind, []).append(datum)
    return list(alike.values())
