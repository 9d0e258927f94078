"""The first page: which park, which standard, which result, on what the values rest."""

from __future__ import annotations

from lingtan.assessment import Assessment
from lingtan.reports.records import Block, Column, Paragraph, Row, Runs, Table
from lingtan.reports.results import Results
from lingtan.reports.rounding import amount, count
from lingtan.reports.words import Words, glossary

BASES = {"standard": "basis_standard", "inferred": "basis_inferred", "precedent": "basis_precedent",
         "operator-set": "basis_operator_set"}  # fmt: skip


def build_front(results: Results, words: Words) -> tuple[Block, ...]:
    """Facts, the count of values by basis, and how numbers are to be read."""
    blocks: list[Block] = [_facts(results, words), _bases(results, words)]
    if not results.edition.complete:
        blocks.append(Paragraph(words.runs("cover.incomplete"), "note"))
    blocks.append(Paragraph(words.runs("cover.reading"), "note"))
    return tuple(blocks)


def _facts(results: Results, words: Words) -> Table:
    result, park = results.assessment, results.dossier.park
    edition = words.text("cover.edition_value", name=_edition_name(results, words), id=result.edition)
    pairs: list[tuple[str, Runs]] = [
        (words.text("cover.park"), (words.pick(park.name_zh, park.name_en),)),
        (words.text("cover.year"), (words.text("cover.year_value", year=park.reporting.year),)),
        (words.text("cover.edition"), (edition,)),
        (words.text("cover.on"), (result.on.isoformat(),)),
        (words.text("cover.result"), headline(result, words)),
        (words.text("cover.dated"), (results.dated.isoformat(),)),
        (words.text("cover.software"), (result.software,)),
        (words.text("cover.edition_print"), (result.edition_sha256,)),
        (words.text("cover.dossier_print"), (result.dossier_sha256,)),
        (words.text("cover.readings_print"), (result.readings_sha256 or words.text("cover.no_readings"),)),
    ]
    if park.note:
        pairs.append((words.text("cover.invented"), (park.note.strip(),)))
    return facts_table("front-facts", pairs)


def _edition_name(results: Results, words: Words) -> str:
    return words.pick(results.edition.zh, results.edition.en)


def headline(result: Assessment, words: Words) -> Runs:
    """Stars and score, or whether the acceptance without points is reached."""
    score = amount(result.score, "score", path="assessment/score")
    if result.stars:
        return words.runs(
            "cover.result_stars", stars=count(result.stars, path="assessment/stars"), score=score
        )
    if result.score is not None:
        return words.runs("cover.result_none", score=score)
    if result.stage:
        return words.runs("cover.result_stage", stage=result.stage)
    return words.runs("cover.result_not")


def facts_table(id: str, pairs: list[tuple[str, Runs]]) -> Table:
    """Names on the left, facts on the right, no caption."""
    columns = (Column("", 1.0), Column("", 2.6))
    return Table(id, "", columns, tuple(Row(((name,), runs)) for name, runs in pairs), headed=False)


def _bases(results: Results, words: Words) -> Table:
    language = words.language
    rows = []
    for basis, many in results.assessment.basis_count.items():
        entry = glossary()[BASES[basis]]
        number = count(many, path=f"assessment/basis_count/{basis}")
        rows.append(Row(((entry[language],), (entry[f"definition_{language}"],), (number,))))
    columns = (
        Column(words.text("cover.basis"), 1.2),
        Column(words.text("cover.meaning"), 4),
        Column(words.text("cover.count"), 1, "right"),
    )
    return Table("front-bases", words.text("cover.bases"), columns, tuple(rows))
