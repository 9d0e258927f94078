"""What a chapter is written from: results, words and names, and the small words all documents share."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from lingtan.reports.documents.cover import BASES
from lingtan.reports.documents.naming import Names
from lingtan.reports.documents.sources import tidy, translate
from lingtan.reports.records import Column, Run, Runs, Verdict
from lingtan.reports.results import Results
from lingtan.reports.words import Words, glossary
from lingtan.standards.records import Edition
from lingtan.trace import Basis

UNITS = {"万元": "wan_cny", "个": "pieces", "人": "persons", "month": "month", "day": "day", "year": "year",
         "万Nm3": "wan_nm3"}  # fmt: skip


@dataclass(frozen=True)
class Desk:
    """Results and words of one document."""

    results: Results
    words: Words

    @cached_property
    def names(self) -> Names:
        """Names of enterprises, people asked and data."""
        return Names(self.results, self.words)

    @property
    def is_scored(self) -> bool:
        """Whether the main edition gives points."""
        return self.results.assessment.score is not None

    def text(self, key: str, **values: object) -> str:
        """A phrase with plain values filled in."""
        return self.words.text(key, **values)

    def runs(self, key: str, **values: Run | Runs) -> Runs:
        """A phrase in which numbers stay numbers."""
        return self.words.runs(key, **values)

    def pick(self, zh: str, en: str) -> str:
        """Of a name in two languages the one of this document."""
        return self.words.pick(zh, en)

    def said(self, source: str) -> str:
        """A source or clause of an edition in the language of this document, where we have it."""
        return translate(source, self.words.language)

    def remark(self, edition: Edition) -> str:
        """What the edition says of itself."""
        return tidy(self.pick(edition.remark_zh, edition.remark_en))

    def basis(self, basis: Basis) -> str:
        """`标准规定`, `推断`, `先例` or `设定值`."""
        word = str(glossary()[BASES[basis]][self.words.language])
        return word.lower()

    def unit(self, unit: str) -> str:
        """A unit as it is printed behind a number; empty for a bare number."""
        if unit == "1":
            return ""
        for part, key in UNITS.items():
            if part in unit.split("/"):
                unit = unit.replace(part, self.text(f"units.{key}"))
        return unit

    def verdict(self, passed: bool | None) -> Verdict:
        """通过, 未通过 or 未知."""
        key = {True: "passed", False: "failed", None: "unknown"}[passed]
        return Verdict(passed, self.text(f"verdicts.{key}"))

    def columns(self, key: str, *layout: str) -> tuple[Column, ...]:
        """Columns with the titles of a phrase (`代号|指标`); a layout is a width, `>` for the right side."""
        titles = self.text(key).split("|")
        return tuple(
            Column(title, float(one.rstrip(">")), "right" if one.endswith(">") else "left")
            for title, one in zip(titles, layout, strict=True)
        )

    def join(self, parts: list[str] | tuple[str, ...]) -> str:
        """Parts one after the other, `、` between them; a dash if there are none."""
        return self.text("verdicts.comma").join(part for part in parts if part) or "—"

    def join_runs(self, parts: list[Runs], separator: str) -> Runs:
        """Runs one after the other with `separator` between them."""
        joined: list[Run] = []
        for number, part in enumerate(parts):
            joined.extend(part if number == 0 else (separator, *part))
        return tuple(joined)
