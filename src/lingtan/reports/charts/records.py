"""A chart: one definition for screen and paper."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

Spec = dict[str, Any]
VEGA_LITE = "https://vega.github.io/schema/vega-lite/v6.json"
VEGA = "https://vega.github.io/schema/vega/v6.json"

_NOT_IN_HTML = str.maketrans({c: f"\\u{ord(c):04x}" for c in "<>&\u2028\u2029"})


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture and its words, in one language.

    `spec` is Vega-Lite (or Vega) with its data; equal results give equal specs. `title` and `caption`
    (unit, source) are for the document to set: they are not drawn within. `alt` says in a sentence
    what the chart shows, for those who do not see it.
    """

    id: str
    title: str
    caption: str
    spec: Spec
    alt: str

    @property
    def is_vega_lite(self) -> bool:
        """Whether `spec` is Vega-Lite, not Vega."""
        return bool(self.spec["$schema"] == VEGA_LITE)

    def to_json(self) -> str:
        """`spec` as JSON, always the same bytes, safe within a <script> of an HTML page."""
        text = json.dumps(self.spec, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
        return text.translate(_NOT_IN_HTML)
