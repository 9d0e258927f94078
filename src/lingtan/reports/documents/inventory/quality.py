"""Chapter 10: meters and what was found in their readings, what is missing, what to look at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from lingtan.assessment.naming import kind_of_datum
from lingtan.errors import Fault, sorted_once
from lingtan.metering.records import MeterEnergy
from lingtan.reports.documents.bench import Bench
from lingtan.reports.documents.layout import build_heading, build_paragraph, build_row, build_table
from lingtan.reports.documents.missing import say_asked
from lingtan.reports.records import Block, Row, Table
from lingtan.reports.rounding import amount, count
from lingtan.trace import Gap

ALIKE_AT_MOST = 3


def build_quality(bench: Bench) -> Iterator[Block]:
    """Meters, findings, missing data, remarks."""
    words = bench.words
    yield build_heading(words, "inventory.quality")
    yield build_heading(words, "inventory.meters_head", level=2)
    yield from _meters(bench)
    yield build_heading(words, "inventory.findings_head", level=2)
    yield from _findings(bench)
    yield build_heading(words, "inventory.missing_head", level=2)
    yield from _missing(bench)
    yield build_heading(words, "inventory.remarks_head", level=2)
    told = [one for one in bench.results.inventory.warnings if not one.code.startswith("metering.")]
    yield from build_remarks(bench, told, "inventory")


def _meters(bench: Bench) -> Iterator[Block]:
    words, meters = bench.words, bench.results.metering.meters
    if not meters:
        yield build_paragraph(words, "inventory.meters_none")
        return
    shown = [one for one in meters if not bench.names.is_confidential(one.enterprise)]
    many = count(len(meters), path="metering/meters")
    yield build_paragraph(words, "inventory.meters_intro", many=many)
    if shown:
        rows = [_meter(bench, one) for one in shown]
        note = words.runs("inventory.meters_note")
        yield build_table(words, "inventory.meters", "1.7l 2.4l 1.1l 1l 1.7r 1r 1r 1.3r", rows, note=note)


def _meter(bench: Bench, one: MeterEnergy) -> Row:
    path = f"metering/{one.meter}"
    return build_row(
        one.meter,
        bench.names.enterprise(one.enterprise),
        bench.labels.carrier(one.carrier),
        bench.words.text(f"inventory.meter_{one.role}"),
        amount(one.quantity, one.unit, path=f"{path}/quantity", shown_unit=one.unit),
        count(one.expected, path=f"{path}/expected"),
        amount(one.completeness, "1", path=f"{path}/completeness", digits=4),
        amount(one.estimated, one.unit, path=f"{path}/estimated"),
    )


def _findings(bench: Bench) -> Iterator[Block]:
    """What people must look at, and how many were dismissed."""
    words, metering = bench.words, bench.results.metering
    open_, dismissed = count(len(metering.findings), path="metering/findings"), metering.dismissed
    yield build_paragraph(
        words, "inventory.findings_intro", many=open_, dismissed=count(dismissed, path="metering/dismissed")
    )
    zone = bench.results.dossier.park.location.timezone
    faults = [*(finding.as_fault(zone=zone) for finding in metering.findings), *metering.faults]
    yield from build_remarks(bench, faults, "findings")


def _missing(bench: Bench) -> Iterator[Block]:
    words, gaps = bench.words, bench.results.inventory.missing
    if not gaps:
        yield build_paragraph(words, "inventory.missing_none")
        return
    alike: dict[str, list[Gap]] = {}
    for gap in gaps:
        alike.setdefault(kind_of_datum(gap.datum), []).append(gap)
    rows = [_lacking(bench, same) for same in alike.values()]
    yield build_paragraph(words, "inventory.missing_intro", many=count(len(gaps), path="inventory/missing"))
    yield build_table(words, "inventory.missing", "4l 2l", rows)


def _lacking(bench: Bench, same: list[Gap]) -> Row:
    data = list(dict.fromkeys(gap.datum for gap in same))
    named = bench.names.datum(data[0], count=len(data))
    return build_row(named, say_asked([gap.asked_of for gap in same], bench))


def build_remarks(bench: Bench, faults: Iterable[Fault], name: str) -> Iterator[Block]:
    """Faults of one code together: what the first ones say, and what to do; none of confidential ones.

    Which factors are second-hand is marked one by one where they are listed.
    """
    words = bench.words
    every = [one for one in sorted_once(faults) if not one.code.endswith(".second-hand")]
    alike: dict[str, list[Fault]] = {}
    for one in every:
        if not bench.names.is_about_confidential(one):
            alike.setdefault(one.code, []).append(one)
    if not every:
        yield build_paragraph(words, "remarks.none")
    if alike:
        rows = [_remark(bench, same) for same in sorted(alike.values(), key=_weight)]
        columns = bench.columns("remarks.columns", "0.8", "4", "2.6")
        yield Table(f"remarks-{name}", words.text(f"remarks.{name}"), columns, tuple(rows))
    if sum(len(same) for same in alike.values()) < len(every):
        yield build_paragraph(words, "remarks.covered", look="note")


def _weight(same: list[Fault]) -> tuple[int, str]:
    return (("error", "warning", "note").index(same[0].severity), same[0].code)


def _remark(bench: Bench, same: list[Fault]) -> Row:
    language = bench.words.language
    said = [bench.names.clean(one.words(language).what) for one in same[:ALIKE_AT_MOST]]
    if len(same) > ALIKE_AT_MOST:
        said.append(bench.words.text("remarks.more", many=len(same)))
    mend = bench.names.clean(same[0].words(language).mend)
    severity = bench.words.text(f"remarks.{same[0].severity}")
    return build_row(severity, bench.words.text("remarks.semicolon").join(said), mend)
