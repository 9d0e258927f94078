"""What differs between two states of a register, row by row and cell by cell.

Rows are the same row if their keys are equal; of several with one key, equal rows find each other
first, the rest in the order they stand. Order itself is no content and makes no difference.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from lingtan.dossier.registers import Register

Line = Mapping[str, str]
Kind = Literal["added", "changed", "removed", "unchanged"]
_Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CellDifference:
    """One cell of a changed row: what stood there, what comes."""

    column: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class RowDifference:
    """One row: `before` and `after` are its places in the two states, None where it is absent."""

    kind: Kind
    key: str
    before: int | None
    after: int | None
    cells: tuple[CellDifference, ...] = ()


def compute_differences(
    register: Register, before: Sequence[Line], after: Sequence[Line]
) -> tuple[RowDifference, ...]:
    """Every row of `after` in its order, then the rows that are no longer there."""
    partners = _match(register, before, after)
    found = [
        _compared(register, before, partners.get(index), line, index) for index, line in enumerate(after)
    ]
    kept = set(partners.values())
    gone = [
        RowDifference("removed", _key_text(register, line), index, None)
        for index, line in enumerate(before)
        if index not in kept
    ]
    return (*found, *gone)


def _match(register: Register, before: Sequence[Line], after: Sequence[Line]) -> dict[int, int]:
    """For each row of `after` that was there already: its place in `before`."""
    partners = _pair(before, after, {}, _content)
    return partners | _pair(before, after, partners, lambda line: _key(register, line))


def _pair(
    before: Sequence[Line], after: Sequence[Line], taken: Mapping[int, int], sign: Callable[[Line], _Key]
) -> dict[int, int]:
    """Rows of equal `sign`, in the order they stand, of those that have no partner yet."""
    gone = set(taken.values())
    waiting: dict[_Key, deque[int]] = defaultdict(deque)
    for index, line in enumerate(before):
        if index not in gone and sign(line):
            waiting[sign(line)].append(index)
    pairs = {}
    for index, line in enumerate(after):
        if index not in taken and waiting.get(sign(line)):
            pairs[index] = waiting[sign(line)].popleft()
    return pairs


def _content(line: Line) -> _Key:
    return tuple(part for pair in sorted(line.items()) if pair[1] for part in pair)


def _key(register: Register, line: Line) -> _Key:
    """The cells of the key; nothing if all of them are blank, for then no row is like another."""
    cells = tuple(line.get(name, "") for name in register.key)
    return cells if any(cells) else ()


def _key_text(register: Register, line: Line) -> str:
    return " / ".join(cell for cell in _key(register, line) if cell)


def _compared(
    register: Register, before: Sequence[Line], partner: int | None, line: Line, index: int
) -> RowDifference:
    key = _key_text(register, line)
    if partner is None:
        return RowDifference("added", key, None, index)
    old = before[partner]
    names = [*register.columns, *(name for name in {**old, **line} if name not in register.columns)]
    cells = tuple(
        CellDifference(name, old.get(name, ""), line.get(name, ""))
        for name in names
        if old.get(name, "") != line.get(name, "")
    )
    return RowDifference("changed" if cells else "unchanged", key, partner, index, cells)
