"""Editions in a folder of the user's: loading, checking, listing, locking, freezing."""

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pytest

from lingtan.errors import EditionError, Fault
from lingtan.standards import (
    check_edition,
    compile_edition,
    export_schema,
    find_register_users,
    freeze_edition,
    list_editions,
    load_edition,
    load_frozen,
    lock_edition,
    run_cases,
)
from lingtan.standards.freezing import canonical_json, compute_sha256
from lingtan.standards.schema import schema_text

MINI = Path(__file__).resolve().parent.parent / "data" / "editions" / "mini"


@dataclass
class Folder:
    """A copy of the small edition that a test may edit."""

    path: Path

    def edit(self, file: str, old: str, new: str) -> "Folder":
        text = (self.path / file).read_text(encoding="utf-8")
        assert old in text
        (self.path / file).write_text(text.replace(old, new, 1), encoding="utf-8")
        return self

    def line(self, file: str, text: str) -> int:
        lines = (self.path / file).read_text(encoding="utf-8").splitlines()
        return next(number for number, line in enumerate(lines, start=1) if text in line)


@pytest.fixture
def mini(tmp_path: Path) -> Folder:
    folder = tmp_path / "my-edition"
    shutil.copytree(MINI, folder)
    return Folder(folder)


def codes(faults: tuple[Fault, ...]) -> list[str]:
    return sorted(fault.code for fault in faults)


def only(faults: tuple[Fault, ...]) -> Fault:
    assert len(faults) == 1, [(str(fault.place), fault.words("en").what) for fault in faults]
    assert all(fault.words(language).what for fault in faults for language in ("zh", "en"))
    return faults[0]


def test_a_users_edition_loads_from_its_folder(mini: Folder) -> None:
    assert check_edition(mini.path) == ()
    edition = load_edition(str(mini.path))
    assert edition.id == "mini"
    assert [indicator.code for indicator in edition.indicators] == ["A1.1", "A1.2", "A2.1", "B.1"]
    assert len(edition.sha256) == 64


def test_found_by_id_in_search_folders(mini: Folder) -> None:
    assert load_edition("mini", search=[mini.path.parent]) == load_edition(mini.path)
    listed = {listing.id: listing for listing in list_editions([mini.path.parent])}
    assert listed["mini"].folder == mini.path
    assert not listed["mini"].is_shipped
    assert listed["sh-seesa-zctp-2024"].is_shipped


def test_an_id_that_is_not_known_lists_what_exists(mini: Folder) -> None:
    with pytest.raises(EditionError) as caught:
        load_edition("minni", search=[mini.path.parent])
    fault = only(caught.value.faults)
    assert fault.code == "edition.not-found"
    assert "mini" in fault.words("zh").mend


@pytest.mark.parametrize("name", ["", "../sh-seesa-zctp-2024", "/nowhere", "no\x00where"])
def test_strange_names_are_not_found(name: str) -> None:
    with pytest.raises(EditionError):
        load_edition(name)


def test_the_same_id_twice_is_ambiguous(mini: Folder) -> None:
    shutil.copytree(mini.path, mini.path.parent / "again")
    with pytest.raises(EditionError) as caught:
        load_edition("mini", search=[mini.path.parent])
    assert only(caught.value.faults).code == "edition.ambiguous"


A, E = "indicators/A.yaml", "edition.yaml"


