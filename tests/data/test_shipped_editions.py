"""The editions shipped with the software: content, coverage of cases, bases, and what the documents say."""

import csv
import re
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

import lingtan_data
from lingtan.documents import read_document
from lingtan.standards import check_edition, compile_edition, load_edition, run_cases
from lingtan.standards.records import Edition, Indicator

IDS = ("cn-ndrc-910-2025", "js-zero-carbon-2024", "sd-eco-park-2017", "sh-seesa-zctp-2024")
PAGES = Path(__file__).resolve().parents[2] / "docs" / "reference" / "editions"
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def edition(id_: str) -> Edition:
    return load_edition(id_)


def bases(record: object) -> Iterator[str]:
    """Every basis written anywhere in a record."""
    if isinstance(record, dict):
        for key, value in record.items():
            if (key == "basis" or key.endswith("_basis")) and value is not None:
                yield value
            else:
                yield from bases(value)
    elif isinstance(record, list | tuple):
        for value in record:
            yield from bases(value)


def indicators() -> list[object]:
    return [pytest.param(i, id=f"{id_}:{i.code}") for id_ in IDS for i in edition(id_).indicators]


def test_the_shipped_editions_are_these() -> None:
    folders = {p.name for p in lingtan_data.path("standards").iterdir() if p.is_dir()}
    assert folders == set(IDS)
    assert all(edition(id_).id == id_ for id_ in IDS)


@pytest.mark.parametrize("id_", IDS)
def test_the_checker_finds_nothing_and_every_case_holds(id_: str) -> None:
    assert [str(fault) for fault in check_edition(id_)] == []
    assert [str(f) for f in run_cases(edition(id_))] == []


@pytest.mark.parametrize("id_", IDS)
def test_every_parameter_and_term_is_used(id_: str) -> None:
    compiled = compile_edition(edition(id_))
    formulas = [
        *compiled.gates.values(),
        *compiled.indicators.values(),
        *compiled.applies.values(),
        *compiled.targets.values(),
        *compiled.terms.values(),
    ]
    used = {name for formula in formulas for name in formula.names}
    assert {*edition(id_).parameters, *edition(id_).terms} - used == set()


