"""What holds of every ledger, whatever is handed in."""

from __future__ import annotations

import random
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from lingtan.dossier.records import Cell, Dossier, Park, Reporting, Row
from lingtan.errors import Place
from lingtan.expressions import replay
from lingtan.inventory.records import Inventory, Line
from lingtan.ledger import Ledger, check_ledger, compute_ledger
from lingtan.periods import Period
from lingtan.trace import Node

REGISTERS = ("removals", "measures", "green_electricity", "certificates", "credits")
amounts = st.decimals(0, 1000, places=3, allow_nan=False)
years = st.sampled_from([None, Decimal(2018), Decimal(2022), Decimal(2023), Decimal(2024), Decimal(2025)])
evidence = st.sampled_from([None, "EV1", "EV1", "EV1"])
yes_no = st.sampled_from([None, True, False])
names = st.sampled_from(["A", "B", "C", "D"])


def row(register: str, name: str, cells: dict[str, Cell]) -> Row:
    return Row(register, name, cells, Place(f"{register}.csv", row=2))


@st.composite
def serials(draw: st.DrawFn) -> dict[str, Cell]:
    first = draw(st.integers(1, 3000))
    return {"serial_from": str(first), "serial_to": str(first + draw(st.integers(0, 2000)))}


@st.composite
def instruments(draw: st.DrawFn) -> Row:
    register = draw(st.sampled_from(REGISTERS))
    name, amount, year = draw(names), draw(amounts), draw(years)
    cells: dict[str, Cell] = {"evidence": draw(evidence)}
    if register == "removals":
        kind = draw(st.sampled_from(["sink", "ccus"]))
        cells |= {"removal": name, "quantity_tco2e": amount, "year": year, "kind": kind}
        cells |= {"permanent": draw(yes_no)}
    elif register == "measures":
        cells |= {"measure": name, "verified_reduction_tco2e": amount, "year": year}
        cells |= {"visible_in_inventory": draw(yes_no), "status": "implemented"}
    elif register == "green_electricity":
        period = Period(2024, draw(st.integers(0, 3)))
        cells |= {"contract": name, "settled_mwh": amount, "period": period}
    else:
        cells |= {"cancelled_year": year, **draw(serials())}
        if register == "certificates":
            month = Period(draw(st.integers(2021, 2025)), draw(st.integers(1, 12)))
            cells |= {"certificate": name, "quantity_mwh": amount, "generation_month": month}
        else:
            vintage = Decimal(draw(st.integers(2015, 2025)))
            cells |= {"credit": name, "quantity_tco2e": amount, "vintage": vintage, "kind": "ccer"}
    return row(register, name, cells)


@st.composite
def inventories(draw: st.DrawFn) -> Inventory:
    fuel, bought = draw(amounts), draw(amounts)
    factor = draw(st.sampled_from([Decimal("0.5366"), Decimal("0.8325"), Decimal(0), Decimal(1) / 3]))
    node = Node("scope2", bought * factor, "tCO2e")
    line = Line(
        "electricity", "2", "E1", "electricity", bought, "MWh", factor, "t/MWh", "f", bought * factor, node
    )
    totals = {
        "gross_tco2e": Node("gross_tco2e", fuel + bought * factor, "tCO2e"),
        "purchased_electricity_mwh": Node("purchased_electricity_mwh", bought, "MWh"),
    }
    return Inventory("park", 2024, "AR6", totals, (line,), (), (), ())


def park(rows: list[Row]) -> Dossier:
    registers = {name: tuple(r for r in rows if r.register == name) for name in REGISTERS}
    registers["evidence"] = (row("evidence", "EV1", {"id": "EV1"}),)
    identity = Park(id="p", name_zh="园区", reporting=Reporting(year=2024), confirmed_empty=REGISTERS)
    return Dossier("p", identity, registers)


def number(ledger: Ledger, name: str) -> Decimal:
    value = ledger.totals[f"{name}_tco2e"].value
    assert isinstance(value, Decimal)
    return value


many = st.lists(instruments(), max_size=12)


@settings(max_examples=150, deadline=None)
@given(many, inventories())
def test_gross_is_conserved_and_every_total_replays(rows: list[Row], inventory: Inventory) -> None:
    ledger = compute_ledger(park(rows), inventory)
    parts = [number(ledger, name) for name in ("removed", "green", "credits", "residual")]
    assert min(parts) >= 0
    assert abs(sum(parts) - number(ledger, "gross")) < Decimal("1e-20")
    assert not {fault.code for fault in check_ledger(ledger)} & {
        "ledger.not-balanced",
        "ledger.overdrawn",
        "ledger.entries-differ",
    }
    for node in ledger.totals.values():
        assert replay(node) == node.value


@settings(max_examples=100, deadline=None)
@given(many, inventories(), st.randoms(use_true_random=False))
def test_order_of_rows_does_not_matter(rows: list[Row], inventory: Inventory, chance: random.Random) -> None:
    shuffled = chance.sample(rows, len(rows))
    assert compute_ledger(park(rows), inventory) == compute_ledger(park(shuffled), inventory)


@settings(max_examples=100, deadline=None)
@given(many, inventories())
def test_what_is_refused_takes_nothing_off(rows: list[Row], inventory: Inventory) -> None:
    spent = {"more-removed-than-gross", "more-green-than-purchased", "more-credits-than-left"}
    ledger = compute_ledger(park(rows), inventory)
    for entry in ledger.entries:
        if entry.refused and entry.refused.removeprefix("ledger.") not in spent:
            assert entry.used == entry.used_tco2e == 0


@settings(max_examples=100, deadline=None)
@given(many, inventories())
def test_a_credit_never_stands_before_open_electricity(rows: list[Row], inventory: Inventory) -> None:
    ledger = compute_ledger(park(rows), inventory)
    bought = inventory.totals["purchased_electricity_mwh"].value
    is_open = ledger.totals["green_mwh"].value != bought and inventory.lines[0].factor > 0
    if is_open and number(ledger, "gross") > number(ledger, "removed") + number(ledger, "green"):
        assert number(ledger, "credits") == 0


@settings(max_examples=100, deadline=None)
@given(many, inventories(), amounts)
def test_a_further_contract_never_raises_the_residual(
    rows: list[Row], inventory: Inventory, settled: Decimal
) -> None:
    cells: dict[str, Cell] = {
        "contract": "Z", "settled_mwh": settled, "period": Period(2024), "evidence": "EV1",
    }  # fmt: skip
    before = compute_ledger(park(rows), inventory)
    after = compute_ledger(park([*rows, row("green_electricity", "Z", cells)]), inventory)
    assert number(after, "residual") <= number(before, "residual") + Decimal("1e-20")
