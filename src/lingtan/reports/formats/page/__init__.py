"""A web page in one file that opens offline."""

from lingtan.reports.formats.page.writing import write_html

__all__ = ["write_html"]
