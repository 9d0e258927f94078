"""How a report is set: Word, PDF, workbook, web page."""
