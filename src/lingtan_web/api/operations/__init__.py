"""The operations, by what they are about. Importing this package declares them all."""

from lingtan_web.api.operations import parks, people, readings, results, reviews

__all__ = ["parks", "people", "readings", "results", "reviews"]
