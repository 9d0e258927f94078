"""The list, uses, who sees what, reminders: rules without a database."""

from __future__ import annotations

from datetime import date
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lingtan_web.evidence.entries import next_id, read_entry
from lingtan_web.evidence.rules import Guarded, Viewer, can_change, can_list, can_open
from lingtan_web.evidence.uses import evidence_columns, find_unlisted, find_unproven, find_uses, named_ids
from lingtan_web.roles import Role

OWNER, OTHER = 1, 2


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("2026-12-31", date(2026, 12, 31)),
        ("2026年12月31日", date(2026, 12, 31)),
        ("", None),
        ("soon", None),
        ("—", None),
    ],
)
def test_valid_to_is_read_as_the_core_reads_it(cell: str, day: date | None) -> None:
    assert read_entry(7, {"id": "EV001", "valid_to": cell}).valid_to == day


@pytest.mark.parametrize(
    ("cell", "confidential"),
    [("yes", True), ("是", True), ("√", True), ("no", False), ("否", False), ("", False), ("perhaps", True)],
)
def test_what_cannot_be_read_is_confidential(cell: str, confidential: bool) -> None:
    assert read_entry(7, {"confidential": cell}).is_confidential is confidential


def test_ids() -> None:
    assert next_id([]) == "EV001"
    assert next_id(["EV001", "EV007", "发票-3", "EV1x", "EV0"]) == "EV008"
    assert next_id(["EV999"]) == "EV1000"


@given(st.lists(st.integers(0, 99_999)))
def test_an_id_is_never_given_twice(numbers: list[int]) -> None:
    taken = [f"EV{number:03}" for number in numbers]
    assert next_id(taken) not in taken


def test_uses_are_found_in_every_register_that_has_evidence() -> None:
    for register, columns in evidence_columns().items():
        cells = dict.fromkeys(columns, "EV001；EV002")
        uses = find_uses([(register, 3, cells)], {})
        assert {(use.register, use.row, use.column) for use in uses["EV001"]} == {
            (register, 3, one) for one in columns
        }
        assert set(uses) == {"EV001", "EV002"}


def test_uses_in_the_profile_and_ids_that_are_not_listed() -> None:
    uses = find_uses(
        [("buildings", 1, {"evidence": "EV003"})], {"profile_evidence": {"area_m2": "EV001; EV009"}}
    )
    assert [use.column for use in uses["EV009"]] == ["area_m2"]
    listed = [read_entry(1, {"id": "EV001"}), read_entry(2, {"id": "EV003"})]
    assert find_unlisted(uses, listed) == ("EV009",)
    assert named_ids("") == () and named_ids("EV001;EV002") == ("EV001", "EV002")


def test_rows_without_evidence_are_counted() -> None:
    rows = [
        ("energy_activity", 1, {"evidence": "EV001"}),
        ("energy_activity", 2, {"evidence": " "}),
        ("energy_activity", 3, {}),
        ("evidence", 4, {"id": "EV001"}),
        ("enterprises", 5, {"id": "E001"}),
    ]
    counted = {one.register: (one.rows, one.without) for one in find_unproven(rows)}  # type: ignore[arg-type]
    assert counted["energy_activity"] == (3, 2)
    assert "evidence" not in counted


def roles() -> list[frozenset[Role]]:
    return [frozenset(some) for size in range(3) for some in combinations(Role, size)]


@pytest.mark.parametrize("held", roles(), ids=lambda held: "+".join(sorted(held)) or "nobody")
def test_the_whole_table_of_who_opens_what(held: frozenset[Role]) -> None:
    for organisation in (OWNER, OTHER):
        viewer = Viewer(held, {organisation} if held & {Role.PARK, Role.ENTERPRISE} else set())
        for confidential in (False, True):
            for sealed in (False, True):
                for listed in (False, True):
                    document = Guarded(OWNER, confidential, sealed, listed)
                    check(viewer, document)


def check(viewer: Viewer, document: Guarded) -> None:
    owner = OWNER in viewer.organisations
    evaluating = bool(viewer.roles & {Role.BODY, Role.EVALUATOR}) and document.is_listed
    expert = Role.EXPERT in viewer.roles and document.is_listed
    seen = owner or evaluating or expert or bool(viewer.roles & {Role.PARK, Role.SCHEME})
    assert can_list(viewer, document) is seen
    plain = not document.is_confidential and not document.is_sealed
    park = Role.PARK in viewer.roles and not document.is_sealed
    assert can_open(viewer, document) is (owner or evaluating or park or (seen and plain))
    assert can_change(viewer, document) is owner
    assert not can_open(viewer, document) or can_list(viewer, document)


def test_an_enterprise_sees_nothing_of_others() -> None:
    viewer = Viewer(frozenset([Role.ENTERPRISE]), {OTHER})
    assert not can_list(viewer, Guarded(OWNER, False, False, True))
