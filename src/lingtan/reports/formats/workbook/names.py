"""Names of sheets and long texts, within what a spreadsheet allows."""

from __future__ import annotations

from collections.abc import Iterator

from lingtan.dossier.cells import LONGEST_CELL
from lingtan.reports.formats.plain import shown

LONGEST_NAME = 31
_NOT_IN_NAMES = str.maketrans(dict.fromkeys("[]:*?/\\\n\ufffd", " ") | {"'": "’"})
_MORE = "…"
_SHORTEST_HEAD = 6


def sheet_name(number: str, title: str) -> str:
    """`表3 排放明细`: legal, at most 31 characters, unique because the number is.

    Of `Activity data: Fuel combustion` the end is kept: it is what differs from the sheet before.
    """
    words, number = _lawful(title), number.replace(" ", "")
    name = f"{number} {words}".strip()
    if units(name) <= LONGEST_NAME:
        return name
    head, _, tail = (_lawful(part) for part in title.rpartition(": "))
    room = LONGEST_NAME - units(f"{number}  {tail}") - 1
    if head and room >= _SHORTEST_HEAD:
        return f"{number} {_cut(head, room)} {tail}"
    return _cut(name, LONGEST_NAME - 1)


def _lawful(title: str) -> str:
    return " ".join(shown(title).translate(_NOT_IN_NAMES).split())


def _cut(words: str, limit: int) -> str:
    """The beginning of `words` and …, after a whole word if that leaves enough."""
    cut = fitting(words, limit)
    whole = cut.rpartition(" ")[0] if words[len(cut) : len(cut) + 1].strip() and cut[-1:].isascii() else ""
    return (whole if 3 * len(whole) >= 2 * limit else cut).rstrip() + _MORE


def units(text: str) -> int:
    """The length as spreadsheets count it (UTF-16)."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def fitting(text: str, limit: int) -> str:
    """The longest beginning of `text` with at most `limit` units."""
    text = text[:limit]
    over = units(text) - limit
    while over > 0:
        text = text[: -max(1, over // 2)]
        over = units(text) - limit
    return text


def pieces(text: str, limit: int = LONGEST_CELL) -> Iterator[str]:
    """`text` in pieces that a cell holds; … stands where it was parted, nothing is lost."""
    while units(text) > limit:
        head = fitting(text, limit - 1)
        yield head + _MORE
        text = _MORE + text[len(head) :]
    yield text
