"""Chapter 13: declaration and signatures, to be filled in by people."""

from __future__ import annotations

from collections.abc import Iterator

from lingtan.reports.documents.bench import Bench
from lingtan.reports.documents.layout import build_heading, build_paragraph
from lingtan.reports.documents.signing import build_fields
from lingtan.reports.records import Block


def build_declaration(bench: Bench) -> Iterator[Block]:
    """Unnumbered; nothing of it is filled in."""
    yield build_heading(bench.words, "inventory.declaration", numbered=False)
    yield build_paragraph(bench.words, "inventory.declaration_text")
    yield build_fields("inventory-signatures", "inventory.signatures", bench)
