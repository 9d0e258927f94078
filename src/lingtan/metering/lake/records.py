"""What a lake holds and hands out: meters, segments, buckets, corrections, receipts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Literal

Kind = Literal["base", "conflict", "late"]
Action = Literal["replace", "add", "remove", "exchange", "restore"]
LATE = -1
"""The bucket of late segments: they hold readings of any bucket."""


@dataclass(frozen=True, slots=True, order=True)
class Meter:
    """A meter of the lake. A value is a whole number times ten to `exponent`."""

    code: int
    meter: str
    exponent: int


@dataclass(frozen=True, slots=True, order=True)
class Segment:
    """One Parquet file of the lake.

    `ordered`: found sorted when written; `first`, `last`: ms since 1970 UTC; `largest`: size of the
    largest value.

    `base`: settled readings of a bucket, `conflict`: instants with several values, all of them,
    `late`: what was added in small batches, any bucket, not yet folded into the base.
    """

    bucket: int
    kind: Kind
    file: str
    rows: int
    ordered: bool
    first: int
    last: int
    largest: int
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Correction:
    """A decision over readings of one meter; the originals stay as they are.

    `replace`, `add`: at `at` the register stands at `value`. `remove`: what stands at `at`, or in
    `[at, until)`, does not count. `exchange`: another register counts from `at` on; `value` is the
    final reading of the old one, `value_after` the initial one of the new, None where not known.
    `restore`: earlier corrections at `at`, or in `[at, until)`, no longer count. Of several
    corrections the later `when` wins. Values are in the unit of the meter.
    """

    meter: str
    at: datetime
    action: Action
    who: str
    when: datetime
    why: str
    value: Decimal | None = None
    value_after: Decimal | None = None
    until: datetime | None = None

    @property
    def id(self) -> str:
        """Sixteen hex digits over all fields: recording a correction twice is recording it once."""
        parts = (self.meter, self.at.isoformat(), self.action, self.who, self.when.isoformat(), self.why)
        more = (str(self.value), str(self.value_after), self.until.isoformat() if self.until else "")
        return sha256("\x1f".join((*parts, *more)).encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Change:
    """A correction as readers apply it: code, milliseconds and whole numbers of the meter's exponent."""

    code: int
    at: int
    action: Action
    until: int
    value: int | None
    value_after: int | None


@dataclass(frozen=True, slots=True)
class Receipt:
    """What an import did. `rows` = `new` + `equal` + `missing`.

    `new`: readings stored that were not there; `equal`: there already, or twice in the import;
    `missing`: rows without a value, nothing is stored of them; `conflicts`: instants of this
    import for which the lake now holds different values, none of which is used.
    """

    source: str
    rows: int
    new: int
    equal: int
    missing: int
    conflicts: int


@dataclass(frozen=True)
class State:
    """One moment of the manifest. `coarser`: exponent of a meter in a file written with another."""

    generation: int = 0
    bits: int = 0
    meters: tuple[Meter, ...] = ()
    segments: tuple[Segment, ...] = ()
    coarser: Mapping[tuple[str, int], int] = field(default_factory=dict)
    corrections: tuple[Correction, ...] = ()

    @cached_property
    def codes(self) -> dict[str, int]:
        """Code per meter id."""
        return {meter.meter: meter.code for meter in self.meters}

    @cached_property
    def exponents(self) -> dict[str, int]:
        """Exponent per meter id."""
        return {meter.meter: meter.exponent for meter in self.meters}

    @property
    def rows(self) -> int:
        """All readings stored, those in conflict too: no reading is in two segments."""
        return sum(segment.rows for segment in self.segments)

    @property
    def late(self) -> tuple[Segment, ...]:
        """The late segments, oldest first."""
        return tuple(segment for segment in self.segments if segment.kind == "late")


@dataclass(frozen=True, slots=True)
class Piece:
    """A file a bucket is read from. `factors`: by what the values of a code are multiplied."""

    path: Path
    kind: Kind
    factors: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Bucket:
    """Whole meters, as of one moment: all that `read_bucket` needs, in any thread or process.

    `rows`: settled readings in the base file (late ones come on top); `first`, `last`: bounds of all
    instants, ms since 1970 UTC. Where `is_plain`, the file `base` is the answer of `read_bucket`, row
    by row. `breaks`: (code, ms) of exchanges with an unknown reading: a step that begins before this
    instant and ends at it or later is unknown.
    """

    number: int
    meters: tuple[Meter, ...]
    pieces: tuple[Piece, ...]
    changes: tuple[Change, ...]
    breaks: tuple[tuple[int, int], ...]
    rows: int
    first: int
    last: int

    @property
    def base(self) -> Path | None:
        """The file of settled readings; None where there is none."""
        return next((piece.path for piece in self.pieces if piece.kind == "base"), None)

    @property
    def is_settled(self) -> bool:
        """Whether nothing is late and nothing in another exponent: originals are the base file as it is."""
        return not any(piece.kind == "late" or piece.factors for piece in self.pieces)

    @property
    def is_plain(self) -> bool:
        """Whether the base file alone, unchanged, is the bucket."""
        return self.base is not None and self.is_settled and not self.changes


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Meters and buckets of one moment: codes of the one are those of the other."""

    generation: int
    meters: tuple[Meter, ...]
    buckets: tuple[Bucket, ...]
    corrections: tuple[Correction, ...]
