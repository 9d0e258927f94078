"""The words of reports: `lingtan_data/reports/words/*.yaml`, each in Chinese and English."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from string import Formatter

from lingtan.documents import Record, load_shipped
from lingtan.errors import Language
from lingtan.reports.records import Run, Runs
from lingtan_data import path


class Phrase(Record):
    """One text in both languages; `{name}` is filled in."""

    zh: str
    en: str


@cache
def phrases() -> Mapping[str, Phrase]:
    """Every phrase by `file.key`."""
    found: dict[str, Phrase] = {}
    for file in sorted(path("reports", "words").glob("*.yaml")):
        for key, raw in load_shipped("reports", "words", file.name).items():
            found[f"{file.stem}.{key}"] = Phrase.model_validate(raw)
    return found


@cache
def glossary() -> Mapping[str, Mapping[str, str]]:
    """Terms of the field by their word in code: `zh`, `en`, `definition_zh`, `definition_en`."""
    terms: Mapping[str, Mapping[str, str]] = load_shipped("glossary.yaml")
    return terms


def fill(template: str, values: Mapping[str, Run | Runs]) -> Runs:
    """`template` with its `{name}` filled in, as runs."""
    runs: list[Run] = []
    for literal, name, _, _ in Formatter().parse(template):
        if literal:
            runs.append(literal)
        if name is not None:
            value = values[name]
            runs.extend(value if isinstance(value, tuple) else (value,))
    return tuple(runs)


@dataclass(frozen=True, slots=True)
class Words:
    """The phrases of one language. A phrase or a value that is not there is our own bug (KeyError)."""

    language: Language

    def text(self, key: str, **values: object) -> str:
        """The phrase with plain values filled in."""
        return self._template(key).format(**values)

    def runs(self, key: str, **values: Run | Runs) -> Runs:
        """The phrase as runs, so that the numbers within it stay numbers."""
        return fill(self._template(key), values)

    def pick(self, zh: str, en: str) -> str:
        """Of a name in two languages the one of this report; the Chinese where there is no English."""
        return zh if self.language == "zh" or not en else en

    def _template(self, key: str) -> str:
        return str(getattr(phrases()[key], self.language))
