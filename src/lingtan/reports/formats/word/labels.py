"""What is pointed to: the bookmark, number and name of every heading, table and picture."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lingtan.errors import Language
from lingtan.reports.formats.word.markup import bookmark, field, run
from lingtan.reports.numbering import name_block, number_blocks
from lingtan.reports.records import Heading, Picture, Report, Table

ANCHOR = "_Lingtan"
"""How the names of our bookmarks begin."""

_KINDS: Mapping[Language, tuple[str, str]] = {"zh": ("表", "图"), "en": ("Table", "Figure")}


@dataclass(frozen=True, slots=True)
class Label:
    """A bookmark, and what a reference to it says (`name`, within it `number`).

    `bookmark_id` 0: a table without caption, that has none. `by_number`: the number is made by the list
    of headings, it stands not in the text.
    """

    bookmark_id: int
    name: str
    number: str
    by_number: bool

    @property
    def anchor(self) -> str:
        """The name of the bookmark."""
        return f"{ANCHOR}{self.bookmark_id:06d}"

    def mark(self, content: str) -> str:
        """`content` within the bookmark."""
        return bookmark(self.bookmark_id, self.anchor, content) if self.bookmark_id else content

    def refer(self) -> str:
        """The reference: a field whose result is `name`, or the number within `name`."""
        if not self.bookmark_id:
            return run(self.name)
        if not self.by_number:
            return field(f"REF {self.anchor} \\h", self.name)
        before, number, after = self.name.partition(self.number)
        parts = (run(before), field(f"REF {self.anchor} \\r \\t \\h", number), run(after))
        return "".join(part for part, words in zip(parts, (before, number, after), strict=True) if words)


def build_labels(report: Report, first: int) -> Mapping[str, Label]:
    """The labels by id of the block, their bookmarks numbered from `first`."""
    numbers = number_blocks(report.all_blocks())
    labels: dict[str, Label] = {}
    for block in report.all_blocks():
        if isinstance(block, Heading | Table | Picture):
            number = numbers[block.id]
            named = bool(number) or isinstance(block, Heading)
            name = name_block(block, number, report.language)
            by_number = isinstance(block, Heading) and bool(number)
            labels[block.id] = Label(first + len(labels) if named else 0, name, number, by_number)
    return labels


def caption_label(block: Table | Picture, label: Label, language: Language) -> str:
    """`表 3` of a caption: a counting field within the bookmark."""
    kind = _KINDS[language][isinstance(block, Picture)]
    before, number, after = label.name.partition(label.number)
    return label.mark(run(before) + field(f"SEQ {kind} \\* ARABIC", number) + (run(after) if after else ""))
