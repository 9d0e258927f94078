"""The operations, by what they are about. Importing this package declares them all."""

from lingtan_web.api.operations import dossiers, parks, people, readings, results, reviews

__all__ = ["dossiers", "parks", "people", "readings", "results", "reviews"]
