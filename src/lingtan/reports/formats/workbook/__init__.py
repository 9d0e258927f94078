"""Excel: every table a sheet, numbers as numbers, sums as live formulas."""

from lingtan.reports.formats.workbook.writing import write_xlsx

__all__ = ["write_xlsx"]
