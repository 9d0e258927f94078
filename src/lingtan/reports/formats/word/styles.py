"""Our styles in a file: those it has under the same names stay as they are, those it lacks are added."""

from __future__ import annotations

from collections.abc import Mapping

from docx.document import Document
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement

from lingtan.errors import Language
from lingtan.reports.formats.word.lists import Lists
from lingtan_data import path

HEADINGS = ("heading 1", "heading 2", "heading 3")
_HOUSE_WIDTH = "9071"  # where the tabs at the right margin stand in our file
_POINTERS = ("w:basedOn", "w:next", "w:link")


def house_styles(language: Language) -> BaseOxmlElement:
    """All our styles, for reports of one language."""
    root = parse_xml(path("reports", "word", "styles.xml").read_bytes())
    if language == "en":
        _make_english(root)
    return root


def house_defaults(language: Language) -> BaseOxmlElement:
    """A file of styles with our defaults and no style yet."""
    root = house_styles(language)
    for style in root.findall(qn("w:style")):
        root.remove(style)
    return root


def _make_english(root: BaseOxmlElement) -> None:
    """English words are tagged as such; paragraphs are not indented, nor stretched."""
    for tag in root.iter(qn("w:lang")):
        tag.set(qn("w:val"), "en-GB")
    body = next(style for style in root.iter(qn("w:style")) if _name(style) == "body text")
    for tag in ("w:ind", "w:jc"):
        for found in list(body.iter(qn(tag))):
            found.getparent().remove(found)


def adopt_styles(document: Document, lists: Lists, language: Language, width: int) -> Mapping[str, str]:
    """Ids in `document` by our names; what it lacks is added, its tabs at the right margin of `width`."""
    root = document.styles.element
    theirs = {_key(style): _id(style) for style in root.iter(qn("w:style"))}
    taken = set(theirs.values())
    ours = list(house_styles(language).iter(qn("w:style")))
    ids = {_id(style): theirs.get(_key(style)) or _free(_id(style), taken) for style in ours}
    added = [style for style in ours if _key(style) not in theirs]
    for style in added:
        if theirs:
            style.attrib.pop(qn("w:default"), None)
        _fit(style, ids, lists, width)
        root.append(style)
    lists.link((old, ids[old]) for old in ids if any(_id(style) == ids[old] for style in added))
    return {_name(style): ids[old] for old, style in zip(ids, ours, strict=True)}


def _free(wished: str, taken: set[str]) -> str:
    while wished in taken:
        wished = f"Lingtan{wished}"
    return wished


def _fit(style: BaseOxmlElement, ids: Mapping[str, str], lists: Lists, width: int) -> None:
    style.set(qn("w:styleId"), ids[_id(style)])
    for tag in _POINTERS:
        for pointer in style.findall(qn(tag)):
            pointer.set(qn("w:val"), ids[pointer.get(qn("w:val"))])
    for number in style.iter(qn("w:numId")):
        number.set(qn("w:val"), str(lists.numbers[int(number.get(qn("w:val")))]))
    for tab in style.iter(qn("w:tab")):
        if tab.get(qn("w:pos")) == _HOUSE_WIDTH:
            tab.set(qn("w:pos"), str(width))


def is_numbered(document: Document, style_id: str) -> bool:
    """Whether a style of paragraphs belongs to a list, by itself or by those it is based on."""
    styles = {_id(style): style for style in document.styles.element.iter(qn("w:style"))}
    seen: set[str] = set()
    while style_id in styles and style_id not in seen:
        seen.add(style_id)
        for number in styles[style_id].iter(qn("w:numId")):
            return bool(number.get(qn("w:val")) != "0")
        base = styles[style_id].find(qn("w:basedOn"))
        style_id = "" if base is None else base.get(qn("w:val"), "")
    return False


def _id(style: BaseOxmlElement) -> str:
    return str(style.get(qn("w:styleId"), ""))


def _name(style: BaseOxmlElement) -> str:
    """The name in small letters: programs write `heading 1` and `Heading 1`."""
    name = style.find(qn("w:name"))
    return "" if name is None else str(name.get(qn("w:val"), "")).casefold()


def _key(style: BaseOxmlElement) -> tuple[str, str]:
    return str(style.get(qn("w:type"), "paragraph")), _name(style)
