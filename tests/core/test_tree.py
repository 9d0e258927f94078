"""The meter tree: formulas, balances, and that nothing counts twice."""

from __future__ import annotations

import random
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lingtan.dossier.records import Cell, Dossier, Park, Reporting, Row
from lingtan.errors import LingtanError, Place
from lingtan.metering.records import MeterEnergy, Metering
from lingtan.metering.tree import (
    MeterTree,
    build_tree,
    check_balances,
    compute_balances,
    compute_residuals,
    compute_total,
    compute_virtual,
    find_double_counts,
)
from lingtan.metering.tree.coverage import compute_fitting, compute_online, find_submetered
from lingtan.metering.tree.formulas import FormulaError, parse_formula

BLANK: dict[str, Cell] = {
    "carrier": "electricity",
    "role": "sub",
    "parent": None,
    "quantity": "interval",
    "unit": "kWh",
    "formula": None,
}


def row(meter: str, **cells: Cell) -> Row:
    return Row("meters", meter, {**BLANK, "meter": meter, **cells}, Place("meters.csv", row=len(meter)))


def tree_of(*rows: Row) -> MeterTree:
    return build_tree({one.text("meter"): one for one in rows})


def energies(**values: int) -> dict[str, Decimal | None]:
    return {name: Decimal(value) for name, value in values.items()}


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("[A]", {"A": 1}),
        ("[E001-EL] - [E001-EL-P] * 0.5", {"E001-EL": 1, "E001-EL-P": Decimal("-0.5")}),
        ("2 * ([甲 表] + [B.1])", {"甲 表": 2, "B.1": 2}),
        ("[A] + [A] - [A]", {"A": 1}),
        ("-[A] - -[B]", {"A": -1, "B": 1}),
        ("[A] - [A]", {}),
        ("([A] - 2 + 2) * 3", {"A": 3}),
    ],
)
def test_formulas_are_linear_forms(text: str, form: dict[str, Decimal]) -> None:
    assert parse_formula(text) == form


@pytest.mark.parametrize(
    "text",
    ["", "[A] * [B]", "[A] + 1", "[A", "A + B", "[A] ** 2", "__import__('os')", "[A] / 2", "(" * 5000,
     "-" * 9999 + "[A]", "[A] +", "1e9 * [A]", "[" + "A" * 500 + "]", "[A]" + "+[A]" * 9999],
)  # fmt: skip
def test_what_is_no_formula_is_refused_with_a_reason(text: str) -> None:
    with pytest.raises(FormulaError) as refused:
        parse_formula(text)
    assert str(refused.value)


@settings(deadline=None)
@given(st.integers(0, 2**32))
def test_a_formula_has_the_value_of_its_text(seed: int) -> None:
    chance = random.Random(seed)
    names = ["a", "b", "c"]

    def build(depth: int) -> str:
        kind = chance.randrange(4) if depth else 0
        if kind == 0:
            return f"[{chance.choice(names)}]"
        if kind == 1:
            return f"{chance.randint(0, 9)} * ({build(depth - 1)})"
        return f"({build(depth - 1)} {'+' if kind == 2 else '-'} {build(depth - 1)})"

    text, values = build(4), {name: chance.randint(-9, 9) for name in names}
    direct = text
    for name, value in values.items():
        direct = direct.replace(f"[{name}]", f"({value})")
    assert sum(coefficient * values[meter] for meter, coefficient in parse_formula(text).items()) == eval(
        direct
    )


def test_virtual_meters_may_stand_on_virtual_meters_and_convert() -> None:
    tree = tree_of(
        row("A", unit="MWh"),
        row("B"),
        row("V", formula="[A] * 1000 - [W]", unit="kWh"),
        row("W", formula="[B] * 2"),
    )
    # one MWh of A is 1,000 kWh, and the formula takes it a thousand times
    assert tree.parts["V"] == {"A": 1_000_000, "B": -2}
    assert compute_virtual(tree, "V", energies(A=3, B=5)) == 3_000_000 - 10
    assert compute_virtual(tree, "V", {"A": Decimal(3), "B": None}) is None
    assert not tree.faults


@pytest.mark.parametrize(
    ("rows", "codes"),
    [
        ((row("V", formula="[V]"),), ["tree.ring"]),
        ((row("V", formula="[W]"), row("W", formula="[V]")), ["tree.ring", "tree.ring"]),
        ((row("V", formula="[X]"),), ["tree.unknown-meter"]),
        ((row("V", formula="[A"),), ["tree.bad-formula"]),
        ((row("A"), row("V", formula="[A]", carrier="water", unit="m3")), ["tree.other-carrier"]),
        ((row("A"), row("V", formula="[A]", unit="m3")), ["tree.other-unit"]),
        ((row("A"), row("B", parent="A", carrier="heat", unit="GJ")), ["tree.other-carrier"]),
        ((row("A"), row("B", parent="A", unit="m3")), ["tree.other-unit"]),
    ],
)
def test_wrong_trees_are_told_at_their_cell(rows: tuple[Row, ...], codes: list[str]) -> None:
    tree = tree_of(*rows)
    assert [fault.code for fault in tree.faults] == codes
    assert all(fault.place.column in ("formula", "parent") for fault in tree.faults)
    assert not tree.parts


def test_a_ring_names_its_path() -> None:
    tree = tree_of(row("U", formula="[V]"), row("V", formula="[W]"), row("W", formula="[V]"))
    assert {fault.context["path"] for fault in tree.faults} == {"V › W › V", "W › V › W"}


FEEDER = (row("A", role="supply"), row("B", parent="A"), row("C", parent="B"), row("D", parent="A"))


