"""What changed between two versions, and whether it was asked for; the score by the evaluators' values."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import lingtan as lt
from lingtan.errors import Fault
from lingtan_web.reviews.rules.changes import (
    Change,
    Snapshot,
    check_reopened,
    find_changes,
    read_snapshot,
)
from lingtan_web.reviews.rules.fields import Field, check_fields, is_open, read_field
from lingtan_web.reviews.rules.findings import NO, Finding, Verdict, read_subjects
from lingtan_web.reviews.rules.results import build_result
from lingtan_web.reviews.rules.verified import compute_verified

XINGHUO = Path(__file__).resolve().parents[2] / "examples" / "parks" / "xinghuo"
ROW = {"id": "B01", "area": "100", "evidence": "EV1"}


def codes(faults: list[Fault]) -> list[str]:
    return [one.code.removeprefix("review.") for one in faults]


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("buildings[B01].area_m2", Field("buildings", "B01", "area_m2")),
        (
            "energy_activity[2024-01/E.1/x y].quantity",
            Field("energy_activity", "2024-01/E.1/x y", "quantity"),
        ),
        ("buildings[B[1]].area_m2", Field("buildings", "B[1]", "area_m2")),
        ("buildings[B01]", Field("buildings", "B01")),
        (" evidence[+] ", Field("evidence", "+")),
        ("park.profile.area_m2", Field("park", column="profile.area_m2")),
        ("boundary", Field("boundary")),
    ],
)
def test_fields_are_written_as_a_trace_writes_them(text: str, field: Field) -> None:
    assert read_field(text) == field
    assert str(field) == text.strip()


@pytest.mark.parametrize(
    "text", ["", "buildings", "park.", "park", "[B01].area", "buildings[].area", "Buildings[B].x"]
)
def test_other_texts_are_no_fields(text: str) -> None:
    assert read_field(text) is None


def test_a_question_names_known_fields() -> None:
    assert codes(check_fields([])) == codes(check_fields([" "])) == ["question-without-field"]
    assert (
        check_fields(["enterprises[E001].name", "park.responsible", "park.name_zh", "boundary", "meters[+]"])
        == []
    )
    wrong = ["enterprises[E001].nonsense", "nothing[E001]", "park.nonsense", "meters[+].meter", "x"]
    assert codes(check_fields(wrong)) == ["unknown-field"] * 5


def test_a_field_opens_itself_and_what_lies_in_it() -> None:
    assert is_open(Field("a", "1", "x"), [Field("a", "1")])
    assert is_open(Field("a", "1", "x"), [Field("a", "1", "x")])
    assert not is_open(Field("a", "1", "y"), [Field("a", "1", "x")])
    assert not is_open(Field("a", "2", "x"), [Field("a", "1")])
    assert not is_open(Field("a", "1"), [Field("a", "1", "x")])
    assert not is_open(Field("a", "1"), [])
    assert is_open(Field("park", column="responsible.1.name"), [Field("park", column="responsible")])
    assert not is_open(Field("park", column="name_zh2"), [Field("park", column="name_zh")])


def test_rows_added_removed_and_changed() -> None:
    old = Snapshot(
        {"buildings": {"B01": ROW, "B02": ROW}}, {"name_zh": "甲", "note": "x"}, "b", {"evidence/a.pdf": "1"}
    )
    new = Snapshot(
        {
            "buildings": {"B01": {**ROW, "area": "90", "note": "量过"}, "B03": ROW},
            "meters": {"M1": {"meter": "M1"}},
        },
        {"name_zh": "乙", "location.city": "上海"},
        "c",
        {"evidence/a.pdf": "2", "readings/r.csv": "3"},
    )
    assert [(str(one.place), one.kind, one.old, one.new) for one in find_changes(old, new)] == [
        ("buildings[B01].area", "changed", "100", "90"),
        ("buildings[B01].note", "changed", "", "量过"),
        ("buildings[B02]", "removed", "", ""),
        ("buildings[B03]", "added", "", ""),
        ("meters[M1]", "added", "", ""),
        ("park.location.city", "added", "", "上海"),
        ("park.name_zh", "changed", "甲", "乙"),
        ("park.note", "removed", "x", ""),
        ("boundary", "changed", "", ""),
        ("files[evidence/a.pdf]", "changed", "1", "2"),
        ("files[readings/r.csv]", "added", "", "3"),
    ]
    assert find_changes(old, old) == ()


CELLS = st.dictionaries(st.sampled_from("xyz"), st.sampled_from("12"), max_size=3)
SNAPSHOTS = st.builds(
    Snapshot,
    st.dictionaries(st.sampled_from(["a", "b"]), st.dictionaries(st.sampled_from("12"), CELLS)),
    CELLS,
)


@settings(deadline=None)
@given(SNAPSHOTS, SNAPSHOTS)
def test_changes_are_empty_for_the_same_and_turn_round(old: Snapshot, new: Snapshot) -> None:
    there, back = find_changes(old, new), find_changes(new, old)
    turned = {"added": "removed", "removed": "added", "changed": "changed"}
    assert [(c.place, turned[c.kind], c.new, c.old) for c in there] == [
        (c.place, c.kind, c.old, c.new) for c in back
    ]
    assert find_changes(old, old) == ()


@pytest.mark.parametrize(
    ("change", "opened", "allowed"),
    [
        (Change("buildings", "B01", "area_m2", "changed"), ["buildings[B01].area_m2"], True),
        (Change("buildings", "B01", "area_m2", "changed"), ["buildings[B01]"], True),
        (Change("buildings", "B01", "name", "changed"), ["buildings[B01].area_m2"], False),
        (Change("buildings", "B02", "area_m2", "changed"), ["buildings[B01].area_m2"], False),
        (Change("buildings", "B09", "", "added"), ["buildings[+]"], True),
        (Change("buildings", "B01", "", "removed"), ["buildings[+]"], False),
        (Change("buildings", "B01", "area_m2", "changed"), ["buildings[+]"], False),
        (Change("buildings", "B01", "", "removed"), ["buildings[B01]"], True),
        (Change("buildings", "B01", "", "removed"), ["buildings[B01].area_m2"], False),
        (Change("park", "", "note", "changed"), ["park.note"], True),
        (Change("park", "", "note", "changed"), ["boundary"], False),
        (Change("boundary", "", "", "changed"), ["boundary"], True),
        (Change("files", "evidence/a.pdf", "", "added"), ["evidence[+]"], True),
        (Change("files", "evidence/a.pdf", "", "added"), ["buildings[+]"], False),
        (Change("files", "readings/a.csv", "", "changed"), ["meters[M1]"], True),
        (Change("files", "readings/a.csv", "", "changed"), ["evidence[+]"], False),
    ],
)
def test_only_what_was_asked_about_may_change(change: Change, opened: list[str], allowed: bool) -> None:
    fields = [field for field in map(read_field, opened) if field]
    assert codes(check_reopened([change], fields)) == ([] if allowed else ["changed-unasked"])


@pytest.fixture(scope="module")
def xinghuo() -> lt.Dossier:
    return lt.read_dossier(XINGHUO)


def test_a_dossier_as_a_snapshot(xinghuo: lt.Dossier) -> None:
    rows = dict(xinghuo.rows)
    first, *rest = rows["buildings"]
    area = next(name for name, value in first.values.items() if isinstance(value, Decimal))
    rows["buildings"] = (replace(first, values={**first.values, area: Decimal("1.5")}), *rest)
    park = xinghuo.park.model_copy(update={"note": "改了"})
    old = read_snapshot(xinghuo, {"park.yaml": "1", "readings/m.csv": "2", "evidence/evidence.csv": "3"})
    new = read_snapshot(replace(xinghuo, rows=rows, park=park), {"readings/m.csv": "4"})
    changes = find_changes(old, new)
    assert [str(one.place) for one in changes] == [
        f"buildings[{first.key}].{area}",
        "park.note",
        "files[readings/m.csv]",
    ]
    assert changes[0].new == "1.5" and changes[1].new == "改了"


def test_rows_of_the_same_key_are_numbered(xinghuo: lt.Dossier) -> None:
    first = xinghuo.rows["buildings"][0]
    twice = replace(xinghuo, rows={"buildings": (first, replace(first, extra={"备注": "二"}))})
    assert set(read_snapshot(twice).registers["buildings"]) == {first.key, f"{first.key}#2"}


# --- the score by the evaluators' values


@pytest.fixture(scope="module")
def seesa(xinghuo: lt.Dossier) -> tuple[lt.Edition, dict[str, object]]:
    edition = lt.load_edition("sh-seesa-zctp-2024")
    return edition, build_result(lt.export_assessment(lt.assess(xinghuo, edition, on=date(2025, 6, 30))))


def test_without_corrections_it_is_the_park_s_result(seesa: tuple[lt.Edition, dict[str, object]]) -> None:
    edition, result = seesa
    found = compute_verified(edition, read_subjects(result), {})
    assert str(found.score) == result["score"] and found.stars == result["stars"] == 4
    assert found.stage == result["stage"] == "creation"


def verified(
    seesa: tuple[lt.Edition, dict[str, object]], *findings: tuple[str, Verdict, str | None]
) -> tuple[Decimal, int | None]:
    edition, result = seesa
    by_code = {code: Finding(code, 1, verdict, value) for code, verdict, value in findings}
    found = compute_verified(edition, read_subjects(result), by_code)
    assert found.score is not None
    return found.score, found.stars


def test_a_correction_moves_the_points(seesa: tuple[lt.Edition, dict[str, object]]) -> None:
    before, _ = verified(seesa)
    # C1.1 earns its full 6 points at 100 %; rejected it counts as missing
    rejected, stars = verified(seesa, ("C1.1", Verdict.REJECT, None))
    assert abs(before - 6 - rejected) < Decimal("1e-20") and stars == 3
    same, _ = verified(seesa, ("C1.1", Verdict.CORRECT, "100"))
    assert same == before
    # A2.4: 20 % none, 80 % full, of 5 points (4 and A2.1's share): at 50 % half of them
    half, _ = verified(seesa, ("A2.4", Verdict.CORRECT, "50"))
    assert abs(before - Decimal("4.304531085353003161222339305") + Decimal("2.5") - half) < Decimal("1e-20")


def test_a_failed_constraint_or_requirement_takes_the_stars(
    seesa: tuple[lt.Edition, dict[str, object]],
) -> None:
    score, stars = verified(seesa, ("B1.2", Verdict.CORRECT, "0"))
    assert stars is None
    assert abs(verified(seesa)[0] - score - 4) < Decimal("1e-20")
    assert verified(seesa, ("working_system", Verdict.CORRECT, NO))[1] is None
    assert verified(seesa, ("working_system", Verdict.REJECT, None))[1] is None


def test_what_the_park_calls_inapplicable_can_be_rejected(
    seesa: tuple[lt.Edition, dict[str, object]],
) -> None:
    """A2.1 does not apply: its points went to A2.2 to A2.4. Rejected, it takes them back and earns none."""
    before, _ = verified(seesa)
    rejected, _ = verified(seesa, ("A2.1", Verdict.REJECT, None))
    # A2.2, A2.3, A2.4 held 2.5, 2.5, 5 instead of 2, 2, 4: a fifth of what they earned is lost
    lost = (
        Decimal("2.19921875")
        + Decimal("2.120410703173615432482887368")
        + Decimal("4.304531085353003161222339305")
    ) / 5
    assert abs(before - rejected - lost) < Decimal("1e-20")


def test_targets_without_points_are_judged_by_their_target(xinghuo: lt.Dossier) -> None:
    edition = lt.load_edition("cn-ndrc-910-2025")
    result = build_result(lt.export_assessment(lt.assess(xinghuo, edition, on=date(2025, 6, 30))))
    subjects = read_subjects(result)
    found = compute_verified(edition, subjects, {})
    assert found.score is None
    assert {one.code: one.passed for one in subjects if one.applies} == {
        code: passed
        for code, passed in found.passed.items()
        if code in {one.code for one in subjects if one.applies}
    }
    aimed = {one.code for one in edition.indicators if one.target is not None}
    open_ = next(one for one in subjects if one.code in aimed and one.target is None)
    assert found.passed[open_.code] is None, "no target, no judgement"
    known = next(one for one in subjects if one.target is not None)
    assert known.target is not None
    higher = next(i for i in edition.indicators if i.code == known.code).direction == "higher"
    beyond = known.target + (Decimal("-0.001") if higher else Decimal("0.001"))
    for value, passed in ((known.target, True), (beyond, False)):
        said = Finding(known.code, 1, Verdict.CORRECT, str(value))
        assert compute_verified(edition, subjects, {known.code: said}).passed[known.code] is passed
