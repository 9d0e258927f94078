"""Documents say what the results say: every number, every indicator, nothing of confidential enterprises."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from functools import cache
from typing import Any

import pytest
from report_parks import JIANGSU, NDRC, SEESA, SHANDONG, results_of
from report_paths import export_results, find_wrong_paths

from lingtan.assessment.naming import kind_of_datum
from lingtan.errors import Fault, Language
from lingtan.quantities import less
from lingtan.reports.documents.building import BUILDERS, build_report
from lingtan.reports.documents.naming import Names
from lingtan.reports.numbering import name_blocks
from lingtan.reports.records import Amount, Reference, Report, Strong, Table, Verdict, runs_of
from lingtan.reports.results import Results
from lingtan.reports.words import Words

CASES = {
    "xinghuo": ("xinghuo", SEESA, NDRC),
    "without points": ("xinghuo", NDRC, SEESA),
    "without awards": ("xinghuo", JIANGSU),
    "groups": ("xinghuo", SHANDONG),
    "without readings": ("cambridge-estate", SEESA, NDRC),
}
LANGUAGES: tuple[Language, ...] = ("zh", "en")
MOST_COLUMNS = 8
CHINESE = re.compile(r"[一-鿿]+")

every_case = pytest.mark.parametrize("case", CASES)
every_kind = pytest.mark.parametrize("kind", BUILDERS)
every_language = pytest.mark.parametrize("language", LANGUAGES)


@cache
def results(case: str) -> Results:
    return results_of(*CASES[case])


@cache
def exported(case: str) -> dict[str, Any]:
    return export_results(results(case))


@cache
def report(case: str, kind: str, language: Language = "zh") -> Report:
    return build_report(results(case), kind, language=language)


def words_of(shown: Report) -> Iterator[str]:
    for block in shown.all_blocks():
        for run in runs_of(block):
            if isinstance(run, str):
                yield run
            elif isinstance(run, Strong | Verdict | Amount):
                yield run.text


def text_of(shown: Report) -> str:
    return "\n".join(words_of(shown))


@every_case
@every_kind
@every_language
def test_every_number_stands_in_the_results(case: str, kind: str, language: Language) -> None:
    assert not find_wrong_paths(report(case, kind, language), exported(case))


@every_case
@every_kind
@every_language
def test_blocks_are_whole(case: str, kind: str, language: Language) -> None:
    shown = report(case, kind, language)
    names = name_blocks(shown.all_blocks(), language)  # two blocks of one id: ValueError
    for block in shown.all_blocks():
        targets = {run.target for run in runs_of(block) if isinstance(run, Reference)}
        assert targets <= set(names)
        if isinstance(block, Table):
            assert block.rows, f"{block.id} is empty"
            assert len(block.columns) <= MOST_COLUMNS
            for row in block.rows:
                assert len(row.cells) == (1 if row.look == "group" else len(block.columns)), block.id


@every_case
@every_language
def test_the_self_assessment_leaves_nothing_out(case: str, language: Language) -> None:
    found, text = results(case), text_of(report(case, "self-assessment", language))
    result = found.assessment
    for one in (*result.indicators, *result.gates):
        assert (one.zh if language == "zh" else one.en) in text
    for edition in found.editions:
        assert edition.id in text
    for datum in result.missing:
        assert kind_of_datum(datum.datum) in text or datum.datum in text or _short(datum.datum) in text
    for fault in result.withheld:
        assert _named_in(fault, language) in text


def _named_in(fault: Fault, language: Language) -> str:
    """The code, name or number that the reason speaks of."""
    name = fault.context.get("name" if language == "zh" else "name_en")
    return fault.context.get("code") or name or fault.context["award" if language == "zh" else "award_en"]


def _short(datum: str) -> str:
    return datum.removeprefix("register ")


@every_language
def test_the_improvement_list_says_every_fault(language: Language) -> None:
    shown = text_of(report("xinghuo", "improvement", language))
    faults = results("xinghuo").assessment.faults
    assert faults
    for fault in faults:
        assert fault.words(language).mend in shown


def test_points_left_are_printed_and_live_in_the_workbook() -> None:
    shown = report("xinghuo", "improvement")
    table = next(block for block in shown.blocks if isinstance(block, Table) and block.id == "short-table")
    left = [row.cells[6][0] for row in table.rows]
    assert all(isinstance(one, Amount) and one.formula == "{c4}-{c5}" for one in left)
    gains = [less(_value(row.cells[4]), _value(row.cells[5])) for row in table.rows]
    assert [one.value for one in left] == gains
    assert gains == sorted(gains, reverse=True)


def _value(cell: tuple[object, ...]) -> Decimal:
    (amount,) = cell
    assert isinstance(amount, Amount)
    assert amount.value is not None
    return amount.value


def test_gates_come_first_where_they_are_not_passed() -> None:
    shown = text_of(report("without readings", "improvement"))
    assert results("without readings").assessment.stars is None
    for gate in results("without readings").assessment.gates:
        assert gate.zh in shown


@every_language
def test_what_does_not_apply_is_said_with_its_reason(language: Language) -> None:
    shown = text_of(report("xinghuo", "not-applicable", language))
    left_out = [one for one in results("xinghuo").assessment.indicators if not one.applies]
    assert [one.code for one in left_out] == ["A2.1"]
    reason = results("xinghuo").edition.indicators
    english = next(one.inapplicable_en for one in reason if one.code == "A2.1")
    assert (left_out[0].inapplicable_reason if language == "zh" else english) in shown


def test_it_says_so_if_all_apply() -> None:
    assert "全部适用" in text_of(report("without points", "not-applicable"))


@every_language
def test_the_annex_has_every_term_and_no_number(language: Language) -> None:
    shown = report("xinghuo", "certificate-annex", language)
    text = text_of(shown)
    for term in results("xinghuo").edition.lifecycle.values():
        assert (term.zh if language == "zh" else term.en) in text
    assert ("证书编号：待颁发" if language == "zh" else "Certificate number: to be issued") in text


def test_no_certificate_where_no_award_is_reached() -> None:
    assert "不得据此颁发证书" in text_of(report("without readings", "certificate-annex"))


@every_kind
@every_language
def test_confidential_enterprises_stay_unnamed(kind: str, language: Language) -> None:
    hidden = [row for row in results("xinghuo").enterprises.values() if row.values["confidential"] is True]
    assert len(hidden) == 2
    text = text_of(report("xinghuo", kind, language))
    for row in hidden:
        assert row.text("name") not in text
        assert not re.search(rf"(?<![0-9A-Za-z]){row.key}(?![0-9A-Za-z])", text)


def made_confidential(*ids: str) -> Results:
    """The example park, in which these enterprises keep their details to themselves."""
    found = results("xinghuo")
    rows = tuple(
        replace(row, values={**row.values, "confidential": row.key in ids})
        for row in found.enterprises.values()
    )
    dossier = replace(found.dossier, rows={**found.dossier.rows, "enterprises": rows})
    return replace(found, dossier=dossier)


@every_kind
@every_language
def test_details_of_confidential_enterprises_stay_at_home(kind: str, language: Language) -> None:
    """Owners of measures, senders of faulty readings, those with missing data and refused projects."""
    ids = ("E012", "E013", "E015", "E022", "E032", "E034", "E039", "E047", "E053", "E900")
    found = made_confidential(*ids)
    text = text_of(build_report(found, kind, language=language))
    for id in ids:
        assert found.enterprises[id].text("name") not in text
        assert not re.search(rf"(?<![0-9A-Za-z]){id}(?![0-9A-Za-z])", text), id
    for detail in ("6,900.00", "5,200.00", "企业屋顶光伏", "阀门装配线", "2700000"):
        assert detail not in text


def test_an_id_that_tells_nothing_is_not_covered() -> None:
    """An enterprise called `1` must not turn every 1 of the document into its cover."""
    found = results("xinghuo")
    row = replace(found.enterprises["E017"], key="1")
    dossier = replace(found.dossier, rows={**found.dossier.rows, "enterprises": (row,)})
    names = Names(replace(found, dossier=dossier), Words("zh"))
    assert names.enterprise("1") == "保密企业 1"
    assert names.clean("A1.1 第 1 行") == "A1.1 第 1 行"
    assert names.clean(f"{row.text('name')}的表") == "保密企业 1的表"


@every_case
@every_kind
def test_english_is_english(case: str, kind: str) -> None:
    """Chinese is left only in what the park wrote itself."""
    given = set(_given(results(case)))
    text = text_of(report(case, kind, "en"))
    for name in sorted(given, key=len, reverse=True):
        text = text.replace(name, "")
    assert not CHINESE.findall(text)


def _given(found: Results) -> Iterator[str]:
    dossier = found.dossier
    park = dossier.park
    for text in (park.name_zh, park.name_en, park.note.strip(), park.characteristic_industry):
        yield from (text, text.strip()) if text else ()
    location = park.location
    yield from filter(None, (location.province, location.city, location.district, location.grid))
    for person in park.responsible:
        yield from (person.role, person.name)
    for rows in dossier.rows.values():
        for row in rows:
            yield row.key
            yield from (
                cell for cell in row.values.values() if isinstance(cell, str) and CHINESE.search(cell)
            )
