"""Which column of a sheet is which column of a register: by name, Chinese or English label."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import islice

from lingtan.dossier.cells import Raw, raw_text
from lingtan.dossier.findings import Findings, shown
from lingtan.dossier.registers import Column, Register, registers
from lingtan.errors import Place
from lingtan.quantities import is_unit, normal_unit

MOST_COMPARED = 200  # headings that are looked through for one that was misspelt
SEARCHED_ROWS = 10  # a header stands at most this far down, below titles and notes
MARKS = {"zh": "中文", "en": "English", "unit": "单位 unit", "example": "示例 example"}
REMARK = "备注 note"

_BRACKETS = re.compile(r"(.+?)[(\[{]([^()\[\]{}]*)[)\]}]", re.DOTALL)
_REMARKS = frozenset(["必填", "选填", "required", "optional", "可选", "可不填"])


@dataclass(frozen=True, slots=True)
class Header:
    """Where the header stands and what its cells mean.

    `row` counts from 0 in the sheet; `columns` maps an index to a column's name, `extra`
    to a further heading of the user; `marker` is the index of our own column of row marks.
    """

    row: int
    columns: Mapping[int, str]
    extra: Mapping[int, str]
    width: int
    marker: int | None = None


@dataclass(frozen=True, slots=True)
class _Match:
    name: str
    wrong_unit: str = ""


def folded(text: str) -> str:
    """A heading for comparison: width and case folded, blanks, underscores and marks left out."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return "".join(c for c in plain if not c.isspace() and c not in "_*＊:：\u200b\ufeff")


@cache
def _names(register: str) -> Mapping[str, str]:
    columns = registers()[register].columns
    known = {folded(text): name for name, c in columns.items() for text in (c.en, c.zh)}
    known |= {folded(name): name for name in columns}
    for name, column in columns.items():  # a label without what it has in brackets, if that is its own
        for text in (column.zh, column.en):
            known.setdefault(folded(re.split(r"[（(]", text)[0]), name)
    return known


_MARK_WORDS = frozenset(folded(word) for mark in MARKS.values() for word in (mark, *mark.split()))
_EXAMPLE_WORDS = frozenset(folded(word) for word in (MARKS["example"], *MARKS["example"].split()))


def is_mark(raw: Raw) -> bool:
    """Whether the cell is one of our marks of rows that hold no data."""
    return isinstance(raw, str) and folded(raw) in _MARK_WORDS


def is_example_mark(raw: Raw) -> bool:
    """Whether the cell marks the example row."""
    return isinstance(raw, str) and folded(raw) in _EXAMPLE_WORDS


def unit_hint(column: Column) -> str:
    """What the unit row of a workbook says below the heading."""
    hints = {
        "yes_no": "是/否",
        "choice": "下拉选择",
        "date": "年-月-日",
        "period": "年 或 年-月",
        "year": "年份",
        "evidence": "材料编号;…",
    }
    unit = "%" if column.unit == "percent" else column.unit
    return hints.get(column.type) or unit or ("见单位列" if column.unit_column else "")


def find_header(register: Register, rows: Sequence[Sequence[Raw]]) -> int | None:
    """The index of the row with most known headings; None if no row has one."""
    scores = [_score(register.name, rows, index) for index in range(min(len(rows), SEARCHED_ROWS))]
    best = max(scores, default=0)
    return scores.index(best) if best else None


def _score(register: str, rows: Sequence[Sequence[Raw]], index: int) -> int:
    return sum(_match(register, text) is not None for text in _headings(register, rows, index))


def _headings(register: str, rows: Sequence[Sequence[Raw]], index: int) -> list[str]:
    """The headings of a row; where it is blank, a known heading of the cell above (merged down)."""
    above = rows[index - 1] if index else ()
    texts = [_heading(cell) for cell in rows[index]]
    if not any(texts):
        return texts
    for position in range(max(len(texts), len(above))):
        higher = _heading(above[position]) if position < len(above) else ""
        if position >= len(texts):
            texts.append("")
        if not texts[position] and _match(register, higher):
            texts[position] = higher
    return texts


def _heading(cell: Raw) -> str:
    return raw_text(cell).strip().lstrip("\ufeff").strip()


