"""Limits of the cancellation, from `lingtan_data/methods/cancellation.yaml`."""

from __future__ import annotations

from functools import cache

import lingtan_data
from lingtan.documents import Record, read_document, validate
from lingtan.errors import EditionError
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
    document, faults = read_document(lingtan_data.path("methods", "cancellation.yaml"))
    if document is None:
        raise EditionError(faults)
    rules, shape_faults = validate(document, CancellationRules)
    if rules is None:
        raise EditionError(shape_faults)
    return rules
