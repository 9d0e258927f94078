"""Formulas of a document, computed as a workbook would: `{above}`, `{c2}`, products and differences."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from lingtan.reports.records import Amount, Report, Row, Table

_CELL = re.compile(r"\{c(\d+)\}")


def formulas_of(report: Report) -> Iterator[tuple[str, Amount, Decimal]]:
    """Table, number and what its formula gives, of every number with a formula and a value."""
    for block in report.all_blocks():
        if isinstance(block, Table):
            for place, row in enumerate(block.rows):
                for column, cell in enumerate(row.cells):
                    for run in cell:
                        if isinstance(run, Amount) and run.formula and run.value is not None:
                            yield block.id, run, _compute(run.formula, block.rows[:place], row, column)


def _compute(formula: str, above: Sequence[Row], row: Row, column: int) -> Decimal:
    formula = formula.removeprefix("=")
    if formula == "SUM({above})":
        rows = [one for one in above if one.look == "body"]
        return sum((_number(one, column) for one in rows), Decimal(0))
    first, *others = (_product(part, row) for part in formula.split("-"))
    return first - sum(others, Decimal(0))


def _product(formula: str, row: Row) -> Decimal:
    found = Decimal(1)
    for part in formula.split("*"):
        match = _CELL.fullmatch(part)
        found *= _number(row, int(match[1])) if match else Decimal(part)
    return found


def _number(row: Row, column: int) -> Decimal:
    """The only number of a cell; a blank one is nothing to a sum."""
    values = [run.value for run in row.cells[column] if isinstance(run, Amount) and run.value is not None]
    return values[0] if values else Decimal(0)
