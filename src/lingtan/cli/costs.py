"""lingtan readings cost: energy by period and bills under a time-of-use tariff."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from lingtan.cli.reading import AsJson, ReadingsPaths
from lingtan.cli.show import print_faults, print_json, print_table, say
from lingtan.cli.sources import ReadingsSource, YearOption, Zone, find_readings, options_of
from lingtan.errors import has_errors
from lingtan.metering.costing import MeterBills, compute_costs
from lingtan.metering.tariffs import Contract, PriceSheet, load_words, read_price_sheet
from lingtan.texts import number

TariffOption = Annotated[
    str,
    typer.Option("--tariff", help="电价编号，如 sh-two-part；缺省按登记表 Tariff id, else the register's"),
]
Sheet = Annotated[
    Path | None, typer.Option("--prices", exists=True, help="各月价格表 .yaml 或 .csv Prices by month")
]
By = Annotated[
    Literal["none", "demand", "capacity"],
    typer.Option("--contract", help="基本电费：不计、按需量、按容量 Second part of a two-part price"),
]
Capacity = Annotated[float | None, typer.Option("--capacity", help="变压器容量 kVA Capacity in kVA")]


def register(group: typer.Typer) -> None:
    """Add the command to the group `readings`."""
    group.command("cost")(cost)


def cost(  # noqa: PLR0913
    path: ReadingsSource, readings: ReadingsPaths = None, tariff: TariffOption = "", prices: Sheet = None,
    contract: By = "none", capacity: Capacity = None, zone: Zone = None, year: YearOption = None,
    json: AsJson = False,
) -> int:  # fmt: skip
    """分时电量与电费；没有价格表时只分时段，不猜价格。Energy by period and cost; prices are never guessed."""
    given = find_readings(path, readings, options_of(zone, None, None, None, None, None), year=year)
    sheet = PriceSheet() if prices is None else read_price_sheet(prices)
    terms = Contract(contract, None if capacity is None else Decimal(str(capacity)))
    costs = compute_costs(given.dossier, sheet, tariff=tariff, contract=terms, options=given.options)
    if json:
        print_json({"meters": [_as_dict(one) for one in costs.meters],
                    "faults": [one.as_dict() for one in costs.faults]})  # fmt: skip
        return 1 if has_errors(costs.faults) else 0
    for one in costs.meters:
        _show(one)
    if not costs.meters:
        say(
            "没有登记电价的供电总表；用 --tariff 指明 no supply meter with a tariff; name one with --tariff",
            "yellow",
        )
    print_faults(costs.faults, limit=30)
    return 1 if has_errors(costs.faults) else 0


def _show(one: MeterBills) -> None:
    words = load_words().periods
    names = sorted(
        {line.period for bill in one.bills for line in bill.lines if line.period}, key=list(words).index
    )
    columns = (
        "月 Month",
        *(f">{words[name].zh} {words[name].en} kWh" for name in names),
        ">电费 Cost",
        ">未知时段 Missing",
    )
    rows = []
    for bill in one.bills:
        sums = {name: Decimal(0) for name in names}
        for line in bill.lines:
            if line.period and line.quantity is not None:
                sums[line.period] += line.quantity
        rows.append(
            (str(bill.month), *(number(sums[name]) for name in names), number(bill.total), str(bill.missing))
        )
    print_table(f"{one.meter} · {one.tariff.id}", columns, rows)


def _as_dict(one: MeterBills) -> dict[str, Any]:
    bills = [
        {"month": str(bill.month), "total": _text(bill.total), "missing": bill.missing, "lines": [
            {"kind": line.kind, "period": line.period, "quantity": _text(line.quantity), "unit": line.unit,
             "price": _text(line.price), "amount": _text(line.amount)} for line in bill.lines]}
        for bill in one.bills
    ]  # fmt: skip
    return {"meter": one.meter, "tariff": one.tariff.id, "bills": bills}


def _text(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:f}"
