"""Two states of a register compared: by key, cell by cell, whatever the order."""

from __future__ import annotations

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from lingtan.dossier.registers import registers
from lingtan_web.dossiers.differences import CellDifference, compute_differences

WATER = registers()["water_use"]
JANUARY = {"period": "2024-01", "enterprise": "E001", "evidence": "EV1"}
FEBRUARY = {"period": "2024-02", "enterprise": "E001"}


def kinds(before: list[dict[str, str]], after: list[dict[str, str]]) -> list[str]:
    return [one.kind for one in compute_differences(WATER, before, after)]


def test_each_kind_of_difference_is_told() -> None:
    march, april = {"period": "2024-03", "enterprise": "E001"}, {"period": "2024-04", "enterprise": "E001"}
    after = [{**JANUARY, "evidence": "EV2"}, march, april]
    found = compute_differences(WATER, [JANUARY, FEBRUARY, march], after)
    assert [(one.kind, one.key, one.before, one.after) for one in found] == [
        ("changed", "2024-01 / E001", 0, 0),
        ("unchanged", "2024-03 / E001", 2, 1),
        ("added", "2024-04 / E001", None, 2),
        ("removed", "2024-02 / E001", 1, None),
    ]
    assert found[0].cells == (CellDifference("evidence", "EV1", "EV2"),)


def test_order_is_no_difference_and_a_blank_cell_is_none() -> None:
    assert kinds([JANUARY, FEBRUARY], [FEBRUARY, {**JANUARY, "note": ""}]) == ["unchanged", "unchanged"]


def test_equal_rows_of_one_key_find_each_other_first() -> None:
    other = {**JANUARY, "evidence": "EV9"}
    found = compute_differences(WATER, [JANUARY, other], [other])
    assert [(one.kind, one.before) for one in found] == [("unchanged", 1), ("removed", 0)]


def test_rows_without_key_are_equal_or_new() -> None:
    lost = {"evidence": "EV1"}
    assert kinds([lost], [lost]) == ["unchanged"]
    assert kinds([lost], [{"evidence": "EV2"}]) == ["added", "removed"]


def test_own_columns_count() -> None:
    found = compute_differences(WATER, [JANUARY], [{**JANUARY, "楼层": "3"}])
    assert found[0].cells == (CellDifference("楼层", "", "3"),)


# Rows that hold nothing are no rows: the readers leave them out.
LINES = [
    {name: text for name, text in zip(("period", "enterprise", "evidence"), cells, strict=True) if text}
    for cells in product(("", "2024-01", "2024-02"), ("", "E001"), ("", "EV1", "EV2"))
    if any(cells)
]
CELLS = st.sampled_from(LINES)


@given(st.lists(CELLS, max_size=8), st.lists(CELLS, max_size=8))
def test_applied_to_the_one_they_give_the_other(
    before: list[dict[str, str]], after: list[dict[str, str]]
) -> None:
    found = compute_differences(WATER, before, after)
    made: list[dict[str, str]] = []
    for one in found:
        if one.kind == "removed":
            continue
        line = dict(before[one.before]) if one.before is not None else dict(after[one.after or 0])
        made.append(line | {cell.column: cell.new for cell in one.cells})

    def plain(lines: list[dict[str, str]]) -> list[dict[str, str]]:
        return [{name: text for name, text in line.items() if text} for line in lines]

    assert plain(made) == plain(after)
    used = [one.before for one in found if one.before is not None]
    assert sorted(used) == list(range(len(before)))  # every row of the first is used once


@given(st.lists(CELLS, max_size=8))
def test_nothing_differs_from_itself(lines: list[dict[str, str]]) -> None:
    assert set(kinds(lines, lines[::-1])) <= {"unchanged"}
