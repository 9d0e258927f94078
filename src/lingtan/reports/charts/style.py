"""The one look and the words of all charts, from `lingtan_data/reports`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

from pydantic import Field

from lingtan.documents import Record, load_record
from lingtan.errors import Language
from lingtan.reports.fonts import drawable

Colour = Literal["deep", "warm", "mid", "bright", "pale"]
_HEX = r"^#[0-9A-F]{6}$"


class Fill(Record):
    """A colour, and that of its outline."""

    fill: str = Field(pattern=_HEX)
    edge: str = Field(pattern=_HEX)


class Style(Record):
    """Sizes in pixels (`width_px` are `width_mm` on paper), font and colours."""

    width_px: int
    width_mm: int
    font: str
    text_px: int
    row_px: int
    dense_row_px: int
    ink: str = Field(pattern=_HEX)
    soft: str = Field(pattern=_HEX)
    grid: str = Field(pattern=_HEX)
    palette: Mapping[Colour, Fill]
    steps: tuple[str, ...]


class Bilingual(Record):
    """A text in both languages, with {placeholders}."""

    zh: str
    en: str


class ChartWords(Record):
    """Words by chart (`common` for all) and name."""

    charts: Mapping[str, Mapping[str, Bilingual]]


@cache
def load_style() -> Style:
    """The shipped look; EditionError if our file is wrong."""
    return load_record(Style, "reports", "charts.yaml")


@cache
def load_words() -> ChartWords:
    """The shipped words; EditionError if our file is wrong."""
    return load_record(ChartWords, "reports", "chart_words.yaml")


@dataclass(frozen=True, slots=True)
class Speaker:
    """The words of one chart in one language."""

    chart: str
    language: Language

    def say(self, name: str, /, **context: object) -> str:
        """The text of that name with its placeholders filled; KeyError if we have no such words."""
        words = load_words().charts
        text = words[self.chart].get(name) or words["common"][name]
        return str(getattr(text, self.language)).format_map(context)

    def name_of(self, id: str) -> str:
        """The word for an id of the results; the id itself where we have none."""
        words = load_words().charts
        return self.say(id) if id in words[self.chart] or id in words["common"] else drawable(id)

    def pick(self, zh: str, en: str) -> str:
        """The text in the language; Chinese where there is no English."""
        return (en or zh) if self.language == "en" else zh

    def listed(self, names: list[str]) -> str:
        """Names one after another."""
        return ("; " if self.language == "en" else "；").join(names)