@pytest.mark.shared
def test_seesa_has_exactly_the_rows_of_the_table(shared: Path) -> None:
    with (shared / "design" / "seesa-indicators.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    ours = edition("sh-seesa-zctp-2024")
    levels = {level.code: level for level in ours.levels}

    def limit(text: str) -> Decimal | None:
        return Decimal(text) if text else None

    written = [
        (
            i.code, i.id, i.zh, i.en, i.kind, i.kind_basis, i.direction, i.unit, i.points,
            i.score_none_at, i.score_full_at, i.pass_at, i.values_source, i.clause,
            levels[i.level2].zh, levels[i.level2].en,
            levels[levels[i.level2].parent].zh, levels[levels[i.level2].parent].en,
        )
        for i in ours.indicators
    ]  # fmt: skip
    expected = [
        (
            r["code"], r["id"], r["name_zh"], r["name_en"], r["kind"], r["kind_basis"], r["direction"],
            r["unit"], Decimal(r["points"]), limit(r["score_none_at"]), limit(r["score_full_at"]),
            limit(r["pass_at"]), r["values_basis"], r["clause"], r["level2_zh"], r["level2_en"],
            r["level1_zh"], r["level1_en"],
        )
        for r in rows
    ]  # fmt: skip
    assert written == expected
    assert [bool(i.applies_when) for i in ours.indicators] == [bool(r["applies_when"]) for r in rows]


def test_seesa_has_the_shape_the_drafting_explanation_states() -> None:
    ours = edition("sh-seesa-zctp-2024")
    first = [level.code for level in ours.levels if not level.parent]
    second = [level.code for level in ours.levels if level.parent]
    assert (len(first), len(second), len(ours.indicators), len(ours.gates)) == (5, 10, 32, 8)
    assert {i.level2 for i in ours.indicators} == set(second)
    assert sum((i.points or Decimal(0) for i in ours.indicators), Decimal(0)) == ours.total_points == 100
    assert [(a.stars, a.from_score, a.all_gates, a.required_kinds) for a in ours.awards] == [
        (3, 60, True, ("constraint",)),
        (4, 80, True, ("constraint",)),
        (5, 90, True, ("constraint",)),
    ]
    assert [(c.indicator, c.at_least) for a in ours.awards for c in a.conditions] == [("net_zero_rate", 100)]
    assert {name: (s.value, s.unit) for name, s in ours.lifecycle.items()} == {
        "certificate_validity": (36, "month"),
        "surveillance_interval": (12, "month"),
        "surveillance_grace": (60, "day"),
        "cure_period": (180, "day"),
        "hearing_period": (15, "day"),
    }


def test_seesa_limits_are_precedents_only_where_all_of_them_are() -> None:
    ours = edition("sh-seesa-zctp-2024")
    assert [i.code for i in ours.indicators if i.values_basis == "precedent"] == ["C1.2"]
    assert {i.values_basis for i in ours.indicators} == {"precedent", "operator-set"}


def test_ndrc_has_one_core_and_five_guiding_targets() -> None:
    ours = edition("cn-ndrc-910-2025")
    assert Counter(i.kind for i in ours.indicators) == {"core": 1, "guiding": 5}
    assert len(ours.gates) == 4
    assert ours.inventory_method == "cn-ndrc-910"
    assert [(a.id, a.stars, a.required_kinds) for a in ours.awards] == [("acceptance", None, ("core",))]
    assert {n: p.value for n, p in ours.parameters.items() if p.basis == "standard"} == {
        "lookback_years": 3,
        "medium_park_energy": 200000,
        "carbon_per_energy_target_medium": Decimal("0.2"),
        "carbon_per_energy_target_large": Decimal("0.3"),
        "clean_energy_target": 90,
        "solid_waste_target": 80,
        "waste_energy_target": 50,
        "water_reuse_target": 80,
    }


def test_jiangsu_has_the_twenty_reference_values_and_says_that_attribution_is_unverified() -> None:
    ours = edition("js-zero-carbon-2024")
    values = [ours.parameters[i.target or ""].value for i in ours.indicators]
    expected = (
        *("0.35", "0.6", "50", "50", "50", "100", "20", "30", "50", "50"),
        *("80", "80", "96", "85", "95", "10", "10", "50", "3.5", "1"),
    )
    assert [i.code for i in ours.indicators] == [str(number) for number in range(1, 21)]
    assert values == [Decimal(value) for value in expected]
    assert [i.code for i in ours.indicators if i.direction == "lower"] == ["1", "2"]
    assert not ours.complete
    assert ours.awards == ()
    for text in (ours.zh, ours.remark_zh, *(i.values_source for i in ours.indicators)):
        assert "未证实" in text or "未经证实" in text
    assert "unverified" in ours.remark_en


def test_shandong_has_nine_rows_of_which_one_in_four_and_three_are_needed() -> None:
    ours = edition("sd-eco-park-2017")
    assert [i.code for i in ours.indicators] == list("123456789")
    assert [i.code for i in ours.indicators if i.kind == "mandatory"] == ["5", "6", "7"]
    group = next(level for level in ours.levels if level.at_least)
    assert [i.code for i in ours.indicators if i.level2 == group.code] == list("1234")
    assert group.at_least == 1
    assert not ours.complete
    assert {i.values_basis for i in ours.indicators} == {"inferred"}
    assert ours.awards[0].all_groups and ours.awards[0].required_kinds == ("mandatory",)


@pytest.mark.parametrize("id_", IDS)
def test_names_are_chinese_and_english(id_: str) -> None:
    ours = edition(id_)
    named = [*ours.levels, *ours.gates, *ours.indicators, *ours.awards, *ours.terms.values()]
    named += [*ours.parameters.values(), *ours.lifecycle.values(), ours]
    for record in named:
        assert CHINESE.search(record.zh), record
        assert record.en and not CHINESE.search(record.en), record


@pytest.mark.parametrize("id_", IDS)
def test_every_number_says_where_it_is_from(id_: str) -> None:
    ours = edition(id_)
    for sourced in (*ours.parameters.values(), *ours.lifecycle.values(), *ours.awards):
        assert sourced.source
    for i in ours.indicators:
        assert i.values_source and i.clause
        assert (i.points is None) == (i.points_basis is None)
        assert bool(i.applies_when) == bool(i.inapplicable_zh) == bool(i.inapplicable_en)
    for gate in ours.gates:
        assert gate.clause and gate.reason_zh and gate.reason_en


@pytest.mark.parametrize("indicator", indicators())
def test_an_indicator_has_its_cases(indicator: Indicator) -> None:
    names = {case.name for case in indicator.cases}
    needed = {"missing"}
    if indicator.applies_when:
        needed.add("not applicable")
    if indicator.target:
        needed |= {"at the target", "short of the target"}
    if indicator.points is not None:
        needed |= {"full mark", "short of full mark", "zero line"}
        # 100 % of a whole cannot be exceeded, nor can 0 be undercut
        if not (indicator.unit == "%" and indicator.score_full_at in (0, 100)):
            needed.add("beyond full mark")
        if indicator.score_none_at:
            needed.add("beyond zero line")
            needed.add("inside")
    if indicator.pass_at is not None:
        needed |= {"pass line", "below pass line"}
    assert needed - names == set()
    assert len(names) == len(indicator.cases), "two cases have the same name"
    by_name = {case.name: case for case in indicator.cases}
    if indicator.points is not None:
        assert by_name["full mark"].earned == indicator.points
        assert by_name["full mark"].value == indicator.score_full_at
        assert by_name["zero line"].value == indicator.score_none_at
        assert by_name["zero line"].earned == 0
        short = by_name["short of full mark"].earned
        assert short is not None and short < indicator.points
    if indicator.pass_at is not None:
        assert by_name["pass line"].value == indicator.pass_at
        assert by_name["pass line"].passed is True
        assert (by_name["below pass line"].passed, by_name["below pass line"].earned) == (False, 0)


@pytest.mark.parametrize("id_", IDS)
def test_a_gate_has_its_cases(id_: str) -> None:
    for gate in edition(id_).gates:
        names = [case.name for case in gate.cases]
        assert {"met", "not met", "missing"} <= set(names), gate.id
        assert len(names) == len(set(names)), gate.id


def test_checklist_items_of_editions_are_declared() -> None:
    """An item a formula asks for is one the dossier offers, and the other way round."""
    document, faults = read_document(lingtan_data.path("schema", "checklists.yaml"))
    assert document is not None and not faults
    declared = {
        (id_, checklist, item)
        for checklist, items in document.data.items()
        for item, words in items.items()
        for id_ in words["editions"]
    }
    used = set()
    for id_ in IDS:
        for term in edition(id_).terms.values():
            found = re.search(r"checklist == '(\w+)' and item (?:in \(([^)]*)\)|== ('\w+'))", term.formula)
            if found:
                items = re.findall(r"'(\w+)'", found[2] or found[3])
                used |= {(id_, found[1], item) for item in items}
    assert used == declared
    for items in document.data.values():
        for words in items.values():
            assert set(words) == {"zh", "en", "editions"}
            assert CHINESE.search(words["zh"]) and not CHINESE.search(words["en"])


@pytest.mark.parametrize(
    ("id_", "parameter", "term"),
    [
        ("sh-seesa-zctp-2024", "carbon_management_items", "carbon_management_fulfilled"),
        ("sh-seesa-zctp-2024", "working_system_items", "working_system_fulfilled"),
        ("sh-seesa-zctp-2024", "pathway_report_items", "pathway_report_fulfilled"),
        ("sh-seesa-zctp-2024", "platform_items", "platform_fulfilled"),
        ("sh-seesa-zctp-2024", "strategy_items", "strategy_fulfilled"),
        ("sh-seesa-zctp-2024", "ghg_report_items", "ghg_report_fulfilled"),
        ("cn-ndrc-910-2025", "metering_capability_items", "metering_capability_fulfilled"),
    ],
)
def test_the_number_of_items_is_the_number_named(id_: str, parameter: str, term: str) -> None:
    named = re.search(r"item in \(([^)]*)\)", edition(id_).terms[term].formula)
    assert named and edition(id_).parameters[parameter].value == len(named[1].split(","))


@pytest.mark.parametrize("id_", IDS)
def test_the_page_of_an_edition_counts_its_bases(id_: str) -> None:
    page = (PAGES / f"{id_}.md").read_text(encoding="utf-8")
    written = {
        word: int(count) for word, count in re.findall(r"^\| `([a-z-]+)` \|.*\| (\d+) \|$", page, re.M)
    }
    counted = Counter(bases(edition(id_).model_dump()))
    assert written == {word: counted[word] for word in ("standard", "inferred", "precedent", "operator-set")}


def test_the_glossary_has_words_and_one_line_in_both_languages() -> None:
    document, faults = read_document(lingtan_data.path("glossary.yaml"))
    assert document is not None and not faults
    for word, term in document.data.items():
        assert set(term) == {"zh", "en", "definition_zh", "definition_en"}, word
        assert CHINESE.search(term["definition_zh"]) and not CHINESE.search(term["definition_en"]), word
        assert "\n" not in term["definition_zh"] + term["definition_en"], word
