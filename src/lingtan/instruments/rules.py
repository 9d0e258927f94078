"""Limits of the cancellation, from `lingtan_data/methods/cancellation.yaml`."""

from __future__ import annotations

from functools import cache

from lingtan.documents import Record, load_record
from lingtan.standards.records import Sourced


class CancellationRules(Record):
    """How old an instrument may be, and what one serial number stands for."""

    certificate_validity: Sourced
    credit_vintage_age: Sourced
    certificate_mwh: Sourced
    credit_tco2e: Sourced


@cache
def load_rules() -> CancellationRules:
    """The shipped limits; EditionError if our file is wrong."""
    return load_record(CancellationRules, "methods", "cancellation.yaml")
