"""Chapter 1: who reports, for what, and who answers for it."""

from __future__ import annotations

from collections.abc import Iterator

from lingtan.reports.documents.bench import Bench
from lingtan.reports.documents.cover import facts_table
from lingtan.reports.documents.layout import build_heading, build_paragraph
from lingtan.reports.documents.park_facts import build_people
from lingtan.reports.records import Block, Runs


def build_subject(bench: Bench) -> Iterator[Block]:
    """Park, period, method, purpose; the people named in park.yaml."""
    words, park = bench.words, bench.results.dossier.park
    yield build_heading(words, "inventory.subject")
    yield build_paragraph(words, "inventory.subject_intro", year=str(park.reporting.year))
    yield facts_table("inventory-facts", _facts(bench))
    yield build_people(bench)
    yield build_paragraph(words, "inventory.subject_open", look="note")


def _facts(bench: Bench) -> list[tuple[str, Runs]]:
    words, park = bench.words, bench.results.dossier.park
    year, method = park.reporting.year, bench.results.edition
    period = words.text("inventory.fact_period_value", year=year)
    purpose = words.text("inventory.fact_purpose_value", edition=words.pick(method.zh, method.en))
    values = {
        "name": words.pick(park.name_zh, park.name_en),
        "place": say_location(bench) or bench.not_given,
        "industry": park.characteristic_industry or bench.not_given,
        "period": period,
        "purpose": purpose,
        "users": bench.not_given,
        "verification": words.text("inventory.fact_verification_value"),
    }
    return [(words.text(f"inventory.fact_{name}"), (value,)) for name, value in values.items()]


def say_location(bench: Bench) -> str:
    """Province, city and district, each once; the country where it is not the one of the language."""
    place, words = bench.results.dossier.park.location, bench.words
    country = "" if place.country == "CN" and words.language == "zh" else place.country
    parts = (country, place.province, place.city, place.district)
    return " ".join(dict.fromkeys(part for part in parts if part))
