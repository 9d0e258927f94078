"""Many random operations on the book against a simple model; several processes on one file."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sqlite3
import tempfile
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

from book_hammer import ALL_PARKS, FIGURES, YEARS, hammer
from book_parts import ccer, certificates, contract, own, sink, stamp
from hypothesis import HealthCheck, event, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from lingtan.errors import LingtanError
from lingtan.ledger.book import Book, Close, open_book
from lingtan.periods import Period

PARKS = ("P", "Q")
REGISTERS = ("measures", "removals", "green_electricity", "certificates", "credits")
FUEL, BOUGHT = 20, 12  # as in FIGURES: 12 MWh at 0.5 t/MWh, gross is 26 t
CONTEXT = multiprocessing.get_context("forkserver")
parks, years = st.sampled_from(PARKS), st.sampled_from(YEARS)
serials, sizes = st.integers(1, 40), st.integers(1, 15)
days = st.sampled_from([date(2025, 1, 20), date(2025, 12, 31), date(2026, 1, 1), date(2026, 4, 30)])
projects = st.sampled_from(["", "", "W1"])


@dataclass
class Thing:
    """An instrument of the model: the account of each of its units."""

    key: str
    register: str
    where: list[str]
    years: range
    last_day: date | None = None
    serials: range = range(0)
    months: range = range(0)
    project: str = ""
    contract: str = ""
    deducts: bool = True
    live: bool = True

    def units(self, account: str) -> list[int]:
        return [number for number, where in enumerate(self.where) if where == account]


@dataclass
class Done:
    """An entry of the model: which units went from where to where."""

    action: str
    park: str
    year: int | None
    moves: list[tuple[Thing, int, str, str]]
    reversed: bool = False


@dataclass
class Model:
    """The book without a file: lists of units."""

    things: list[Thing] = field(default_factory=list)
    done: list[Done] = field(default_factory=list)
    closed: dict[tuple[str, int], int] = field(default_factory=dict)

    def live(self) -> list[Thing]:
        return [thing for thing in self.things if thing.live]

    def enter(self, action: str, park: str, year: int | None, moves: list[Any]) -> None:
        for thing, number, _, target in moves:
            thing.where[number] = target
        self.done.append(Done(action, park, year, moves))

    def refuse_acquisition(self, new: Thing) -> str:
        if any(thing.key == new.key for thing in self.live()):
            return "period-twice" if new.register == "green_electricity" else "id-twice"
        for thing in self.live():
            same = thing.register == new.register
            is_settled = new.register == "green_electricity" and thing.contract == new.contract
            if same and is_settled and _share(thing.months, new.months):
                return "period-twice"
            if same and _share(thing.serials, new.serials):
                return "book-serials-twice"
        for thing in self.live():
            differ = (thing.register == "credits") != (new.register == "credits")
            if differ and new.project and thing.project == new.project and _share(thing.months, new.months):
                return "same-generation"
        return ""

    def refuse_use(self, thing: Thing, account: str, quantity: int) -> str:
        return "" if quantity <= len(thing.units(account)) else "book-overdrawn"

    def refuse_cancel(self, thing: Thing, park: str, year: int, quantity: int, day: date) -> set[str]:
        if (park, year) in self.closed:
            return {"year-closed"}
        if quantity > len(thing.units(f"held/{park}")):
            return {"book-overdrawn"}
        found = set()
        if year not in thing.years:
            direction = "new" if year < thing.years[0] else "old"
            kinds = {"certificates": f"certificate-too-{direction}", "credits": f"vintage-too-{direction}"}
            found.add(kinds.get(thing.register, "book-other-year"))
        if thing.last_day and day > thing.last_day:
            found.add("book-expired")
        return found

    def judge(self, park: str, year: int) -> tuple[set[str], Fraction]:
        """Why a close is refused, and the residual where it is not; in fractions of a tonne."""
        used: dict[str, Fraction] = defaultdict(Fraction)
        own_left = False
        for thing in self.things:
            count = Fraction(len(thing.units(f"cancelled/{park}/{year}")))
            if thing.register in ("measures", "removals") and thing.deducts:
                used["own"] += count / 1000
                own_left |= year in thing.years and bool(thing.units(f"held/{park}"))
            elif thing.register == "green_electricity":
                used["mwh"] += count / 1000
            elif thing.register == "certificates" and not thing.contract:
                used["mwh"] += count
            elif thing.register == "credits":
                used["credits"] += count
        bought, electricity = Fraction(BOUGHT), Fraction(BOUGHT) / 2
        gross = Fraction(FUEL) + electricity
        removed = min(used["own"], gross)
        covered = min(used["mwh"], bought)
        green = min(electricity * covered / bought, gross - removed)
        left = gross - removed - green
        still_open = min(electricity * (bought - covered) / bought, left)
        wrong = {"credit-before-certificates"} if used["credits"] and still_open else set()
        credits = min(used["credits"], left) if not wrong else Fraction(0)
        if own_left and green + credits:
            wrong.add("own-not-first")
        return wrong, left - credits


def _share(one: range, other: range) -> bool:
    return bool(one and other and one[0] <= other[-1] and other[0] <= one[-1])


def _month(year: int, month: int) -> int:
    return year * 12 + month - 1


class BookMachine(RuleBasedStateMachine):
    """Whatever is done in whatever order, the book and the model agree."""

    @initialize()
    def begin(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.book = open_book(Path(self.folder.name) / "book.sqlite")
        self.model = Model()
        self.names = 0

    def teardown(self) -> None:
        if hasattr(self, "book"):
            assert self.book.check() == ()
            self.folder.cleanup()

    def refused(self, work: Any) -> set[str]:
        """The codes `work` is refused for; a refusal leaves the book as it was."""
        before = self.book.head()
        try:
            work()
        except LingtanError as error:
            assert self.book.head() == before
            found = {fault.code.removeprefix("ledger.") for fault in error.faults}
            event(f"refused {sorted(found)}")
            return found
        return set()

    def acquire(self, park: str, given: Any, new: Thing) -> None:
        expected = self.model.refuse_acquisition(new)
        found = self.refused(lambda: self.book.acquire(park, given, stamp()))
        assert found == ({expected} if expected else set())
        if not found:
            self.model.things.append(new)
            moves = [(new, number, "issued", f"held/{park}") for number in range(len(new.where))]
            self.model.enter("acquire", park, None, moves)

    def name(self, stem: str, again: bool) -> str:
        self.names += not again
        return f"{stem}{self.names}"

    @rule(park=parks, first=serials, size=sizes, project=projects, again=st.booleans(), bound=st.booleans())
    def acquire_certificates(
        self, park: str, first: int, size: int, project: str, again: bool, bound: bool
    ) -> None:
        name, month = self.name("G", again and first % 4 == 0), 1 + first % 12
        cells = {"generated": Period(2024, month), "project": project, "contract": "LD-1" if bound else ""}
        last_day = date(2025, 12, 31) if month == 1 else date(2026, month, 1).replace(day=1)
        if month > 1:
            last_day = date.fromordinal(last_day.toordinal() - 1)
        new = Thing(
            f"certificates/{park}/{name}",
            "certificates",
            ["issued"] * size,
            range(2024, 2026),
            last_day,
            range(first, first + size),
            range(_month(2024, month), _month(2024, month) + 1),
            project,
            cells["contract"],
        )
        self.acquire(park, certificates(name, first, first + size - 1, **cells), new)

    @rule(
        park=parks, first=serials, size=sizes, project=projects, vintage=st.sampled_from([2019, 2024, 2025])
    )
    def acquire_credits(self, park: str, first: int, size: int, project: str, vintage: int) -> None:
        self.credit(park, first, size, project, vintage)

    def credit(self, park: str, first: int, size: int, project: str, vintage: int) -> None:
        name = self.name("C", again=False)
        new = Thing(
            f"credits/{park}/{name}",
            "credits",
            ["issued"] * size,
            range(vintage, vintage + 6),
            None,
            range(first, first + size),
            range(_month(vintage, 1), _month(vintage + 1, 1)),
            project,
        )
        self.acquire(park, ccer(name, first, first + size - 1, vintage, project=project), new)

    @rule(park=parks, year=years, kg=st.integers(1, 30_000), kind=st.sampled_from(["sink", "own", "shown"]))
    def acquire_own(self, park: str, year: int, kg: int, kind: str) -> None:
        register = "removals" if kind == "sink" else "measures"
        name = f"M{kg % 3}"
        given = sink(kg, name, year) if kind == "sink" else own(kg, name, year, visible=kind == "shown")
        key = f"{register}/{park}/{name}/{year}"
        new = Thing(key, register, ["issued"] * kg, range(year, year + 1), deducts=kind != "shown")
        self.acquire(park, given, new)

    @rule(park=parks, year=years, kwh=st.integers(1, 14_000), month=st.integers(0, 3), project=projects)
    def acquire_contract(self, park: str, year: int, kwh: int, month: int, project: str) -> None:
        self.settle(park, Period(year, month), kwh, "LD-1", project)

    @rule(park=parks, year=years, kwh=st.sampled_from([1, 11_999, 12_000, 14_000]), first=serials)
    def close_to_the_limit(self, park: str, year: int, kwh: int, first: int) -> None:
        """Power that covers what was bought, or not by one kilowatt-hour; then credits, then the close."""
        self.settle(park, Period(year), kwh, self.name("LD-Z", again=False), "")
        self.credit(park, first, 5, "", 2024)
        self.cancel_all(park, year, set(REGISTERS[2:]), True)

    def settle(self, park: str, period: Period, kwh: int, name: str, project: str) -> None:
        year, month = period.year, period.month
        months = range(_month(year, month or 1), _month(year, month or 12) + 1)
        new = Thing(
            f"green_electricity/{park}/{name}/{period}",
            "green_electricity",
            ["issued"] * kwh,
            range(year, year + 1),
            months=months,
            project=project,
            contract=name,
        )
        self.acquire(park, contract(kwh, name, str(period), project=project), new)

    @precondition(lambda self: self.model.live())
    @rule(data=st.data(), park=parks, sells=st.booleans(), part=st.floats(0, 1.2), day=days)
    def hand_on(self, data: st.DataObject, park: str, sells: bool, part: float, day: date) -> None:
        thing = data.draw(st.sampled_from(self.model.live()))
        buyer = next(other for other in PARKS if other != park)
        units = thing.units(f"held/{park}")
        quantity = max(1, int(part * len(units)))
        expected = self.model.refuse_use(thing, f"held/{park}", quantity)
        if not expected and thing.register not in ("certificates", "credits"):
            expected = "book-not-transferable"
        elif not expected and thing.contract:
            expected = "bound-to-contract"
        elif not expected and thing.last_day and day > thing.last_day:
            expected = "book-expired"
        signed = stamp(day)
        if sells:
            found = self.refused(lambda: self.book.sell(park, thing.key, quantity, signed))
        else:
            found = self.refused(lambda: self.book.transfer(park, buyer, thing.key, quantity, signed))
        assert found == ({expected} if expected else set())
        if not found:
            target = f"sold/{park}" if sells else f"held/{buyer}"
            moves = [(thing, number, f"held/{park}", target) for number in units[:quantity]]
            self.model.enter("sell" if sells else "transfer", park, None, moves)

    @precondition(lambda self: self.model.live())
    @rule(data=st.data(), park=parks, year=years, part=st.floats(0, 1.1), day=days)
    def cancel(self, data: st.DataObject, park: str, year: int, part: float, day: date) -> None:
        mine = [thing for thing in self.model.live() if thing.units(f"held/{park}")]
        thing = data.draw(st.sampled_from(mine or self.model.live()))
        self.use(thing, park, year, max(1, round(part * len(thing.units(f"held/{park}")))), day)

    @rule(
        park=parks, year=years, registers=st.sets(st.sampled_from(REGISTERS), min_size=1), close=st.booleans()
    )
    def cancel_some(self, park: str, year: int, registers: set[str], close: bool) -> None:
        self.cancel_all(park, year, registers, close)

    def cancel_all(self, park: str, year: int, registers: set[str], close: bool) -> None:
        """All of some kinds that the park holds and that serves the year, as before a close."""
        for thing in self.model.live():
            units = thing.units(f"held/{park}")
            if units and thing.register in registers and year in thing.years:
                self.use(thing, park, year, len(units), date(2025, 1, 20))
        if close:
            self.close(park, year)

    def use(self, thing: Thing, park: str, year: int, quantity: int, day: date) -> None:
        expected = self.model.refuse_cancel(thing, park, year, quantity, day)
        found = self.refused(lambda: self.book.cancel(park, year, thing.key, quantity, stamp(day)))
        assert found == expected
        if not found:
            units = thing.units(f"held/{park}")[:quantity]
            moves = [(thing, number, f"held/{park}", f"cancelled/{park}/{year}") for number in units]
            self.model.enter("cancel", park, year, moves)

    @rule(park=parks, day=days)
    def expire(self, park: str, day: date) -> None:
        posted = self.book.expire(park, stamp(day))
        moves = [
            (thing, number, f"held/{park}", f"expired/{park}")
            for thing in self.model.things
            if thing.last_day and day > thing.last_day
            for number in thing.units(f"held/{park}")
        ]
        assert (posted is not None) == bool(moves)
        if moves:
            self.model.enter("expire", park, None, moves)
        assert self.book.expire(park, stamp(day)) is None

    @rule(park=parks, year=years)
    def close_year(self, park: str, year: int) -> None:
        self.close(park, year)

    def close(self, park: str, year: int) -> None:
        expected, residual = self.model.judge(park, year)
        if (park, year) in self.model.closed:
            expected = set()
        closes: list[Close] = []
        found = self.refused(lambda: closes.append(self.book.close(park, FIGURES[year], stamp())))
        assert found == expected
        if found:
            return
        total = closes[0].total("residual_tco2e")
        assert total is not None and abs(Fraction(total) - residual) < Fraction(1, 10**20)
        assert all(flow.is_conserved for flow in closes[0].flows.values())
        if (park, year) not in self.model.closed:
            event("closed")
            if closes[0].total("credits_tco2e"):
                event("closed with credits")
            self.model.enter("close", park, year, [])
            self.model.closed[park, year] = len(self.model.done)
        head = self.book.head()
        assert self.book.close(park, FIGURES[year], stamp(why="again")) == closes[0]
        assert self.book.head() == head and closes[0].entry == self.model.closed[park, year]

    @precondition(lambda self: self.model.done)
    @rule(data=st.data())
    def reverse(self, data: st.DataObject) -> None:
        number = data.draw(st.integers(max(1, len(self.model.done) - 6), len(self.model.done)))
        done = self.model.done[number - 1]
        expected = ""
        if done.reversed or done.action == "reverse":
            expected = "reversed-already"
        elif done.action == "cancel" and (done.park, done.year) in self.model.closed:
            expected = "year-closed"
        elif any(thing.where[unit] != target for thing, unit, _, target in done.moves):
            expected = "reversal-moved"
        found = self.refused(lambda: self.book.reverse(number, stamp(why="登记有误")))
        assert found == ({expected} if expected else set())
        if found:
            return
        event(f"reversed {done.action}")
        moves = [(thing, unit, target, source) for thing, unit, source, target in done.moves]
        self.model.enter("reverse", done.park, done.year, moves)
        done.reversed = True
        if done.action == "acquire":
            done.moves[0][0].live = False
        if done.action == "close" and done.year is not None:
            del self.model.closed[done.park, done.year]

    @invariant()
    def accounts_are_those_of_the_model(self) -> None:
        if not hasattr(self, "book"):
            return
        assert self.book.head().number == len(self.model.done)
        expected = {thing.key: dict(Counter(thing.where)) for thing in self.model.live()}
        assert self.book.accounts() == expected

    @invariant()
    def no_serial_is_used_twice(self) -> None:
        if not hasattr(self, "book"):
            return
        seen: Counter[tuple[str, int]] = Counter()
        for thing in self.model.live():
            seen.update((thing.register, serial) for serial in thing.serials)
        assert not seen or max(seen.values()) == 1


BookMachine.TestCase.settings = settings(
    max_examples=70,
    stateful_step_count=30,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
)
TestBookMachine = BookMachine.TestCase


# --- several processes on one file

EXPECTED = {
    "book-expired",
    "book-no-entry",
    "book-not-transferable",
    "book-other-year",
    "book-overdrawn",
    "book-serials-twice",
    "book-unknown",
    "certificate-too-new",
    "certificate-too-old",
    "credit-before-certificates",
    "id-twice",
    "own-not-first",
    "period-twice",
    "reversal-moved",
    "reversed-already",
    "same-generation",
    "vintage-too-new",
    "vintage-too-old",
    "year-closed",
}


def assert_sound(book: Book) -> None:
    """What holds of every book, found from its tables by other means than its own."""
    assert book.check(book.head()) == ()
    connection = sqlite3.connect(book.file)
    where: dict[int, list[str]] = {}
    serial: dict[int, tuple[str, str, int]] = {}
    for number, register, count, registry, first in connection.execute(
        "SELECT number, register, count, registry, first FROM instruments"
    ):
        where[number] = ["issued"] * count
        serial[number] = register, registry, int(first)
    frozen: dict[tuple[str, int], int] = {}
    for number, action, park, year, reverses in connection.execute(
        "SELECT number, action, park, year, reverses FROM entries ORDER BY number"
    ).fetchall():
        if action == "close":
            assert (park, year) not in frozen
            frozen[park, year] = number
        if action == "reverse" and frozen.get((park, year)) == reverses:
            del frozen[park, year]
        for instrument, source, target, first, last in connection.execute(
            "SELECT instrument, source, target, first, last FROM moves WHERE entry = ? ORDER BY place",
            (number,),
        ):
            for account in (source, target):
                _, _, rest = account.partition("cancelled/")
                owner, _, of_year = rest.partition("/")
                assert not rest or (owner, int(of_year)) not in frozen, "a frozen year moved"
            assert set(where[instrument][first - 1 : last]) == {source}, "units from nowhere"
            where[instrument][first - 1 : last] = [target] * (last - first + 1)
    (lowest,) = connection.execute(
        "SELECT min(total) FROM (SELECT sum(quantity) AS total FROM postings WHERE account != 'issued'"
        " GROUP BY instrument, account)"
    ).fetchone()
    (unbalanced,) = connection.execute(
        "SELECT count(*) FROM (SELECT 1 FROM postings GROUP BY instrument HAVING sum(quantity) != 0)"
    ).fetchone()
    connection.close()
    assert lowest >= 0 and unbalanced == 0
    taken: Counter[tuple[str, str, int]] = Counter()
    for number, units in where.items():
        register, registry, first = serial[number]
        if register in ("certificates", "credits"):
            taken.update(
                (register, registry, first + at) for at, account in enumerate(units) if account != "issued"
            )
    assert max(taken.values()) == 1
    for park in ALL_PARKS:
        assert all(flow.is_conserved for flow in book.flows(park).values())
    for (park, year), number in frozen.items():
        close = book.closed(park, year)
        assert close is not None and close.entry == number
        ledger = book.preview(park, FIGURES[year], date(2025, 1, 20))
        assert not [fault for fault in ledger.faults if fault.severity == "error"], "the order is broken"
        assert ledger.totals["residual_tco2e"].value == close.total("residual_tco2e")
        head = book.head()
        assert book.close(park, FIGURES[year], stamp()) == close
        assert book.head() == head


def test_processes_hammer_one_book(tmp_path: Path) -> None:
    """Four processes, 600 operations each; a fifth one is killed in the middle of its work."""
    workers, operations = 4, 600
    answers = CONTEXT.Queue()
    file = tmp_path / "book.sqlite"
    works = [(file, seed, operations, answers) for seed in range(workers)]
    children = [CONTEXT.Process(target=hammer, args=work) for work in works]
    unread = CONTEXT.Queue()
    victim = CONTEXT.Process(target=hammer, args=(file, 99, 100_000, unread))
    for process in (*children, victim):
        process.start()
    book = open_book(file)
    while book.head().number < 150:
        time.sleep(0.01)
    assert victim.pid is not None and victim.is_alive()
    os.kill(victim.pid, signal.SIGKILL)
    ended: Counter[str] = sum((answers.get(timeout=300) for _ in children), Counter())
    for process in (*children, victim):
        process.join()
    assert set(ended) - {"done"} <= EXPECTED, ended
    assert sum(ended.values()) >= workers * operations and ended["done"] > 500
    actions = Counter(entry.action for entry in book.entries())
    assert set(actions) == {"acquire", "transfer", "sell", "cancel", "expire", "close", "reverse"}
    assert_sound(book)
