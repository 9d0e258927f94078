"""What the tests of the book share: a park's figures, instruments, stamps.

The park emits 1,000 t: 600 t of fuels and 800 MWh of electricity at 0.5 t/MWh.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from lingtan.errors import LingtanError
from lingtan.inventory.records import Inventory, Line
from lingtan.ledger.book import Certificates, Contract, Credits, OwnReduction, Removal, Stamp
from lingtan.periods import read_period
from lingtan.trace import Node

WHEN = datetime(2025, 1, 20, 9, 0, tzinfo=UTC)


def stamp(on: date | None = None, **more: Any) -> Stamp:
    return Stamp(**{"who": "李四", "when": WHEN, "why": "登记", "on": on, "proof": "注销凭证1", **more})


def certificates(name: str = "G1", first: int = 1, last: int = 200, **more: Any) -> Certificates:
    cells = {"technology": "wind", "generated": read_period("2024-05"), "evidence": "EV1", **more}
    return Certificates(name, str(first), str(last), **cells)


def contract(kwh: int = 600_000, name: str = "LD-1", period: str = "2024", **more: Any) -> Contract:
    span = read_period(period)
    assert span is not None
    return Contract(name, span, "green_power_trade", "wind", kwh, "EV1", **more)


def sink(kg: int = 150_000, name: str = "RM1", year: int = 2024) -> Removal:
    return Removal(name, "sink", year, kg, "EV1")


def own(kg: int = 50_000, name: str = "M1", year: int = 2024, visible: bool | None = False) -> OwnReduction:
    return OwnReduction(name, year, kg, "EV1", visible)


def ccer(name: str = "C1", first: int = 1, last: int = 300, vintage: int = 2023, **more: Any) -> Credits:
    return Credits(
        name, "ccer", "全国自愿减排登记系统", f"CCER-{first:06d}", f"CCER-{last:06d}", vintage, "EV1", **more
    )


def inventory(
    fuel: Decimal | None = Decimal(600),
    purchased: Decimal = Decimal(800),
    year: int = 2024,
    method: Any = "park",
) -> Inventory:
    emitted = purchased * Decimal("0.5")
    node = Node("scope2", emitted, "tCO2e")
    line = Line(
        "electricity", "2", "E1", "electricity", purchased, "MWh", Decimal("0.5"), "t/MWh", "f", emitted, node
    )
    gross = None if fuel is None else fuel + emitted
    totals = {
        "gross_tco2e": Node("gross_tco2e", gross, "tCO2e"),
        "purchased_electricity_mwh": Node("purchased_electricity_mwh", purchased, "MWh"),
    }
    return Inventory(method, year, "AR6", totals, (line,), (), (), ())


def codes(work: Callable[[], object]) -> list[str]:
    """The faults that `work` is refused for; all of them have words."""
    with pytest.raises(LingtanError) as caught:
        work()
    for found in caught.value.faults:
        for words in (found.words("zh"), found.words("en")):
            assert words.what and words.why and words.mend
            assert "{" not in words.what + words.why + words.mend
    return [found.code.removeprefix("ledger.") for found in caught.value.faults]
