"""Names of enterprises, and what covers those of confidential ones outside the park.

As in the documents of the core: a confidential enterprise is `保密企业 1`, in every text; its lines and
traces are not shown; its totals are.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from lingtan.errors import Language
from lingtan.reports.documents.naming import TELLING_DIGITS, Names
from lingtan.reports.results import Results
from lingtan.reports.words import Words

Plain = dict[str, Any]


def build_people_sheet(results: Results) -> Plain:
    """Every enterprise by id: its name, and its cover if it is confidential."""
    zh, en = Names(results, Words("zh")), Names(results, Words("en"))
    found = {}
    for id, row in results.enterprises.items():
        cover = {"zh": zh.enterprise(id), "en": en.enterprise(id)} if zh.is_confidential(id) else None
        found[id] = {"name": row.text("name") or id, "cover": cover}
    return found


@dataclass(frozen=True)
class Covers:
    """The people of a calculation as one viewer may know them.

    `is_open`: nobody is covered; `own` are the enterprises of the viewer, who know themselves.
    """

    people: Mapping[str, Any]
    language: Language
    is_open: bool
    own: frozenset[str] = frozenset()

    def name(self, id: str) -> str:
        """The name of an enterprise, of the operator (`park`), or of the park as a whole (blank)."""
        if id in ("", "park"):
            zh, en = ("园区整体", "the park as a whole") if not id else ("园区运营方", "park operator")
            return zh if self.language == "zh" else en
        known = self.people.get(id)
        if known is None:
            return id
        return str(known["cover"][self.language] if self.is_covered(id) else known["name"])

    def is_covered(self, id: str) -> bool:
        """Whether this viewer may not know who it is."""
        return not self.is_open and id not in self.own and bool((self.people.get(id) or {}).get("cover"))

    def clean(self, value: Any) -> Any:
        """`value` (text, list, mapping) with ids and names of covered enterprises replaced; keys stay."""
        if not self._telling:
            return value
        if isinstance(value, str):
            for pattern, cover in self._telling:
                value = pattern.sub(cover, value)
            return value
        if isinstance(value, dict):
            return {key: self.clean(inner) for key, inner in value.items()}
        return [self.clean(inner) for inner in value] if isinstance(value, list | tuple) else value

    @cached_property
    def _telling(self) -> list[tuple[re.Pattern[str], str]]:
        found = []
        for id, known in self.people.items():
            if self.is_covered(id):
                cover = str(known["cover"][self.language])
                if known["name"] != id:
                    found.append((re.compile(re.escape(known["name"])), cover))
                if any(c.isalpha() for c in id) or len(id) >= TELLING_DIGITS:
                    found.append((re.compile(rf"(?<![0-9A-Za-z]){re.escape(id)}(?![0-9A-Za-z])"), cover))
        return found
