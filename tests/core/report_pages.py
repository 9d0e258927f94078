"""Reading a PDF back: its words without headers and footers, its tags, its glyphs."""

import re
from collections.abc import Iterator
from pathlib import Path

import pikepdf
import pypdfium2

MM = 72 / 25.4
TOP, BOTTOM = 25 * MM, 21 * MM  # where headers and footers of the house style end


def front_pages(file: Path) -> int:
    """How many pages stand before page 1."""
    with pikepdf.open(file) as pdf:
        return int(pdf.Root.PageLabels.Nums[2])


def body_text(file: Path) -> str:
    """The words from page 1 on in reading order, without white space, headers and footers."""
    texts = []
    with pypdfium2.PdfDocument(file) as pdf:
        for index in range(front_pages(file), len(pdf)):
            page = pdf[index]
            width, height = page.get_size()
            words = page.get_textpage()
            texts.append(words.get_text_bounded(0, BOTTOM, width, height - TOP))
    return squeezed("".join(texts))


def squeezed(text: str) -> str:
    """Without white space and places to break."""
    return re.sub(r"[\s\u200b\ufffe\x02]+", "", text)


def elements(pdf: pikepdf.Pdf) -> Iterator[pikepdf.Object]:
    """Every tag of the document, parents first."""
    stack = [pdf.Root.StructTreeRoot.K[0]]
    while stack:
        one = stack.pop()
        yield one
        below = one.get("/K", ())
        children = below if isinstance(below, pikepdf.Array) else [below]
        stack += [child for child in children if isinstance(child, pikepdf.Dictionary) and "/S" in child]


def missing_glyphs(pdf: pikepdf.Pdf) -> list[str]:
    """Every string drawn with glyph 0 (the empty box) of a font, or with a font that is not embedded."""
    found = []
    for number, page in enumerate(pdf.pages, 1):
        for font in page.obj.Resources.get("/Font", {}).values():
            below = font.DescendantFonts[0] if "/DescendantFonts" in font else font
            if not any(key in below.FontDescriptor for key in ("/FontFile", "/FontFile2", "/FontFile3")):
                found.append(f"page {number}: {font.BaseFont} is not embedded")
        found += [f"page {number}: glyph 0" for glyphs in _shown(page) if 0 in glyphs]
    return found


def _shown(page: pikepdf.Page) -> Iterator[list[int]]:
    """The glyphs of each text operator; fonts have codes of two bytes (Identity-H)."""
    for instruction in pikepdf.parse_content_stream(page, "Tj TJ"):
        operand = instruction.operands[0]
        strings = operand if isinstance(operand, pikepdf.Array) else [operand]
        for string in strings:
            if isinstance(string, pikepdf.String):
                code = bytes(string)
                yield [int.from_bytes(code[at : at + 2], "big") for at in range(0, len(code), 2)]
