"""Reports that people hand in: Word, PDF, Excel and web page out of results, never recomputing."""
