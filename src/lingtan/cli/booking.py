"""lingtan ledger enter | close | left | verify: the book of instruments of all parks and years."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from lingtan.cli.computing import read_inventory
from lingtan.cli.reading import AsJson, DossierPath, OnDate, ReadingsPaths, day, read
from lingtan.cli.show import answer_check, print_faults, print_json, print_table, say
from lingtan.errors import has_errors
from lingtan.ledger.book import Close, Left, Stamp, open_book
from lingtan.ledger.book.entering import enter_dossier
from lingtan.texts import number

FAULTS_SHOWN = 12
BookFile = Annotated[
    Path, typer.Argument(help="账簿文件 .sqlite，没有则新建 The book, made if there is none")
]
OldBook = Annotated[Path, typer.Argument(help="账簿文件 .sqlite The book", exists=True, dir_okay=False)]
Park = Annotated[str, typer.Argument(help="园区编号（park.yaml 的 id） Id of the park")]
Who = Annotated[str, typer.Option("--who", help="谁登记 Who enters it")]
Why = Annotated[str, typer.Option("--why", help="为何登记 Why")]


def register(group: typer.Typer) -> None:
    """Add the commands to the group `ledger`."""
    group.command("enter")(enter)
    group.command("close")(close)
    group.command("left")(left)
    group.command("verify")(verify)


def _stamp(who: str, why: str) -> Stamp:
    """The only clock there is."""
    return Stamp(who, datetime.now(UTC), why)


def enter(book: BookFile, path: DossierPath, who: Who, why: Why, json: AsJson = False) -> int:
    """把档案中的绿证、合同、碳信用、减排记入账簿，重复登记不增加。A dossier's instruments into the book."""
    dossier = read(path)  # before there is a book: what cannot be read leaves none behind
    entered = enter_dossier(open_book(book), dossier, _stamp(who, why))
    faults = [one.as_dict() for one in entered.faults]
    if json:
        print_json({"new": len(entered.posted), "known": entered.known, "faults": faults})
    else:
        say(f"新记 new {len(entered.posted)} · 已有 known {entered.known} · 未记 refused {len(faults)}")
        print_faults(entered.faults)
    return 1 if has_errors(entered.faults) else 0


def close(  # noqa: PLR0913 a command has its options
    book: OldBook,
    path: DossierPath,
    who: Who,
    why: Why,
    readings: ReadingsPaths = None,
    on: OnDate = None,
    json: AsJson = False,
) -> int:
    """按次序核定并冻结该年度的抵消；再结一次不产生变化。Judge and freeze the year; twice is once."""
    found = read_inventory(path, readings, on)
    closed = open_book(book).close(found.dossier.park.id, found.inventory, _stamp(who, why))
    if json:
        print_json(_close(closed))
        return 0
    say(f"已结账 closed: {closed.park} {closed.year} · 第 {closed.entry} 笔 entry · {closed.hash[:16]}")
    rows = [(name, number(closed.total(name), 4)) for name in closed.ledger["totals"]]
    print_table("抵消台账 Ledger", ("合计 Total", ">数值 Value"), rows)
    flows = [
        (unit, *(str(getattr(flow, name)) for name in flow.__slots__)) for unit, flow in closed.flows.items()
    ]
    columns = (
        "单位 Unit",
        ">取得 issued",
        ">持有 held",
        ">注销 cancelled",
        ">转出 transferred",
        ">过期 expired",
    )
    print_table("数量守恒 Conservation", columns, flows)
    print_faults(found.faults, limit=FAULTS_SHOWN)
    return 0


def _close(closed: Close) -> dict[str, Any]:
    flows = {
        unit: {name: getattr(flow, name) for name in flow.__slots__} for unit, flow in closed.flows.items()
    }
    return {
        "park": closed.park,
        "year": closed.year,
        "entry": closed.entry,
        "hash": closed.hash,
        "figures": dict(closed.figures),
        "ledger": closed.ledger,
        "flows": flows,
    }


def left(book: OldBook, park: Park, on: OnDate = None, json: AsJson = False) -> int:
    """还剩哪些凭证、到何时为止。What a park still holds, and until when."""
    found = open_book(book).left(park, day(on))
    if json:
        print_json([_left(one) for one in found])
        return 0
    rows = [
        (one.instrument, f"{one.quantity:,} {one.unit}", "、".join("–".join(ends) for ends in one.serials),
         f"{one.first_year}–{one.last_year}", "" if one.last_day is None else one.last_day.isoformat(),
         "已过期 expired" if one.expired else "")
        for one in found
    ]  # fmt: skip
    columns = ("凭证 Instrument", ">剩余 Left", "号段 Serials", "可用年度 Years", "最后一日 Last day", "")
    print_table(f"{park}：剩余凭证 What is left ({len(rows)})", columns, rows)
    return 0


def _left(one: Left) -> dict[str, Any]:
    data = {name: getattr(one, name) for name in one.__slots__}
    last = None if one.last_day is None else one.last_day.isoformat()
    return data | {"last_day": last, "serials": [list(ends) for ends in one.serials]}


def verify(book: OldBook, json: AsJson = False) -> int:
    """核对账簿：平衡、余额、号段、次序、散列链。Balances, serials, order and the chain of hashes."""
    opened = open_book(book)
    faults, head = opened.check(), opened.head()
    said = f"账簿没有错误 the book has no errors · 末笔 head {head.number} {head.hash}"
    return answer_check(faults, said, json=json)
