"""Chapter 5: factors of documents, conventions of the method, values that enterprises measured."""

from __future__ import annotations

from collections.abc import Iterator

from lingtan.dossier.records import Row as RegisterRow
from lingtan.reports.documents.bench import Bench
from lingtan.reports.documents.factor_tables import build_factor_rows
from lingtan.reports.documents.layout import Cell, build_heading, build_paragraph, build_row, build_table
from lingtan.reports.records import Amount, Block, Row, Runs
from lingtan.reports.rounding import full

_LAYOUT = "2.6l 1.7r 1l 0.8l 2.8l 1l 0.7c"
_MEASURED = ("ncv", "carbon_content_tc_per_gj", "carbon_per_unit", "oxidation_percent", "direct_factor")
_UNITS = {"carbon_content_tc_per_gj": "tC/GJ", "oxidation_percent": "%"}


def build_factors(bench: Bench) -> Iterator[Block]:
    """All digits, as the documents print them."""
    words = bench.words
    yield build_heading(words, "inventory.factors")
    yield build_paragraph(words, "inventory.factors_intro")
    for kind in ("factor", "parameter"):
        rows = build_factor_rows(bench, kind)
        if rows:
            yield build_table(words, f"inventory.factors_{kind}", _LAYOUT, rows)
        else:
            yield build_paragraph(words, f"inventory.factors_{kind}_none")
    yield from build_measured(bench)


def build_measured(bench: Bench) -> Iterator[Block]:
    """What enterprises measured of their fuels, and factors of suppliers inside the park."""
    words = bench.words
    rows = [_measured(bench, row) for row in bench.open_rows("fuel_properties")]
    if rows:
        yield build_table(
            words,
            "inventory.measured",
            "2l 1.3l 1.6r 1.5r 1.6r 1r 1.8r 1.1l",
            rows,
            note=words.runs("inventory.measured_note"),
        )
    else:
        yield build_paragraph(words, "inventory.measured_none")


def _measured(bench: Bench, row: RegisterRow) -> Row:
    cells: list[Cell] = [_cell(bench, row, column) for column in _MEASURED]
    evidence: Runs = (row.text("evidence") or bench.not_given,)
    carrier = bench.labels.carrier(row.text("carrier"))
    return build_row(bench.names.enterprise(row.text("enterprise")), carrier, *cells, evidence)


def _cell(bench: Bench, row: RegisterRow, column: str) -> Amount | None:
    value = row.number(column)
    if value is None:
        return None
    unit = _UNITS.get(column) or row.text(f"{column}_unit")
    return full(value, path=f"registers/{row.register}/{row.key}/{column}", unit=bench.unit(unit))
