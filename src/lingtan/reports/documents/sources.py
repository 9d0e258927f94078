"""Sources and clauses of the shipped editions in the other language: `lingtan_data/reports/sources.yaml`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from lingtan.documents import Record, load_shipped
from lingtan.errors import Language

_FOLDED = re.compile(r"(?<=[，。；：、）”]) +|(?<=[\u4e00-\u9fff]) +(?=[\u4e00-\u9fff])")


class Translated(Record):
    """What an edition says, and how it reads in Chinese and in English."""

    text: str
    zh: str = ""
    en: str = ""


@cache
def load_sources() -> Mapping[str, Translated]:
    """Every translated source by what the edition says."""
    found = [Translated.model_validate(raw) for raw in load_shipped("reports", "sources.yaml")["sources"]]
    return {one.text: one for one in found}


def translate(text: str, language: Language) -> str:
    """`text` in `language`; as it stands where there is no translation (an edition of one's own)."""
    found = load_sources().get(text)
    said = text if found is None else (found.zh if language == "zh" else found.en) or text
    return said.replace("; ", "；") if language == "zh" else said


def tidy(text: str) -> str:
    """Running text of an edition without the blanks that folded lines leave behind Chinese marks."""
    return _FOLDED.sub("", text.strip())
