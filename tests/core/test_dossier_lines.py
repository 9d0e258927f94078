"""Lines of raw texts are read as files are: the same values, the same faults, row by row."""

from __future__ import annotations

import csv
import io
from decimal import Decimal
from pathlib import Path

import lingtan as lt
from lingtan.dossier.lines import headings, lines_csv, read_lines, row_ident, row_line
from lingtan.dossier.registers import registers

XINGHUO = Path("examples/parks/xinghuo")
METERS = registers()["meters"]
WATER = registers()["water_use"]


def found(faults: object, code: str) -> list[tuple[int, str]]:
    return [(one.place.row, one.place.column) for one in faults if one.code == f"dossier.{code}"]  # type: ignore[attr-defined]


def test_a_blank_line_is_no_row_and_others_keep_their_numbers() -> None:
    lines = [{"period": "2024-01", "enterprise": "E001"}, {}, {"period": "soon", "enterprise": "E001"}]
    read = read_lines(WATER, lines, numbers=[7, 9, 40])
    assert [row is None for row in read.rows] == [False, True, False]
    assert found(read.faults, "not-a-period") == [(40, "period")]
    assert read.rows[2] is not None and read.rows[2].unread == {"period": "soon"}


def test_equal_keys_name_the_number_of_the_first() -> None:
    line = {"period": "2024-01", "enterprise": "E001"}
    name = next(n for n, c in WATER.columns.items() if c.is_numeric)
    read = read_lines(WATER, [{**line, name: "1"}, {**line, name: "2"}], numbers=[120, 250])
    faults = [one for one in read.faults if one.code == "dossier.duplicate-key"]
    assert [(one.place.row, one.context["other"]) for one in faults] == [(250, "120")]


def test_references_are_checked_only_against_registers_whose_ids_are_given() -> None:
    lines = [{"meter": "M1", "enterprise": "E009", "parent": "M0"}, {"meter": "M2", "parent": "M1"}]
    assert not found(read_lines(METERS, lines).faults, "unknown-reference")
    some = read_lines(METERS, lines, {"enterprises": ["E001"]}).faults
    assert found(some, "unknown-reference") == [(1, "enterprise")]
    every = read_lines(METERS, lines, {"enterprises": ["E009"], "meters": ["M1", "M2"]}).faults
    assert found(every, "unknown-reference") == [(1, "parent")]
    assert not found(every, "duplicate-key")  # the ids that are known are no second rows


def test_evidence_is_checked_where_its_ids_are_given() -> None:
    lines = [{"permit": "P1", "evidence": "EV1;EV2"}]
    permits = registers()["permits"]
    assert not found(read_lines(permits, lines).faults, "evidence-unknown")
    assert found(read_lines(permits, lines, {"evidence": ["EV1"]}).faults, "evidence-unknown") == [
        (1, "evidence")
    ]


def test_own_columns_stand_behind_the_declared_ones() -> None:
    lines = [{"enterprise": "E001", "楼层": "3"}, {"备注二": "x"}]
    assert headings(WATER, lines) == [*WATER.columns, "楼层", "备注二"]
    rows = list(csv.reader(io.StringIO(lines_csv(WATER, lines).decode())))
    assert rows[0] == [*WATER.columns, "楼层", "备注二"]
    assert rows[1][rows[0].index("楼层")] == "3"


def test_the_example_park_comes_out_of_lines_as_it_went_in(tmp_path: Path) -> None:
    park = lt.read_dossier(XINGHUO)
    for name, rows in park.rows.items():
        again = read_lines(registers()[name], [row_line(row) for row in rows])
        assert [row.values for row in again.rows if row] == [row.values for row in rows], name
        assert [row.extra for row in again.rows if row] == [row.extra for row in rows], name
        assert not [one for one in again.faults if one.severity == "error"], name


def test_unread_cells_stay_as_they_were_written() -> None:
    read = read_lines(WATER, [{"period": "2024-13", "enterprise": "E001", "其他": " a "}])
    assert read.rows[0] is not None
    assert row_line(read.rows[0]) == {"period": "2024-13", "enterprise": "E001", "其他": "a"}


def test_the_id_others_refer_to_is_not_always_the_key() -> None:
    green = registers()["green_electricity"]
    read = read_lines(green, [{"contract": "C1", "period": "2024-01", "energy_mwh": "5"}])
    assert read.rows[0] is not None
    assert (read.rows[0].key, row_ident(read.rows[0])) == ("C1/2024-01", "C1")
    checklist = read_lines(registers()["water_use"], [{"period": "2024"}]).rows[0]
    assert checklist is not None and row_ident(checklist) == ""


def test_values_are_exact() -> None:
    name = next(n for n, c in WATER.columns.items() if c.is_numeric)
    row = read_lines(WATER, [{"period": "2024-01", "enterprise": "E001", name: "１,234.50"}]).rows[0]
    assert row is not None and row.values[name] == Decimal("1234.50")
