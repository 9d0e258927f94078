"""The bill of a month: energy by period, and demand or capacity; every line is quantity x price."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from lingtan.metering.slots import SlotEnergy
from lingtan.metering.tariffs.demand import Peak
from lingtan.metering.tariffs.hours import UNKNOWN
from lingtan.metering.tariffs.prices import PRICE_DIGITS
from lingtan.metering.tariffs.records import PERIODS, PeriodName
from lingtan.metering.tariffs.sheets import PriceSheet
from lingtan.periods import Period
from lingtan.quantities import exactly
from lingtan.trace import Node

CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class PeriodEnergy:
    """Energy of a month in one period at one price; None where period or price is not known."""

    period: PeriodName | None
    price: Decimal | None
    energy: Decimal


@dataclass(frozen=True, slots=True)
class Usage:
    """Energy of a month by period (kWh), and how many slots of it are not known."""

    month: Period
    parts: tuple[PeriodEnergy, ...]
    missing: int

    @property
    def energy(self) -> Decimal:
        """All known energy of the month."""
        return sum((part.energy for part in self.parts), Decimal(0))


@dataclass(frozen=True, slots=True)
class Contract:
    """How the second part of a two-part price is billed: by demand, by `capacity` in kVA, or not at all."""

    by: Literal["none", "demand", "capacity"] = "none"
    capacity: Decimal | None = None


@dataclass(frozen=True, slots=True)
class BillLine:
    """`quantity` (unit) x `price` (currency per unit) = `amount`, exact; None is not known."""

    kind: Literal["energy", "demand", "capacity"]
    period: PeriodName | None
    quantity: Decimal | None
    unit: str
    price: Decimal | None

    @property
    def amount(self) -> Decimal | None:
        """Quantity times price; nothing costs nothing, whatever the price."""
        if self.quantity == 0:
            return Decimal(0)
        return None if self.quantity is None or self.price is None else self.quantity * self.price


@dataclass(frozen=True, slots=True)
class Bill:
    """Lines of a month. `total` is their sum rounded once, half up, to 0.01; None if a line is not known.

    `known` is the same of the lines that are known. `missing`: slots of the month without energy, which
    no line holds; `demand_missing`: slots in which the demand may have been higher.
    """

    month: Period
    currency: str
    lines: tuple[BillLine, ...]
    missing: int = 0
    demand_missing: int = 0

    @property
    def known(self) -> Decimal:
        """The sum of the lines whose amount is known, rounded once to 0.01."""
        return _cents([line.amount for line in self.lines if line.amount is not None])

    @property
    def total(self) -> Decimal | None:
        """The sum of all lines rounded once to 0.01, None if one of them is not known."""
        return None if any(line.amount is None for line in self.lines) else self.known

    def node(self) -> Node:
        """The total as a trace node down to its lines; the exact sum, before rounding."""
        inputs = tuple((f"line_{number}", _node(line, self)) for number, line in enumerate(self.lines, 1))
        amounts = [line.amount for line in self.lines if line.amount is not None]
        value = _sum(amounts) if len(amounts) == len(self.lines) else None
        return Node(f"bill[{self.month}]", value, self.currency, rule="sum", inputs=inputs)


@exactly
def _sum(amounts: Sequence[Decimal]) -> Decimal:
    return sum(amounts, Decimal(0))


@exactly
def _cents(amounts: Sequence[Decimal]) -> Decimal:
    return sum(amounts, Decimal(0)).quantize(CENT, ROUND_HALF_UP)


def _node(line: BillLine, bill: Bill) -> Node:
    name = f"bill[{bill.month}].{line.kind}" + (f".{line.period}" if line.period else "")
    quantity = Node(f"{name}.quantity", line.quantity, line.unit)
    price = Node(f"{name}.price", line.price, f"{bill.currency}/{line.unit}")
    inputs = (("quantity", quantity), ("price", price))
    return Node(name, line.amount, bill.currency, rule="quantity * price", inputs=inputs)


@exactly
def compute_usage(
    slots: SlotEnergy, periods: NDArray[np.int8], prices: NDArray[np.int64] | None = None
) -> tuple[Usage, ...]:
    """Energy of each month of the grid by period and price; sums are exact.

    `periods` and `prices` as `build_periods` and `build_prices` give them for the same grid. Slots
    whose energy is not known are counted as missing, never as zero.
    """
    grid = slots.grid
    costs = np.full(grid.count, UNKNOWN, np.int64) if prices is None else prices
    found = []
    for index, month in enumerate(grid.periods):
        own = grid.period_of == index
        usable, missing = own & slots.known, int(np.count_nonzero(own & ~slots.known))
        parts = _parts(slots.energy[usable], periods[usable], costs[usable], slots.factor)
        found.append(Usage(month, parts, missing))
    return tuple(found)


def _parts(
    energy: NDArray[np.int64], periods: NDArray[np.int8], prices: NDArray[np.int64], factor: Decimal
) -> tuple[PeriodEnergy, ...]:
    """Parts in the order of periods, the unknown one last."""
    keys, group = np.unique(np.stack([periods % (len(PERIODS) + 1), prices]), axis=1, return_inverse=True)
    sums = np.zeros(keys.shape[1], np.int64)
    np.add.at(sums, group.ravel(), energy)
    return tuple(
        PeriodEnergy(
            PERIODS[code] if code < len(PERIODS) else None,
            None if price == UNKNOWN else Decimal(price).scaleb(-PRICE_DIGITS),
            amount * factor,
        )
        for (code, price), amount in zip(keys.T.tolist(), sums.tolist(), strict=True)
    )


@exactly
def compute_bill(
    usage: Usage, sheet: PriceSheet, contract: Contract | None = None, *, peak: Peak | None = None
) -> Bill:
    """The bill of one month. By demand: `peak` times the sheet's demand price; by capacity likewise.

    What is not known (no price of the month, no peak, no capacity) makes a line without amount.
    """
    lines = [BillLine("energy", one.period, one.energy, "kWh", one.price) for one in usage.parts]
    level = sheet.by_month.get(usage.month)
    by = contract.by if contract else "none"
    missing = 0
    if by == "demand":
        missing = peak.missing if peak else 0
        price = level.demand if level else None
        lines.append(BillLine("demand", None, peak.power if peak else None, "kW", price))
    elif contract and by == "capacity":
        price = level.capacity if level else None
        lines.append(BillLine("capacity", None, contract.capacity, "kVA", price))
    return Bill(usage.month, sheet.currency, tuple(lines), usage.missing, missing)