@pytest.mark.parametrize(
    ("file", "old", "new", "code", "at"),
    [
        (
            A,
            "points_basis: operator-set",
            "points_bases: operator-set",
            "document.unknown-key",
            "points_bases",
        ),
        (
            A,
            "kind: constraint\n",
            "kind: constraint\n  kind: guiding\n",
            "document.duplicate-key",
            "kind: guiding",
        ),
        (A, "direction: higher", "direction: upwards", "document.bad-value", "direction: upwards"),
        (A, '  clause: "6.1"\n', "", "document.missing-key", "- code: A1.1"),
        (A, "points: 3\n", "points: three\n", "document.bad-value", "points: three"),
        (A, "good_floor_area / floor_area", "good_floor_area / / floor_area", "edition.formula", "/ /"),
        (A, "good_floor_area / floor_area", "good_floor_area / 100", "edition.formula", "/ 100"),
        (
            A,
            "good_floor_area / floor_area",
            "good_flor_area / floor_area",
            "edition.unknown-name",
            "good_flor",
        ),
        (A, "good_floor_area / floor_area", "good_floor_area", "edition.unit", "formula: good_floor_area"),
        (A, "good_floor_area / floor_area", "floor_area > 0", "edition.not-number", "formula: floor_area"),
        (A, "formula: green_area", "formula: green_area + floor_area", "edition.formula", "green_area +"),
        (
            A,
            "applies_when: floor_area > 0",
            "applies_when: floor_area",
            "edition.not-yes-no",
            "applies_when: fl",
        ),
        (A, "unit: ha", "unit: hectar", "edition.unknown-unit", "unit: hectar"),
        (
            A,
            "code: A1.2\n  id: green_space",
            "id: green_space\n  code: A1.1",
            "edition.repeated",
            "  code: A1.1",
        ),
        (A, "id: green_space", "id:   good_building_share", "edition.repeated", "id:   good"),
        (A, "level2: A2", "level2: A9", "edition.unknown-level", "level2: A9"),
        (A, "score_full_at: 2\n", "score_full_at: -2\n", "edition.limits-higher", "score_full_at: -2"),
        (A, "score_full_at: 100\n", "score_full_at: 300\n", "edition.limits-lower", "score_full_at: 300"),
        (A, "score_full_at: 2\n", "score_full_at: 0\n", "edition.limits-higher", "score_full_at: 0"),
        (A, "pass_at: 10", "pass_at: 31", "edition.pass-outside", "pass_at: 31"),
        (A, "  pass_at: 10\n", "", "edition.constraint-without-line", "- code: A1.1"),
        (A, "  score_none_at: 200\n", "", "edition.points-need", "points: 2"),
        (A, "  inapplicable_en: No area\n", "", "edition.no-reason", "applies_when: profile"),
        (A, "points: 2\n", 'points: 2\n  target: "0"\n', "edition.points-and-target", "target:"),
        (A, "level2: A2", "review_by: next year\n  level2: A2", "edition.bad-date", "review_by: next"),
        (A, "value: 30, earned: 3", "value: 30, earned: 2.5", "edition.case-failed", "cases:"),
        (A, "value: 9.9, earned: 0, passed: false", "passed: true", "edition.case-failed", "cases:"),
        (A, "given: {green_area: 1}", "given: {}", "edition.case-lacks-name", "given: {}"),
        (A, "given: {green_area: 1}", "given: {green_area: 1, gren: 1}", "edition.case-unknown-name", "gren"),
        (A, "given: {green_area: 1}", "given: {green_area: much}", "edition.case-failed", "much"),
        (E, "total_points: 10", "total_points: 11", "edition.points-sum", "total_points"),
        (E, "review_by: 2027-06-30", "review_by: 2027-13-01", "edition.bad-date", "review_by"),
        (E, "parent: A, zh: 二级甲二", "parent: C, zh: 二级甲二", "edition.unknown-level", "二级甲二"),
        (E, "en: Second A2", "en: Second A2, at_least: 2", "edition.at-least", "at_least: 2"),
        (E, "code: B, zh", "code: A, zh", "edition.repeated", "一级乙"),
        (E, "indicator: green_share", "indicator: B.1", "edition.unknown-indicator", "B.1"),
        (E, "from_score: 9", "from_score: 5", "edition.awards-overlap", "id: top"),
        (E, "stars: 5", "stars: 3", "edition.awards-overlap", "id: top"),
        (E, "from_score: 9", "from_score: 11", "edition.award-out-of-reach", "from_score: 11"),
        (E, "unit: month", "unit: moon", "edition.unknown-unit", "unit: moon"),
        (E, "complete: true", "complete: perhaps", "document.bad-value", "perhaps"),
        ("terms.yaml", "sum(buildings: floor", "sum(bildings: floor", "edition.unknown-register", "bildings"),
        ("terms.yaml", "'zero_carbon'", "'zero_carbn'", "edition.formula", "zero_carbn"),
        (
            "terms.yaml",
            "park.own_renewable_mwh",
            "park.own_renewable",
            "edition.unknown-name",
            "own_renewable ",
        ),
        ("terms.yaml", "unit: MWh", "unit: t", "edition.unit", "unit: t,"),
        ("terms.yaml", "+ ledger.green_mwh", "+ renewable_mwh", "edition.cycle", "+ renewable_mwh"),
        ("terms.yaml", "renewable_mwh: {", "lookback_years: {", "edition.name-clash", "lookback_years: {"),
        ("terms.yaml", "floor_area: {", "where: {", "edition.bad-name", "where: {"),
        ("parameters.yaml", "basis: standard", "basis: guess", "document.bad-value", "guess"),
        ("parameters.yaml", "value: 3", "value: .nan", "document.bad-value", "nan"),
        ("gates.yaml", "incidents_since == 0", "incidents_since", "edition.not-yes-no", "formula"),
        ("gates.yaml", "incidents_since: 1}", "incidents_since: 0}", "edition.case-failed", "cases"),
    ],
)
def test_fault(mini: Folder, file: str, old: str, new: str, code: str, at: str) -> None:
    """Each fault is found, in its file, on its line (a case: on the line of the cases)."""
    mini.edit(file, old, new)
    found = [fault for fault in check_edition(mini.path) if fault.code == code]
    assert found, codes(check_edition(mini.path))
    line = mini.line(file, "cases:" if code.startswith("edition.case") else at)
    place = found[0].place
    assert place.file == file
    if not code.startswith("edition.case"):
        assert place.row == line
    for language in ("zh", "en"):
        words = found[0].words(language)  # type: ignore[arg-type]
        assert words.what
        assert words.mend
    with pytest.raises(EditionError):
        load_edition(mini.path)


