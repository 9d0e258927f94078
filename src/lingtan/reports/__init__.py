<<<<<<< HEAD
"""Word, PDF, Excel and HTML out of results."""
=======
<<<<<<< HEAD
"""Reports that people hand in: Word, PDF, Excel and web page out of results, never recomputing."""
=======
"""Word, PDF, Excel and HTML out of results."""
>>>>>>> help-charts
>>>>>>> help-contents