@lru_cache(maxsize=4096)
def _match(register: str, text: str) -> _Match | None:
    """The column `text` names: as a whole, as `中文 / English`, or with unit or remark in brackets."""
    known = _names(register)
    if not text or len(text) > 200:
        return None
    whole = known.get(folded(text))
    if whole:
        return _Match(whole)
    parts = [known.get(folded(part)) for part in re.split(r"[/\n|／｜]| - ", text)]
    if len(parts) > 1 and parts[0] and len(set(parts)) == 1:
        return _Match(parts[0])
    spaced = [known.get(folded(part)) for part in _halves(text)]
    if len(spaced) == 2 and spaced[0] and spaced[0] == spaced[1]:
        return _Match(spaced[0])
    return _bracketed(register, unicodedata.normalize("NFKC", text).strip())


def _halves(text: str) -> list[str]:
    """`使用面积 Floor area used` in its Chinese and its other part."""
    split = re.fullmatch(r"([^\x00-\x7f][^ ]*) +([\x00-\x7f]+)", text)
    return [split[1], split[2]] if split else []


def _bracketed(register: str, text: str) -> _Match | None:
    split = _BRACKETS.fullmatch(text.rstrip("*").rstrip())
    name = _names(register).get(folded(split[1])) if split else None
    if split is None or name is None:
        return None
    column = registers()[register].columns[name]
    inside, unit = split[2].strip(), column.unit
    labelled = folded(inside) in folded(f"{column.zh} {column.en}")
    if labelled or folded(inside) in _REMARKS or _names(register).get(folded(inside)) == name:
        return _Match(name)
    if len(inside) > 20 or not is_unit(inside):
        return None
    return _Match(name) if normal_unit(inside) == normal_unit(unit) else _Match(name, inside)


def read_header(
    register: Register, rows: Sequence[Sequence[Raw]], place: Place, findings: Findings
) -> Header | None:
    """The header of a sheet, or None with a fault if none of its first rows has a known heading."""
    index = find_header(register, rows)
    if index is None:
        wanted = "、".join(name for name, column in register.columns.items() if column.required)
        findings.add("dossier.no-header", place, register=register.name, columns=wanted)
        return None
    texts = _headings(register.name, rows, index)
    width = max(position for position, text in enumerate(texts) if text) + 1
    here = Place(place.file, place.sheet, index + 1)
    columns, extra, marker = _assigned(register, texts[:width], here, findings)
    refused = _tell_missing(register, columns, extra, here, findings)
    if extra and not refused:
        findings.add("dossier.extra-columns", here, columns=shown("、".join(extra.values())))
    return Header(index, columns, extra, width, marker)


def _assigned(
    register: Register, texts: Sequence[str], here: Place, findings: Findings
) -> tuple[dict[int, str], dict[int, str], int | None]:
    columns: dict[int, str] = {}
    extra: dict[int, str] = {}
    taken: dict[str, int] = {}
    marker = None
    for index, text in enumerate(texts):
        match = _match(register.name, text)
        if match is None and marker is None and is_mark(text):
            marker = index
        elif match is None:
            if text:
                extra[index] = _free(text, taken)
        elif match.wrong_unit or match.name in columns.values():
            _tell_refused(register, match, text, here, findings)
            extra[index] = _free(text, taken)
        else:
            columns[index] = match.name
    return columns, extra, marker


def _free(text: str, taken: dict[str, int]) -> str:
    """`text`, or with a number behind it if that heading stands already."""
    name = text
    while name in taken:
        taken[text] += 1
        name = f"{text} #{taken[text]}"
    taken[name] = 1
    return name


def _tell_refused(register: Register, match: _Match, text: str, here: Place, findings: Findings) -> None:
    place = Place(here.file, here.sheet, here.row, match.name)
    if match.wrong_unit:
        unit = register.columns[match.name].unit or "—"
        findings.add("dossier.wrong-unit-in-header", place, given=shown(match.wrong_unit), unit=unit)
    else:
        findings.add("dossier.duplicate-header", place, given=shown(text))


def _tell_missing(
    register: Register, columns: Mapping[int, str], extra: Mapping[int, str], here: Place, findings: Findings
) -> bool:
    """A fault for each required column that is absent, naming the heading that was probably meant."""
    by_fold = {folded(text[:80]): text for text in islice(extra.values(), MOST_COMPARED)}
    told = False
    for name, column in register.columns.items():
        if not column.required or name in columns.values():
            continue
        wanted = [folded(name), folded(column.zh), folded(column.en)]
        near = [hit for want in wanted for hit in difflib.get_close_matches(want, by_fold, n=1, cutoff=0.6)]
        hint = by_fold[near[0]] if near else ""
        code = "dossier.column-misspelt" if hint else "dossier.missing-column"
        place = Place(here.file, here.sheet, here.row, name)
        findings.add(code, place, label=column.zh, hint=shown(hint))
        told = told or bool(hint)
    return told
