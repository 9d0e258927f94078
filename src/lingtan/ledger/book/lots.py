"""Where each unit of an instrument lies: its moves, one after the other."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field

from lingtan.ledger.book.records import ISSUED, Move


@dataclass(slots=True)
class Lots:
    """Ranges of units and the account each lies in, sorted, without holes or overlaps."""

    count: int
    _lots: list[tuple[int, int, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._lots = [(1, self.count, ISSUED)]

    def apply(self, moves: Iterable[Move]) -> Move | None:
        """Carry out `moves`; the first one whose units do not all lie in its source is returned."""
        for move in moves:
            if not self.holds(move.source, move.first, move.last):
                return move
            self._put(move)
        return None

    def holds(self, account: str, first: int, last: int) -> bool:
        """Whether all units from `first` to `last` lie in `account`."""
        inside = 1 <= first <= last <= self.count
        return inside and all(lot[2] == account for lot in self._lots[self._touched(first, last)])

    def ranges(self, account: str) -> list[tuple[int, int]]:
        """The ranges in `account`, lowest first."""
        return [(first, last) for first, last, where in self._lots if where == account]

    def balance(self, account: str) -> int:
        """How many units lie in `account`."""
        return sum(last - first + 1 for first, last in self.ranges(account))

    def accounts(self) -> dict[str, int]:
        """How many units lie in each account that is not empty."""
        return {name: self.balance(name) for name in sorted({account for *_, account in self._lots})}

    def take(self, account: str, quantity: int) -> list[tuple[int, int]] | None:
        """The lowest `quantity` units of `account`; None if there are not so many."""
        taken = []
        for first, last in self.ranges(account):
            if quantity <= 0:
                break
            last = min(last, first + quantity - 1)
            taken.append((first, last))
            quantity -= last - first + 1
        return taken if quantity == 0 else None

    def _touched(self, first: int, last: int) -> slice:
        begin, end = (bisect_right(self._lots, at, key=lambda lot: lot[0]) for at in (first, last))
        return slice(begin - 1, end)

    def _put(self, move: Move) -> None:
        where = self._touched(move.first, move.last)
        old = self._lots[where]
        new = [(old[0][0], move.first - 1, old[0][2]), (move.first, move.last, move.target)]
        new.append((move.last + 1, old[-1][1], old[-1][2]))
        start, stop = where.start, where.stop
        if start > 0:
            new.insert(0, self._lots[start - 1])
            start -= 1
        if stop < len(self._lots):
            new.append(self._lots[stop])
            stop += 1
        self._lots[start:stop] = _joined(new)


def _joined(lots: list[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """Empty ranges out, neighbours in the same account as one."""
    found: list[tuple[int, int, str]] = []
    for first, last, account in lots:
        if last < first:
            continue
        if found and found[-1][2] == account:
            found[-1] = (found[-1][0], last, account)
        else:
            found.append((first, last, account))
    return found
