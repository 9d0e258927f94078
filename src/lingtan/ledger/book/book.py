"""The book of instruments of all parks and years, in one file, for several processes at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from lingtan.errors import Fault
from lingtan.instruments.rules import CancellationRules, load_rules
from lingtan.inventory.records import Inventory
from lingtan.ledger.book import closing, posting
from lingtan.ledger.book.checking import check_store
from lingtan.ledger.book.records import Acquired, Close, Entry, Flow, Head, Left, Posted, Stamp
from lingtan.ledger.book.store import create_book, reading, writing
from lingtan.ledger.records import Ledger


@dataclass(frozen=True, slots=True)
class Book:
    """What was acquired, handed on, cancelled and expired. Whatever is refused leaves it as it was.

    Every method is one transaction; a writer waits `patience` seconds for another one. LingtanError
    says all that is wrong.
    """

    file: Path
    patience: float
    rules: CancellationRules

    def acquire(self, park: str, given: Acquired, stamp: Stamp) -> Posted:
        """Enter an instrument of the park; `.instrument` of the answer is its key."""
        with writing(self.file, self.patience) as store:
            return posting.acquire(store, park, given, stamp, self.rules)

    def transfer(self, park: str, buyer: str, instrument: str, quantity: int, stamp: Stamp) -> Posted:
        """Certificates or credits to another park of the book, lowest serials first."""
        with writing(self.file, self.patience) as store:
            return posting.transfer(store, park, buyer, (instrument, quantity), stamp)

    def sell(self, park: str, instrument: str, quantity: int, stamp: Stamp) -> Posted:
        """Certificates or credits to somebody outside the book, lowest serials first."""
        with writing(self.file, self.patience) as store:
            return posting.sell(store, park, (instrument, quantity), stamp)

    def cancel(self, park: str, year: int, instrument: str, quantity: int, stamp: Stamp) -> Posted:
        """Use units for the year, lowest serials first; certificates and credits need a proof."""
        with writing(self.file, self.patience) as store:
            return posting.cancel(store, (park, year), (instrument, quantity), stamp, self.rules)

    def expire(self, park: str, stamp: Stamp) -> Posted | None:
        """Move what was no longer valid on the day of the stamp; None if there is nothing."""
        with writing(self.file, self.patience) as store:
            return posting.expire(store, park, stamp)

    def reverse(self, entry: int, stamp: Stamp) -> Posted:
        """Take an entry back by its opposite; a close taken back opens its year."""
        with writing(self.file, self.patience) as store:
            return posting.reverse(store, entry, stamp)

    def close(self, park: str, inventory: Inventory, stamp: Stamp) -> Close:
        """Judge and freeze the year of `inventory` (method `park`). Twice is once."""
        with writing(self.file, self.patience) as store:
            return closing.close_year(store, park, inventory, stamp, self.rules)

    def preview(self, park: str, inventory: Inventory, day: date) -> Ledger:
        """The ledger that a close on `day` would judge, with its traces and faults; writes nothing."""
        with reading(self.file, self.patience) as store:
            return closing.compute_year(store, park, inventory, self.rules, day)

    def closed(self, park: str, year: int) -> Close | None:
        """The close of the year that stands; None if it is open."""
        with reading(self.file, self.patience) as store:
            entry = store.standing_close(park, year)
            return None if entry is None else closing.read_close(entry)

    def left(self, park: str, day: date) -> tuple[Left, ...]:
        """What the park holds on `day`'s view of validity, first what runs out first."""
        with reading(self.file, self.patience) as store:
            return closing.find_left(store, park, day)

    def flows(self, park: str) -> Mapping[str, Flow]:
        """What came in and where it is, by unit."""
        with reading(self.file, self.patience) as store:
            return closing.find_flows(store, park)

    def accounts(self) -> Mapping[str, Mapping[str, int]]:
        """Units by account of every instrument that was not withdrawn."""
        with reading(self.file, self.patience) as store:
            return {i.key: store.lots(i).accounts() for i in store.instruments("1")}

    def entries(self) -> tuple[Entry, ...]:
        """Every line, oldest first."""
        with reading(self.file, self.patience) as store:
            return tuple(store.entries())

    def head(self) -> Head:
        """Number and hash of the last line, to be noted elsewhere."""
        with reading(self.file, self.patience) as store:
            return store.head()

    def check(self, noted: Head | None = None) -> tuple[Fault, ...]:
        """All that is wrong with the book: chain, units, serials, closes; `noted` is an earlier head."""
        with reading(self.file, self.patience) as store:
            return check_store(store, noted)


def open_book(file: Path, *, patience: float = 30.0, rules: CancellationRules | None = None) -> Book:
    """The book in `file`, made if there is none."""
    create_book(file, patience)
    return Book(file, patience, rules or load_rules())
