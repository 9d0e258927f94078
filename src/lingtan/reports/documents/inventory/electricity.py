"""Chapter 7: electricity bought and made, what of it is green, and how far hours match."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from lingtan.metering.carbon.parks import WH_PER_MWH
from lingtan.reports.charts.hours import build_load_chart, build_matching_chart
from lingtan.reports.documents.bench import Bench
from lingtan.reports.documents.inventory.emissions import total
from lingtan.reports.documents.layout import (
    build_heading,
    build_paragraph,
    build_pictures,
    build_row,
    build_table,
)
from lingtan.reports.records import Block, Reference, Row
from lingtan.reports.rounding import amount, count

_NAMES = ("purchased_electricity_mwh", "own_renewable_mwh", "electricity_mwh")


def build_electricity(bench: Bench) -> Iterator[Block]:
    """Amounts, instruments, matching by the hour."""
    words = bench.words
    yield build_heading(words, "inventory.electricity")
    yield build_paragraph(words, "inventory.electricity_intro")
    rows = [build_row(bench.labels.total(name), total(bench, name)) for name in _NAMES]
    yield build_table(words, "inventory.electricity_amounts", "4l 1.6r", rows)
    yield build_heading(words, "inventory.instruments_head", level=2)
    yield from _instruments(bench)
    yield build_heading(words, "inventory.matching_head", level=2)
    yield from _matching(bench)


def _instruments(bench: Bench) -> Iterator[Block]:
    """Contracts and certificates; each is named in the ledger."""
    words = bench.words
    if not any(entry.step == "green" for entry in bench.results.ledger.entries):
        yield build_paragraph(words, "inventory.instruments_none")
        return
    totals = bench.results.ledger.totals
    green = amount(totals["green_mwh"].value, "MWh", path="ledger/totals/green_mwh", shown_unit="MWh")
    yield build_paragraph(words, "inventory.instruments_intro", table=Reference("ledger"), green=green)


def _matching(bench: Bench) -> Iterator[Block]:
    """Energy of the load and of carbon-free sources; the heat maps show the hours."""
    words, found = bench.words, bench.results.matching
    if found is None:
        yield build_paragraph(words, "inventory.matching_none")
        return
    one = found.matching
    yield build_paragraph(
        words, "inventory.matching_intro",
        meters=count(len(found.meters), path="matching/meters"),
        hours=count(len(found.hours.begins), path="matching/hours"),
        out=count(one.left_out, path="matching/hours_left_out"),
    )  # fmt: skip
    energies = {"load": one.load, "made": one.free, "matched": one.matched, "undated": one.undated}
    rows = [_energy(bench, name, wh) for name, wh in energies.items()]
    rows += [_share(bench, "hourly", one.hourly_share), _share(bench, "annual", one.annual_share)]
    yield build_table(
        words, "inventory.matching", "4l 1.6r 1l", rows, note=words.runs("inventory.matching_note")
    )
    language = words.language
    yield from build_pictures(
        "inventory",
        build_load_chart(found.hours, language=language), build_matching_chart(found, language=language),
    )  # fmt: skip


def _energy(bench: Bench, name: str, wh: int) -> Row:
    value = amount(Decimal(wh) / WH_PER_MWH, "MWh", path=f"matching/{name}_mwh")
    return build_row(bench.words.text(f"inventory.matching_{name}"), value, "MWh")


def _share(bench: Bench, name: str, share: Decimal | None) -> Row:
    value = amount(share, "1", path=f"matching/{name}_share", digits=4)
    return build_row(bench.words.text(f"inventory.matching_{name}"), value, "1")
