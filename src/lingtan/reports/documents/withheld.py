"""Why the next award is not given, and what awards there are."""

from __future__ import annotations

from lingtan.reports.documents.desk import Desk
from lingtan.reports.documents.limits import find_award
from lingtan.reports.documents.reasons import say_reason
from lingtan.reports.records import Block, Listing, Paragraph, Row, Runs, Table
from lingtan.reports.rounding import full
from lingtan.standards.records import Award


def build_withheld(desk: Desk) -> tuple[Block, ...]:
    """The reasons as a list, or why there is nothing to say."""
    result, edition = desk.results.assessment, desk.results.edition
    if result.withheld:
        intro = Paragraph(desk.runs("withheld.intro"))
        return intro, Listing(tuple(say_reason(fault, desk) for fault in result.withheld), ordered=True)
    if not edition.awards:
        return (Paragraph(desk.runs("withheld.no_awards")),)
    return (Paragraph(desk.runs("withheld.highest")),)


def build_awards(desk: Desk) -> tuple[Block, ...]:
    """What each award needs and whether it is reached."""
    edition = desk.results.edition
    if not edition.awards:
        return ()
    columns = desk.columns("withheld.columns", "1.4", "1>", "3.6", "1", "1.2")
    given = find_award(desk.results.assessment, edition)
    rows = tuple(Row(_cells(award, place <= given, desk)) for place, award in enumerate(edition.awards))
    note = desk.runs("withheld.note", sources=_sources(desk))
    return (Table("awards", desk.text("withheld.table"), columns, rows, note),)


def _sources(desk: Desk) -> str:
    """The sources of all awards, what they have in common once."""
    separator = desk.text("indicators.semicolon")
    said = [desk.said(award.source).split(separator) for award in desk.results.edition.awards]
    return separator.join(dict.fromkeys(part for parts in said for part in parts))


def _cells(award: Award, reached: bool, desk: Desk) -> tuple[Runs, ...]:
    score = full(award.from_score, path=f"edition/awards/{award.id}/from_score")
    reached_word = desk.text("withheld.reached" if reached else "withheld.not_reached")
    return (
        (desk.pick(award.zh, award.en),),
        (score,) if award.from_score is not None else ("—",),
        say_conditions(award, desk),
        (desk.basis(award.basis),),
        (reached_word,),
    )


def say_conditions(award: Award, desk: Desk) -> Runs:
    """Gates, kinds of indicators, groups and further conditions of an award."""
    parts: list[Runs] = [desk.runs("withheld.all_gates")] if award.all_gates else []
    for kind in award.required_kinds:
        parts.append(desk.runs("withheld.all_of_kind", kind=desk.text(f"kinds.{kind}_long")))
    if award.all_groups:
        parts.append(desk.runs("withheld.all_groups"))
    by_id = {one.id: one for one in desk.results.edition.indicators}
    for place, condition in enumerate(award.conditions):
        one = by_id.get(condition.indicator)
        path = f"edition/awards/{award.id}/conditions/{place}/at_least"
        limit = full(condition.at_least, path=path, unit=desk.unit(one.unit) if one else "")
        name = desk.pick(one.zh, one.en) if one else condition.indicator
        parts.append(desk.runs("withheld.condition", name=name, limit=limit))
    return desk.join_runs(parts, desk.text("indicators.semicolon"))
