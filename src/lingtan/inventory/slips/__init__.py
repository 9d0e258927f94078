"""Likely slips of the pen: units taken for one another, factors of another gas."""
