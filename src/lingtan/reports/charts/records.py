"""A chart as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Chart:
    """One picture: `spec` is plain Vega-Lite or Vega, `title` and `caption` (unit, source) stand outside it.

    `alt` says what it shows, for those who cannot see it.
    """

    id: str
    title: str
    caption: str
    spec: Mapping[str, Any]
    alt: str
