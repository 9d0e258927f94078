"""The words of reports: each used, each there, in both languages with the same places to fill."""

from __future__ import annotations

import re
from pathlib import Path
from string import Formatter

import pytest

from lingtan.documents import load_shipped
from lingtan.factors import load_registry
from lingtan.reports.documents.building import BUILDERS
from lingtan.reports.documents.sources import load_sources, translate
from lingtan.reports.words import phrases
from lingtan.standards import load_edition
from lingtan_data import path

SOURCE = Path("src/lingtan/reports")
CHINESE = re.compile(r"[一-鿿]")
EDITIONS = ("sh-seesa-zctp-2024", "cn-ndrc-910-2025", "js-zero-carbon-2024", "sd-eco-park-2017")
STEAM_SOURCE = "GB/T 32151.34-2024 表C.4、表C.5"
LOANS = ("CCER", "CER", "CCUS", "CO2", "CH4", "N2O", "SF6", "GB/T", "Excel", "tCO2e", "SHA-256", "kgce")


def said_by(name: str) -> set[str]:
    """Sources and clauses of an edition that documents print."""
    edition = load_edition(name)
    said = {edition.issuer, edition.issued_on, *(award.source for award in edition.awards)}
    said |= {text for one in edition.indicators for text in (one.clause, one.values_source)}
    return said | {gate.clause for gate in edition.gates} | {one.source for one in edition.lifecycle.values()}


def keys_in_source() -> tuple[set[str], list[re.Pattern[str]]]:
    """Keys as they stand in the source, and patterns of those that are put together."""
    text = "\n".join(file.read_text("utf-8") for file in SOURCE.rglob("*.py"))
    stems = "|".join(re.escape(file.stem) for file in path("reports", "words").glob("*.yaml"))
    plain = set(re.findall(rf"""["']((?:{stems})\.(?!css|js)[a-z0-9_-]+)["']""", text))
    patterns = [
        re.compile(r"[a-z0-9_-]+".join(re.escape(part) for part in re.split(r"\{[^}]*\}", found)))
        for found in re.findall(rf'f"((?:{stems}|\{{kind\}})\.[^"\s]*)"', text)
    ]
    return plain, patterns


def test_every_phrase_that_is_used_is_there() -> None:
    plain, _ = keys_in_source()
    assert len(plain) > 100
    assert not plain - set(phrases())


def test_every_phrase_is_used() -> None:
    plain, patterns = keys_in_source()
    unused = {
        key
        for key in phrases()
        if not {key, key.removesuffix("_columns")} & plain  # a table's titles go by the key of the table
        and not any(one.fullmatch(key) for one in patterns)
    }
    assert not unused


@pytest.mark.parametrize("key", phrases())
def test_a_phrase_is_in_both_languages(key: str) -> None:
    phrase = phrases()[key]
    assert phrase.zh.strip()
    assert phrase.en.strip()
    places = [
        sorted(name for _, name, _, _ in Formatter().parse(text) if name) for text in (phrase.zh, phrase.en)
    ]
    assert places[0] == places[1]
    assert phrase.zh.count("|") == phrase.en.count("|")
    assert not CHINESE.search(phrase.en)
    assert CHINESE.search(phrase.zh) or _is_foreign(phrase.zh)


def _places(text: str) -> list[str]:
    return sorted(name for _, name, _, _ in Formatter().parse(text) if name)


def _is_foreign(text: str) -> bool:
    """Places to fill, marks and names that are the same in both languages."""
    bare = re.sub(r"\{[^}]*\}", "", text)
    for loan in LOANS:
        bare = bare.replace(loan, "")
    return not re.search(r"[A-Za-z]{2,}", bare.replace("kWh", ""))


@pytest.mark.parametrize("kind", BUILDERS)
def test_every_document_has_a_title(kind: str) -> None:
    assert f"{kind}.title" in phrases()


@pytest.mark.parametrize("name", EDITIONS)
def test_sources_of_shipped_editions_are_in_both_languages(name: str) -> None:
    said = said_by(name)
    for text in said:
        assert not CHINESE.search(translate(text, "en")), text
        assert CHINESE.search(translate(text, "zh")) or not re.search(r"[A-Za-z]{4,}", translate(text, "zh"))


def test_no_translation_is_left_over() -> None:
    said = set().union(*(said_by(name) for name in EDITIONS))
    said |= {factor.source for factor in load_registry().list_factors()} | {STEAM_SOURCE}
    assert not set(load_sources()) - said
    assert len(load_sources()) == len(load_shipped("reports", "sources.yaml")["sources"])
