"""When a reading is doubted: the limits of `lingtan_data/methods/metering.yaml`."""

from __future__ import annotations

from decimal import Decimal
from functools import cache

from lingtan.documents import Record, load_record
from lingtan.trace import Basis


class Limit(Record):
    """A number with unit, basis and source."""

    value: Decimal
    unit: str
    basis: Basis
    source: str


class Limits(Record):
    """The limits by which readings are doubted; see the file for what each rests on."""

    zero_run: Limit
    base_load_share: Limit
    seldom_zero_share: Limit
    winter_from: Limit
    winter_to: Limit
    clip_multiple: Limit
    spike_multiple: Limit
    spike_neighbours: Limit
    flat_run: Limit
    dead_days: Limit
    edge_days: Limit
    shift_rest: Limit
    shift_weeks: Limit
    drift_per_month: Limit
    linear_hours: Limit
    donor_days: Limit
    least_donors: Limit

    @property
    def winter(self) -> tuple[int, ...]:
        """Months of the winter, which may span the turn of the year."""
        first, last = int(self.winter_from.value), int(self.winter_to.value)
        count = (last - first) % 12 + 1
        return tuple((first - 1 + step) % 12 + 1 for step in range(count))


@cache
def load_limits() -> Limits:
    """The shipped limits; EditionError if our file is wrong."""
    return load_record(Limits, "methods", "metering.yaml")
