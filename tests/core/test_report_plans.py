"""The pathway report and the third-party report: all that results hold, nothing on anybody's behalf."""

from __future__ import annotations

import pytest
from report_formulas import formulas_of
from report_parks import NDRC, SEESA, results_of
from report_paths import amounts_of, export_results, find_broken_blocks, find_wrong_paths

from lingtan.errors import Language
from lingtan.reports.documents.building import build_report
from lingtan.reports.records import Block, Heading, Report, Table, runs_of

KINDS = ("pathway", "evaluation")
CASES = {
    "xinghuo": ("xinghuo", SEESA, NDRC),
    "without points": ("xinghuo", NDRC, SEESA),
    "much missing": ("cambridge-estate", SEESA, NDRC),
}
LANGUAGES: tuple[Language, ...] = ("zh", "en")

every_case = pytest.mark.parametrize("case", CASES)
every_kind = pytest.mark.parametrize("kind", KINDS)
every_language = pytest.mark.parametrize("language", LANGUAGES)


def report(kind: str, case: str = "xinghuo", language: Language = "zh") -> Report:
    return build_report(results_of(*CASES[case]), kind, language=language)


def said(blocks: tuple[Block, ...]) -> str:
    return "\n".join(getattr(run, "text", str(run)) for block in blocks for run in runs_of(block))


def tables(shown: Report, prefix: str) -> list[Table]:
    return [block for block in shown.blocks if isinstance(block, Table) and block.id.startswith(prefix)]


@every_kind
@every_case
@every_language
def test_every_number_stands_in_the_result(kind: str, case: str, language: Language) -> None:
    found = results_of(*CASES[case])
    assert not find_wrong_paths(report(kind, case, language), export_results(found))


@every_kind
@every_case
@every_language
def test_blocks_are_whole(kind: str, case: str, language: Language) -> None:
    shown = report(kind, case, language)
    assert isinstance(shown.blocks[0], Heading)
    assert find_broken_blocks(shown) == []


@every_kind
@every_case
@every_language
def test_every_gate_indicator_and_edition_is_named(kind: str, case: str, language: Language) -> None:
    found, text = results_of(*CASES[case]), said(report(kind, case, language).all_blocks())
    result = found.assessment
    for gate in result.gates:
        assert (gate.zh if language == "zh" else gate.en) in text
    open_ = [one for one in result.indicators if one.applies and one.earned != one.points]
    for one in result.indicators if kind == "evaluation" else open_:
        assert (one.zh if language == "zh" else one.en) in text
    editions = found.editions if kind == "evaluation" else (found.edition,)
    for edition in editions:
        assert (edition.zh if language == "zh" else edition.en) in text


@every_case
def test_the_evaluator_is_left_room_and_nothing_is_filled_in(case: str) -> None:
    shown = report("evaluation", case)
    result = results_of(*CASES[case]).assessment
    (gates,) = tables(shown, "evaluation-gate_checks")
    assert len(gates.rows) == len(result.gates)
    checks = tables(shown, "evaluation-checks-")
    assert sum(len(table.rows) for table in checks) == len(result.indicators)
    for table in (gates, *checks):
        assert all(row.cells[-1] == row.cells[-2] == () for row in table.rows)
    for table in (*tables(shown, "evaluation-schedule"), *tables(shown, "evaluation-team")):
        assert all(cell == () for row in table.rows for cell in row.cells[1:])
    fields = [table for table in tables(shown, "evaluation-") if table.id.endswith(("fields", "signatures"))]
    assert len(fields) >= 10
    assert all(row.cells[1] == () for table in fields for row in table.rows)


def test_the_sample_names_what_weighs_most() -> None:
    found = results_of(*CASES["xinghuo"])
    (table,) = tables(report("evaluation"), "evaluation-sample_indicators")
    points = [one.points for one in found.assessment.indicators if one.points]
    named = [amount.value for amount in amounts_of((table,))][::2]
    assert named == sorted(points, reverse=True)[: len(named)]


@every_language
def test_measures_of_the_register_and_all_aspects_stand_in_the_pathway(language: Language) -> None:
    found, shown = results_of(*CASES["xinghuo"]), report("pathway", language=language)
    text = said(shown.blocks)
    for row in found.dossier.rows["measures"]:
        assert row.text("name") in text
    first = [level for level in found.edition.levels if not level.parent]
    assert len(first) == 5
    heads = [block.text for block in shown.blocks if isinstance(block, Heading)]
    assert {level.zh if language == "zh" else level.en for level in first} <= set(heads)


def test_it_is_said_that_nothing_is_optimised() -> None:
    assert "本报告不含优化结果" in said(report("pathway").blocks)


@every_kind
def test_formulas_give_the_values(kind: str) -> None:
    for id, amount, computed in formulas_of(report(kind)):
        assert amount.value is not None and abs(computed - amount.value) < 1e-9, id
