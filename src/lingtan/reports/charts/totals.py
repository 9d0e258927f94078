"""Totals of a result as they are drawn: a value, and whether it is the whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from lingtan.texts import number
from lingtan.trace import Node

ZERO = Decimal(0)
PARTIAL = "*"
"""Behind a number of which a part is not known."""


@dataclass(frozen=True, slots=True)
class Total:
    """`value` None: not known. `is_partial`: something is lacking in it."""

    value: Decimal | None
    is_partial: bool

    @property
    def drawn(self) -> Decimal:
        """How far a bar of it goes."""
        return self.value if self.value is not None else ZERO

    def said(self, unknown: str, digits: int = 0) -> str:
        """The number for people, marked if it is not the whole; `unknown` if there is none."""
        if self.value is None:
            return unknown
        return number(self.value, digits) + (PARTIAL if self.is_partial else "")


def find_total(totals: Mapping[str, Node], name: str) -> Total | None:
    """The total of that name; None if the method has none."""
    node = totals.get(name)
    if node is None:
        return None
    value = node.value if isinstance(node.value, Decimal) else None
    return Total(value, bool(node.gaps))
