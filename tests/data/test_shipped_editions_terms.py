"""Terms of the shipped editions on rows: values by hand, and that a blank cell never helps a park."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lingtan.dossier.records import Cell, Row
from lingtan.dossier.registers import Column, registers
from lingtan.errors import Place
from lingtan.expressions import evaluate
from lingtan.periods import Period
from lingtan.standards import (
    CompiledEdition,
    CompiledFormula,
    compile_edition,
    declared_columns,
    facts,
    find_register_users,
    load_edition,
    score_indicator,
)
from lingtan.standards.records import Indicator
from lingtan.trace import Node, Value, gaps_of

SEESA, NDRC, JIANGSU, SHANDONG = (
    "sh-seesa-zctp-2024",
    "cn-ndrc-910-2025",
    "js-zero-carbon-2024",
    "sd-eco-park-2017",
)
Rows = Mapping[str, tuple[Row, ...]]
ON = date(2025, 6, 18)


@cache
def compiled(id_: str) -> CompiledEdition:
    return compile_edition(load_edition(id_))


@cache
def users(id_: str) -> Mapping[str, tuple[str, ...]]:
    """Register → indicators and gates that rest on it."""
    return find_register_users(load_edition(id_))


def cell(value: object) -> Cell:
    if isinstance(value, int | str) and not isinstance(value, bool):
        text = str(value)
        return Decimal(text) if text.replace(".", "", 1).isdigit() else text
    assert value is None or isinstance(value, bool | date | Period | Decimal)
    return value


def table(register: str, *rows: Mapping[str, object]) -> Rows:
    """Rows of one register; columns not given are blank."""
    blank = dict.fromkeys(registers()[register].columns)
    return {
        register: tuple(
            Row(register, str(n), {**blank, **{k: cell(v) for k, v in row.items()}}, Place(register, row=n))
            for n, row in enumerate(rows, start=1)
        )
    }


def checklist(name: str, **items: bool | None) -> Rows:
    rows = [{"checklist": name, "item": item, "fulfilled": answer} for item, answer in items.items()]
    return table("checklists", *rows)


def node(formula: CompiledFormula, rows: Rows, edition: CompiledEdition) -> Node:
    """The value of a formula; registers that are not in `rows` were not supplied, facts are plain."""

    def look(name: str) -> Node:
        if name in edition.terms:
            return node(edition.terms[name], rows, edition)
        if name in edition.edition.parameters:
            return Node(name, edition.edition.parameters[name].value)
        if name == "assessment.on":
            return Node(name, ON)
        return Node(name, facts()[name].type == "yes_no" or Decimal(1000))

    found = evaluate(
        formula.expression, name="x", unit="1", names=look, rows=rows.get, columns=declared_columns
    )
    if isinstance(found.value, Decimal) and formula.scale != 1:
        return Node("x", found.value * formula.scale, inputs=(("x", found),))
    return found


def term(name: str, rows: Rows, id_: str = SEESA) -> Value:
    return node(compiled(id_).terms[name], rows, compiled(id_)).value


def gate(id_: str, rows: Rows, edition: str = SEESA) -> Node:
    return node(compiled(edition).gates[id_], rows, compiled(edition))


def indicator(code: str, rows: Rows, id_: str = SEESA) -> Node:
    return node(compiled(id_).indicators[code], rows, compiled(id_))


BUILDINGS = table(
    "buildings",
    {"building": "B1", "floor_area_m2": 100, "energy_class": "ultra_low_energy", "new_building": True,
     "green_building_stars": 2, "energy_use_intensity": 20, "energy_limit": 20},
    {"building": "B2", "floor_area_m2": 40, "energy_class": "zero_carbon", "new_building": True,
     "green_building_stars": 1, "energy_use_intensity": "20.01", "energy_limit": 20},
    {"building": "B3", "floor_area_m2": 7, "energy_class": "near_zero_carbon", "new_building": False,
     "green_building_stars": 3, "energy_use_intensity": 5, "energy_limit": 20},
    {"building": "B4", "floor_area_m2": 53, "energy_class": "ordinary"},
)  # fmt: skip
METERS = table(
    "metering_points",
    *({"point": f"P{n}", "medium": medium, "must_be_metered": must, "fitted": fitted}
      for n, (medium, must, fitted) in enumerate((
          ("electricity", True, True), ("gas", True, False), ("compressed_air", True, None),
          ("other", True, True), ("electricity", False, True), ("water", True, True),
          ("heat", True, True), ("cold", True, True), ("steam", True, False), ("water", False, True),
      ))),
)  # fmt: skip
ENTERPRISES = table(
    "enterprises",
    {"role": "tenant", "above_scale": True, "key_enterprise": True, "green_manufacturing": "green_factory",
     "cleaner_production": "accepted", "digital_diagnosis": True, "high_tech": True,
     "output_value_wan_cny": 45},
    {"role": "tenant", "above_scale": True, "key_enterprise": True, "green_manufacturing": "none",
     "cleaner_production": "audited", "environmental_disclosure": True, "output_value_wan_cny": 55},
    {"role": "tenant", "above_scale": False, "key_enterprise": False, "carbon_verified": True,
     "green_manufacturing": "green_supply_chain", "high_tech": True, "output_value_wan_cny": 9},
    {"role": "utility", "above_scale": False, "key_enterprise": False,
     "green_manufacturing": "green_factory"},
)  # fmt: skip
VEHICLES = table(
    "vehicles",
    {"service": "public_transport", "energy": "battery", "vehicles": 6},
    {"service": "public_transport", "energy": "natural_gas", "vehicles": 3},
    {"service": "public_transport", "vehicles": 1},
    {"service": "logistics", "energy": "hydrogen", "vehicles": 20},
    {"service": "logistics", "energy": "hybrid", "vehicles": 10},
)
WASTE = table(
    "solid_waste",
    {"category": "general_industrial", "generated_t": 100, "used_t": 80, "used_from_stock_t": 0},
    {"category": "hazardous", "generated_t": 10, "used_t": 2, "used_from_stock_t": 1},
    {"category": "recyclable", "generated_t": 50, "used_t": 45, "used_from_stock_t": 0},
)
PROJECTS = table(
    "projects",
    {"kind": "entering", "screened": True},
    {"kind": "entering", "screened": False},
    {"screened": True},
    {"kind": "eco_chain", "screened": True},
)


@pytest.mark.parametrize(
    ("id_", "name", "rows", "expected"),
    [
        (SEESA, "building_floor_area", BUILDINGS, 200),
        (SEESA, "ultra_low_energy_floor_area", BUILDINGS, 147),  # B1, B2 and B3: a better class counts
        (SEESA, "zero_carbon_buildings", BUILDINGS, 2),
        (SEESA, "conforming_floor_area", BUILDINGS, 107),  # B2 is just over, B4 not known
        (JIANGSU, "new_floor_area", BUILDINGS, 193),  # B4 counts as new
        (JIANGSU, "new_green_floor_area", BUILDINGS, 100),
        (SEESA, "energy_points", METERS, 4),
        (SEESA, "fitted_energy_points", METERS, 2),
        (SEESA, "water_heat_points", METERS, 4),
        (SEESA, "fitted_water_heat_points", METERS, 3),
        (SEESA, "enterprises_in_scope", ENTERPRISES, 3),
        (SEESA, "green_manufacturing_enterprises", ENTERPRISES, 2),
        (SEESA, "key_enterprises", ENTERPRISES, 2),
        (SEESA, "audited_key_enterprises", ENTERPRISES, 1),
        (JIANGSU, "audited_tenants", ENTERPRISES, 2),
        (JIANGSU, "verified_tenants", ENTERPRISES, 1),
        (JIANGSU, "diagnosed_enterprises", ENTERPRISES, 1),
        (JIANGSU, "disclosing_enterprises", ENTERPRISES, 1),
        (SHANDONG, "above_scale_output", ENTERPRISES, 100),
        (SHANDONG, "high_tech_output", ENTERPRISES, 45),
        (SEESA, "public_transport_vehicles", VEHICLES, 10),
        (SEESA, "low_carbon_public_transport_vehicles", VEHICLES, 6),
        (JIANGSU, "vehicles_kept", VEHICLES, 40),
        (JIANGSU, "clean_vehicles_kept", VEHICLES, 29),
        (SEESA, "solid_waste_generated", WASTE, 100),
        (NDRC, "industrial_waste_generated", WASTE, 110),
        (NDRC, "industrial_waste_used", WASTE, 82),
        (NDRC, "industrial_waste_from_stock", WASTE, 1),
        (SHANDONG, "recyclables_used", WASTE, 45),
        (SEESA, "entering_projects", PROJECTS, 3),
        (SEESA, "screened_entering_projects", PROJECTS, 1),
        (SHANDONG, "eco_chain_projects", PROJECTS, 1),
    ],
)
def test_a_term_on_rows(id_: str, name: str, rows: Rows, expected: int) -> None:
    assert term(name, rows, id_) == expected


@pytest.mark.parametrize(
    ("day", "grade", "open_"),
    [
        (date(2022, 6, 18), "larger", False),  # exactly three years before still counts
        (date(2022, 6, 17), "larger", True),
        (date(2025, 6, 18), "major", False),  # on the day itself
        (date(2025, 6, 19), "extraordinary", True),  # after the assessment: not of this look-back
        (date(2024, 1, 1), "general", True),
        (date(2024, 1, 1), "extraordinary", False),
    ],
)
def test_an_incident_closes_the_gate_for_three_years(day: date, grade: str, open_: bool) -> None:
    rows = table("incidents", {"incident": "I1", "date": day, "kind": "quality", "grade": grade})
    assert gate("no_grave_incident", rows).value is open_


def test_the_national_look_back_begins_at_major() -> None:
    rows = table("incidents", {"date": date(2022, 6, 18), "grade": "larger"})
    assert gate("no_major_accident", rows, NDRC).value is True
    rows = table("incidents", {"date": date(2022, 6, 18), "grade": "major"})
    assert gate("no_major_accident", rows, NDRC).value is False


def test_no_incident_must_be_confirmed() -> None:
    assert gate("no_grave_incident", {"incidents": ()}).value is True
    unknown = gate("no_grave_incident", {})
    assert unknown.value is None
    assert [gap.datum for gap in gaps_of(unknown)] == ["register incidents"]


def test_environmental_quality_is_shown_item_by_item() -> None:
    def rows(*answers: bool | None) -> Rows:
        return table(
            "environmental_quality", *({"item": f"I{n}", "conforms": a} for n, a in enumerate(answers))
        )

    assert gate("environmental_quality", rows(True, True)).value is True
    assert gate("environmental_quality", rows(True, False)).value is False
    assert gate("environmental_quality", rows(None, False)).value is False
    blank = gate("environmental_quality", rows(True, None))
    assert blank.value is None
    assert [gap.datum for gap in gaps_of(blank)] == ["environmental_quality[2].conforms"]
    assert gate("environmental_quality", {"environmental_quality": ()}).value is False
    assert gate("environmental_quality", {}).value is None


def test_a_checklist_is_counted_against_the_items_it_should_have() -> None:
    three = dict.fromkeys(("organisation", "team", "rules"), True)
    full = checklist("carbon_management", **three, fund=True, publicity=True, coordination=True)
    assert indicator("B1.1", full).value == 100
    assert indicator("B1.1", checklist("carbon_management", **three)).value == 50  # three rows left out
    some = checklist("carbon_management", **three, fund=False, publicity=None, coordination=False)
    assert indicator("B1.1", some).value == 50
    assert indicator("B1.1", checklist("carbon_management", **three, parties=True)).value == 50  # not an item
    assert gate("working_system", checklist("carbon_management", **three)).value is True
    assert (
        gate("working_system", checklist("carbon_management", organisation=True, team=False)).value is False
    )
    assert gate("working_system", checklist("carbon_management", organisation=True, team=True)).value is None
    assert gate("working_system", {}).value is None


def test_screening_needs_an_exit_rule() -> None:
    assert indicator("B2.2", PROJECTS | checklist("admission", exit_rule=False)).value == 0
    assert indicator("B2.2", PROJECTS | checklist("admission", exit_rule=None)).value is None
    both = table("projects", {"kind": "entering", "screened": True}, {"kind": "entering"})
    assert indicator("B2.2", both | checklist("admission", exit_rule=True)).value == 50


def test_pue_is_weighted_by_it_energy() -> None:
    rows = table(
        "data_centres",
        {"data_centre": "D1", "facility_energy_mwh": 300, "it_energy_mwh": 200},
        {"data_centre": "D2", "facility_energy_mwh": 130, "it_energy_mwh": 100},
    )  # by hand: (1.5 * 200 + 1.3 * 100) / 300 = 430 / 300
    value = indicator("A3.1", rows).value
    assert isinstance(value, Decimal) and round(value, 6) == Decimal("1.433333")


def test_level_2_of_products() -> None:
    rows = table(
        "products",
        {"product": "a", "unit_energy": "3.3", "limit_level_2": "3.3"},
        {"product": "b", "unit_energy": "3.31", "limit_level_2": "3.3"},
        {"product": "c", "unit_energy": "3.2"},
        {"product": "d", "unit_energy": 1, "limit_level_2": 2},
    )
    assert indicator("3", rows, NDRC).value == 50


def test_a_register_not_supplied_is_missing_and_one_confirmed_empty_is_not_applicable() -> None:
    edition = compiled(SEESA)
    for code, formula in edition.applies.items():
        used = {r for name in formula.names if name in edition.terms for r in _registers(edition, name)}
        if used:
            assert node(formula, {}, edition).value is None, code
            assert node(formula, dict.fromkeys(used, ()), edition).value is False, code


def _registers(edition: CompiledEdition, name: str) -> set[str]:
    formula = edition.terms[name]
    below = {r for n in formula.names if n in edition.terms for r in _registers(edition, n)}
    return {*formula.registers, *below}


IDS = (SEESA, NDRC, JIANGSU, SHANDONG)
USED = sorted({register for id_ in IDS for register in users(id_)})


@cache
def _optional(register: str) -> list[str]:
    """Columns that may stay blank and that a formula uses."""
    formulas = [formula for id_ in IDS for formula in compiled(id_).terms.values()]
    used = {name for f in formulas for name in f.expression.registers.get(register, ())}
    return [name for name, c in registers()[register].columns.items() if name in used and not c.required]


def _words(register: str, column: Column) -> st.SearchStrategy[Cell]:
    if register == "checklists" and column.name == "item":
        words = ["organisation", "team", "rules", "exit_rule", "scope1", "strategy", "baseline"]
        return st.sampled_from(words)
    if column.choices:
        return st.sampled_from(sorted(column.choices))
    return st.just("x")


def _cells(register: str, column: Column) -> st.SearchStrategy[Cell]:
    kinds: dict[str, Callable[[], st.SearchStrategy[Cell]]] = {
        "number": lambda: st.integers(0, 4).map(Decimal),
        "count": lambda: st.integers(0, 4).map(Decimal),
        "year": lambda: st.just(Decimal(2024)),
        "yes_no": lambda: st.booleans(),
        "date": lambda: st.sampled_from([date(2022, 6, 17), date(2024, 1, 1)]),
        "period": lambda: st.just(Period(2024)),
    }
    filled = kinds.get(column.type, lambda: _words(register, column))()
    return filled if column.required else st.one_of(filled, filled, st.none())


@st.composite
def dossiers(draw: st.DrawFn, register: str) -> tuple[Rows, Rows]:
    """A small register, and the same with one optional cell blanked; the others are empty."""
    declared = registers()[register].columns
    strategies = st.fixed_dictionaries({name: _cells(register, c) for name, c in declared.items()})
    values = draw(st.lists(strategies, min_size=1, max_size=3))
    others = dict.fromkeys(USED, ()) | checklist("admission", exit_rule=True)
    which = draw(st.integers(0, len(values) - 1))
    column = draw(st.sampled_from(_optional(register)))
    fewer = [{**row, column: None} if n == which else row for n, row in enumerate(values)]
    return others | table(register, *values), others | table(register, *fewer)


def _worth(rule: Indicator, rows: Rows, edition: CompiledEdition) -> tuple[bool, bool, Fraction]:
    """Whether it applies, whether it is passed, the points earned."""
    condition = edition.applies.get(rule.code)
    if condition and node(condition, rows, edition).value is False:
        return False, False, Fraction(0)
    value = node(edition.indicators[rule.code], rows, edition).value
    aim = edition.targets.get(rule.code)
    target = node(aim, rows, edition).value if aim else None
    scored = score_indicator(
        rule,
        value if isinstance(value, Decimal) else None,
        target=target if isinstance(target, Decimal) else None,
    )
    return True, scored.passed is True, scored.earned


@pytest.mark.parametrize("register", [register for register in USED if _optional(register)])
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_cell_left_blank_never_helps(register: str, data: st.DataObject) -> None:
    filled, blanked = data.draw(dossiers(register))
    for id_ in IDS:
        edition = compiled(id_)
        here = users(id_).get(register, ())
        for rule in edition.edition.indicators:
            if rule.code not in here:
                continue
            before, after = _worth(rule, filled, edition), _worth(rule, blanked, edition)
            assert after[0] or not before[0], f"{id_} {rule.code} no longer applies"
            if before[0]:
                assert not after[1] or before[1], f"{id_} {rule.code} passes"
                assert after[2] <= before[2], f"{id_} {rule.code} earns more"
        for rule_id, formula in edition.gates.items():
            if rule_id in here and node(formula, filled, edition).value is not True:
                assert node(formula, blanked, edition).value is not True, f"{id_} {rule_id} opens"
