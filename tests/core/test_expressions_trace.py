"""Aggregates over registers, gaps, and the trace that replays."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lingtan.dossier.records import Row
from lingtan.errors import Place
from lingtan.expressions import Declared, evaluate, parse, replay
from lingtan.periods import Period
from lingtan.quantities import EXACT
from lingtan.trace import Gap, Node, gaps_of, walk

D = Decimal


def row(register: str, key: str, line: int, **values: object) -> Row:
    return Row(register, key, values, Place(f"registers/{register}.csv", row=line))  # type: ignore[arg-type]


BUILDINGS = (
    row("buildings", "B3", 2, floor_area_m2=D(500), energy_class=None, good=None, enterprise="E7"),
    row("buildings", "B1", 3, floor_area_m2=D(1000), energy_class="zero_carbon", good=True, enterprise="E1"),
    row("buildings", "B2", 4, floor_area_m2=D(500), energy_class="ordinary", good=False, enterprise=None),
)
REGISTERS: Mapping[str, tuple[Row, ...]] = {
    "buildings": BUILDINGS,
    "holes": (*BUILDINGS, row("holes", "B4", 5, floor_area_m2=None, energy_class="ordinary", good=True)),
    "incidents": (),
    "silent": (row("silent", "S1", 2, good=None, area=D(1)), row("silent", "S2", 3, good=None, area=D(2))),
    "data_centres": (
        row("data_centres", "DC1", 2, facility=D(600), it=D(400)),
        row("data_centres", "DC2", 3, facility=D(200), it=D(100)),
        row("data_centres", "DC3", 4, facility=D(7), it=D(0)),
    ),
    "events": (
        row("events", "X1", 2, date=date(2021, 6, 30), period=Period(2024, 5)),
        row("events", "X2", 3, date=date(2021, 7, 1), period=Period(2023)),
        row("events", "X3", 4, date=None, period=None),
    ),
}
NODES = {
    "limit": Node("limit", D(400)),
    "lost": Node("lost", None, gaps=(Gap("profile.lost", "park"),)),
    "on": Node("on", date(2024, 6, 30)),
    "years": Node("years", D(3), "year", basis="standard"),
    "year": Node("year", D(2024)),
    "factor": Node("factor", D(2)),
}


def value_of(text: str) -> Node:
    node = evaluate(parse(text), name="x", unit="1", names=NODES.__getitem__, rows=REGISTERS.get)
    assert replay(node) == node.value
    return node


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("sum(buildings: floor_area_m2)", D(2000)),
        ("sum(buildings: floor_area_m2 where energy_class == 'ordinary')", D(500)),
        ("sum(buildings: floor_area_m2 * factor where floor_area_m2 > limit)", D(4000)),
        ("sum(buildings: floor_area_m2) / count(buildings)", EXACT.divide(D(2000), D(3))),
        ("sum(buildings: floor_area_m2) - sum(buildings: floor_area_m2)", D(0)),
        ("sum(buildings: 1)", D(3)),
        ("count(buildings)", D(3)),
        ("count(buildings where good)", D(1)),
        ("count(buildings where not good)", D(1)),
        ("count(buildings where known(energy_class))", D(2)),
        ("count(buildings where energy_class in ('ordinary', 'zero_carbon'))", D(2)),
        ("share(buildings: floor_area_m2 where good)", D("0.5")),
        ("share(buildings: floor_area_m2 where good of known(good))", EXACT.divide(D(1000), D(1500))),
        ("share(buildings: floor_area_m2 where good of energy_class == 'no_such')", None),
        ("mean(data_centres: facility / it weighted by it where it > 0)", D("1.6")),
        ("mean(data_centres: facility / it weighted by it)", None),
        ("count(silent where good)", None),
        ("sum(silent: area where not good)", None),
        ("share(silent: area where good)", None),
        ("count(silent where good or area == 1)", D(1)),
        ("count(incidents)", D(0)),
        ("sum(incidents: anything)", D(0)),
        ("share(incidents: anything where good)", None),
        ("mean(incidents: anything weighted by other)", None),
        ("sum(nowhere: anything)", None),
        ("count(nowhere) == 0", None),
        ("sum(holes: floor_area_m2)", None),
        ("sum(holes: floor_area_m2 where energy_class == 'zero_carbon')", D(1000)),
        ("count(events where date > years_before(on, years))", D(1)),
        ("count(events where year_of(period) == year)", D(1)),
        ("count(buildings where floor_area_m2 > lost)", None),
        ("if count(incidents) == 0 then sum(buildings: floor_area_m2) else lost", D(2000)),
    ],
)
def test_aggregate(text: str, expected: Decimal | None) -> None:
    assert value_of(text).value == expected


def test_a_register_not_handed_in_is_the_gap() -> None:
    assert gaps_of(value_of("sum(nowhere: x) + count(buildings)")) == (Gap("register nowhere", "park"),)


def test_a_blank_cell_in_a_condition_does_not_count_and_is_named() -> None:
    node = value_of("sum(buildings: floor_area_m2 where energy_class == 'zero_carbon')")
    place = Place("registers/buildings.csv", row=2, column="energy_class")
    assert node.value == D(1000)
    assert gaps_of(node) == (Gap("buildings[B3].energy_class", "E7", place),)


def test_where_nobody_answered_none_is_not_the_answer() -> None:
    gaps = gaps_of(value_of("count(silent where good)"))
    assert [gap.datum for gap in gaps] == ["silent[S1].good", "silent[S2].good"]


def test_a_blank_cell_in_a_sum_makes_it_unknown() -> None:
    place = Place("registers/holes.csv", row=5, column="floor_area_m2")
    assert gaps_of(value_of("sum(holes: floor_area_m2 where good)"))[-1:] == (
        Gap("holes[B4].floor_area_m2", "park", place),
    )


def test_a_blank_cell_that_cannot_change_the_answer_is_no_gap() -> None:
    assert gaps_of(value_of("count(buildings where floor_area_m2 > limit or good)")) == ()


def test_an_unknown_parameter_makes_the_aggregate_unknown() -> None:
    node = value_of("count(buildings where floor_area_m2 > lost)")
    assert gaps_of(node) == (Gap("profile.lost", "park"),)


def test_division_by_zero_is_unknown_without_gap() -> None:
    node = value_of("mean(data_centres: facility / it weighted by it)")
    assert node.value is None
    assert gaps_of(node) == ()


def test_rule_and_inputs() -> None:
    node = value_of("sum(buildings: floor_area_m2 where good) / sum(buildings: floor_area_m2) * factor")
    assert node.rule == "sum_of_buildings_floor_area_m2 / sum_of_buildings_floor_area_m2_2 * factor"
    inputs = dict(node.inputs)
    assert set(inputs) == {"factor", "sum_of_buildings_floor_area_m2", "sum_of_buildings_floor_area_m2_2"}
    whole = inputs["sum_of_buildings_floor_area_m2_2"]
    assert whole.rule == "sum"
    assert [label for label, _ in whole.inputs] == ["B1", "B2", "B3"]
    leaf = whole.inputs[0][1]
    assert leaf.origin is not None
    assert leaf.origin.place == Place("registers/buildings.csv", row=3, column="floor_area_m2")


def test_parameters_of_conditions_stand_in_the_trace() -> None:
    node = value_of("count(events where date > years_before(on, years))")
    assert any(below.basis == "standard" for below in walk(node))


def test_order_of_rows_does_not_matter() -> None:
    text = "share(buildings: floor_area_m2 where good) + mean(buildings: limit weighted by floor_area_m2)"
    turned = {name: rows[::-1] for name, rows in REGISTERS.items()}
    there = evaluate(parse(text), name="x", unit="1", names=NODES.__getitem__, rows=REGISTERS.get)
    back = evaluate(parse(text), name="x", unit="1", names=NODES.__getitem__, rows=turned.get)
    assert there == back


def test_cells_have_the_unit_of_their_column() -> None:
    area = {"floor_area_m2": Declared("number", "m2"), "energy": Declared("number", "MWh")}
    node = evaluate(
        parse("sum(buildings: floor_area_m2)"),
        name="x",
        unit="m2",
        names=NODES.__getitem__,
        rows=REGISTERS.get,
        columns=lambda register: area,
    )
    total = node.inputs[0][1]
    assert (total.unit, total.inputs[0][1].unit) == ("m2", "m2")


def test_a_formula_over_several_lines() -> None:
    assert value_of("count(buildings)\n  + count(incidents)\n").value == D(3)


def test_replay_of_rules_made_elsewhere() -> None:
    leaves = [Node(f"n{i}", D(i)) for i in range(3)]
    total = Node("total", D(3), rule="sum", inputs=tuple(("same", leaf) for leaf in leaves))
    product = Node("p", D(6), rule="quantity * factor", inputs=(("quantity", total), ("factor", leaves[2])))
    assert replay(total) == D(3)
    assert replay(product) == D(6)
    assert replay(Node("n", D(3), rule="count", inputs=total.inputs)) == D(3)


def test_replay_of_a_deep_trace() -> None:
    node = Node("n", D(1))
    for _ in range(5000):
        node = Node("n", D(1), rule="x", inputs=(("x", node),))
    assert replay(node) == D(1)


NUMBERS = st.decimals(min_value=-1000, max_value=1000, places=3)
NAMES = ("p", "q", "r")
numeric = st.deferred(
    lambda: st.one_of(
        st.sampled_from([*NAMES, "0", "1", "unknown"]),
        st.sampled_from(
            [
                "sum(table: v)",
                "sum(table: v * w where flag)",
                "count(table where v > p)",
                "share(table: w where flag of known(flag))",
                "mean(table: v weighted by w where w > 0)",
                "sum(absent: v)",
                "count(empty)",
            ]
        ),
        st.tuples(numeric, st.sampled_from("+-*/"), numeric).map(lambda t: f"({t[0]} {t[1]} {t[2]})"),
        st.tuples(logical, numeric, numeric).map(lambda t: f"(if {t[0]} then {t[1]} else {t[2]})"),
        st.tuples(st.sampled_from(("min", "max")), numeric, numeric).map(lambda t: f"{t[0]}({t[1]}, {t[2]})"),
        numeric.map(lambda n: f"-{n}"),
    )
)
logical = st.deferred(
    lambda: st.one_of(
        st.sampled_from(["yes", "no", "unknown"]),
        st.tuples(numeric, st.sampled_from(("<", "<=", "==", "!=", ">", ">=")), numeric).map(
            lambda t: f"{t[0]} {t[1]} {t[2]}"
        ),
        st.tuples(logical, st.sampled_from(("and", "or")), logical).map(lambda t: f"({t[0]} {t[1]} {t[2]})"),
        logical.map(lambda n: f"not ({n})"),
        numeric.map(lambda n: f"known({n})"),
        numeric.map(lambda n: f"{n} in ({n}, p)"),
    )
)
table = st.lists(
    st.fixed_dictionaries(
        {
            "v": st.one_of(st.none(), NUMBERS),
            "w": st.one_of(st.none(), NUMBERS),
            "flag": st.one_of(st.none(), st.booleans()),
        }
    ),
    max_size=4,
)


@given(
    text=st.one_of(numeric, logical).filter(lambda text: len(text) < 1500),
    values=st.fixed_dictionaries({name: st.one_of(st.none(), NUMBERS) for name in NAMES}),
    cells=table,
)
@settings(max_examples=300, deadline=None)
def test_replay_gives_the_value(
    text: str, values: dict[str, Decimal | None], cells: list[dict[str, object]]
) -> None:
    rows = {"table": tuple(row("table", f"R{i}", i, **c) for i, c in enumerate(cells)), "empty": ()}
    nodes = {name: Node(name, value) for name, value in values.items()}
    node = evaluate(parse(text), name="x", unit="1", names=nodes.__getitem__, rows=rows.get)
    for below in walk(node):
        assert replay(below) == below.value
