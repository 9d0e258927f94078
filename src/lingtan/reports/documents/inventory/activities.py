"""Chapter 4: what was counted, where it comes from and what proves it; one table per source."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from lingtan.dossier.records import Row as RegisterRow
from lingtan.inventory.records import Line
from lingtan.reports.documents.bench import Bench
from lingtan.reports.documents.evidence import build_evidence_list
from lingtan.reports.documents.inventory.annex import annex_id
from lingtan.reports.documents.inventory.method import SOURCE_ORDER
from lingtan.reports.documents.inventory.origins import (
    find_meters,
    find_rows,
    say_evidence,
    say_grounds,
    say_meters,
    say_periods,
    say_registers,
)
from lingtan.reports.documents.layout import Cell, build_heading, build_paragraph, build_row, build_table
from lingtan.reports.records import Block, Heading, Reference, Row
from lingtan.reports.rounding import amount


@dataclass(slots=True)
class Series:
    """Lines of one enterprise, source and carrier: a year, or its months."""

    enterprise: str
    carrier: str
    lines: list[tuple[int, Line]] = field(default_factory=list)
    rows: dict[tuple[str, str], RegisterRow] = field(default_factory=dict)


def build_activities(bench: Bench) -> Iterator[Block]:
    """Series by source; market-based lines of what is shown by place already stand in the annex only."""
    words = bench.words
    yield build_heading(words, "inventory.activities")
    yield build_paragraph(words, "inventory.activities_intro", annex=Reference("inventory-annex"))
    found = find_series(bench)
    if not found:
        yield build_paragraph(words, "inventory.activities_none")
    for source, many in found.items():
        yield Heading(f"inventory-activities-{source}", bench.labels.source(source), 2)
        title = words.text("inventory.activity", source=bench.labels.source(source))
        rows = [_row(bench, one) for one in many]
        yield build_table(
            words, "inventory.activity", "2.4l 1.55l 2l 1.6r 1.5l 1.2l 1.55l", rows,
            id=f"inventory-activity-{source}", title=title,
        )  # fmt: skip
    yield build_heading(words, "inventory.evidence_head", level=2)
    yield from build_evidence_list(bench)[1:]


def find_series(bench: Bench) -> dict[str, list[Series]]:
    """The series of each source, direct emissions first."""
    found: defaultdict[str, dict[tuple[str, ...], Series]] = defaultdict(dict)
    for index, line in enumerate(bench.results.inventory.lines):
        rows = find_rows(bench, line)
        item = rows[0].text("item") if rows else ""
        if line.view == "market" and len(rows) == 1:
            continue
        apart = "" if len(rows) < 2 else line.node.name
        key = (line.enterprise, line.carrier, item, line.scope, line.view, apart)
        one = found[line.source].setdefault(key, Series(line.enterprise, line.carrier))
        one.lines.append((index, line))
        one.rows.update({(row.register, row.key): row for row in rows})
    return {source: list(found[source].values()) for source in SOURCE_ORDER if source in found}


def _row(bench: Bench, one: Series) -> Row:
    name, what = bench.names.enterprise(one.enterprise), _what(bench, one)
    if bench.names.is_confidential(one.enterprise):
        hidden = bench.words.text("inventory.hidden")
        return build_row(name, bench.labels.carrier(one.carrier), "—", hidden, "—", "—", "—")
    rows = tuple(one.rows.values())
    meters = find_meters(one.lines[0][1]) if not rows else ()
    year = str(bench.results.inventory.year)
    return build_row(
        name,
        what,
        say_periods(rows, year),
        _quantity(bench, one),
        say_registers(bench, rows) or say_meters(bench, meters) or "—",
        say_grounds(bench, rows) or "—",
        say_evidence(bench, rows) or bench.not_given,
    )


def _what(bench: Bench, one: Series) -> str:
    item = next((row.text("item") for row in one.rows.values()), "")
    carrier = bench.labels.carrier(one.carrier)
    return f"{carrier} · {item}" if item else carrier


def _quantity(bench: Bench, one: Series) -> Cell:
    """The quantity of the only line; of several the table that lists them."""
    if len(one.lines) > 1:
        return bench.words.runs("inventory.see", table=Reference(annex_id(bench, one.enterprise)))
    index, line = one.lines[0]
    return amount(
        line.activity, line.unit, path=f"inventory/lines/{index}/activity", shown_unit=bench.unit(line.unit)
    )
