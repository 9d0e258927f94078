"""Reports as Word files (.docx), in our look or in a template of the park."""

from lingtan.reports.formats.word.writing import write_docx

__all__ = ["write_docx"]
