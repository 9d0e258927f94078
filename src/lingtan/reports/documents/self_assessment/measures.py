"""Chapter 7: what the park has done and plans, and which projects it let in."""

from __future__ import annotations

from lingtan.dossier.records import Row as DossierRow
from lingtan.reports.documents.desk import Desk
from lingtan.reports.documents.park_facts import say_choice, say_yes_no
from lingtan.reports.records import UNKNOWN, Block, Heading, Paragraph, Row, Runs, Table
from lingtan.reports.rounding import amount


def build_measures(desk: Desk) -> tuple[Block, ...]:
    """Measures with their verified reduction, and projects with the decision on them."""
    return (
        Heading("measures", desk.text("measures.heading")),
        Heading("measures-own", desk.text("measures.own_heading"), 2),
        *_measures(desk),
        Heading("projects", desk.text("measures.projects_heading"), 2),
        *_projects(desk),
    )


def _measures(desk: Desk) -> tuple[Block, ...]:
    rows = desk.results.dossier.rows.get("measures", ())
    if not rows:
        return (Paragraph(desk.runs(_nothing("measures", desk))),)
    columns = desk.columns("measures.columns", "2.6", "1.8", "1.1", "0.9", "1.2", "1.3>", "1.1>")
    body = tuple(Row(_measure(row, desk)) for row in rows)
    note = desk.runs("measures.note")
    return (
        Paragraph(desk.runs("measures.intro")),
        Table("measures-table", desk.text("measures.table"), columns, body, note),
    )


def _nothing(register: str, desk: Desk) -> str:
    confirmed = register in desk.results.dossier.park.confirmed_empty
    return f"measures.no_{register}" if confirmed else f"measures.{register}_not_given"


def _measure(row: DossierRow, desk: Desk) -> tuple[Runs, ...]:
    hidden = desk.names.is_confidential(row.text("owner"))
    path = f"registers/measures/{row.key}"
    reduction = amount(
        row.number("verified_reduction_tco2e"), "tCO2e", path=f"{path}/verified_reduction_tco2e"
    )
    invested = amount(row.number("investment_wan_cny"), "万元", path=f"{path}/investment_wan_cny")
    owner = desk.names.enterprise(row.text("owner")) if row.text("owner") else UNKNOWN
    return (
        (desk.text("measures.confidential") if hidden else desk.names.clean(row.text("name")),),
        (owner,),
        (say_choice("measures", "kind", row, desk),),
        (say_choice("measures", "status", row, desk),),
        (UNKNOWN if hidden else row.text("start_date") or UNKNOWN,),
        (UNKNOWN if hidden else reduction,),
        (UNKNOWN if hidden else invested,),
    )


def _projects(desk: Desk) -> tuple[Block, ...]:
    rows = desk.results.dossier.rows.get("projects", ())
    if not rows:
        return (Paragraph(desk.runs(_nothing("projects", desk))),)
    columns = desk.columns("measures.projects_columns", "2.6", "2.4", "1.2", "1.2", "1.1", "1.1")
    body = tuple(Row(tuple((cell,) for cell in _project(row, desk))) for row in rows)
    return (Table("projects-table", desk.text("measures.projects_table"), columns, body),)


def _project(row: DossierRow, desk: Desk) -> tuple[str, ...]:
    enterprise = row.text("enterprise")
    hidden = desk.names.is_confidential(enterprise)
    return (
        desk.text("measures.confidential") if hidden else desk.names.clean(row.text("name")) or UNKNOWN,
        desk.names.enterprise(enterprise) if enterprise else UNKNOWN,
        row.text("applied_on") or UNKNOWN,
        say_choice("projects", "kind", row, desk),
        say_yes_no(row, "screened", desk),
        say_choice("projects", "decision", row, desk),
    )
