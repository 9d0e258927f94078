"""Cells that hold a word of a list: yes or no, choices, units, ids of evidence."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from lingtan.dossier.cells import (
    LONGEST_ID,
    CellError,
    Notes,
    Parser,
    Raw,
    folded_width,
    is_blank_word,
    raw_text,
)
from lingtan.dossier.findings import shown
from lingtan.dossier.registers import Column, carriers, registers
from lingtan.quantities import is_unit

LONGEST_UNIT = 40
MOST_LISTED = 40
MOST_NEAR = 3
_YES = frozenset(["yes", "y", "true", "t", "1", "是", "有", "√", "✓", "✔", "☑", "对"])
_NO = frozenset(["no", "n", "false", "f", "0", "否", "无", "×", "✗", "✘", "错", "没有"])
_PLAIN_ANSWERS = frozenset(["yes", "no", "true", "false", "是", "否"])
_SEPARATORS = re.compile(r"[;；,，、\n]")
_UNIT_POWER = re.compile(r"(\*\*|\^)\s*[0-9.]{3,}")


def parse_yes_no(raw: Raw, notes: Notes) -> bool | None:
    """True or False from 是/否, 有/无, √/×, yes/no, TRUE/FALSE, 1/0."""
    if isinstance(raw, bool):
        return raw
    word = unicodedata.normalize("NFKC", raw_text(raw)).lower().strip()
    if word in _YES or word in _NO:
        if word not in _PLAIN_ANSWERS:
            notes.append("dossier.answer-word")
        return word in _YES
    if is_blank_word(word):
        notes.append("dossier.blank-word")
        return None
    raise CellError("dossier.not-yes-no", given=shown(raw_text(raw)))


def choice_parser(column: Column) -> Parser:
    """A parser for a `choice` column: the word, from itself or from its Chinese or English label."""
    words: dict[str, str] = {}
    for word, (zh, en) in column.choices.items():
        for text in (word, zh, en, f"{zh}/{en}", f"{zh}{en}"):
            words.setdefault(_folded(text), word)
    words.update({_folded(word): word for word in column.choices})
    meant = {text: f"{column.choices[word][0]}（{word}）" for text, word in words.items()}

    def parse(raw: Raw, notes: Notes) -> str | None:
        text = raw_text(raw)
        word: str | None = words.get(_folded(text))
        if word is not None:
            return word
        if is_blank_word(text):
            notes.append("dossier.blank-word")
            return None
        raise CellError("dossier.unknown-choice", given=shown(text), hint=Nearest(_folded(text), meant, 0.5))

    return parse


_GAS = re.compile(r"(?:CH4|N2O|SF6|NF3|CF4|C2F6|HFC|PFC)(?:-?[0-9]+[a-z]*)?")


@dataclass(frozen=True, slots=True)
class Nearest:
    """What was probably meant; found only when the words of a fault are made, for it is slow.

    `meant` maps what may be written to what is shown, of which the nearest are taken. If nothing
    is near, the first `most` are shown and how many more there are, or nothing unless `or_all`.
    """

    given: str
    meant: Mapping[str, str]
    cutoff: float = 0.4
    or_all: bool = True
    most: int = MOST_LISTED

    def __str__(self) -> str:
        near = difflib.get_close_matches(self.given[:80], self.meant, n=MOST_NEAR, cutoff=self.cutoff)
        everything = list(dict.fromkeys(self.meant.values())) if self.or_all else []
        found = list(dict.fromkeys(self.meant[one] for one in near))
        if found:
            return "、".join(found)
        more = f" … (+{len(everything) - self.most})" if len(everything) > self.most else ""
        return "、".join(everything[: self.most]) + more


def _folded(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).lower().split())


def parse_unit(raw: Raw, notes: Notes) -> str | None:
    """A unit that `quantities` knows, as it is written; kWh and its like with wrong capitals are mended."""
    text = raw_text(raw)
    if len(text) <= LONGEST_UNIT and not _UNIT_POWER.search(text) and is_unit(text):
        return text
    if is_blank_word(text):
        notes.append("dossier.blank-word")
        return None
    folded = folded_width(text, notes)[:LONGEST_UNIT]
    mended = re.sub(r"(?i)\b(万?)k(w|wh|g|va|m)\b", _small_k, folded)
    mended = re.sub(r"\b(万?[kMG])WH\b", r"\1Wh", mended)
    if mended != folded and is_unit(mended):
        notes.append("dossier.unit-spelling")
        return mended
    gas = _GAS.search(folded)
    if gas:
        mended = folded.replace(gas[0], "CO2")
        raise CellError("dossier.unit-of-gas", given=shown(text), gas=gas[0], meant=shown(mended))
    meant = {unit: unit for unit in known_units()}
    raise CellError("dossier.unknown-unit", given=shown(text), hint=Nearest(folded, meant, 0.3))


def _small_k(match: re.Match[str]) -> str:
    """`KWH`, `Kwh` as `kWh`: K is no prefix of the SI, so nothing else can be meant."""
    rest = {"w": "W", "wh": "Wh", "g": "g", "va": "VA", "m": "m"}[match[2].lower()]
    return f"{match[1]}k{rest}"


@cache
def known_units() -> tuple[str, ...]:
    """Units that carriers and registers use, for suggestions and drop-downs."""
    named = {carrier.unit for carrier in carriers().values()}
    for register in registers().values():
        for column in register.columns.values():
            named.update({column.unit} if column.unit else ())
            named.update({str(column.example)} if column.type == "unit" and column.example else ())
    return tuple(sorted({*named, "kWh", "MWh", "万kWh", "GJ", "MJ", "tce", "kg", "t", "m3", "Nm3", "万m3"}))


def parse_evidence(raw: Raw, notes: Notes) -> str | None:
    """Ids of evidence, joined by `;` whatever people put between them."""
    text = raw_text(raw)
    if is_blank_word(text):
        notes.append("dossier.blank-word")
        return None
    ids = [part.strip() for part in _SEPARATORS.split(folded_width(text, notes)) if part.strip()]
    if any(len(part) > LONGEST_ID for part in ids):
        raise CellError("dossier.id-too-long", length=max(map(len, ids)), limit=LONGEST_ID)
    if any(mark in text for mark in ",，、\n"):
        notes.append("dossier.evidence-separators")
    return ";".join(ids) or None
