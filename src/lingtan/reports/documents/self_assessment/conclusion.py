"""Chapter 2: the result, what is lacking to the next award, and why."""

from __future__ import annotations

from lingtan.reports.documents.desk import Desk
from lingtan.reports.documents.limits import find_award
from lingtan.reports.documents.pictures import show_stars
from lingtan.reports.documents.withheld import build_awards, build_withheld
from lingtan.reports.records import Block, Heading, Paragraph, Runs
from lingtan.reports.rounding import amount, full


def build_conclusion(desk: Desk) -> tuple[Block, ...]:
    """The result in a sentence, awards, reasons."""
    return (
        Heading("conclusion", desk.text("conclusion.heading")),
        Heading("result", desk.text("conclusion.result"), 2),
        say_result(desk),
        *show_stars(desk),
        Heading("next-award", desk.text("conclusion.next"), 2),
        *say_next(desk),
        *build_awards(desk),
        Heading("withheld", desk.text("conclusion.withheld"), 2),
        *build_withheld(desk),
    )


def say_result(desk: Desk) -> Paragraph:
    """Which award the park reaches, on which day, under which edition."""
    edition, result = desk.results.edition, desk.results.assessment
    place = find_award(result, edition)
    values = {
        "park": desk.pick(desk.results.dossier.park.name_zh, desk.results.dossier.park.name_en),
        "edition": desk.pick(edition.zh, edition.en),
        "on": result.on.isoformat(),
        "year": str(desk.results.dossier.park.reporting.year),
    }
    if place >= 0:
        values["award"] = desk.pick(edition.awards[place].zh, edition.awards[place].en)
    kind = "given" if place >= 0 else "not_given" if edition.awards else "no_awards"
    return Paragraph((*desk.runs(f"conclusion.{kind}", **values), *_score(desk)), "callout")


def _score(desk: Desk) -> Runs:
    result, edition = desk.results.assessment, desk.results.edition
    if result.score is None:
        return ()
    score = amount(result.score, "score", path="assessment/score")
    total = full(edition.total_points, path="edition/total_points")
    return desk.runs("conclusion.score", score=score, total=total)


def say_next(desk: Desk) -> tuple[Block, ...]:
    """Score now and the score the next award begins at; the difference is for the reader to see."""
    edition, result = desk.results.edition, desk.results.assessment
    place = find_award(result, edition) + 1
    if not edition.awards:
        return (Paragraph(desk.runs("conclusion.no_next")),)
    if place >= len(edition.awards):
        return (Paragraph(desk.runs("conclusion.highest")),)
    award = edition.awards[place]
    name = desk.pick(award.zh, award.en)
    if award.from_score is None:
        return (Paragraph(desk.runs("conclusion.next_unscored", award=name)),)
    needed = full(award.from_score, path=f"edition/awards/{award.id}/from_score")
    score = amount(result.score, "score", path="assessment/score")
    return (Paragraph(desk.runs("conclusion.next_scored", award=name, needed=needed, score=score)),)
