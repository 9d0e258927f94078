"""What becomes of a cell: taken, or left out for one reason. Order is that of precedence."""

from __future__ import annotations

from typing import Final

VERDICTS: Final = (
    "taken",
    "blank",
    "unknown-meter",
    "bad-meter",
    "bad-time",
    "without-offset",
    "no-such-time",
    "exists-twice",
    "too-early",
    "future",
    "bad-value",
    "not-finite",
    "too-large",
    "other-unit",
    "wrong-unit",
    "primary",
)
CODE: Final = {verdict: code for code, verdict in enumerate(VERDICTS)}
TAKEN: Final = CODE["taken"]

FAULTS: Final = {
    "unknown-meter": "metering.unknown-meter",
    "bad-meter": "import.bad-meter",
    "bad-time": "metering.bad-time",
    "without-offset": "metering.time-without-offset",
    "no-such-time": "import.no-such-time",
    "exists-twice": "import.exists-twice",
    "too-early": "import.too-early",
    "future": "import.future",
    "bad-value": "metering.bad-value",
    "not-finite": "import.not-finite",
    "too-large": "import.too-large",
    "other-unit": "import.mixed-units",
    "wrong-unit": "import.wrong-unit",
    "primary": "import.primary-values",
}
"""The fault that tells of cells with a verdict; blank cells are counted and no fault."""
