"""Blocks as calls of the house style in Typst. Every text is a string literal: no words are markup."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from lingtan.reports.fonts import drawable
from lingtan.reports.formats.pdf.parts import count_lines
from lingtan.reports.formats.widths import fit
from lingtan.reports.records import (
    Amount,
    Block,
    Heading,
    Listing,
    Paragraph,
    Picture,
    Reference,
    Row,
    Run,
    Runs,
    Strong,
    Table,
    Verdict,
)

BREAK = "\u200b"
SHORT_TABLE, SHORT_LINES = 9, 16  # rows, and lines of all of them, of a table that is kept on one page
TABLE_WIDTH = 9070  # 160 mm in twentieths of a point
LONGEST_WHOLE = 20  # lines of a row that is kept on one page
_LONG_WORD = re.compile(r"[!-~]{13,}")
_NUMBER = re.compile(r"[-\d.,]+")
_PLAIN = re.compile(r"[A-Za-z]{1,24}[.,;:)]?|[A-Z]?[a-z]+(?:-[a-z]+)+[.,;:)]?")  # Typst may hyphenate it
_JOINTS = re.compile(r"(?<=[_/\\.\[\]\-:;,@=&])(?=.)")
_STATES = {True: "passed", False: "failed", None: "unknown"}


@dataclass(frozen=True, slots=True)
class Marker:
    """Writes blocks. `link` says how a reference is reached, and by what id; `tall` pictures may float."""

    language: str
    numbers: Mapping[str, str]
    names: Mapping[str, str]
    link: Callable[[str], tuple[str, str]]
    tall: frozenset[str] = frozenset()

    def block(self, block: Block) -> str:
        """One block as a line of Typst."""
        match block:
            case Heading():
                return f"#chapter({block.level}, {label(block.id)}, {literal(self._head(block))})\n"
            case Paragraph():
                return f"{self._opening(block)}{self._runs(block.runs)})\n"
            case Listing():
                kind = "steps" if block.ordered else "bullets"
                items = "".join(f"({self._runs(item)}), " for item in block.items)
                return f"#{kind}({items})\n"
            case Picture():
                return self._picture(block)
            case Table():
                return self._table(block)

    def _head(self, block: Heading) -> str:
        number = self.numbers[block.id]
        return f"{number}　{block.text}" if number else block.text

    def _opening(self, block: Paragraph) -> str:
        return f"#para({literal(self.language)}, " if block.look == "body" else f"#{block.look}("

    def _picture(self, block: Picture) -> str:
        caption = literal(self._caption(block.id, block.chart.title))
        return (
            f"#picture-block({label(block.id)}, {quoted(picture_file(block.id))}, {quoted(block.chart.alt)}, "
            f"{caption}, note-runs: ({self._runs(block.note)}), floats: {flag(block.id in self.tall)})\n"
        )

    def _caption(self, id: str, title: str) -> str:
        return f"{self.names[id]}　{title}"

    def _table(self, table: Table) -> str:
        caption = literal(self._caption(table.id, table.title)) if table.title else "none"
        widths = "".join(f"{width}, " for width in fit(TABLE_WIDTH, table))
        aligns = "".join(f"{column.align}, " for column in table.columns)
        heads = "".join(f"{literal(column.title)}, " for column in table.columns)
        rows = "".join(f"  {self._row(row, table)}\n" for row in table.rows)
        return (
            f"#table-block({label(table.id)}, {caption}, ({widths}), ({aligns}), "
            f"{f'({heads})' if table.headed else 'none'}, (\n{rows}), "
            f"note-runs: ({self._runs(table.note)}), whole: {flag(is_short(table))})\n"
        )

    def _row(self, row: Row, table: Table) -> str:
        if row.look == "group":
            return f"group-row({len(table.columns)}, ({self._runs(row.cells[0])})),"
        if not table.headed and not any(row.cells[1:]):
            return f"cell(({self._runs(row.cells[0])})), " + "field, " * (len(row.cells) - 1)
        kind = "total-cell" if row.look == "total" else "cell"
        is_long = row.look == "body" and count_lines(row, table) > LONGEST_WHOLE
        split = ", whole: false" if is_long else ""
        return " ".join(f"{kind}(({self._runs(cell)}){split})," for cell in row.cells)

    def _runs(self, runs: Runs) -> str:
        return "".join(f"{self._run(run)}, " for run in runs)

    def _run(self, run: Run) -> str:
        match run:
            case str():
                return literal(run)
            case Amount():
                return literal(run.text)
            case Strong():
                return f"strong-run({literal(run.text)})"
            case Verdict():
                return f"verdict-run({literal(_STATES[run.passed])}, {literal(run.text)})"
            case Reference():
                way, target = self.link(run.target)
                return f"{way}({label(target)}, {literal(self.names[run.target])})"


def picture_file(id: str) -> str:
    """The file name of a picture beside its part."""
    return f"{anchor(id)}.svg"


def flag(value: bool) -> str:
    """Yes or no in Typst."""
    return "true" if value else "false"


def anchor(id: str) -> str:
    """An id as a name that is safe as a label, as a file name and in a link."""
    return "b-" + re.sub(r"[^A-Za-z0-9_-]", lambda found: f"x{ord(found[0]):x}", id)


def label(id: str) -> str:
    """The anchor of an id as a literal."""
    return f'"{anchor(id)}"'


def is_short(table: Table) -> bool:
    """Whether a table is kept on one page: few rows, and none of them long."""
    return (
        len(table.rows) <= SHORT_TABLE and sum(count_lines(row, table) for row in table.rows) <= SHORT_LINES
    )


def literal(text: str) -> str:
    """`text` as a Typst string: drawable characters only, long words with places to break."""
    return _escaped(breakable(drawable(" ".join(text.splitlines()))))


def quoted(text: str) -> str:
    """`text` as a Typst string without places to break, for names and words that are not laid out."""
    return _escaped(drawable(text))


def _escaped(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def breakable(text: str) -> str:
    """Codes of thirteen letters and more may break at their joints, else anywhere; numbers never.

    Words of a language are left to hyphenation.
    """
    return _LONG_WORD.sub(_broken, text)


def _broken(found: re.Match[str]) -> str:
    word = found[0]
    if _NUMBER.fullmatch(word) or _PLAIN.fullmatch(word):
        return word
    return BREAK.join(_pieces(_JOINTS.split(word)))


def _pieces(parts: Iterable[str]) -> Iterable[str]:
    for part in parts:
        for start in range(0, len(part), 8):
            yield part[start : start + 8]
