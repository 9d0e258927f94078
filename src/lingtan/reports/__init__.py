"""Word, PDF, Excel and HTML out of results."""
