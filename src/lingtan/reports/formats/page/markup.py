"""Runs as HTML: everything from users is escaped, every number says what it is exactly."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import escape

from lingtan.reports.formats.plain import Names, shown
from lingtan.reports.records import (
    Amount,
    Block,
    Heading,
    Picture,
    Reference,
    Run,
    Runs,
    Strong,
    Table,
    Verdict,
)
from lingtan.reports.words import Words

_PLAIN_ID = re.compile(r"[A-Za-z][A-Za-z0-9_.-]*")
_LONG_NAME = re.compile(r"[A-Za-z0-9]+(?:[._/-][A-Za-z0-9]+)+")
_BREAKS = re.compile(r"(?<=[._/-])")
_NEEDS_NO_BREAKS = 16
_OWN_IDS = ("page-", "block-")
_VERDICTS = {True: "passed", False: "failed", None: "unknown"}


@dataclass(frozen=True, slots=True)
class Markup:
    """What it takes to write blocks: words, what references say, numbers, and ids on the page."""

    words: Words
    names: Names
    numbers: Mapping[str, str]
    anchors: Mapping[str, str]

    def runs(self, runs: Runs) -> str:
        """The runs as HTML."""
        return "".join(self._run(run) for run in runs)

    def caption(self, block: Table | Picture, title: str) -> str:
        """Number and title of a table or picture."""
        return f'<span class="number">{text(self.names[block.id])}</span> {text(title)}'

    def _run(self, run: Run) -> str:
        match run:
            case str():
                return _LONG_NAME.sub(_with_breaks, text(run))
            case Amount():
                return _amount(run)
            case Verdict():
                return f'<strong class="verdict {_VERDICTS[run.passed]}">{text(run.text)}</strong>'
            case Reference():
                return f'<a href="#{self.anchors[run.target]}">{text(self.names[run.target])}</a>'
            case Strong():
                return f"<strong>{text(run.text)}</strong>"


def text(words: str) -> str:
    """Words as HTML, with their ends of lines."""
    return escape(shown(words)).replace("\n", "<br>")


def _with_breaks(found: re.Match[str]) -> str:
    """A long name such as `cn.gbt32151_34_2024.natural_gas.cc` with places where its line may end."""
    name = found[0]
    return _BREAKS.sub("<wbr>", name) if len(name) > _NEEDS_NO_BREAKS else name


def attribute(words: str) -> str:
    """Words as the value of an attribute, with quotation marks around."""
    return f'"{escape(shown(words))}"'


def _amount(amount: Amount) -> str:
    path = f" data-path={attribute(amount.path)}" if amount.path else ""
    if amount.value is None:
        return f'<span class="unknown"{path}>{text(amount.text)}</span>'
    return f'<data value="{amount.value:f}"{path}>{text(amount.text)}</data>'


def anchors_of(blocks: Iterable[Block]) -> Mapping[str, str]:
    """An id on the page for each block that has one: its own, if it is plain."""
    found: dict[str, str] = {}
    for index, block in enumerate(blocks):
        if isinstance(block, Heading | Table | Picture):
            plain = _PLAIN_ID.fullmatch(block.id) and not block.id.startswith(_OWN_IDS)
            found[block.id] = block.id if plain else f"block-{index}"
    return found