def test_one_fault_makes_one_fault(mini: Folder) -> None:
    """A term that cannot be read does not raise faults in all that use it."""
    mini.edit(
        "terms.yaml",
        "floor_area: {zh: 建筑面积, en: Floor area, unit: m2, formula",
        "floor_area: {zh: 面积, formla",
    )
    assert set(codes(check_edition(mini.path))) == {"document.unknown-key", "document.missing-key"}
    shutil.rmtree(mini.path)
    shutil.copytree(MINI, mini.path)
    mini.edit("terms.yaml", "sum(buildings: floor", "sum(buildings: flor")
    assert only(check_edition(mini.path)).code == "edition.unknown-name"
    (mini.path / "terms.yaml").write_text("floor_area: [", encoding="utf-8")
    assert only(check_edition(mini.path)).code == "document.not-yaml"


def test_all_faults_of_all_files_at_once(mini: Folder) -> None:
    mini.edit(E, "total_points: 10", "total_points: 12")
    mini.edit(A, "pass_at: 10", "pass_at: 40")
    mini.edit("gates.yaml", "incidents_since == 0", "incidents == 0")
    mini.edit("terms.yaml", "unit: MWh", "unit: GWhh")
    with pytest.raises(EditionError) as caught:
        load_edition(mini.path)
    assert {
        "edition.points-sum",
        "edition.pass-outside",
        "edition.unknown-name",
        "edition.unknown-unit",
    } <= set(codes(caught.value.faults))


def test_the_name_that_was_meant_is_suggested(mini: Folder) -> None:
    mini.edit(A, "good_floor_area / floor_area", "good_flor_area / floor_area")
    fault = only(check_edition(mini.path))
    assert "good_floor_area" in fault.words("zh").mend
    assert "good_floor_area" in fault.words("en").mend


def test_files_that_do_not_belong_or_lack(mini: Folder) -> None:
    shutil.copy(mini.path / "terms.yaml", mini.path / "term.yaml")
    fault = only(check_edition(mini.path))
    assert (fault.code, fault.context["hint"]) == ("edition.unknown-file", "terms.yaml")
    (mini.path / "term.yaml").unlink()
    (mini.path / "edition.yaml").unlink()
    assert only(check_edition(mini.path)).context["file"] == "edition.yaml"
    assert codes(check_edition(mini.path.parent / "my-edition" / "indicators")) != []


@pytest.mark.parametrize("file", ["terms.yaml", "gates.yaml"])
def test_a_file_of_the_wrong_shape(mini: Folder, file: str) -> None:
    (mini.path / file).write_text("just a text\n", encoding="utf-8")
    assert only(check_edition(mini.path)).code == "edition.wrong-shape"


