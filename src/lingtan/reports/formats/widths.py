"""How wide the columns of a table are, and how many lines its rows take.

The builder's shares are kept where they do. Where a word does not fit its column, or a cell breaks that
need not, columns with room to spare give some.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import permutations
from math import ceil

from lingtan.reports.records import UNKNOWN, Reference, Row, Runs, Table

PADDING = 190
"""Left and right margin of a cell, with a little air."""

_EM = 180
"""Size of the words in a table."""

_FIRST_WIDE = 0x2E80
_WIDTHS = {**dict.fromkeys("iljtfrI.,;:'|!()[]/- ", 0.33), **dict.fromkeys("mwMW%@", 0.84)}
_DIGIT, _CAPITAL, _SMALL = 0.5, 0.7, 0.49
_SANS = 1.1
"""Headings of columns are set in a wider font."""

_WORD = re.compile(r"[（《“【〔]*(?:[^\s\u2e80-\uffff“”—\-/]+[-/]?|\S)[）》”】〕，。、；：！？]*")
_MOST = 0.38
"""Of the table: no single word takes more."""

_FLOOR = 0.75
"""Of what the builder gave a column: no other column takes more of it than the rest."""

_SAMPLE = 60
"""So many rows are looked at to make a table lower."""

_STEPS = (0.08, 0.04, 0.02, 0.01)
_ROUNDS = 40

_LEVELLED = 0.3
"""Of the table: columns wider than this may lose room to make the table lower, long words or not."""

_ONE_LINE = 5.5 * _EM
"""Cells up to this wide stand in one line."""

_NUMBER = 8 * _EM
"""Numbers with their unit, too."""

_REFERENCE = "表 000"


def share(total: int, parts: Sequence[float]) -> list[int]:
    """`total` divided in proportion to `parts`, whole numbers that sum up to it."""
    whole, widths, done, given = sum(parts), [], 0.0, 0
    for part in parts:
        done += part
        upto = round(total * done / whole)
        widths.append(upto - given)
        given = upto
    return widths


def fit(total: int, table: Table) -> list[int]:
    """Widths of the columns of `table` that sum up to `total`."""
    widths = [float(width) for width in share(total, [column.width for column in table.columns])]
    if table.headed:
        cells = _cells(table)
        words, short, wished = _measure(widths, table, cells)
        floor = [width * _FLOOR for width in widths]
        for least in (words, short):
            _pass_on(widths, least, wished)
            _pass_on(widths, least, list(map(max, least, floor)))
        _pass_on(widths, wished, wished)
        most = total * _LEVELLED
        kept = [
            min(keep, most) if any(column) else width
            for keep, width, column in zip(short, widths, cells, strict=True)
        ]
        _level(
            widths, kept, [(column.title, *rest) for column, rest in zip(table.columns, cells, strict=True)]
        )
    return share(total, widths)


def count_lines(row: Row, widths: Sequence[int]) -> int:
    """How many lines the highest cell of `row` has, near enough."""
    if row.look == "group":
        return 1
    return max(
        -int(-_width(_text(cell)) // max(width - PADDING, _EM))
        for cell, width in zip(row.cells, widths, strict=True)
    )


def _pass_on(widths: list[float], wanted: Sequence[float], kept: Sequence[float]) -> None:
    """Bring columns up to what is `wanted`, the nearest first, with what others have beyond `kept`."""
    for at in sorted(range(len(widths)), key=lambda at: wanted[at] - widths[at]):
        lack = wanted[at] - widths[at]
        spare = [max(width - keep, 0.0) for width, keep in zip(widths, kept, strict=True)]
        spare[at] = 0.0
        moved = min(lack, sum(spare))
        if moved <= 0:
            continue
        for other, room in enumerate(spare):
            widths[other] -= room * moved / sum(spare)
        widths[at] += moved


def _level(widths: list[float], least: Sequence[float], cells: list[tuple[str, ...]]) -> None:
    """Move room between columns as long as that makes the table lower."""
    heights = _Heights([[_width(cell) for cell in column[:_SAMPLE]] for column in cells])
    steps = [sum(widths) * step for step in _STEPS]
    best = heights.all(widths)
    for _ in range(_ROUNDS):
        tried = [
            (heights.all(moved), number, moved) for number, moved in enumerate(_moves(widths, least, steps))
        ]
        if not tried or min(tried)[0] >= best:
            return
        best, _, widths[:] = min(tried)


def _moves(widths: list[float], least: Sequence[float], steps: list[float]) -> Iterator[list[float]]:
    for step in steps:
        for giver, taker in permutations(range(len(widths)), 2):
            if widths[giver] - step >= least[giver]:
                moved = list(widths)
                moved[giver] -= step
                moved[taker] += step
                yield moved


class _Heights:
    """Lines of all rows for given widths; a column of one width is counted once."""

    def __init__(self, lengths: list[list[float]]) -> None:
        self._lengths = lengths
        self._known: dict[tuple[int, int], list[int]] = {}

    def all(self, widths: Sequence[float]) -> int:
        """Near enough."""
        columns = [self._lines(at, round(width)) for at, width in enumerate(widths)]
        return sum(map(max, *columns)) if len(columns) > 1 else sum(columns[0])

    def _lines(self, at: int, width: int) -> list[int]:
        if (at, width) not in self._known:
            room = max(width - PADDING, _EM)
            self._known[at, width] = [max(1, ceil(length / room)) for length in self._lengths[at]]
        return self._known[at, width]


def _measure(
    widths: Sequence[float], table: Table, columns: list[tuple[str, ...]]
) -> tuple[list[float], list[float], list[float]]:
    """Of every column the width of its longest word, of its longest short cell, and of its longest cell.

    A column that is to be filled in wants what it has.
    """
    words, short, wished = [], [], []
    for width, column, cells in zip(widths, table.columns, columns, strict=True):
        title = _width(column.title) * _SANS
        lead = max((_width(word) * _SANS for word in _WORD.findall(column.title)), default=0.0)
        heading = title if title <= _ONE_LINE else max(title / 2 + _EM, lead)
        longest = max(
            (_width(word) for word in {w for cell in cells for w in _WORD.findall(cell)}), default=0.0
        )
        lengths = [_width(cell) for cell in cells]
        limit = _NUMBER if column.align == "right" else _ONE_LINE
        undivided = max((length for length in lengths if length <= limit), default=0.0)
        words.append(min(max(longest, lead) + PADDING, sum(widths) * _MOST))
        short.append(max(words[-1], undivided + PADDING, title + PADDING if title <= _ONE_LINE else 0.0))
        widest = max(*lengths, heading, lead, 0.0) + PADDING
        wished.append(widest if any(cells) else max(widest, width))
    return words, short, wished


def _cells(table: Table) -> list[tuple[str, ...]]:
    """The words of the cells, column by column."""
    rows = [tuple(map(_text, row.cells)) for row in table.rows if row.look != "group"]
    return list(zip(*rows, strict=True)) if rows else [()] * len(table.columns)


def _text(runs: Runs) -> str:
    return "".join(
        run if isinstance(run, str) else _REFERENCE if isinstance(run, Reference) else run.text or UNKNOWN
        for run in runs
    )


def _width(text: str) -> float:
    return _EM * sum(_char(char) for char in text)


def _char(char: str) -> float:
    if ord(char) >= _FIRST_WIDE or char in "“”—…":
        return 1.0
    if char in _WIDTHS:
        return _WIDTHS[char]
    if char.isdigit():
        return _DIGIT
    return _CAPITAL if char.isupper() else _SMALL
