"""Leaving something out never helps: a blank cell, a missing register, a missing row of a checklist."""

from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import lingtan as lt
from lingtan.assessment import compute_groundwork
from lingtan.dossier.records import Dossier, Row
from lingtan.dossier.registers import registers

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "parks" / "xinghuo"
EDITION = lt.load_edition("sh-seesa-zctp-2024")
ON = date(2025, 6, 30)

# Optional columns where a blank is a statement of its own, not a missing answer.
BLANK_SAYS_SOMETHING = {
    ("certificates", "contract"),  # came with no contract
    ("certificates", "serial_from"),  # warned of; without numbers no overlap can be seen
    ("certificates", "serial_to"),
    ("credits", "serial_from"),
    ("credits", "serial_to"),
    ("enterprises", "active_from"),  # here since before the year
    ("enterprises", "active_to"),  # still here
    ("meters", "parent"),  # a main meter
    ("meters", "multiplier"),  # 1
    ("meters", "enterprise"),  # the park's own
    ("meters", "interval_minutes"),  # the readings tell
    ("energy_activity", "item"),  # one series only
    ("projects", "applied_on"),  # of the reporting year
    ("products", "unit_energy_unit"),
}
DEFAULT_INSTEAD = {"fuel_properties", "process_activity", "fugitive_gases"}  # blank: the default factor
# A credit that does not count lowers the credit share, which the edition rewards (E1.2): its own rule,
# not a gain from silence. The net-zero rate falls with it.
REWARDED = {"credits"}


@cache
def example() -> Dossier:
    return lt.read_dossier(EXAMPLE)


@cache
def metering() -> lt.Metering:
    return lt.compute_metering(example())


def assess(dossier: Dossier) -> lt.Assessment:
    ground = compute_groundwork(dossier, on=ON, metering=metering())
    return lt.assess(dossier, EDITION, on=ON, groundwork=ground)


@cache
def before() -> lt.Assessment:
    return assess(example())


@cache
def cells() -> list[tuple[str, int, str]]:
    return [
        (name, index, column)
        for name, rows in example().rows.items()
        if name not in DEFAULT_INSTEAD | REWARDED
        for column, declared in registers()[name].columns.items()
        if not declared.required and (name, column) not in BLANK_SAYS_SOMETHING
        for index, row in enumerate(rows)
        if row.values.get(column) is not None
    ]


@cache
def columns() -> list[tuple[str, str]]:
    return sorted({(name, column) for name, _, column in cells()})


def with_rows(register: str, rows: tuple[Row, ...]) -> Dossier:
    return replace(example(), rows={**example().rows, register: rows})


def blanked(row: Row, column: str) -> Row:
    values: Any = {**row.values, column: None}
    return replace(row, values=values)


def check_no_gain(after: lt.Assessment) -> None:
    was = before()
    assert after.score is not None and was.score is not None
    assert after.score <= was.score
    assert (after.stars or 0) <= (was.stars or 0)
    opened = {gate.id for gate in after.gates if gate.passed} - {g.id for g in was.gates if g.passed}
    assert not opened


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_a_blank_cell_never_helps(data: st.DataObject) -> None:
    register, index, column = data.draw(st.sampled_from(cells()))
    rows = list(example().rows[register])
    rows[index] = blanked(rows[index], column)
    check_no_gain(assess(with_rows(register, tuple(rows))))


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_a_blank_column_never_helps(data: st.DataObject) -> None:
    register, column = data.draw(st.sampled_from(columns()))
    rows = tuple(blanked(row, column) for row in example().rows[register])
    check_no_gain(assess(with_rows(register, rows)))


@pytest.mark.parametrize("register", sorted(registers()))
def test_a_register_not_handed_in_never_helps(register: str) -> None:
    if not example().rows[register]:
        pytest.skip(f"{register} is confirmed to be empty in the example")
    check_no_gain(assess(with_rows(register, ())))


def test_a_checklist_item_left_out_is_named() -> None:
    kept = tuple(r for r in example().rows["checklists"] if r.key != "ghg_report/scope1")
    after = assess(with_rows("checklists", kept))
    gate = next(gate for gate in after.gates if gate.id == "ghg_report")
    assert gate.passed is None
    assert [gap.datum for gap in gate.missing] == ["checklists[ghg_report/scope1].fulfilled"]
    assert after.stars is None
