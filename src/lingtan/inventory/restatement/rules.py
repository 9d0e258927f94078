"""When a base year must be calculated again, from `lingtan_data/methods/restatement.yaml`."""

from __future__ import annotations

from functools import cache

from lingtan.documents import Record, load_record
from lingtan.standards.records import Sourced


class RestatementRules(Record):
    """The change of a base year, as a share of it, from which it is calculated again."""

    threshold_percent: Sourced


@cache
def load_restatement_rules() -> RestatementRules:
    """The shipped rules; EditionError if our file is wrong."""
    return load_record(RestatementRules, "methods", "restatement.yaml")
