"""PDF by Typst: parts are typeset one by one in a process of their own and joined."""

from lingtan.reports.formats.pdf.writing import write_pdf

__all__ = ["write_pdf"]
