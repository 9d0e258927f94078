"""A dossier entered in the book: once however often, refused at the row, closed as the ledger has it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from inventory_parks import YEAR, compute, energy, park, row

from lingtan.cli.app import main
from lingtan.dossier.records import Dossier
from lingtan.dossier.writing import write_dossier
from lingtan.ledger import compute_ledger
from lingtan.ledger.book import Book, Stamp, open_book
from lingtan.ledger.book.entering import Entered, enter_dossier

STAMP = Stamp("张三", datetime(2025, 6, 30, 9, tzinfo=UTC), "年度登记")


def certificates(name: str, first: int, count: int, **cells: Any) -> Any:
    given = {
        "serial_from": f"G{first:06d}",
        "serial_to": f"G{first + count - 1:06d}",
        "quantity_mwh": count,
        "generation_month": f"{YEAR}-05",
        "technology": "wind",
        "cancelled_year": YEAR,
        "cancelled_on": date(2025, 1, 20),
        "evidence": "EV1",
    }
    return row("certificates", 2, certificate=name, **{**given, **cells})


def contract(**cells: Any) -> Any:
    given = {
        "period": YEAR,
        "kind": "direct_supply",
        "technology": "wind",
        "settled_mwh": 60,
        "evidence": "EV2",
    }
    return row("green_electricity", 2, contract="C1", **{**given, **cells})


def credit(**cells: Any) -> Any:
    given = {"kind": "ccer", "registry": "R", "vintage": YEAR, "serial_from": "K1", "serial_to": "K9",
             "quantity_tco2e": 9, "cancelled_year": YEAR, "evidence": "EV3"}  # fmt: skip
    return row("credits", 2, credit="K", **{**given, **cells})


def removal(**cells: Any) -> Any:
    given = {"kind": "sink", "year": YEAR, "quantity_tco2e": "1.5", "evidence": "EV4"}
    return row("removals", 2, removal="S1", **{**given, **cells})


def whole_park(*rows: Any) -> Dossier:
    """100 MWh bought and gas burnt, so that there is something left for credits."""
    gas = energy(3, carrier="natural_gas", use="combustion", unit="万Nm3", quantity=1)
    confirmed = ("process_activity", "fugitive_gases", "waste_treatment", "measures", "wastewater")
    return park(energy(quantity=100), gas, *rows, confirmed=confirmed)


@pytest.fixture
def book(tmp_path: Path) -> Book:
    return open_book(tmp_path / "book.sqlite")


def codes(entered: Entered) -> list[str]:
    return [fault.code for fault in entered.faults]


def test_the_book_closes_as_the_ledger_of_the_dossier_has_it(book: Book) -> None:
    dossier = whole_park(certificates("G1", 1, 40), contract(), credit(), removal())
    assert codes(enter_dossier(book, dossier, STAMP)) == []
    inventory = compute(dossier)
    closed = book.close("p", inventory, STAMP)
    ledger = compute_ledger(dossier, inventory)
    assert {name: closed.total(name) for name in ledger.totals} == {
        name: node.value for name, node in ledger.totals.items()
    }
    # by hand: 40 + 60 MWh cover all electricity, then 1.5 t of the sink and 9 credits
    assert closed.total("green_mwh") == 100
    assert (closed.total("removed_tco2e"), closed.total("credits_tco2e")) == (Decimal("1.5"), 9)
    assert not book.check()


def test_entered_again_it_adds_nothing(book: Book) -> None:
    dossier = whole_park(certificates("G1", 1, 40), contract(), removal())
    first, again = enter_dossier(book, dossier, STAMP), enter_dossier(book, dossier, STAMP)
    assert (len(first.posted), first.known) == (6, 0)  # three acquired, three used
    assert (len(again.posted), again.known) == (0, 6)


def test_certificates_not_cancelled_are_held(book: Book) -> None:
    enter_dossier(book, whole_park(certificates("G1", 1, 40, cancelled_year=None, cancelled_on=None)), STAMP)
    (left,) = book.left("p", date(2025, 6, 30))
    assert (left.quantity, left.serials) == (40, (("G000001", "G000040"),))
    assert left.last_day == date(2026, 4, 30)  # 24 months from May 2024 on


@pytest.mark.parametrize(("first", "is_refused"), [(40, True), (41, False), (1, True)])
def test_serials_of_another_park_are_refused_at_the_row(book: Book, first: int, is_refused: bool) -> None:
    enter_dossier(book, whole_park(certificates("G1", 1, 40)), STAMP)
    one = whole_park(certificates("H1", first, 10))
    other = replace(one, park=one.park.model_copy(update={"id": "q"}))
    entered = enter_dossier(book, other, STAMP)
    assert bool(entered.faults) is is_refused
    for fault in entered.faults:
        assert (fault.place.sheet, fault.place.row) == ("certificates", 2)
        assert fault.severity == "error"
    assert not book.check()


@pytest.mark.parametrize(
    ("given", "code", "column"),
    [
        (certificates("G1", 1, 40, quantity_mwh="39.5"), "ledger.book-fraction", "quantity_mwh"),
        (contract(settled_mwh="60.0005"), "ledger.book-fraction", "settled_mwh"),
        (removal(quantity_tco2e="0.0001"), "ledger.book-fraction", "quantity_tco2e"),
        (certificates("G1", 1, 40, serial_from=None), "ledger.cell-blank", "serial_from"),
        (credit(vintage=None), "ledger.cell-blank", "vintage"),
        (contract(settled_mwh=None), "ledger.cell-blank", "settled_mwh"),
    ],
)
def test_what_cannot_be_entered_is_named_at_its_cell(book: Book, given: Any, code: str, column: str) -> None:
    entered = enter_dossier(book, whole_park(given), STAMP)
    assert [(fault.code, fault.place.column) for fault in entered.faults] == [(code, column)]
    assert not entered.posted


def test_planned_measures_are_no_reduction(book: Book) -> None:
    measure = {"measure": "M1", "year": YEAR, "verified_reduction_tco2e": 5, "evidence": "EV5",
               "visible_in_inventory": False}  # fmt: skip
    planned, done = (row("measures", 2, **measure, status=status) for status in ("planned", "implemented"))
    assert not enter_dossier(book, whole_park(planned), STAMP).posted
    assert len(enter_dossier(book, whole_park(done), STAMP).posted) == 2


def test_the_commands(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    dossier = whole_park(
        certificates("G1", 1, 40), contract(), certificates("G2", 900, 5, cancelled_year=None)
    )
    path, file = str(write_dossier(dossier, tmp_path / "d")), str(tmp_path / "book.sqlite")
    who = ("--who", "张三", "--why", "年度登记")
    assert run("ledger", "enter", file, path, *who) == 0
    assert "新记 new 5" in capsys.readouterr().out
    assert run("ledger", "left", file, "p", "--on", "2025-06-30", "--json") == 0
    (left,) = json.loads(capsys.readouterr().out)
    assert (left["quantity"], left["serials"], left["last_day"]) == (
        5,
        [["G000900", "G000904"]],
        "2026-04-30",
    )
    assert run("ledger", "close", file, path, *who, "--on", "2025-06-30", "--json") == 0
    closed = json.loads(capsys.readouterr().out)
    assert (closed["year"], Decimal(closed["ledger"]["totals"]["green_mwh"])) == (YEAR, 100)
    assert run("ledger", "close", file, path, *who, "--on", "2025-06-30", "--json") == 0
    assert json.loads(capsys.readouterr().out)["entry"] == closed["entry"]
    assert run("ledger", "verify", file) == 0
    assert run("ledger", "left", file, "p", "--on", "2025-06-30") == 0
    assert run("ledger", "close", file, path, *who, "--on", "2025-06-30") == 0
    other = whole_park(certificates("X", 40, 2))
    other = replace(other, park=other.park.model_copy(update={"id": "q"}))
    assert run("ledger", "enter", file, str(write_dossier(other, tmp_path / "q")), *who) == 1
    (tmp_path / "junk.xlsx").write_text("junk", "utf-8")
    assert run("ledger", "enter", str(tmp_path / "new.sqlite"), str(tmp_path / "junk.xlsx"), *who) == 2
    assert not (tmp_path / "new.sqlite").exists()
    (tmp_path / "no.sqlite").write_text("no book", "utf-8")
    assert run("ledger", "verify", str(tmp_path / "no.sqlite")) == 2


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as left:
        main(arguments)
    return int(left.value.code or 0)
