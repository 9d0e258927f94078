"""证书附件: what stands behind a certificate, and on which conditions it stays valid."""

from __future__ import annotations

from lingtan.reports.documents.balance import build_cancellation_table
from lingtan.reports.documents.cover import facts_table
from lingtan.reports.documents.desk import Desk
from lingtan.reports.documents.gates import build_short_gates_table
from lingtan.reports.documents.levels import build_levels_table
from lingtan.reports.documents.limits import find_award
from lingtan.reports.documents.park_facts import build_identity
from lingtan.reports.documents.pictures import show_levels
from lingtan.reports.documents.self_assessment.conclusion import say_result
from lingtan.reports.documents.signing import build_fields
from lingtan.reports.records import Amount, Block, Heading, Listing, Paragraph, Row, Runs, Table
from lingtan.reports.results import Results
from lingtan.reports.rounding import full
from lingtan.reports.words import Words

CONDITIONS = ("certificate_validity", "surveillance_interval", "surveillance_grace", "cure_period")


def build_certificate_annex(results: Results, words: Words) -> tuple[Block, ...]:
    """Level and score, scores by level, gates, balance, boundary and fingerprints, validity and exit."""
    desk = Desk(results, words)
    return (
        Heading("level", desk.text("certificate-annex.level")),
        Paragraph(desk.runs("certificate-annex.is_annex"), "callout"),
        _number(desk),
        say_result(desk),
        *_not_to_issue(desk),
        Heading("scores", desk.text("certificate-annex.scores")),
        *_scores(desk),
        Heading("basic-requirements", desk.text("gates.heading")),
        *_gates(desk),
        Heading("balance", desk.text("certificate-annex.balance")),
        build_cancellation_table(desk),
        Heading("boundary", desk.text("certificate-annex.boundary")),
        build_identity(desk),
        _fingerprints(desk),
        Heading("validity", desk.text("certificate-annex.validity")),
        *_validity(desk),
        Heading("issuing", desk.text("certificate-annex.issuing"), numbered=False),
        build_fields("issuing-fields", "certificate-annex.issuing_fields", desk),
    )


def _number(desk: Desk) -> Table:
    edition, result = desk.results.edition, desk.results.assessment
    pending = desk.text("certificate-annex.pending")
    pairs: list[tuple[str, Runs]] = [
        (desk.text("certificate-annex.number"), (pending,)),
        (desk.text("certificate-annex.award"), (_award(desk),)),
        (desk.text("self-assessment.edition"), (desk.pick(edition.zh, edition.en),)),
        (desk.text("self-assessment.year"), (str(desk.results.dossier.park.reporting.year),)),
        (desk.text("self-assessment.on"), (result.on.isoformat(),)),
    ]
    return facts_table("certificate", pairs)


def _award(desk: Desk) -> str:
    edition = desk.results.edition
    place = find_award(desk.results.assessment, edition)
    if place < 0:
        return desk.text("certificate-annex.no_award")
    return desk.pick(edition.awards[place].zh, edition.awards[place].en)


def _not_to_issue(desk: Desk) -> tuple[Block, ...]:
    if find_award(desk.results.assessment, desk.results.edition) >= 0:
        return ()
    return (Paragraph(desk.runs("certificate-annex.not_to_issue"), "callout"),)


def _scores(desk: Desk) -> tuple[Block, ...]:
    if desk.is_scored:
        return build_levels_table(desk), *show_levels(desk)
    return (Paragraph(desk.runs("certificate-annex.no_points")),)


def _gates(desk: Desk) -> tuple[Block, ...]:
    if not desk.results.assessment.gates:
        return (Paragraph(desk.runs("gates.none")),)
    return (build_short_gates_table(desk),)


def _fingerprints(desk: Desk) -> Table:
    result = desk.results.assessment
    pairs: list[tuple[str, Runs]] = [
        (desk.text("cover.edition_print"), (result.edition_sha256,)),
        (desk.text("cover.dossier_print"), (result.dossier_sha256,)),
        (desk.text("cover.readings_print"), (result.readings_sha256 or desk.text("cover.no_readings"),)),
        (desk.text("cover.software"), (result.software,)),
    ]
    return facts_table("fingerprints", pairs)


def _validity(desk: Desk) -> tuple[Block, ...]:
    edition = desk.results.edition
    if not edition.lifecycle:
        return (Paragraph(desk.runs("certificate-annex.no_terms")),)
    columns = desk.columns("certificate-annex.terms_columns", "2.4", "1.2", "1", "4")
    rows = tuple(Row(_term(name, desk)) for name in edition.lifecycle)
    table = Table("terms", desk.text("certificate-annex.terms_table"), columns, rows)
    limits = {name: _limit(name, desk) for name in edition.lifecycle}
    stated = tuple(
        desk.runs(f"certificate-annex.{name}", limit=limits[name]) for name in CONDITIONS if name in limits
    )
    always = tuple(desk.runs(f"certificate-annex.{key}") for key in ("withdrawal", "change_of_level"))
    intro = Paragraph(desk.runs("certificate-annex.conditions"))
    return table, intro, Listing((*stated, *always)), Paragraph(desk.runs("certificate-annex.set"), "note")


def _limit(name: str, desk: Desk) -> Amount:
    term = desk.results.edition.lifecycle[name]
    return full(term.value, path=f"edition/lifecycle/{name}/value", unit=desk.unit(term.unit))


def _term(name: str, desk: Desk) -> tuple[Runs, ...]:
    term = desk.results.edition.lifecycle[name]
    called = desk.pick(term.zh, term.en) or name
    return (called,), (_limit(name, desk),), (desk.basis(term.basis),), (desk.said(term.source),)
