"""The book of instruments: each rule at its limit, just beyond, and with the datum missing."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import multiprocessing
import re
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from book_hammer import submit
from book_parts import ccer, certificates, codes, contract, inventory, own, sink, stamp

from lingtan.ledger.book import Book, Certificates, Flow, Head, Left, Removal, Stamp, open_book
from lingtan.ledger.book.lots import Lots
from lingtan.ledger.book.records import Move
from lingtan.periods import Period, read_period


@pytest.fixture
def book(tmp_path: Path) -> Book:
    return open_book(tmp_path / "book.sqlite")


def add(book: Book, given: Any, park: str = "P", **more: Any) -> str:
    return book.acquire(park, given, stamp(**more)).instrument


def use(book: Book, given: Any, quantity: int, year: int = 2024, park: str = "P") -> str:
    """Acquire and cancel."""
    key = add(book, given, park)
    book.cancel(park, year, key, quantity, stamp())
    return key


def faults(book: Book, noted: Head | None = None) -> list[str]:
    return [found.code.removeprefix("ledger.") for found in book.check(noted)]


def used_up(book: Book) -> None:
    """The whole order of the worked example in docs/concepts/ledger.md."""
    use(book, sink(150_000), 150_000)
    use(book, own(50_000), 50_000)
    use(book, own(70_000, "M2", visible=True), 70_000)
    use(book, contract(600_000), 600_000)
    use(book, certificates(first=1, last=250), 200)
    use(book, ccer(first=1, last=400), 300)


# --- the close


def test_the_whole_order(book: Book) -> None:
    used_up(book)
    close = book.close("P", inventory(), stamp())
    totals = ("gross", "own_reduction", "removed", "green", "credits", "residual")
    assert [close.total(f"{name}_tco2e") for name in totals] == [1000, 270, 200, 400, 300, 100]
    assert close.total("net_zero_rate") == Decimal("0.9")
    assert close.flows == {
        "kg": Flow(issued=270_000, held=0, cancelled=270_000, transferred=0, expired=0),
        "kWh": Flow(600_000, 0, 600_000, 0, 0),
        "certificate": Flow(250, 50, 200, 0, 0),
        "credit": Flow(400, 100, 300, 0, 0),
    }
    assert faults(book) == []


def test_closing_twice_gives_the_same_and_writes_nothing(book: Book) -> None:
    used_up(book)
    close, head = book.close("P", inventory(), stamp()), book.head()
    later = stamp(who="王五", why="又一次")
    assert book.close("P", inventory(), later) == close
    assert book.closed("P", 2024) == close
    assert book.head() == head
    assert codes(lambda: book.close("P", inventory(fuel=Decimal(601)), stamp())) == ["year-closed"]
    assert book.head() == head


def test_figures_are_equal_whatever_their_zeros(book: Book) -> None:
    close = book.close("P", inventory(fuel=Decimal("600.00")), stamp())
    assert book.close("P", inventory(fuel=Decimal(600)), stamp()) == close


def test_a_close_agrees_with_the_ledger_of_the_same_rows(book: Book) -> None:
    used_up(book)
    ledger = book.preview("P", inventory(), date(2025, 1, 20))
    close = book.close("P", inventory(), stamp())
    assert {name: node.value for name, node in ledger.totals.items()} == {
        name: close.total(name) for name in ledger.totals
    }
    entries = [entry for entry in close.ledger["entries"] if entry["register"] == "certificates"]
    assert [(entry["used"], entry["refused"]) for entry in entries] == [
        ("200", None),
        ("0", "ledger.not-cancelled"),
    ]


def test_a_closed_year_is_frozen_until_the_close_is_reversed(book: Book) -> None:
    key = use(book, contract(800_000), 400_000)
    cancelled = book.entries()[-1].number
    close = book.close("P", inventory(), stamp())
    assert codes(lambda: book.cancel("P", 2024, key, 1, stamp())) == ["year-closed"]
    assert codes(lambda: book.reverse(cancelled, stamp())) == ["year-closed"]
    book.reverse(close.entry, stamp(why="漏计了一半的绿电"))
    assert book.closed("P", 2024) is None
    book.cancel("P", 2024, key, 400_000, stamp())
    again = book.close("P", inventory(), stamp())
    assert (close.total("residual_tco2e"), again.total("residual_tco2e")) == (800, 600)
    assert again.entry > close.entry
    assert faults(book) == []


def test_other_parks_and_years_stay_open(book: Book) -> None:
    book.close("P", inventory(), stamp())
    use(book, contract(1000), 1000, park="Q")
    use(book, contract(1000, "LD-2", "2023"), 1000, 2023)
    accounts = {name: units for of in book.accounts().values() for name, units in of.items()}
    assert (accounts["cancelled/Q/2024"], accounts["cancelled/P/2023"]) == (1000, 1000)
    assert book.closed("Q", 2024) is None and book.closed("P", 2023) is None


def test_figures_unknown(book: Book) -> None:
    head = book.head()
    assert codes(lambda: book.close("P", inventory(fuel=None), stamp())) == ["book-figures-unknown"]
    national = inventory(method="cn-ndrc-910")
    assert codes(lambda: book.close("P", national, stamp())) == ["book-figures-unknown"]
    assert book.head() == head


# --- the order


def test_credits_wait_until_the_last_megawatt_hour_is_covered(book: Book) -> None:
    key = use(book, contract(800_000), 799_999)
    use(book, ccer(), 300)
    before = book.head()
    assert codes(lambda: book.close("P", inventory(), stamp())) == ["credit-before-certificates"]
    assert book.head() == before
    book.cancel("P", 2024, key, 1, stamp())
    assert book.close("P", inventory(), stamp()).total("residual_tco2e") == 300


def test_credits_wait_for_certificates_in_hand_and_say_how_many(book: Book) -> None:
    add(book, certificates(last=120))
    use(book, ccer(), 300)
    ledger = book.preview("P", inventory(), date(2025, 1, 20))
    (found,) = (found for found in ledger.faults if found.code == "ledger.credit-before-certificates")
    assert found.context["in_hand_mwh"] == "120"
    assert found.context["mwh"] == "800"
    for day, in_hand in ((date(2026, 4, 30), "120"), (date(2026, 5, 1), "0")):
        said = [found.context.get("in_hand_mwh") for found in book.preview("P", inventory(), day).faults]
        assert in_hand in said


def test_where_nothing_was_bought_credits_do_not_wait(book: Book) -> None:
    use(book, ccer(), 300)
    close = book.close("P", inventory(purchased=Decimal(0)), stamp())
    assert close.total("residual_tco2e") == 300


def test_own_reductions_come_first(book: Book) -> None:
    key = add(book, sink(1000))
    use(book, contract(800_000), 800_000)
    assert codes(lambda: book.close("P", inventory(), stamp())) == ["own-not-first"]
    book.cancel("P", 2024, key, 999, stamp())
    assert codes(lambda: book.close("P", inventory(), stamp())) == ["own-not-first"]
    book.cancel("P", 2024, key, 1, stamp())
    assert book.close("P", inventory(), stamp()).total("residual_tco2e") == 599


@pytest.mark.parametrize("given", [own(visible=True), own(visible=None), own(year=2023), sink(year=2025)])
def test_own_reductions_that_take_nothing_off_this_year_do_not_wait(book: Book, given: Any) -> None:
    add(book, given)
    use(book, contract(800_000), 800_000)
    assert book.close("P", inventory(), stamp()).total("residual_tco2e") == 600


def test_own_reductions_in_hand_alone_stop_nothing(book: Book) -> None:
    add(book, sink(1000))
    assert book.close("P", inventory(), stamp()).total("residual_tco2e") == 1000


def test_what_is_more_than_needed_is_left_over_with_a_warning(book: Book) -> None:
    use(book, contract(900_000), 900_000)
    use(book, ccer(last=700), 700)
    close = book.close("P", inventory(), stamp())
    assert close.total("residual_tco2e") == 0
    said = {found["code"] for found in close.ledger["faults"]}
    assert said == {"ledger.more-green-than-purchased", "ledger.more-credits-than-left"}


def test_certificates_that_came_with_a_contract_add_nothing(book: Book) -> None:
    use(book, contract(100_000), 100_000)
    key = use(book, certificates(last=100, contract="LD-1"), 40)
    assert book.close("P", inventory(), stamp()).total("green_mwh") == 100
    assert codes(lambda: book.transfer("P", "Q", key, 1, stamp())) == ["bound-to-contract"]
    assert codes(lambda: book.sell("P", key, 1, stamp())) == ["bound-to-contract"]


# --- serials


def test_one_serial_in_common_is_one_too_many(book: Book) -> None:
    add(book, certificates("A", 100, 200))
    for first, last in ((200, 300), (1, 100), (150, 150), (50, 250)):
        assert codes(lambda f=first, t=last: add(book, certificates("B", f, t), "Q")) == [
            "book-serials-twice"
        ]
    add(book, certificates("B", 201, 300), "Q")
    add(book, certificates("C", 1, 99), "Q")
    assert faults(book) == []


def test_serials_belong_to_their_registry_and_prefix(book: Book) -> None:
    add(book, certificates("A", 1, 10))
    add(book, certificates("B", 1, 10, registry="I-REC"))
    assert codes(lambda: add(book, certificates("C", 10, 11, registry=" i-rec "))) == ["book-serials-twice"]
    add(book, Certificates("D", "X-0001", "X-0010", "wind", Period(2024, 5), "EV1"))
    same = Certificates("E", "x-10", "", "wind", Period(2024, 5), "EV1")
    assert codes(lambda: add(book, same)) == ["book-serials-twice"]
    add(book, ccer())
    assert codes(lambda: add(book, ccer("C2", 300, 301), "Q")) == ["book-serials-twice"]
    add(book, ccer("C2", 301, 400), "Q")


def test_serials_of_thirty_digits(book: Book) -> None:
    top = 10**30 - 1
    key = add(book, certificates("A", top - 9, top))
    assert codes(lambda: add(book, certificates("B", top, top))) == ["book-serials-twice"]
    add(book, certificates("C", top - 20, top - 10))
    book.sell("P", key, 9, stamp())
    (left,) = (left for left in book.left("P", date(2025, 1, 1)) if left.instrument == key)
    assert left.serials == ((str(top), str(top)),)


@pytest.mark.parametrize(("first", "last"), [("", ""), ("ABC", "ABD"), ("10", "9"), ("A1", "B2"), ("", "5")])
def test_serials_that_cannot_be_read(book: Book, first: str, last: str) -> None:
    given = Certificates("A", first or " ", last, "wind", Period(2024, 5), "EV1")
    expected = "book-no-serials" if first else "book-incomplete"
    assert codes(lambda: add(book, given)) == [expected]


def test_ranges_split_lowest_serials_first(book: Book) -> None:
    key = add(book, Certificates("A", "GEC-0001", "GEC-0100", "wind", Period(2024, 5), "EV1"))
    book.cancel("P", 2024, key, 30, stamp())
    taken = book.transfer("P", "Q", key, 20, stamp())
    assert [(move.first, move.last) for move in taken.entry.moves] == [(31, 50)]
    book.transfer("Q", "P", key, 10, stamp())  # 31 to 40 come back
    assert [left.serials for left in book.left("P", date(2025, 1, 1))] == [
        (("GEC-0031", "GEC-0040"), ("GEC-0051", "GEC-0100"))
    ]
    both = book.cancel("P", 2024, key, 15, stamp())
    assert [(move.first, move.last) for move in both.entry.moves] == [(31, 40), (51, 55)]
    assert book.accounts()[key] == {"cancelled/P/2024": 45, "held/P": 45, "held/Q": 10}
    assert faults(book) == []


def test_a_transferred_certificate_serves_its_new_park_alone(book: Book) -> None:
    key = add(book, certificates(last=100))
    book.transfer("P", "Q", key, 100, stamp())
    assert codes(lambda: book.cancel("P", 2024, key, 1, stamp())) == ["book-overdrawn"]
    assert codes(lambda: add(book, certificates("again", 1, 100), "Q")) == ["book-serials-twice"]
    book.cancel("Q", 2024, key, 100, stamp())
    assert book.flows("P") == {"certificate": Flow(100, 0, 0, 100, 0)}
    assert book.flows("Q") == {"certificate": Flow(0, 0, 100, -100, 0)}
    assert book.close("Q", inventory(), stamp()).total("green_mwh") == 100


def test_quantities_to_the_last_and_one_beyond(book: Book) -> None:
    key = add(book, certificates(last=100))
    assert codes(lambda: book.sell("P", key, 101, stamp())) == ["book-overdrawn"]
    assert codes(lambda: book.sell("P", "certificates/P/none", 1, stamp())) == ["book-unknown"]
    for quantity in (0, -1, 10**15 + 1, True, 1.0):
        assert codes(lambda q=quantity: book.sell("P", key, q, stamp())) == ["book-bad-value"]
    book.sell("P", key, 100, stamp())
    assert book.accounts()[key] == {"sold/P": 100}


def test_an_oversale_changes_nothing(book: Book) -> None:
    """Accounting case O20: a batch with 999,999 MWh rolls back whole."""
    key = add(book, certificates(first=1, last=72950 + 9360))
    before = book.head()
    assert codes(lambda: book.cancel("P", 2024, key, 999_999, stamp())) == ["book-overdrawn"]
    assert book.head() == before
    for quantity in (8000, 100, 5000):
        book.cancel("P", 2024, key, quantity, stamp())
    assert book.accounts()[key] == {"cancelled/P/2024": 13100, "held/P": 69210}


@pytest.mark.shared
def test_the_balances_of_case_o20(book: Book, shared: Path) -> None:
    case = json.loads((shared / "accounting/cases/O20_gec_ledger.json").read_text("utf-8"))
    given = case["inputs"]
    expected = {line["name"]: line["value"] for line in case["expected"]}
    key = add(book, certificates(first=1, last=given["opening_sep"] + given["sep_MWh"]))
    for number, quantity in enumerate(given["settled_sep"]):
        for _ in range(2):  # the duplicate is ignored
            book.cancel("P", 2024, key, quantity, stamp(voucher=f"S{number}"))
    accounts = book.accounts()[key]
    assert accounts["cancelled/P/2024"] == expected["sep_settled"]
    assert accounts["held/P"] == expected["sep_balance"]


# --- certificate and credit for one megawatt-hour


def test_one_generation_is_a_certificate_or_a_credit(book: Book) -> None:
    add(book, certificates(project="风电-7"))  # 2024-05
    may = {"generated_from": Period(2024, 5), "generated_to": Period(2024, 5)}
    assert codes(lambda: add(book, ccer(project="风电-7", vintage=2024, **may), "Q")) == ["same-generation"]
    assert codes(lambda: add(book, ccer(project=" 风电-７ ", vintage=2024, **may))) == ["same-generation"]
    before = {"generated_from": Period(2024, 1), "generated_to": Period(2024, 4)}
    add(book, ccer("C1", 1, 10, 2024, project="风电-7", **before))
    add(book, ccer("C2", 11, 20, 2024, project="风电-8", **may))
    add(book, ccer("C3", 21, 30, 2024))  # no project told: nothing to compare
    assert codes(lambda: add(book, ccer("C4", 31, 40, 2024, project="风电-7"))) == ["same-generation"]
    add(book, ccer("C5", 41, 50, 2023, project="风电-7"))  # the months of its vintage
    april = certificates("G2", 300, 301, project="风电-7", generated=Period(2024, 4))
    assert codes(lambda: add(book, april)) == ["same-generation"]
    green = contract(period="2024-03", project="风电-7")
    assert codes(lambda: add(book, green)) == ["same-generation"]
    add(book, contract(period="2024-05", project="风电-7"))


def test_credits_with_months_the_wrong_way_round(book: Book) -> None:
    wrong = ccer(generated_from=Period(2023, 5), generated_to=Period(2023, 4))
    assert codes(lambda: add(book, wrong)) == ["book-bad-value"]


# --- years and days


@pytest.mark.parametrize(
    ("generated", "year", "refused"),
    [
        ("2024-05", 2024, ""),
        ("2024-05", 2025, ""),
        ("2024-05", 2026, "certificate-too-old"),
        ("2024-05", 2023, "certificate-too-new"),
        ("2023-01", 2024, ""),
        ("2022-12", 2024, "certificate-too-old"),
    ],
)
def test_years_of_a_certificate(book: Book, generated: str, year: int, refused: str) -> None:
    key = add(book, certificates(generated=read_period(generated)))
    day = stamp(date(2024, 6, 1))
    if refused:
        assert codes(lambda: book.cancel("P", year, key, 1, day)) == [refused]
    else:
        book.cancel("P", year, key, 1, day)


def test_the_last_day_of_validity(book: Book) -> None:
    key = add(book, certificates(generated=Period(2023, 2)))  # 24 months: to the end of January 2025
    last, beyond = date(2025, 1, 31), date(2025, 2, 1)
    assert book.left("P", last)[0].last_day == last
    assert book.expire("P", stamp(last)) is None
    assert codes(lambda: book.cancel("P", 2024, key, 1, stamp(beyond))) == ["book-expired"]
    assert codes(lambda: book.sell("P", key, 1, stamp(beyond))) == ["book-expired"]
    book.cancel("P", 2024, key, 1, stamp(last))
    gone = book.expire("P", stamp(beyond))
    assert gone is not None and [(m.first, m.last) for m in gone.entry.moves] == [(2, 200)]
    assert book.expire("P", stamp(beyond)) is None
    assert book.flows("P") == {"certificate": Flow(200, 0, 1, 0, 199)}
    assert book.left("P", beyond) == ()


def test_a_certificate_of_december_and_of_a_whole_year(book: Book) -> None:
    add(book, certificates("A", 1, 1, generated=Period(2023, 12)))
    add(book, certificates("B", 2, 2, generated=Period(2023)))
    days = {left.instrument: left.last_day for left in book.left("P", date(2024, 1, 1))}
    assert days == {"certificates/P/A": date(2025, 11, 30), "certificates/P/B": date(2024, 12, 31)}


@pytest.mark.parametrize(
    ("vintage", "refused"),
    [(2024, ""), (2019, ""), (2018, "vintage-too-old"), (2025, "vintage-too-new")],
)
def test_years_of_a_credit(book: Book, vintage: int, refused: str) -> None:
    key = add(book, ccer(vintage=vintage))
    if refused:
        assert codes(lambda: book.cancel("P", 2024, key, 1, stamp())) == [refused]
    else:
        book.cancel("P", 2024, key, 1, stamp())


@pytest.mark.parametrize("given", [contract(), own(), sink()])
def test_what_serves_its_own_year_alone(book: Book, given: Any) -> None:
    key = add(book, given)
    for year in (2023, 2025):
        assert codes(lambda y=year: book.cancel("P", y, key, 1, stamp())) == ["book-other-year"]
    assert codes(lambda: book.transfer("P", "Q", key, 1, stamp())) == ["book-not-transferable"]
    assert codes(lambda: book.sell("P", key, 1, stamp())) == ["book-not-transferable"]
    book.cancel("P", 2024, key, 1, stamp())


def test_what_is_left_and_when_it_runs_out(book: Book) -> None:
    add(book, ccer())
    add(book, contract())
    add(book, certificates(first=8, last=9))
    left = book.left("P", date(2026, 5, 1))
    assert left[0] == Left(
        "green_electricity/P/LD-1/2024", "green_electricity", 600_000, "kWh", (), 2024, 2024, None, False
    )
    assert left[1] == Left(
        "certificates/P/G1",
        "certificates",
        2,
        "certificate",
        (("8", "9"),),
        2024,
        2025,
        date(2026, 4, 30),
        True,
    )
    assert (left[2].last_year, left[2].last_day, left[2].serials) == (
        2028,
        None,
        (("CCER-000001", "CCER-000300"),),
    )


# --- acquisitions that are refused


def test_an_instrument_is_there_once(book: Book) -> None:
    for given in (own(), sink(), certificates(), ccer()):
        add(book, given)
        assert codes(lambda g=given: add(book, g)) == ["id-twice"]
    add(book, own(year=2023))
    add(book, own(), "Q")
    add(book, contract(period="2024-03"))
    for period in ("2024-03", "2024"):
        assert codes(lambda p=period: add(book, contract(period=p), "Q")) == ["period-twice"]
    assert codes(lambda: add(book, contract(period="2024-03"))) == ["period-twice"]
    add(book, contract(period="2024-04"), "Q")


def test_captured_carbon_is_stored_for_good_and_from_a_counted_source(book: Book) -> None:
    good = Removal("K1", "ccus", 2024, 1000, "EV1", permanent=True, source="E1/石灰窑")
    for permanent in (None, False):
        given = dataclasses.replace(good, permanent=permanent)
        assert codes(lambda g=given: add(book, g)) == ["not-permanent"]
    assert codes(lambda: add(book, dataclasses.replace(good, source=" "))) == ["book-incomplete"]
    use(book, good, 1000)
    assert book.close("P", inventory(), stamp()).total("removed_tco2e") == 1


def test_generation_begins_with_commissioning(book: Book) -> None:
    add(book, certificates(commissioned=date(2024, 5, 31)))
    late = certificates("G2", 300, 301, commissioned=date(2024, 6, 1))
    assert codes(lambda: add(book, late)) == ["generated-before-commissioned"]
    add(book, dataclasses.replace(late, commissioned=None))


def test_nuclear_power_counts_in_direct_supply_only(book: Book) -> None:
    traded = dataclasses.replace(contract(), technology="nuclear")
    assert codes(lambda: add(book, traded)) == ["not-renewable"]
    assert codes(lambda: add(book, certificates(technology="nuclear"))) == ["not-renewable"]
    use(book, dataclasses.replace(traded, kind="direct_supply"), 1000)
    assert book.close("P", inventory(), stamp()).total("green_mwh") == 1


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (certificates(evidence=""), ["book-no-proof"]),
        (certificates("", technology=" "), ["book-incomplete", "book-incomplete"]),
        (dataclasses.replace(ccer(), registry="", evidence=" "), ["book-incomplete", "book-no-proof"]),
        (dataclasses.replace(ccer(), kind="vcs"), ["book-bad-value"]),
        (dataclasses.replace(ccer(), vintage=1989), ["book-bad-value"]),
        (contract(0), ["book-bad-value"]),
        (sink(-5, year=2101), ["book-bad-value", "book-bad-value"]),
        (dataclasses.replace(sink(), kind="forest"), ["book-bad-value"]),
        (certificates(first=0, last=10**15), ["book-bad-value"]),
    ],
)
def test_cells_that_cannot_be(book: Book, given: Any, expected: list[str]) -> None:
    assert codes(lambda: add(book, given)) == expected
    assert book.entries() == ()


def test_certificates_and_credits_need_proof_of_cancellation(book: Book) -> None:
    for given in (certificates(), ccer()):
        key = add(book, given)
        assert codes(lambda k=key: book.cancel("P", 2024, k, 1, stamp(proof=" "))) == ["book-no-proof"]
    key = add(book, contract())
    book.cancel("P", 2024, key, 1, stamp(proof=""))
    assert codes(lambda: book.cancel("P", 1989, key, 1, stamp())) == ["book-bad-value"]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"who": " "}, "book-unsigned"),
        ({"why": ""}, "book-unsigned"),
        ({"when": datetime(2025, 1, 1)}, "book-bad-value"),
    ],
)
def test_every_entry_is_signed(book: Book, change: dict[str, Any], expected: str) -> None:
    signed = stamp(**change)
    works: list[Callable[[], object]] = [
        lambda: book.acquire("P", sink(), signed),
        lambda: book.sell("P", "k", 1, signed),
        lambda: book.transfer("P", "Q", "k", 1, signed),
        lambda: book.cancel("P", 2024, "k", 1, signed),
        lambda: book.expire("P", signed),
        lambda: book.reverse(1, signed),
        lambda: book.close("P", inventory(), signed),
    ]
    for work in works:
        assert codes(work) == [expected]


@pytest.mark.parametrize("park", ["", " ", "a/b", " a", "a\n"])
def test_names_of_parks(book: Book, park: str) -> None:
    assert codes(lambda: add(book, sink(), park)) == ["book-bad-value"]
    assert codes(lambda: book.transfer("P", park, "k", 1, stamp())) == ["book-bad-value"]


def test_no_transfer_to_itself(book: Book) -> None:
    key = add(book, certificates())
    assert codes(lambda: book.transfer("P", "P", key, 1, stamp())) == ["book-bad-value"]


# --- vouchers and reversals


def test_a_voucher_is_entered_once(book: Book) -> None:
    key = add(book, certificates(), voucher="V1")
    head = book.head()
    again = book.acquire("P", certificates(), stamp(voucher="V1", who="王五"))
    assert (again.new, again.instrument, book.head()) == (False, key, head)
    assert codes(lambda: add(book, certificates(last=201), voucher="V1")) == ["voucher-differs"]
    assert codes(lambda: book.sell("P", key, 1, stamp(voucher="V1"))) == ["voucher-differs"]
    assert book.sell("P", key, 1, stamp(voucher="V2")).new
    assert not book.sell("P", key, 1, stamp(voucher="V2")).new
    entry = book.transfer("P", "Q", key, 1, stamp(voucher="V3")).entry
    assert not book.transfer("P", "Q", key, 1, stamp(voucher="V3")).new
    assert book.reverse(entry.number, stamp(voucher="V4")).new
    assert not book.reverse(entry.number, stamp(voucher="V4")).new
    assert codes(lambda: book.transfer("P", "Q", key, 1, stamp(voucher="V3"))) == ["voucher-reversed"]
    assert book.accounts()[key] == {"held/P": 199, "sold/P": 1}
    assert codes(lambda: book.close("P", inventory(), stamp(voucher="V1"))) == ["voucher-differs"]
    assert codes(lambda: book.expire("P", stamp(date(2030, 1, 1), voucher="V1"))) == ["voucher-differs"]
    for _ in range(2):
        gone = book.expire("P", stamp(date(2030, 1, 1), voucher="V5"))
        assert gone is not None and gone.entry.voucher == "V5"


def test_a_close_with_the_voucher_of_a_close_taken_back(book: Book) -> None:
    close = book.close("P", inventory(), stamp(voucher="K"))
    assert book.close("P", inventory(), stamp(voucher="K")) == close
    book.reverse(close.entry, stamp())
    assert codes(lambda: book.close("P", inventory(), stamp(voucher="K"))) == ["voucher-reversed"]
    assert book.close("P", inventory(), stamp(voucher="K2")).entry == 3


def test_reversals(book: Book) -> None:
    key = add(book, certificates(last=100))
    book.transfer("P", "Q", key, 60, stamp())
    used = book.cancel("Q", 2024, key, 10, stamp()).entry
    assert codes(lambda: book.reverse(1, stamp())) == ["reversal-moved"]
    assert codes(lambda: book.reverse(2, stamp())) == ["reversal-moved"]
    assert codes(lambda: book.reverse(99, stamp())) == ["book-no-entry"]
    back = book.reverse(used.number, stamp()).entry
    assert codes(lambda: book.reverse(used.number, stamp())) == ["reversed-already"]
    assert codes(lambda: book.reverse(back.number, stamp())) == ["reversed-already"]
    book.reverse(2, stamp())
    book.reverse(1, stamp())
    assert book.accounts() == {} and book.flows("P") == {}
    assert codes(lambda: book.sell("P", key, 1, stamp())) == ["book-unknown"]
    add(book, certificates(first=50, last=150), "Q")  # the serials are free again
    add(book, certificates(first=1, last=49))
    assert codes(lambda: add(book, certificates("G9", 1, 1))) == ["book-serials-twice"]
    assert faults(book) == []


def test_an_expiry_taken_back(book: Book) -> None:
    key = add(book, certificates())
    gone = book.expire("P", stamp(date(2026, 5, 1)))
    assert gone is not None and book.accounts()[key] == {"expired/P": 200}
    book.reverse(gone.entry.number, stamp(why="日期填错"))
    assert book.accounts()[key] == {"held/P": 200}


# --- the file


def tamper(book: Book, *statements: str) -> None:
    """Change the file as somebody with a SQLite shell and bad intent would."""
    with sqlite3.connect(book.file) as connection:
        names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for (name,) in names:
            connection.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            connection.execute(statement)
    connection.close()


@pytest.mark.parametrize("table", ["book", "entries", "instruments", "moves"])
def test_the_tables_refuse_to_forget(book: Book, table: str) -> None:
    used_up(book)
    columns = {"book": "value", "entries": "why", "instruments": "count", "moves": "last"}
    for statement in (
        f"UPDATE {table} SET {columns[table]} = 5",
        f"DELETE FROM {table}",
        f"INSERT OR REPLACE INTO {table} SELECT * FROM {table} LIMIT 1",
    ):
        connection = sqlite3.connect(book.file)
        with pytest.raises(sqlite3.IntegrityError, match="append only"):
            connection.execute(statement)
        connection.close()
    assert faults(book) == []


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO entries SELECT number + 2, action, park, year, who, when_, why, on_, 'x', NULL, request,"
        " previous, hash || 'x' FROM entries",
        "INSERT INTO entries SELECT number + 1, action, park, year, who, when_, why, on_, 'x', NULL, request,"
        " previous, hash || 'x' FROM entries",
        "INSERT INTO moves VALUES(1, 2, 1, 'held/P', 'sold/P', 1, 201)",
        "INSERT INTO moves VALUES(1, 2, 1, 'held/Q', 'sold/Q', 1, 1)",
        "INSERT INTO moves VALUES(1, 2, 1, 'held/P', 'held/P', 1, 1)",
        "INSERT INTO moves VALUES(1, 2, 1, 'held/P', 'sold/P', 2, 1)",
    ],
)
def test_the_tables_refuse_what_does_not_follow(book: Book, statement: str) -> None:
    add(book, certificates())
    connection = sqlite3.connect(book.file)
    with pytest.raises(sqlite3.IntegrityError):
        connection.execute(statement)
    connection.close()


def test_postings_are_balanced_pairs(book: Book) -> None:
    used_up(book)
    connection = sqlite3.connect(book.file)
    sums = connection.execute(
        "SELECT instrument, sum(quantity), count(*) FROM postings GROUP BY 1"
    ).fetchall()
    connection.close()
    assert [(total, count) for _, total, count in sums] == [(0, 4)] * 6


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("UPDATE entries SET why = '别的' WHERE number = 3", {"book-broken-chain"}),
        ("UPDATE instruments SET count = 251 WHERE id = 'G1'", {"book-broken-chain", "book-not-conserved"}),
        ("DELETE FROM moves WHERE entry = 2", {"book-broken-chain", "book-close-differs"}),
        ("UPDATE moves SET last = 199 WHERE entry = 10", {"book-broken-chain", "book-close-differs"}),
        ("INSERT INTO moves VALUES(99, 1, 1, 'held/P', 'sold/P', 1, 1)", {"book-broken-chain"}),
        (
            "INSERT INTO moves VALUES(10, 2, 9, 'held/P', 'cancelled/P/2024', 201, 250)",
            {"book-broken-chain", "book-close-differs"},
        ),
        ("INSERT INTO moves VALUES(9, 2, 9, 'sold/P', 'held/P', 1, 1)", {"book-not-conserved"}),
    ],
)
def test_tampering_is_found(book: Book, statement: str, expected: set[str]) -> None:
    used_up(book)
    book.close("P", inventory(), stamp())
    tamper(book, statement)
    assert expected <= set(faults(book))


def test_a_book_written_anew_differs_from_a_head_noted_before(book: Book, tmp_path: Path) -> None:
    used_up(book)
    noted = book.head()
    assert faults(book, noted) == [] and noted.number == 12
    book.close("P", inventory(), stamp())
    assert faults(book, noted) == []
    tamper(book, "DELETE FROM entries WHERE number >= 12", "DELETE FROM moves WHERE entry >= 12")
    assert faults(book) == []  # cut short and consistent in itself
    assert faults(book, noted) == ["book-other-head"]
    other = open_book(tmp_path / "other.sqlite")
    for _ in range(12):
        add(other, own(name=f"M{_}"))
    assert faults(other, noted) == ["book-other-head"]


def test_overlaps_written_past_the_book_are_found(book: Book) -> None:
    add(book, certificates("A", 1, 10))
    add(book, certificates("B", 11, 20))
    tamper(
        book, "UPDATE instruments SET first = (SELECT first FROM instruments WHERE id = 'A') WHERE id = 'B'"
    )
    assert "book-serials-twice" in faults(book)


def test_a_close_finds_units_from_nowhere(book: Book) -> None:
    use(book, certificates(), 100)
    tamper(book, "INSERT INTO moves VALUES(1, 2, 1, 'sold/P', 'held/P', 1, 1)")
    assert codes(lambda: book.close("P", inventory(), stamp())) == ["book-not-conserved"]


def test_flows_and_places_check_each_other(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    use(book, certificates(), 100)
    monkeypatch.setattr(Lots, "balance", lambda self, account: 7)
    assert codes(lambda: book.close("P", inventory(), stamp())) == ["book-not-conserved"]
    assert not Flow(5, 1, 1, 1, 1).is_conserved


def test_the_hash_is_what_the_page_says(book: Book) -> None:
    """Written down in docs/concepts/ledger-book.md for others to check with their own means."""
    use(book, certificates(), 100)
    connection = sqlite3.connect(book.file)
    rows = connection.execute("SELECT * FROM entries ORDER BY number").fetchall()
    previous = hashlib.sha256(b"lingtan ledger book 1").hexdigest()
    for *said, request, before, digest in rows:
        moves = connection.execute(
            "SELECT instrument, source, target, first, last FROM moves WHERE entry = ? ORDER BY place",
            (said[0],),
        ).fetchall()
        content = [*said, json.loads(request), moves, previous]
        text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        assert (before, digest) == (previous, hashlib.sha256(text.encode()).hexdigest())
        previous = digest
    connection.close()


def test_a_book_that_is_not_there(tmp_path: Path) -> None:
    book = open_book(tmp_path / "book.sqlite")
    book.file.unlink()
    assert codes(book.head) == ["book-not-found"]


@pytest.mark.parametrize("content", [b"not a database at all" * 100, b"SQLite format 3\0 and no more"])
def test_a_damaged_book(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "book.sqlite"
    file.write_bytes(content)
    assert codes(lambda: open_book(file)) == ["book-damaged"]


def test_another_database_and_another_format(tmp_path: Path, book: Book) -> None:
    file = tmp_path / "other.sqlite"
    connection = sqlite3.connect(file)
    connection.execute("CREATE TABLE lake(key, value)")
    connection.close()
    assert codes(lambda: open_book(file).head()) == ["book-damaged"]
    tamper(book, "UPDATE book SET value = '2' WHERE key = 'format'")
    assert codes(book.head) == ["book-other-format"]


def test_a_book_that_cannot_be_written(tmp_path: Path) -> None:
    assert codes(lambda: open_book(tmp_path / "no folder" / "book.sqlite")) == ["book-not-written"]


def test_a_writer_that_does_not_end(book: Book) -> None:
    hasty = dataclasses.replace(book, patience=0.05)
    connection = sqlite3.connect(book.file, isolation_level=None)
    connection.execute("BEGIN IMMEDIATE")
    assert codes(lambda: add(hasty, sink())) == ["book-other-writer"]
    assert book.head().number == 0  # readers do not wait
    connection.execute("ROLLBACK")
    connection.close()
    add(hasty, sink())


def test_history_keeps_the_rules_of_its_time(tmp_path: Path) -> None:
    """Accounting case O20: nothing is computed again when a rule changes."""
    book = open_book(tmp_path / "book.sqlite")
    key = use(book, certificates(), 100)
    close = book.close("P", inventory(), stamp())
    shorter = book.rules.certificate_validity.model_copy(update={"value": Decimal(1)})
    later = open_book(book.file, rules=book.rules.model_copy(update={"certificate_validity": shorter}))
    assert later.close("P", inventory(), stamp()) == close
    later.cancel("P", 2025, key, 1, stamp())
    new = add(later, certificates("G2", 300, 301))
    assert codes(lambda: later.cancel("P", 2025, new, 1, stamp())) == ["certificate-too-old"]


# --- several at once


def test_ten_processes_hand_in_one_voucher(tmp_path: Path) -> None:
    """Accounting case O20; the book itself is made by all of them at once."""
    spawn = multiprocessing.get_context("forkserver")
    start, answers = spawn.Event(), spawn.Queue()
    file = tmp_path / "book.sqlite"
    children = [spawn.Process(target=submit, args=(file, start, answers)) for _ in range(10)]
    for process in children:
        process.start()
    start.set()
    new = [answers.get(timeout=60) for _ in children]
    for process in children:
        process.join()
    assert sorted(new) == [False] * 9 + [True]
    assert open_book(file).head().number == 1


def test_threads_share_a_book(book: Book) -> None:
    key = add(book, certificates(last=40))
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: book.cancel("P", 2024, key, 1, stamp()), range(40)))
    assert book.accounts()[key] == {"cancelled/P/2024": 40}


def test_the_page_of_the_book_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = Path(__file__).resolve().parents[2] / "docs/concepts/ledger-book.md"
    (code,) = re.findall(r"```python\n(.*?)```", page.read_text("utf-8"), re.DOTALL)
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {}
    exec(code, names)
    (left,) = names["book"].left("P", date(2025, 2, 10))
    assert names["key"] == "certificates/P/GEC-01"
    assert (left.serials, left.last_day) == ((("100151", "100200"),), date(2026, 4, 30))


# --- lots by themselves


def test_lots() -> None:
    lots = Lots(10)
    assert (
        lots.apply([Move(1, "issued", "a", 1, 10), Move(1, "a", "b", 4, 6), Move(1, "b", "c", 5, 5)]) is None
    )
    assert lots.accounts() == {"a": 7, "b": 2, "c": 1}
    assert lots.ranges("a") == [(1, 3), (7, 10)]
    assert lots.take("a", 5) == [(1, 3), (7, 8)]
    assert lots.take("a", 7) == [(1, 3), (7, 10)] and lots.take("a", 8) is None
    assert lots.apply([bad := Move(1, "a", "b", 3, 4)]) == bad
    assert not lots.holds("a", 10, 11) and not lots.holds("a", 0, 1) and lots.holds("a", 7, 10)
    assert lots.apply([Move(1, "c", "b", 5, 5), Move(1, "b", "a", 4, 6)]) is None
    assert lots.ranges("a") == [(1, 10)]


def test_stamps_take_the_day_of_the_moment() -> None:
    moment = stamp().when
    assert Stamp("a", moment, "b").day == moment.date()
    assert Stamp("a", moment, "b", moment.date() - timedelta(1)).day == date(2025, 1, 19)
