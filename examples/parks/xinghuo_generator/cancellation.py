"""Green electricity, certificates, credits and removals: what is cancelled for 2024.

Bought electricity is covered to the last megawatt-hour by direct supply, trades and certificates,
because only then may credits be used; the last certificate batch is cut to size.
"""

from __future__ import annotations

from collections.abc import Iterable

from xinghuo_generator.network import Meter
from xinghuo_generator.tables import Tables

DIRECT_MWH, TRADED_MWH = 24000, 78000
QUARTERS = (1, 2, 3, 4)
CREDITS_T = 15500
SINK_T = 130
# bought apart from the trade
_BATCHES = (("GEC-2024-0005", "wind", "2023-11", 12000), ("GEC-2024-0006", "solar", "2024-04", 15000))


def add_cancellation(tables: Tables, meters: Iterable[Meter]) -> None:
    """All registers of this part."""
    supply = [meter for meter in meters if meter.carrier == "electricity" and meter.role == "supply"]
    bought = sum(int(meter.values.sum()) for meter in supply)
    _green(tables)
    _certificates(tables, -(-bought // 1000))
    _credits(tables)
    tables.add(
        "removals",
        removal="RM1",
        kind="sink",
        year=2024,
        quantity_tco2e=SINK_T,
        permanent=True,
        evidence="EV050",
    )


def _green(tables: Tables) -> None:
    for quarter in QUARTERS:
        period = f"2024-{3 * quarter:02d}"  # settled in the last month of the quarter
        tables.add(
            "green_electricity", contract="ZG-2024-01", period=period, enterprise="E000",
            kind="direct_supply", technology="wind", settled_mwh=DIRECT_MWH // 4, evidence="EV044",
        )  # fmt: skip
        tables.add(
            "green_electricity", contract="LD-2024-01", period=period, enterprise="E000",
            kind="green_power_trade", technology=_technology(quarter), settled_mwh=TRADED_MWH // 4,
            evidence="EV045",
        )  # fmt: skip


def _with_the_trade(quarter: int) -> tuple[str, str, str, int, str]:
    month = f"2024-{3 * quarter:02d}"
    return f"GEC-2024-000{quarter}", _technology(quarter), month, TRADED_MWH // 4, "LD-2024-01"


def _technology(quarter: int) -> str:
    return ("solar", "wind")[quarter % 2]


def _certificates(tables: Tables, bought_mwh: int) -> None:
    left = bought_mwh - DIRECT_MWH - TRADED_MWH - sum(quantity for *_, quantity in _BATCHES)
    batches = (
        *(_with_the_trade(quarter) for quarter in QUARTERS),
        *((*batch, None) for batch in _BATCHES),
        ("GEC-2024-0007", "solar", "2024-09", left, None),
    )
    first = 310000001
    for certificate, technology, month, quantity, contract in batches:
        tables.add(
            "certificates", certificate=certificate, serial_from=first, serial_to=first + quantity - 1,
            contract=contract, technology=technology, generation_month=month, quantity_mwh=quantity,
            cancelled_year=2024, cancelled_on="2025-01-20", evidence="EV046",
        )  # fmt: skip
        first += quantity + 5000


def _credits(tables: Tables) -> None:
    first = 7000001
    for credit, project, vintage, quantity in (
        ("CCER-2024-01", "海上风电项目（虚构）", 2023, 9000),
        ("CCER-2024-02", "造林碳汇项目（虚构）", 2023, CREDITS_T - 9000),
    ):
        tables.add(
            "credits", credit=credit, kind="ccer",
            registry="全国温室气体自愿减排注册登记系统（示例，未在该系统登记）",
            project=project, vintage=vintage, serial_from=first, serial_to=first + quantity - 1,
            quantity_tco2e=quantity, cancelled_year=2024, cancelled_on="2025-02-10", evidence="EV047",
        )  # fmt: skip
        first += quantity + 1000
