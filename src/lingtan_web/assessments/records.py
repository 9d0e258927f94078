"""What the cockpit says of a result: sentences in two languages, steps to take, the way to the next award."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from decimal import Decimal
from typing import Any, Literal, NamedTuple

from lingtan.trace import plain

StepKind = Literal["mend", "gate", "indicator", "target", "group", "supply", "improve"]
ZERO = Decimal(0)


class Said(NamedTuple):
    """A text in both languages."""

    zh: str
    en: str


NOTHING = Said("", "")


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do.

    `of` is what it is about (a gate, an indicator, a level; for `supply` the first datum), `points` what
    it could bring at most, `is_blocking` whether the next award cannot be had without it. `asked_of` are
    those who can supply the `data`; `register` is where they are filled in (empty: not in a register);
    `explain` names the number whose trace tells more.
    """

    kind: StepKind
    of: str
    title: Said
    why: Said
    points: Decimal = ZERO
    is_blocking: bool = False
    data: tuple[str, ...] = ()
    asked_of: tuple[str, ...] = ()
    register: str = ""
    explain: str = ""


@dataclass(frozen=True, slots=True)
class Distance:
    """Where the park stands under one edition, and what the next award still wants.

    `next` is None at the highest award, and where the edition has none. `short` are the points that are
    lacking (None: the edition gives no points; 0: enough), `spare` the points above the lower bound of
    the award held. `because` says why it is held, `lacking` what the next one wants. `enough` is how
    many of `steps`, done in full from the first, bring the points that
    are short (0: none are short).
    """

    headline: Said
    reached: str | None
    next: str | None
    next_name: Said
    short: Decimal | None
    spare: Decimal | None
    because: tuple[Said, ...] = ()
    lacking: tuple[Said, ...] = ()
    steps: tuple[Step, ...] = ()
    enough: int = 0
    remark: Said = field(default=NOTHING)


def export_distance(distance: Distance) -> dict[str, Any]:
    """`distance` as plain data: texts as {zh, en}, exact decimals as strings."""
    found: dict[str, Any] = _exported(asdict(distance))
    return found


def _exported(value: Any) -> Any:
    if isinstance(value, Said):
        return value._asdict()
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, dict):
        return {key: _exported(inner) for key, inner in value.items()}
    return [_exported(inner) for inner in value] if isinstance(value, list | tuple) else value
