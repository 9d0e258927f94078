"""Chapter 2: the process of the evaluation: fields to fill in, and how certain the data are."""

from __future__ import annotations

from collections.abc import Iterator

from lingtan.reports.documents.bench import Bench
from lingtan.reports.documents.inventory.uncertainty import build_contributions, build_widths
from lingtan.reports.documents.layout import build_heading, build_paragraph, build_row, build_table
from lingtan.reports.documents.signing import build_fields
from lingtan.reports.records import Block, Reference, Row
from lingtan.reports.rounding import count

TEAM_ROWS = 5
SECTIONS = ("documents", "on_site", "data")


def build_process(bench: Bench) -> Iterator[Block]:
    """Schedule, team, review of documents, visit, checks of data, uncertainty."""
    words = bench.words
    yield build_heading(words, "evaluation.process")
    yield build_heading(words, "evaluation.schedule_head", level=2)
    steps = words.text("evaluation.schedule_steps").split("|")
    yield build_table(words, "evaluation.schedule", "3l 1.4l 1.4l 2l",
                      [build_row(step, None, None, None) for step in steps])  # fmt: skip
    yield build_heading(words, "evaluation.team_head", level=2)
    yield build_table(words, "evaluation.team", "0.6c 1.4l 1.6l 2l 2.4l", _team())
    for name in SECTIONS:
        yield build_heading(words, f"evaluation.{name}", level=2)
        yield from _known(bench, name)
        yield build_fields(f"evaluation-{name}-fields", f"evaluation.{name}_fields", bench)
    yield build_heading(words, "evaluation.certainty", level=2)
    yield from _certainty(bench)


def _team() -> list[Row]:
    return [build_row(str(number), None, None, None, None) for number in range(1, TEAM_ROWS + 1)]


def _known(bench: Bench, name: str) -> Iterator[Block]:
    """What of it is in the results already."""
    words, results = bench.words, bench.results
    if name == "documents":
        many = count(len(results.dossier.rows.get("evidence", ())), path="registers/evidence")
        yield build_paragraph(words, "evaluation.documents_text", many=many)
    if name == "data":
        meters = count(len(results.metering.meters), path="metering/meters")
        findings = count(len(results.metering.findings), path="metering/findings")
        yield build_paragraph(words, "evaluation.data_text", meters=meters, findings=findings)


def _certainty(bench: Bench) -> Iterator[Block]:
    """Widths of the totals that indicators rest on, and what is missing behind indicators."""
    words, missing = bench.words, bench.results.assessment.missing
    yield build_paragraph(words, "evaluation.certainty_text")
    yield from build_widths(bench)
    yield from build_contributions(bench)
    many = count(len(missing), path="assessment/missing")
    yield build_paragraph(
        words, "evaluation.certainty_missing", many=many, chapter=Reference("evaluation-advice")
    )
    yield build_fields("evaluation-certainty-fields", "evaluation.certainty_fields", bench)
