"""Chapters 7 and 8: organisation and guarantees, monitoring and evaluation."""

from __future__ import annotations

from collections.abc import Iterator

from lingtan.dossier.records import Row as RegisterRow
from lingtan.dossier.registers import checklist_items, registers
from lingtan.reports.documents.bench import Bench
from lingtan.reports.documents.layout import build_heading, build_paragraph, build_row, build_table
from lingtan.reports.documents.missing import build_missing
from lingtan.reports.documents.park_facts import build_people
from lingtan.reports.documents.signing import build_fields
from lingtan.reports.records import Block, Row
from lingtan.reports.rounding import count, full

CHECKLISTS = ("carbon_management", "strategy", "pathway_report", "platform", "admission")


def build_organisation(bench: Bench) -> Iterator[Block]:
    """People, and what the park says of its organisation, item by item."""
    words = bench.words
    yield build_heading(words, "pathway.organisation")
    yield build_people(bench)
    rows = list(_checklists(bench))
    if rows:
        yield build_paragraph(words, "pathway.checklists_text")
        yield build_table(words, "pathway.checklists", "5l 1c 1.4l", rows)
    else:
        yield build_paragraph(words, "pathway.checklists_none")


def _checklists(bench: Bench) -> Iterator[Row]:
    choices = registers()["checklists"].columns["checklist"].choices
    for name in CHECKLISTS:
        rows = [row for row in bench.open_rows("checklists") if row.text("checklist") == name]
        if rows:
            yield build_row(bench.pick(*choices[name]), look="group")
        for row in rows:
            fulfilled = bench.labels.choice(row, "fulfilled") or bench.not_given
            yield build_row(_item(bench, row), fulfilled, row.text("evidence") or bench.not_given)


def _item(bench: Bench, row: RegisterRow) -> str:
    """The item in words: those of the checklist, else what the park wrote, else its id."""
    item = checklist_items().get(row.text("checklist"), {}).get(row.text("item"))
    if item is not None:
        return bench.pick(str(item["zh"]), str(item["en"]))
    return row.text("requirement") or row.text("item")


def build_follow_up(bench: Bench) -> Iterator[Block]:
    """Meters, terms of the edition, data still to be handed in."""
    words, edition = bench.words, bench.results.edition
    yield build_heading(words, "pathway.follow_up")
    meters = bench.results.metering.meters
    if meters:
        many = count(len(meters), path="metering/meters")
        yield build_paragraph(words, "pathway.meters", many=many)
    else:
        yield build_paragraph(words, "pathway.meters_none")
    yield build_fields("pathway-follow-up-fields", "pathway.follow_up_fields", bench)
    if edition.lifecycle:
        yield build_paragraph(words, "pathway.terms_text")
        yield build_table(
            words, "pathway.terms", "3l 1.4r 1.2l", [_term(bench, name) for name in edition.lifecycle]
        )
    else:
        yield build_paragraph(words, "pathway.terms_none")
    yield build_heading(words, "pathway.data", level=2)
    yield from build_missing(bench)


def _term(bench: Bench, name: str) -> Row:
    term = bench.results.edition.lifecycle[name]
    value = full(term.value, path=f"edition/lifecycle/{name}/value", unit=bench.unit(term.unit))
    return build_row(bench.pick(term.zh, term.en), value, bench.basis(term.basis))
