"""What processes of their own do to one book."""

from __future__ import annotations

import random
from collections import Counter
from datetime import date
from decimal import Decimal
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import Any

from book_parts import ccer, certificates, contract, inventory, own, stamp

from lingtan.errors import LingtanError
from lingtan.ledger.book import Book, open_book
from lingtan.periods import Period

YEARS = (2024, 2025)
FIGURES = {year: inventory(Decimal(20), Decimal(12), year) for year in YEARS}  # 12 MWh at 0.5 t/MWh: 26 t
ALL_PARKS = ("P", "Q", "R")


def work_on(book: Book, chance: random.Random, name: str) -> None:
    """One random operation."""
    park, year = chance.choice(ALL_PARKS), chance.choice(YEARS)
    first = chance.randint(1, 4000)
    last = first + chance.randint(0, 60)
    day = chance.choice([date(2025, 1, 20), date(2025, 1, 20), date(2026, 1, 1)])
    kind = chance.choices(range(10), [4, 2, 2, 1, 4, 8, 1, 2, 4, 1])[0]
    project = chance.choice(["", "", "", "W1", "W2"])
    held = [(left.instrument, left.quantity) for left in book.left(park, day)] if kind in (4, 5, 9) else []
    key, most = chance.choice(held or [("certificates/P/none", 1)])
    quantity = chance.choice([1, max(1, most // 2), most, most, most + 1])
    if kind == 0:
        generated = Period(2024, chance.randint(1, 12))
        book.acquire(park, certificates(name, first, last, generated=generated, project=project), stamp())
    elif kind == 1:
        book.acquire(park, ccer(name, first, last, chance.randint(2023, 2025), project=project), stamp())
    elif kind == 2:
        period = str(Period(year, chance.randint(1, 12)))
        book.acquire(park, contract(chance.randint(1, 9000), f"LD-{first % 5}", period), stamp())
    elif kind == 3:
        book.acquire(park, own(chance.randint(1, 9000), f"M{first % 20}", year), stamp())
    elif kind == 4:
        buyer = chance.choice([other for other in ALL_PARKS if other != park])
        book.transfer(park, buyer, key, quantity, stamp(day))
    elif kind == 5:
        book.cancel(park, year, key, quantity, stamp(day))
    elif kind == 6:
        book.expire(park, stamp(day))
    elif kind == 7:
        book.close(park, FIGURES[year], stamp())
    elif kind == 8:
        book.reverse(chance.randint(1, max(1, book.head().number)), stamp(why="登记有误"))
    else:
        book.sell(park, key, quantity, stamp(day))


def hammer(file: Path, seed: int, operations: int, answers: Any) -> None:
    """In a process of its own: many operations, and how they ended."""
    book, chance = open_book(file), random.Random(seed)
    ended: Counter[str] = Counter()
    for number in range(operations):
        try:
            work_on(book, chance, f"{seed}-{number}")
            ended["done"] += 1
        except LingtanError as error:
            ended.update(fault.code.removeprefix("ledger.") for fault in error.faults)
    answers.put(ended)


def submit(file: Path, start: Event, answers: Any) -> None:
    """One voucher, together with the others."""
    start.wait()
    answers.put(open_book(file).acquire("P", certificates(), stamp(voucher="V1")).new)
