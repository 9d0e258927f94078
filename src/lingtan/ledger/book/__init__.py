"""The book of instruments: double entry, across parks and years, append only."""

from lingtan.ledger.book.book import Book, open_book
from lingtan.ledger.book.records import (
    Certificates,
    Close,
    Contract,
    Credits,
    Entry,
    Flow,
    Head,
    Instrument,
    Left,
    Move,
    OwnReduction,
    Posted,
    Removal,
    Stamp,
)

__all__ = [
    "Book",
    "Certificates",
    "Close",
    "Contract",
    "Credits",
    "Entry",
    "Flow",
    "Head",
    "Instrument",
    "Left",
    "Move",
    "OwnReduction",
    "Posted",
    "Removal",
    "Stamp",
    "open_book",
]
