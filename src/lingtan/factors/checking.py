"""Everything that can be wrong with factor files, and what is due for review."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from pathlib import Path

from lingtan import quantities
from lingtan.errors import Fault, Place, fault
from lingtan.factors.choice import review_faults
from lingtan.factors.records import Factor
from lingtan.factors.registry import read_layers
from lingtan.factors.tables import factor_kinds


def check_factors(folder: Path | None = None, *, on: date | None = None) -> tuple[Fault, ...]:
    """Every fault of the shipped factors, or of a user's `folder` laid over them.

    Beside what loading refuses: units unknown or unfit for the kind, references to ids that
    do not exist, a share outside 0 to 1; with `on`, factors past their review day (warnings).
    """
    placed, faults = read_layers(() if folder is None else (folder,))
    ids = {factor.id for factor, _ in placed}
    files = None if folder is None else {file.name for file in folder.glob("*.csv")}
    for factor, place in placed:
        if files is None or (place.file in files and factor.id.startswith("own.")):
            faults += _unit_faults(factor, place)
            faults += _reference_faults(factor, place, ids)
            faults += _range_faults(factor, place)
            faults += [Fault(f.code, place, f.context) for f in review_faults(factor, on)]
    return tuple(sorted(faults, key=lambda f: (f.place, f.code)))


def _unit_faults(factor: Factor, place: Place) -> Iterable[Fault]:
    units = factor_kinds()[factor.kind].units
    at, hint = Place(place.file, place.sheet, place.row, "unit"), "、".join(units)
    if not quantities.is_unit(factor.unit):
        yield fault("factor.bad-unit", at, unit=factor.unit, hint=hint)
    elif not any(quantities.same_dimension(factor.unit, unit) for unit in units):
        yield fault("factor.unfit-unit", at, unit=factor.unit, kind=factor.kind, hint=hint)


def _reference_faults(factor: Factor, place: Place, ids: set[str]) -> Iterable[Fault]:
    if factor.replaced_by and factor.replaced_by not in ids:
        at = Place(place.file, place.sheet, place.row, "replaced_by")
        yield fault("factor.unknown-reference", at, column="replaced_by", id=factor.replaced_by)


def _range_faults(factor: Factor, place: Place) -> Iterable[Fault]:
    """A pure share (kinds in `1` or `%`) lies between 0 and 100 %; nothing else is negative."""
    if factor.value is None:
        return
    is_share = factor_kinds()[factor.kind].units in (("1",), ("%",))
    most = (Decimal(100) if factor.unit == "%" else Decimal(1)) if is_share else None
    if factor.value < 0 or (most is not None and factor.value > most):
        at = Place(place.file, place.sheet, place.row, "value")
        given, high = f"{factor.value:f}", "—" if most is None else most
        yield fault("factor.out-of-range", at, id=factor.id, given=given, low=0, high=high)
