"""Changes of a review: one module per stage, every change with its entry in one transaction."""
