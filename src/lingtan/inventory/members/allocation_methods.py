"""Keys and methods of allocation: `lingtan_data/methods/allocation.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from typing import Literal

from lingtan.documents import Record, load_record
from lingtan.trace import Basis


class Measure(Record):
    """What a formula needs: its unit (blank: any, one for all), whether nought can be, the most it can be."""

    unit: str = ""
    zero: Literal["allowed", "refused"] = "allowed"
    most: Decimal | None = None


class Sharing(Record):
    """Words, measures, basis and source of a way to share."""

    zh: str
    en: str
    measures: Mapping[str, Measure]
    basis: Basis
    source: str


class Key(Sharing):
    """What a user's part goes by: `formula` over its measures, in `unit` (blank: that of the measure)."""

    unit: str = ""
    formula: str


class Cogeneration(Sharing):
    """What the parts of electricity and heat go by."""

    electricity: str
    heat: str


class AllocationMethods(Record):
    """All keys and methods by name."""

    keys: Mapping[str, Key]
    cogeneration: Mapping[str, Cogeneration]


@cache
def load_allocation_methods() -> AllocationMethods:
    """The shipped keys and methods; EditionError if our file is wrong."""
    return load_record(AllocationMethods, "methods", "allocation.yaml")
