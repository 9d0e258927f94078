"""Chapter 1: the park, its enterprises, its people, the standard."""

from __future__ import annotations

from lingtan.reports.documents.cover import facts_table
from lingtan.reports.documents.desk import Desk
from lingtan.reports.documents.park_facts import (
    build_enterprises,
    build_identity,
    build_people,
    build_profile,
)
from lingtan.reports.records import Block, Heading, Paragraph, Runs


def build_overview(desk: Desk) -> tuple[Block, ...]:
    """Facts the park states, with what was not handed in."""
    return (
        Heading("overview", desk.text("self-assessment.overview")),
        Heading("park", desk.text("park.heading"), 2),
        build_identity(desk),
        build_profile(desk),
        Heading("tenants", desk.text("park.enterprises_heading"), 2),
        *build_enterprises(desk),
        Heading("responsible", desk.text("park.people_heading"), 2),
        build_people(desk),
        Heading("standard", desk.text("self-assessment.standard"), 2),
        *_standard(desk),
    )


def _standard(desk: Desk) -> tuple[Block, ...]:
    edition, result = desk.results.edition, desk.results.assessment
    park = desk.results.dossier.park
    pairs: list[tuple[str, Runs]] = [
        (desk.text("self-assessment.edition"), (desk.pick(edition.zh, edition.en),)),
        (desk.text("self-assessment.edition_id"), (edition.id,)),
        (desk.text("self-assessment.issuer"), (desk.said(edition.issuer),)),
        (desk.text("self-assessment.issued_on"), (desk.said(edition.issued_on),)),
        (desk.text("self-assessment.year"), (str(park.reporting.year),)),
        (desk.text("self-assessment.on"), (result.on.isoformat(),)),
        (desk.text("self-assessment.comparison"), (_comparison(desk),)),
    ]
    blocks: list[Block] = [facts_table("standard-facts", pairs)]
    if remark := desk.remark(edition):
        blocks.append(Paragraph(desk.runs("self-assessment.remark", remark=remark), "note"))
    return tuple(blocks)


def _comparison(desk: Desk) -> str:
    edition = desk.results.edition
    rule = desk.text(f"self-assessment.comparison_{edition.comparison}")
    return desk.text("self-assessment.with_basis", text=rule, basis=desk.basis(edition.comparison_basis))
