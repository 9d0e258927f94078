"""WordprocessingML as text: runs, fields, bookmarks and paragraphs, with every word escaped."""

from __future__ import annotations

import re
from xml.sax.saxutils import escape, quoteattr

from lingtan.reports.fonts import STEERING_MARK
from lingtan.texts import visible

_NO_CHARACTER = re.compile("[\ufffe\uffff]")  # these two are no characters, in XML neither
_WIDE_MARKS = re.compile("[“”‘’…—·×°§±]")  # Chinese and Latin fonts draw them differently
_CHAIN = re.compile("(?<=[A-Za-z0-9]、)(?=[A-Za-z0-9])")  # LibreOffice breaks such lists within their words
_BREAK = "\u200b"
_HINT = '<w:rFonts w:hint="eastAsia"/>'


def shown(text: str) -> str:
    """`text` with a mark for what XML forbids and for what could turn the writing direction."""
    return _NO_CHARACTER.sub(STEERING_MARK, visible(text, STEERING_MARK))


def attribute(text: str) -> str:
    """`text` as the value of an attribute, with its quotes."""
    return quoteattr(shown(text))


def run(text: str, style: str = "") -> str:
    """Words in one character style (its id)."""
    words = _CHAIN.sub(_BREAK, shown(text))
    look = f'<w:rStyle w:val="{style}"/>' if style else ""
    if _WIDE_MARKS.search(words):
        look += _HINT
    look = f"<w:rPr>{look}</w:rPr>" if look else ""
    return f'<w:r>{look}<w:t xml:space="preserve">{escape(words)}</w:t></w:r>'


TAB = "<w:r><w:tab/></w:r>"
FIELD_END = '<w:r><w:fldChar w:fldCharType="end"/></w:r>'


def field_start(instruction: str, *, dirty: bool = False) -> str:
    """A field up to where its result begins; Word computes a dirty one when it opens the file."""
    mark = ' w:dirty="true"' if dirty else ""
    return (
        f'<w:r><w:fldChar w:fldCharType="begin"{mark}/></w:r>'
        f'<w:r><w:instrText xml:space="preserve"> {escape(instruction)} </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
    )


def field(instruction: str, cached: str) -> str:
    """A field with the result it has now."""
    return field_start(instruction) + (run(cached) if cached else "") + FIELD_END


def bookmark(number: int, name: str, content: str) -> str:
    """`content` as a place that fields and links point to."""
    return f'<w:bookmarkStart w:id="{number}" w:name="{name}"/>{content}<w:bookmarkEnd w:id="{number}"/>'


def paragraph(style: str, content: str, properties: str = "") -> str:
    """A paragraph in one style (its id); `properties` in the order of the schema, after the style."""
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{properties}</w:pPr>{content}</w:p>'
