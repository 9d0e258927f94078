"""Chapter 5: emissions, energy and the ordered cancellation."""

from __future__ import annotations

from lingtan.inventory import load_method
from lingtan.reports.documents.balance import (
    build_cancellation_table,
    build_ledger_entries,
    build_totals_table,
)
from lingtan.reports.documents.desk import Desk
from lingtan.reports.documents.pictures import show_cancellation
from lingtan.reports.records import Block, Heading, Paragraph
from lingtan.reports.rounding import amount, count


def build_balance_chapter(desk: Desk) -> tuple[Block, ...]:
    """Totals with their uncertainty, then the cancellation and its instruments."""
    inventory = desk.results.inventory
    method = load_method(inventory.method)
    name = desk.pick(method.zh, method.en)
    intro = desk.runs("balance.intro", method=name, year=str(inventory.year), gwp=inventory.gwp)
    return (
        Heading("balance", desk.text("balance.heading")),
        Heading("emissions", desk.text("balance.totals_heading"), 2),
        Paragraph(intro),
        build_totals_table(desk),
        *_whole(desk),
        Heading("ordered-cancellation", desk.text("balance.steps_heading"), 2),
        Paragraph(desk.runs("balance.steps_intro")),
        build_cancellation_table(desk),
        *show_cancellation(desk),
        Heading("instruments", desk.text("balance.entries_heading"), 2),
        *build_ledger_entries(desk),
    )


def _whole(desk: Desk) -> tuple[Block, ...]:
    missing = desk.results.inventory.missing
    blocks: list[Block] = []
    gross = desk.results.uncertainty.totals.get("gross_tco2e")
    if gross is not None and gross.percent is not None:
        percent = amount(gross.percent, "%", path="uncertainty/totals/gross_tco2e/percent_95", shown_unit="%")
        key = "balance.uncertainty" if gross.is_complete else "balance.uncertainty_partly"
        blocks.append(Paragraph(desk.runs(key, percent=percent)))
    if missing:
        many = count(len(missing), path="inventory/missing")
        blocks.append(Paragraph(desk.runs("balance.missing", many=many)))
    return tuple(blocks)