def test_balance_of_a_node_and_what_is_not_known() -> None:
    tree = tree_of(*FEEDER)
    top, middle = compute_balances(tree, {**energies(A=100, B=60, C=61), "D": None})
    assert (top.meter, top.inflow, top.outflow, top.residual, top.unknown) == ("A", 100, 60, 40, ("D",))
    assert top.share == Decimal("0.4")
    assert find_submetered(top) == Decimal("0.6")
    assert (middle.meter, middle.residual) == ("B", -1)
    assert compute_balances(tree, energies(B=1)) == compute_balances(tree, {**energies(B=1), "A": None})


@pytest.mark.parametrize(("child", "told"), [(102, 0), (103, 1)])
def test_more_than_came_in_is_told_beyond_two_percent(child: int, told: int) -> None:
    tree = tree_of(row("A"), row("B", parent="A"))
    faults = check_balances(tree, compute_balances(tree, energies(A=100, B=child)))
    assert [fault.code for fault in faults] == ["tree.children-exceed"] * told


def test_generation_comes_in_and_exports_go_out() -> None:
    tree = tree_of(
        row("A", role="supply"),
        row("G", role="generation", parent="A"),
        row("X", role="export", parent="A"),
        row("U", parent="A", unit="MWh"),
    )
    (balance,) = compute_balances(tree, energies(A=1000, G=500, X=200, U=1))
    assert (balance.inflow, balance.outflow, balance.residual) == (1500, 1200, 300)


def test_what_counts_twice_is_refused_with_both_paths() -> None:
    tree = tree_of(*FEEDER, row("V", formula="[C] + [D]"), row("W", formula="[A] - [B]"))
    values = energies(A=100, B=60, C=20, D=30)
    assert compute_total(tree, ["B", "D"], values, "kWh") == 90
    assert compute_total(tree, ["W", "B"], values, "kWh") == 100  # A less B, and B
    with pytest.raises(LingtanError) as refused:
        compute_total(tree, ["A", "C"], values, "kWh")
    (told,) = refused.value.faults
    assert told.code == "tree.counted-twice"
    assert {told.context["path"], told.context["other"]} == {"A › B › C", "C"}
    with pytest.raises(LingtanError) as refused:
        compute_total(tree, ["B", "V"], values, "kWh")
    (told,) = refused.value.faults
    assert {told.context["path"], told.context["other"]} == {"B › C", "V = … › C"}


def test_a_total_is_unknown_where_a_part_is() -> None:
    tree = tree_of(row("A"), row("B"))
    assert compute_total(tree, ["A", "B"], {"A": Decimal(1)}, "kWh") is None
    assert compute_total(tree, ["A"], {"A": Decimal(1)}, "MWh") == Decimal("0.001")


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32))
def test_forests_balance_and_every_double_count_is_found(seed: int) -> None:
    chance = random.Random(seed)
    count = chance.randint(1, 25)
    parents = [chance.randrange(-1, n) if n else -1 for n in range(count)]
    rows = [row(f"M{n}", parent=f"M{p}" if p >= 0 else None) for n, p in enumerate(parents)]
    chance.shuffle(rows)
    tree = tree_of(*rows)
    series = {f"M{n}": np.array([chance.randint(0, 99) for _ in range(5)]) for n in range(count)}
    for n in reversed(range(count)):  # parents are the sums of their children
        below = [series[f"M{child}"] for child, parent in enumerate(parents) if parent == n]
        if below:
            series[f"M{n}"] = np.sum(below, axis=0)
    assert all(not residual.any() for residual in compute_residuals(tree, series).values())
    totals = {name: Decimal(int(values.sum())) for name, values in series.items()}
    assert all(balance.residual == 0 for balance in compute_balances(tree, totals))
    chosen = chance.sample(range(count), chance.randint(1, count))
    related = any(ancestor in chosen for n in chosen for ancestor in above(n, parents))
    assert bool(find_double_counts(tree, [f"M{n}" for n in chosen])) == related


def above(n: int, parents: list[int]) -> list[int]:
    found = []
    while parents[n] >= 0:
        n = parents[n]
        found.append(n)
    return found


def dossier(**registers: tuple[Row, ...]) -> Dossier:
    return Dossier("p", Park(id="p", name_zh="园区", reporting=Reporting(year=2024)), registers)


def point(name: str, must: bool | None, fitted: bool | None) -> Row:
    cells: dict[str, Cell] = {"point": name, "level": "unit", "medium": "water", "must_be_metered": must}
    return Row("metering_points", name, {**cells, "fitted": fitted}, Place("metering_points.csv"))


def test_rate_of_fitted_meters() -> None:
    points = (
        point("1", True, True),
        point("2", True, False),
        point("3", True, None),
        point("4", False, None),
    )
    (fitting,) = compute_fitting(dossier(metering_points=points))
    assert (fitting.required, fitting.fitted, fitting.unanswered) == (3, 1, 1)
    assert fitting.rate == Decimal(1) / 3
    assert compute_fitting(dossier()) == ()


def energy(meter: str, quantity: int, **more: object) -> MeterEnergy:
    facts: dict[str, object] = {"observed_minutes": 60, "enterprise": "E1", **more}
    return MeterEnergy(meter, "electricity", "kWh", Decimal(quantity), 0, 0, 0, 0, **facts)  # type: ignore[arg-type]


def test_share_of_energy_read_online() -> None:
    rows = (row("A", role="supply", online=True), row("B", role="supply", online=None))
    metering = Metering((energy("A", 75), energy("B", 25)))
    (online,) = compute_online(dossier(meters=rows), metering)
    assert (online.metered, online.online, online.share) == (100, 75, Decimal("0.75"))
