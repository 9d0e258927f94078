"""Words of reports on inventory, factors, pathway, evaluation: none unused, none lacking, all labels."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from report_parks import NDRC, SEESA, results_of

from lingtan.inventory.methods import Flag, Number, Word, load_method, method_names
from lingtan.inventory.methods import Words as Several
from lingtan.reports.documents.building import build_report
from lingtan.reports.documents.inventory.method import CONVENTIONS, SOURCE_ORDER
from lingtan.reports.words import Words, phrases

OURS = ("inventory", "factor-annex", "pathway", "evaluation", "remarks")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
RARE = {
    # what the example parks do not show
    "inventory.fence_disputed", "inventory.fence_unconfirmed", "inventory.enterprises_none",
    "inventory.meters_none", "inventory.without", "inventory.unknown", "inventory.hidden",
    "inventory.restatement_intro", "inventory.restated", "inventory.restated_columns", "inventory.causes",
    "inventory.causes_columns", "inventory.cause_software", "inventory.cause_boundary",
    "inventory.cause_data", "inventory.cause_method", "inventory.cause_factors",
    "inventory.by_enterprise_none",
    "inventory.factors_factor_none", "inventory.factors_parameter_none", "inventory.matching_none",
    "inventory.supplied_empty", "factor-annex.factors_none", "factor-annex.conversions_none", "remarks.error",
    "evaluation.factor_documents_none", "evaluation.strongest_none", "inventory.grades_none",
    "inventory.instruments_none", "inventory.contributions_none", "pathway.tasks_none", "remarks.none",
    "remarks.semicolon", "remarks.more", "inventory.state_partial", "inventory.role_activity",
    "pathway.checklists_none", "pathway.terms_none", "pathway.meters_none", "pathway.not_scored",
    "inventory.annex_apart",
}  # fmt: skip


def test_every_phrase_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    used: set[str] = set()
    template = Words._template

    def spy(self: Words, key: str) -> str:
        used.add(key)
        return template(self, key)

    monkeypatch.setattr(Words, "_template", spy)
    for park, *editions in (
        ("xinghuo", SEESA, NDRC),
        ("xinghuo", NDRC, SEESA),
        ("cambridge-estate", SEESA, NDRC),
    ):
        for kind in ("inventory", "factor-annex", "pathway", "evaluation"):
            build_report(results_of(park, *editions), kind)
    ours = {key for key in phrases() if key.split(".")[0] in OURS}
    assert ours - used <= RARE, sorted(ours - used - RARE)


@pytest.mark.parametrize("file", [*OURS, "labels", "method"])
def test_english_phrases_are_english(file: str) -> None:
    for key, phrase in phrases().items():
        if key.startswith(f"{file}."):
            assert phrase.zh and phrase.en, key
            assert not CHINESE.search(phrase.en), key
            assert set(re.findall(r"\{\w+\}", phrase.zh)) == set(re.findall(r"\{\w+\}", phrase.en)), key


def test_every_source_scope_view_and_total_has_a_label() -> None:
    results = results_of("xinghuo", SEESA, NDRC)
    totals = {*results.inventory.totals, *results.assessment.national.totals, *results.ledger.totals}
    assert {f"labels.total_{name}" for name in totals} == {key for key in phrases() if "labels.total_" in key}
    assert {f"labels.source_{name}" for name in SOURCE_ORDER} == {
        key for key in phrases() if key.startswith("labels.source_")
    }
    assert {one.source for one in results.inventory.lines} <= set(SOURCE_ORDER)


def test_every_convention_of_every_method_is_told() -> None:
    assert set(_conventions()) <= set(phrases())


def _conventions() -> Iterator[str]:
    for name in CONVENTIONS:
        yield f"method.{name}"
        for method in method_names():
            match getattr(load_method(method), name):
                case Word() as word:
                    yield f"method.{name}_{word.value}"
                case Flag():
                    yield from (f"method.{name}_yes", f"method.{name}_no")
                case Several() as several:
                    yield from (f"method.{name}_{value}" for value in several.value)
                case Number():
                    yield f"method.{name}_value"
