"""A report as PDF/A-2a: bookmarks, tags, page numbers, embedded fonts, one part in memory at a time."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

import lingtan_data
from lingtan.reports.charts.rendering import render_svg
from lingtan.reports.fonts import shortened
from lingtan.reports.formats.pdf.apart import typeset_apart
from lingtan.reports.formats.pdf.joining import Bookmark, Joiner
from lingtan.reports.formats.pdf.markup import Marker, anchor, flag, label, literal, picture_file
from lingtan.reports.formats.pdf.parts import cut_parts, is_long
from lingtan.reports.formats.pdf.reading import Part, read_part
from lingtan.reports.numbering import name_blocks, number_blocks
from lingtan.reports.progress import Progress, silent
from lingtan.reports.records import Block, Heading, Picture, Report, Table
from lingtan.reports.words import Words

STANDARD = "a-2a"
HOUSE = "house.typ"
CONTENTS_LEVELS = 2
HEAD_WIDTH, HEAD_SIZE = 300, 8  # points: what a page header has room for beside the title
TALL = 0.7  # height to width from which a picture may move to the next page
_SIZE = re.compile(r'<svg[^>]* viewBox="0 0 (?P<width>[\d.]+) (?P<height>[\d.]+)"')


def write_pdf(report: Report, file: Path, *, progress: Progress = silent) -> None:
    """Typeset `report` to `file`. Same report, same bytes. `progress`: blocks done, of all.

    Part after part is laid out in a process of its own and numbered on from the one before; then the
    first pages with the table of contents, when it is known where everything stands.
    """
    work = _Work(report)
    with file.open("wb") as output:
        joiner = Joiner(output, work.link_names)
        for part in work.typeset_body(progress):
            joiner.add(part)
        joiner.finish(work.typeset_front(), work.bookmarks)


@dataclass
class _Work:
    """What is known while a report is typeset: numbers, names, and the page of each heading."""

    report: Report
    pages: dict[str, int] = field(default_factory=dict)
    numbers: Mapping[str, str] = field(init=False)
    names: dict[str, str] = field(init=False)
    chapters: dict[str, str] = field(init=False)
    is_long: bool = field(init=False)

    def __post_init__(self) -> None:
        blocks = list(self.report.all_blocks())
        self.numbers = number_blocks(blocks)
        self.names = dict(name_blocks(blocks, self.report.language))
        self.chapters = _chapters(self.report.blocks)
        self.is_long = is_long(self.report.blocks)

    @property
    def headings(self) -> list[Heading]:
        """Every heading of the body in order."""
        return [block for block in self.report.blocks if isinstance(block, Heading)]

    @property
    def bookmarks(self) -> list[Bookmark]:
        return [Bookmark(one.level, self._title(one), anchor(one.id)) for one in self.headings]

    @property
    def link_names(self) -> Mapping[str, str]:
        """What links are called, by anchor."""
        return {anchor(id): name for id, name in self.names.items()}

    def typeset_body(self, progress: Progress) -> Iterator[Part]:
        """Part after part, pages counted on."""
        start, done = 1, 0
        for blocks in cut_parts(self.report.blocks):
            drawn = {block.id: render_svg(block.chart) for block in blocks if isinstance(block, Picture)}
            part = _typeset(self._part(blocks, start, drawn), drawn)
            self.pages |= {name: start + page for name, (page, _) in part.places.items()}
            start, done = start + len(part.pages), done + len(blocks)
            yield part
            progress(min(done, len(self.report.blocks)), len(self.report.blocks))

    def typeset_front(self) -> Part:
        """Cover and table of contents."""
        marker = self._marker(self.report.front)
        front = "".join(marker.block(block) for block in self.report.front)
        lines = "".join(self._contents_line(one) for one in self.headings if one.level <= CONTENTS_LEVELS)
        title = literal(Words(self.report.language).text("cover.contents"))
        body = f"#cover(words, [\n{front}])\n#contents({title}, [\n{lines}])\n"
        return _typeset(self._opening('first: none, numbering: "i", first-bare: true') + body)

    def _part(self, blocks: Sequence[Block], start: int, drawn: Mapping[str, str]) -> str:
        marker = self._marker(blocks, frozenset(id for id, svg in drawn.items() if _is_tall(svg)))
        opening = self._opening(f"first: {start}, chapters-apart: {flag(self.is_long)}")
        return opening + "".join(marker.block(block) for block in blocks)

    def _marker(self, blocks: Sequence[Block], tall: frozenset[str] = frozenset()) -> Marker:
        here = _labelled(blocks)

        def link(target: str) -> tuple[str, str]:
            return ("near", target) if target in here else ("far", self.chapters.get(target, target))

        return Marker(self.report.language, self.numbers, self.names, link, tall)

    def _opening(self, arguments: str) -> str:
        """Import of the house style, the words around the pages, the day of the document."""
        report, words = self.report, Words(self.report.language)
        texts = {
            "title": report.title,
            "park": report.park,
            "subtitle": report.subtitle,
            "author": report.software,
            "head": shortened(report.park, HEAD_WIDTH, HEAD_SIZE),
            "foot": words.text("pdf.foot", software=report.software, dated=report.dated.isoformat()),
            "page": words.text("pdf.page"),
            "lang": report.language,
            "region": "cn" if report.language == "zh" else "gb",
        }
        pairs = "".join(f"{key}: {literal(value)}, " for key, value in texts.items())
        day = report.dated
        return (
            f'#import "{HOUSE}": *\n#let words = ({pairs})\n'
            f"#show: house.with(words: words, day: datetime(year: {day.year}, month: {day.month}, "
            f"day: {day.day}), {arguments})\n"
        )

    def _contents_line(self, heading: Heading) -> str:
        page = literal(str(self.pages[anchor(heading.id)]))
        title = literal(self._title(heading))
        return f"#contents-line({heading.level}, {label(heading.id)}, {title}, {page})\n"

    def _title(self, heading: Heading) -> str:
        number = self.numbers[heading.id]
        return f"{number}　{heading.text}" if number else heading.text


def _labelled(blocks: Iterable[Block]) -> frozenset[str]:
    """Ids of blocks that a link within their part can reach."""
    return frozenset(
        block.id
        for block in blocks
        if isinstance(block, Heading | Picture) or (isinstance(block, Table) and block.title)
    )


def _is_tall(svg: str) -> bool:
    """Whether a picture would leave much of a page empty if it had to stand where it is named."""
    found = _SIZE.search(svg)
    return found is not None and float(found["height"]) > TALL * float(found["width"])


def _typeset(main: str, drawn: Mapping[str, str] = MappingProxyType({})) -> Part:
    """`main.typ` laid out in a process of its own; a part that does not compile is our own bug.

    `drawn`: pictures as SVG by the id of their block.
    """
    house = lingtan_data.path("reports", "typst", HOUSE).read_text("utf-8")
    pictures = {picture_file(id): svg for id, svg in drawn.items()}
    return read_part(typeset_apart({"main.typ": main, HOUSE: house, **pictures}, STANDARD))


def _chapters(blocks: Iterable[Block]) -> dict[str, str]:
    """The heading above each table and picture, and each heading itself."""
    found: dict[str, str] = {}
    heading = ""
    for block in blocks:
        if isinstance(block, Heading):
            heading = block.id
        if isinstance(block, Heading | Table | Picture):
            found[block.id] = heading
    return found
