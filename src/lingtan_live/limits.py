"""Limits of live input, from `lingtan_data/live/limits.yaml`."""

from __future__ import annotations

from functools import cache
from typing import Any

from lingtan.documents import load_shipped
from lingtan.errors import Fault, Place, fault


@cache
def limit(name: str) -> int:
    """The value of a limit, in the unit its file states."""
    return int(_limits()[name]["value"])


@cache
def _limits() -> dict[str, Any]:
    return dict(load_shipped("live", "limits.yaml"))


class RefusalError(Exception):
    """One thing of a message that cannot be used: code of family `live` and its context."""

    def __init__(self, code: str, **context: object) -> None:
        super().__init__(code)
        self.code, self.context = code, context

    def fault(self, place: Place) -> Fault:
        """The refusal as a fault at `place`."""
        return fault(self.code, place, **self.context)


def shown(value: object) -> str:
    """A value of a stranger as it may stand in a message: short, on one line."""
    text = repr(value) if not isinstance(value, str) else value
    return "".join(c if c.isprintable() else "�" for c in text[:60])
