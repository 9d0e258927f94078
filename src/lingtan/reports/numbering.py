"""Numbers of chapters, tables and figures, once for every format."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from lingtan.errors import Language
from lingtan.reports.records import Block, Heading, Picture, Table

_NAMES: Mapping[Language, Mapping[str, str]] = {
    "zh": {"chapter": "第 {} 章", "section": "{} 节", "table": "表 {}", "figure": "图 {}"},
    "en": {"chapter": "chapter {}", "section": "section {}", "table": "Table {}", "figure": "Figure {}"},
}


def number_blocks(blocks: Iterable[Block]) -> Mapping[str, str]:
    """The number of each numbered block by id: `2.1` of a heading, `3` of a table or figure.

    ValueError if two blocks have one id, or a level of headings is left out: that is our own bug.
    """
    numbers: dict[str, str] = {}
    levels = [0, 0, 0]
    counts = {"table": 0, "figure": 0}
    for block in blocks:
        if not isinstance(block, Heading | Table | Picture):
            continue
        if block.id in numbers:
            raise ValueError(f"two blocks are called {block.id}")
        numbers[block.id] = _number(block, levels, counts)
    return numbers


def _number(block: Heading | Table | Picture, levels: list[int], counts: dict[str, int]) -> str:
    if isinstance(block, Heading):
        if not block.numbered:
            return ""
        if 0 in levels[: block.level - 1]:
            raise ValueError(f"heading {block.id} of level {block.level} has no heading above it")
        levels[block.level - 1] += 1
        levels[block.level :] = [0] * (len(levels) - block.level)
        return ".".join(str(level) for level in levels[: block.level])
    if isinstance(block, Table) and not block.title:
        return ""
    kind = "table" if isinstance(block, Table) else "figure"
    counts[kind] += 1
    return str(counts[kind])


def name_block(block: Block, number: str, language: Language) -> str:
    """What a reference to a block says: `表 3`, `第 2 章`; the words of an unnumbered heading."""
    names = _NAMES[language]
    if isinstance(block, Heading):
        if not number:
            return block.text
        return names["chapter" if block.level == 1 else "section"].format(number)
    return names["table" if isinstance(block, Table) else "figure"].format(number)


def name_blocks(blocks: Iterable[Block], language: Language) -> Mapping[str, str]:
    """`name_block` of every heading, table and picture by id."""
    named = [block for block in blocks if isinstance(block, Heading | Table | Picture)]
    numbers = number_blocks(named)
    return {block.id: name_block(block, numbers[block.id], language) for block in named}
