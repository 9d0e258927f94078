"""Bodies of HTTP pushes of simulated meters."""

from __future__ import annotations

import json
from collections.abc import Iterator

from lingtan_live.simulate.truth import Meters


def build_pushes(meters: Meters, readings: int, at_once: int) -> Iterator[bytes]:
    """The first `readings` readings in bodies of at most `at_once`; each has a key of its own."""
    for first in range(0, readings, at_once):
        some = [meters.reading(number) for number in range(first, min(first + at_once, readings))]
        items = [{"meter": one.meter, "at": one.at.isoformat(), "value": str(one.value)} for one in some]
        yield json.dumps({"key": f"simulated-{first}-{len(items)}", "readings": items}).encode()
