"""What goes into the book, and what comes out of it, as frozen records.

Quantities are whole numbers of the smallest unit: certificates, credits, kWh, kg CO2e.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

from lingtan.periods import Period

Action = Literal["acquire", "transfer", "sell", "cancel", "expire", "close", "reverse"]
ISSUED = "issued"


@dataclass(frozen=True, slots=True)
class Stamp:
    """Who enters something, when and why; the book has no clock of its own.

    `on` is the day on which it took effect (of `when`, if not told). The same `voucher` (number of
    the paper) handed in again is the same entry, not a second one. `proof` is the registry's, of a
    cancellation.
    """

    who: str
    when: datetime
    why: str
    on: date | None = None
    voucher: str = ""
    proof: str = ""

    @property
    def day(self) -> date:
        """The day on which it took effect."""
        return self.on or self.when.date()


@dataclass(frozen=True, slots=True)
class Certificates:
    """A batch of green certificates, one for each serial.

    Those that came with a green-power `contract` are kept and add nothing. `project` is the
    registry's id of the power station.
    """

    id: str
    serial_from: str
    serial_to: str
    technology: str
    generated: Period
    evidence: str
    commissioned: date | None = None
    registry: str = ""
    contract: str = ""
    project: str = ""


@dataclass(frozen=True, slots=True)
class Contract:
    """Green power settled under a contract, or supplied directly, in a period."""

    id: str
    period: Period
    kind: Literal["direct_supply", "green_power_trade"]
    technology: str
    kwh: int
    evidence: str
    project: str = ""


@dataclass(frozen=True, slots=True)
class OwnReduction:
    """A measure's verified reduction in a year. Blank "visible in the inventory" counts as visible."""

    id: str
    year: int
    kg: int
    evidence: str
    visible: bool | None = None


@dataclass(frozen=True, slots=True)
class Removal:
    """A sink, or CO2 captured from the counted `source` and stored for good."""

    id: str
    kind: Literal["sink", "ccus"]
    year: int
    kg: int
    evidence: str
    permanent: bool | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class Credits:
    """A batch of credits, one for each serial.

    `project` and the months say what generation they come from, if any; without months it is the
    year of the vintage.
    """

    id: str
    kind: Literal["ccer", "cer", "other"]
    registry: str
    serial_from: str
    serial_to: str
    vintage: int
    evidence: str
    project: str = ""
    generated_from: Period | None = None
    generated_to: Period | None = None


Acquired = Certificates | Contract | OwnReduction | Removal | Credits


@dataclass(frozen=True, slots=True)
class Instrument:
    """An acquisition as the book keeps it; its units are numbered 1 to `count`.

    `number` is that of the entry. Serials go from `first` on, `digits` wide. Months are year * 12 +
    month - 1. The years are those it may be cancelled for; `last_day` is none where no document
    names one.
    """

    number: int
    key: str
    register: str
    id: str
    park: str
    unit: str
    count: int
    registry: str
    prefix: str
    first: int
    digits: int
    project: str
    month_from: int
    month_to: int
    first_year: int
    last_year: int
    last_day: date | None
    cells: Mapping[str, str]

    def serials(self, first: int, last: int) -> tuple[str, str]:
        """Units `first` to `last` as serials; blank where it has none."""
        if not self.digits:
            return "", ""
        ends = (f"{self.first + number - 1:0{self.digits}d}" for number in (first, last))
        one, other = (f"{self.prefix}{end}" for end in ends)
        return one, other


@dataclass(frozen=True, slots=True)
class Move:
    """Units `first` to `last` of an instrument out of one account into another: a balanced pair."""

    instrument: int
    source: str
    target: str
    first: int
    last: int

    @property
    def quantity(self) -> int:
        """How many units move."""
        return self.last - self.first + 1


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the book with its moves, chained to the line before by its hash."""

    number: int
    action: Action
    park: str
    year: int | None
    who: str
    when: str
    why: str
    on: str
    voucher: str
    reverses: int | None
    request: Mapping[str, Any]
    moves: tuple[Move, ...]
    previous: str
    hash: str


@dataclass(frozen=True, slots=True)
class Posted:
    """The entry made; `new` is no if the voucher had been entered before."""

    entry: Entry
    new: bool = True

    @property
    def instrument(self) -> str:
        """The key of the instrument that moved."""
        return str(self.entry.request.get("instrument", ""))


@dataclass(frozen=True, slots=True)
class Head:
    """The last entry. Noted elsewhere, it shows later that nothing before it was changed or cut off."""

    number: int
    hash: str


@dataclass(frozen=True, slots=True)
class Flow:
    """Units of one unit in a park's book: issued = held + cancelled + transferred + expired.

    `transferred` is what was sold or handed to other parks, less what came from them.
    """

    issued: int
    held: int
    cancelled: int
    transferred: int
    expired: int

    @property
    def is_conserved(self) -> bool:
        """Whether nothing came from nowhere or went there."""
        return self.issued == self.held + self.cancelled + self.transferred + self.expired


@dataclass(frozen=True, slots=True)
class Close:
    """A closed year: the figures it rests on, the ledger (as `export_ledger` has it), the flows.

    `entry` is the number of its line and `hash` its hash.
    """

    entry: int
    hash: str
    park: str
    year: int
    figures: Mapping[str, str]
    ledger: Mapping[str, Any]
    flows: Mapping[str, Flow]

    def total(self, name: str) -> Decimal | None:
        """A total of the ledger, such as `residual_tco2e`."""
        value = self.ledger["totals"][name]
        return None if value is None else Decimal(str(value))


@dataclass(frozen=True, slots=True)
class Left:
    """What of an instrument a park still holds, its serial ranges, and until when it may be used."""

    instrument: str
    register: str
    quantity: int
    unit: str
    serials: tuple[tuple[str, str], ...]
    first_year: int
    last_year: int
    last_day: date | None
    expired: bool