def test_places_name_file_line_and_key(mini: Folder) -> None:
    mini.edit(A, "pass_at: 10", "pass_at: 31").edit("terms.yaml", "unit: MWh", "unit: MWhh")
    places = {fault.code: str(fault.place) for fault in check_edition(mini.path)}
    assert places["edition.pass-outside"] == "indicators/A.yaml › 17 › indicators[0].pass_at"
    assert places["edition.unknown-unit"] == "terms.yaml › 5 › terms.renewable_mwh.unit"


def test_unused_names_are_noted_only(mini: Folder) -> None:
    with (mini.path / "parameters.yaml").open("a", encoding="utf-8") as file:
        file.write("spare: {value: 1, unit: '1', basis: standard, source: test}\n")
    fault = only(check_edition(mini.path))
    assert (fault.code, fault.severity) == ("edition.unused", "note")
    assert load_edition(mini.path).parameters["spare"].value == 1


def test_hash_is_of_the_content(mini: Folder) -> None:
    before = load_edition(mini.path).sha256
    mini.edit(
        A, "- code: A1.1\n  id: good_building_share", "# a comment\n- id: good_building_share\n  code: A1.1"
    )
    mini.edit(A, "points: 3\n", "points: 3.0\n")
    assert load_edition(mini.path).sha256 == before
    mini.edit(A, "pass_at: 10", "pass_at: 9.9").edit(A, "value: 9.9, earned: 0, passed: false", "value: 9.9")
    assert load_edition(mini.path).sha256 != before


def test_a_locked_edition_must_not_change(mini: Folder) -> None:
    lock = lock_edition(mini.path)
    assert lock.name == "edition.lock"
    assert json.loads(lock.read_text(encoding="utf-8"))["sha256"] == load_edition(mini.path).sha256
    mini.edit(
        "parameters.yaml",
        "lookback_years: {value: 3",
        "# a comment changes nothing\nlookback_years: {value: 3.0",
    )
    load_edition(mini.path)
    mini.edit("parameters.yaml", "value: 3.0", "value: 4")
    assert only(check_edition(mini.path)).code == "edition.changed-after-use"
    with pytest.raises(EditionError):
        lock_edition(mini.path)
    lock.write_text("{", encoding="utf-8")
    assert only(check_edition(mini.path)).code == "edition.bad-lock"


def test_a_frozen_edition_travels_with_results(mini: Folder) -> None:
    edition = load_edition(mini.path)
    frozen = freeze_edition(edition)
    assert (frozen.id, frozen.sha256) == ("mini", edition.sha256)
    shutil.rmtree(mini.path)
    again = load_frozen(frozen.content)
    assert again == edition
    assert compile_edition(again).indicators.keys() == compile_edition(edition).indicators.keys()
    assert run_cases(again) == ()
    assert freeze_edition(again) == frozen


@pytest.mark.parametrize(
    "change",
    [
        lambda raw: raw.replace(b'"points":3', b'"points":4', 1),
        lambda raw: raw.replace(b'"sha256":"', b'"sha256":"0', 1),
        lambda raw: raw[:-10],
        lambda raw: b"",
        lambda raw: b"[]",
        lambda raw: b"\xff\xfe",
        lambda raw: b'{"format":"lingtan-edition-1","sha256":"","edition":{}}',
        lambda raw: b"[" * 100_000,
        lambda raw: raw.replace(b'"points":3', b'"points":3e-999999999', 1),  # a gigabyte, written out
        lambda raw: raw.replace(b'"points":3', b'"points":3e999999999', 1),
        lambda raw: raw.replace(b'"points":3', b'"points":3e9999999999999999999999', 1),
        lambda raw: raw.replace(b'"points":3', b'"points":NaN', 1),
        lambda raw: raw.replace(b'"points":3', b'"points":' + b"9" * 100_000, 1),
        lambda raw: raw.replace(b'"zh":"', rb'"zh":"\ud800', 1),
    ],
)
def test_a_frozen_edition_that_was_changed(mini: Folder, change: Callable[[bytes], bytes]) -> None:
    content = change(freeze_edition(load_edition(mini.path)).content)
    with pytest.raises(EditionError) as caught:
        load_frozen(content)
    assert only(caught.value.faults).code in ("edition.frozen-changed", "edition.not-frozen")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_frozen_edition_holds_no_nul(mini: Folder, encoding: str) -> None:
    """The hash is right, so only the NUL, which databases do not take, can be at fault."""
    edition = load_edition(mini.path)
    odd = edition.model_copy(update={"zh": "甲\0乙"})
    odd = odd.model_copy(update={"sha256": compute_sha256(odd)})
    content = freeze_edition(odd).content.decode().encode(encoding)
    with pytest.raises(EditionError) as caught:
        load_frozen(content)
    assert only(caught.value.faults).code == "edition.not-frozen"


