"""The operations, by what they are about. Importing this package declares them all."""

from lingtan_web.api.operations import (
    carrying,
    dossiers,
    evidence,
    handing,
    judging,
    parks,
    people,
    process,
    readings,
    results,
    reviews,
)

__all__ = [
    "carrying",
    "dossiers",
    "evidence",
    "handing",
    "judging",
    "parks",
    "people",
    "process",
    "readings",
    "results",
    "reviews",
]
