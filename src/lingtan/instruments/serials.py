"""Serial ranges of certificates and credits: how many they hold, and whether two overlap."""

from __future__ import annotations

import re
from bisect import bisect_right, insort
from collections import defaultdict
from dataclasses import dataclass, field

from lingtan.dossier.records import Row

_SERIAL = re.compile(r"(?P<prefix>.*?)(?P<number>[0-9]{1,30})")


@dataclass(frozen=True, slots=True)
class SerialRange:
    """Serials `first` to `last` (both included) after a common prefix."""

    prefix: str
    first: int
    last: int

    @property
    def count(self) -> int:
        """How many serials the range holds."""
        return self.last - self.first + 1


def read_range(row: Row) -> SerialRange | None:
    """The range of `serial_from` to `serial_to`; None if blank, not numbered, or the wrong way round."""
    return find_range(row.text("serial_from"), row.text("serial_to"))


def find_range(serial_from: str, serial_to: str) -> SerialRange | None:
    """The range from one serial to another, of one serial if the second is blank; None as above."""
    ends = [_SERIAL.fullmatch(text.strip().upper()) for text in (serial_from, serial_to)]
    first, last = ends[0], ends[1] or (ends[0] if not serial_to.strip() else None)
    if first is None or last is None or first["prefix"] != last["prefix"]:
        return None
    span = SerialRange(first["prefix"], int(first["number"]), int(last["number"]))
    return span if span.count > 0 else None


@dataclass(slots=True)
class Taken:
    """Ranges already taken; those kept never overlap."""

    _kept: dict[tuple[str, str], list[tuple[int, int, str]]] = field(
        default_factory=lambda: defaultdict(list)
    )

    def take(self, registry: str, span: SerialRange, owner: str) -> str:
        """Keep `span` for `owner`, or, if part of it is taken, the owner it overlaps with."""
        kept = self._kept[registry, span.prefix]
        index = bisect_right(kept, span.last, key=lambda entry: entry[0])
        if index and kept[index - 1][1] >= span.first:
            return kept[index - 1][2]
        insort(kept, (span.first, span.last, owner))
        return ""