@pytest.mark.parametrize(
    ("number", "text"),
    [
        ("1E+1000", "1" + "0" * 1000),
        ("1E-1000", "0." + "0" * 999 + "1"),
        ("-0E-999999999", "0"),
        ("3.50", "3.5"),
    ],
)
def test_a_number_is_written_digit_by_digit(number: str, text: str) -> None:
    assert canonical_json(Decimal(number)) == text


@pytest.mark.parametrize("number", ["1E+1001", "-1E-1001", "1E+999999999", "NaN", "Infinity"])
def test_a_number_that_would_fill_the_memory(number: str) -> None:
    with pytest.raises(ValueError, match="digit by digit"):
        canonical_json({"a": [Decimal(number)]})


def test_compiled_formulas_have_scale_and_names(mini: Folder) -> None:
    edition = load_edition(mini.path)
    compiled = compile_edition(edition)
    assert compiled is compile_edition(edition)
    assert compiled.indicators["A1.1"].scale == 100  # a share, told in per cent
    assert compiled.indicators["A2.1"].scale == 10000  # per square metre, told per hectare
    assert compiled.terms["green_area"].scale == Decimal("0.0001")
    assert compiled.terms["incidents_since"].names == ("assessment.on", "lookback_years")
    assert compiled.applies.keys() == {"A1.1", "A2.1"}
    assert find_register_users(edition) == {
        "buildings": ("A1.1",),
        "incidents": ("no_incident",),
        "land_use": ("A1.2",),
    }


def test_the_schema_for_editors_is_fresh() -> None:
    file = MINI.parents[3] / "src" / "lingtan_data" / "schema" / "edition.schema.json"
    assert file.read_text(encoding="utf-8") == schema_text()


def test_the_schema_has_a_definition_per_kind_of_file() -> None:
    definitions = export_schema()["$defs"]
    assert {"edition", "parameters", "terms", "gates", "indicators"} <= definitions.keys()
    assert definitions["Indicator"]["additionalProperties"] is False
    assert definitions["Indicator"]["properties"]["points"]["title"] == "分值"


def test_a_file_that_is_lacking_is_named(mini: Folder) -> None:
    (mini.path / "edition.yaml").unlink()
    faults = check_edition(mini.path)
    missing = [fault for fault in faults if fault.code == "edition.missing-file"]
    assert [fault.context["file"] for fault in missing] == ["edition.yaml"]


def test_points_without_a_total(mini: Folder) -> None:
    mini.edit("edition.yaml", "total_points: 10\n", "")
    found = [fault for fault in check_edition(mini.path) if fault.code == "edition.points-without-total"]
    assert [fault.context["total"] for fault in found] == ["10"]


def test_an_indicator_with_nothing_to_reach_is_warned_of(mini: Folder) -> None:
    text = (mini.path / "indicators/A.yaml").read_text(encoding="utf-8")
    assert "  target:" not in text
    first, rest = text.split("- code: A1.2", 1)
    for field in (
        "points: 3",
        "points_basis: operator-set",
        "score_none_at: 0",
        "score_full_at: 30",
        "pass_at: 10",
    ):
        first = first.replace(f"  {field}\n", "", 1)
    first = first.replace("kind: constraint", "kind: guiding")
    (mini.path / "indicators/A.yaml").write_text(first + "- code: A1.2" + rest, encoding="utf-8")
    found = [fault for fault in check_edition(mini.path) if fault.code == "edition.nothing-to-reach"]
    assert [(fault.context["subject"], fault.severity) for fault in found] == [("A1.1", "warning")]


def test_a_case_with_a_value_of_the_wrong_kind(mini: Folder) -> None:
    mini.edit(
        "indicators/A.yaml",
        "good_floor_area: 300, floor_area: 1000",
        "good_floor_area: many, floor_area: 1000",
    )
    assert "edition.case-bad-value" in codes(check_edition(mini.path))
