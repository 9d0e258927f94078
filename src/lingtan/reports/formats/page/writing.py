"""A report as one HTML file that opens offline: nothing is loaded, and no script runs but our own.

Fonts are those of the reader's machine (a stack of Chinese fonts); the file brings none. Equal reports
give equal bytes. It is written block by block, so that memory does not grow with it.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from pathlib import Path

from lingtan.reports.charts.rendering import browser_bundle
from lingtan.reports.formats.page.charts import write_picture
from lingtan.reports.formats.page.contents import write_contents
from lingtan.reports.formats.page.markup import Markup, anchors_of, attribute, text
from lingtan.reports.formats.page.tables import write_table
from lingtan.reports.numbering import name_blocks, number_blocks
from lingtan.reports.progress import Progress, silent
from lingtan.reports.records import Block, Heading, Listing, Paragraph, Picture, Report, Table
from lingtan.reports.words import Words
from lingtan_data import path

_LANGUAGES = {"zh": "zh-CN", "en": "en"}


def write_html(report: Report, file: Path, *, progress: Progress = silent) -> None:
    """The report as one .html; `progress` hears how many blocks are done, of how many."""
    page = _Page(report, progress)
    with file.open("w", encoding="utf-8", newline="\n") as stream:
        for part in page.parts():
            stream.write(part)


class _Page:
    """The parts of a page in order."""

    def __init__(self, report: Report, progress: Progress) -> None:
        self._report, self._progress = report, progress
        names = name_blocks(report.all_blocks(), report.language)
        numbers, anchors = number_blocks(report.all_blocks()), anchors_of(report.all_blocks())
        self._markup = Markup(Words(report.language), names, numbers, anchors)
        self._done, self._total = 0, len(report.front) + len(report.blocks)
        self._open: list[int] = []
        """Levels of the sections that are open."""

    def parts(self) -> Iterator[str]:
        """Head, navigation, first page, text, scripts."""
        scripts = self._scripts()
        yield self._head(scripts)
        yield from write_contents(self._report, self._markup)
        yield '<main id="page-main" tabindex="-1">\n'
        yield self._cover()
        for block in self._report.front:
            yield from self._block(block)
        yield from self._close(1)
        yield "</section>\n"
        for block in self._report.blocks:
            yield from self._block(block)
        yield from self._close(1)
        yield f"</main>\n</div>\n{self._status()}"
        for script in scripts:
            yield f"<script>{script}</script>\n"
        yield "</body>\n</html>\n"

    def _say(self, key: str) -> str:
        return text(self._markup.words.text(f"page.{key}"))

    def _scripts(self) -> tuple[str, ...]:
        """Ours, and before it the drawing library where there are charts."""
        drawn = any(isinstance(block, Picture) for block in self._report.all_blocks())
        return (_inline(browser_bundle()), _shipped("page.js")) if drawn else (_shipped("page.js"),)

    def _head(self, scripts: tuple[str, ...]) -> str:
        report, style = self._report, _style()
        return (
            f'<!DOCTYPE html>\n<html lang="{_LANGUAGES[report.language]}">\n<head>\n<meta charset="utf-8">\n'
            f'<meta http-equiv="Content-Security-Policy" content="{_policy(scripts, style)}">\n'
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
            '<meta name="color-scheme" content="light dark">\n<meta name="referrer" content="no-referrer">\n'
            f'<meta name="generator" content={attribute(report.software)}>\n'
            f'<meta name="date" content="{report.dated.isoformat()}">\n'
            f"<title>{text(report.title)} · {text(report.park)}</title>\n"
            f'<link rel="icon" href="data:,">\n<style>{style}</style>\n</head>\n<body>\n'
            f'<a class="skip" href="#page-main">{self._say("skip")}</a>\n<div class="page">\n'
        )

    def _cover(self) -> str:
        report = self._report
        subtitle = f'<p class="subtitle">{text(report.subtitle)}</p>\n' if report.subtitle else ""
        return (
            f'<section class="cover" id="page-front">\n<header>\n<p class="park">{text(report.park)}</p>\n'
            f"<h1>{text(report.title)}</h1>\n{subtitle}"
            f'<p class="note">{self._say("dated")} <time>{report.dated.isoformat()}</time> · '
            f"{self._say('software')} {text(report.software)}</p>\n"
            f'<p class="note hint">{self._say("hint")}</p>\n</header>\n'
        )

    def _block(self, block: Block) -> Iterator[str]:
        match block:
            case Heading():
                yield from self._heading(block)
            case Paragraph():
                yield self._paragraph(block)
            case Listing():
                items = "".join(f"<li>{self._markup.runs(item)}</li>\n" for item in block.items)
                kind = "ol" if block.ordered else "ul"
                yield f"<{kind}>\n{items}</{kind}>\n"
            case Table():
                yield from write_table(block, self._markup)
            case Picture():
                yield write_picture(block, self._markup)
        self._done += 1
        self._progress(self._done, self._total)

    def _heading(self, block: Heading) -> Iterator[str]:
        yield from self._close(block.level)
        self._open.append(block.level)
        anchor, number = self._markup.anchors[block.id], self._markup.numbers[block.id]
        shown_number = f'<span class="number">{number}</span> ' if number else ""
        tag = f"h{block.level + 1}"
        yield f'<section id="{anchor}" aria-labelledby="{anchor}-page-head">\n'
        yield f'<{tag} id="{anchor}-page-head">{shown_number}{text(block.text)}</{tag}>\n'

    def _close(self, level: int) -> Iterator[str]:
        """Ends the sections of this level and below."""
        while self._open and self._open[-1] >= level:
            self._open.pop()
            yield "</section>\n"

    def _paragraph(self, block: Paragraph) -> str:
        words = self._markup.runs(block.runs)
        if block.look == "callout":
            return f'<aside class="callout" role="note"><p>{words}</p></aside>\n'
        return f'<p class="note">{words}</p>\n' if block.look == "note" else f"<p>{words}</p>\n"

    def _status(self) -> str:
        """Where the script says the exact value of a number and its place in the results."""
        say = {key: attribute(self._markup.words.text(f"page.{key}")) for key in ("exact", "path", "close")}
        return (
            f'<div class="status" role="status" hidden data-exact={say["exact"]} data-path={say["path"]}>'
            f'<p></p><button type="button">{self._say("close")}</button></div>\n'
        )


@cache
def _style() -> str:
    """The style sheet, with a class for each share of the width that a column may take."""
    return _shipped("page.css") + "".join(f".w{share}{{width:{share}%}}" for share in range(1, 101))


@cache
def _shipped(name: str) -> str:
    return _inline(path("reports", name).read_text("utf-8"))


def _inline(script: str) -> str:
    """Text that stands within an element of HTML as it is; ValueError if it would end it: our own bug."""
    if "</" + "script" in script.lower() or "</" + "style" in script.lower() or "<!--" in script:
        raise ValueError("a script or style that ends its element")
    return script.replace("\r\n", "\n").strip()


def _policy(scripts: tuple[str, ...], style: str) -> str:
    """Nothing is loaded; only these scripts and this style sheet act."""
    allowed = " ".join(f"'sha256-{_digest(script)}'" for script in scripts)
    return (
        f"default-src 'none'; script-src {allowed}; style-src 'sha256-{_digest(style)}'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def _digest(words: str) -> str:
    return b64encode(sha256(words.encode("utf-8")).digest()).decode("ascii")
