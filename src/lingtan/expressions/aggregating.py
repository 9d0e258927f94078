"""Aggregates over the rows of a register, as nodes down to the cells.

A blank cell in a condition: the row does not count until the cell is filled, and the cell is named
as a gap. A blank cell in a summed value: the sum is unknown. A register that was not supplied:
unknown; one confirmed to be empty: sum and count are 0, share and mean unknown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from lingtan.expressions.syntax import (
    Clause,
    Columns,
    Declared,
    ExpressionError,
    Lookup,
    Name,
    Query,
    RowLike,
    Rows,
)
from lingtan.expressions.units import infer_part
from lingtan.periods import Period
from lingtan.quantities import add_up
from lingtan.trace import Gap, Node, Origin, OriginKind, Value

Outer = Callable[[str], Node]


def total(values: Iterable[Value]) -> Decimal | None:
    """The exact sum of decimals, rounded once; unknown if one of them is."""
    known: list[Decimal] = []
    for value in values:
        if not isinstance(value, Decimal):
            return None
        known.append(value)
    try:
        return add_up(known)
    except ArithmeticError:  # too large for a decimal, or not a number
        return None


def quotient(above: Value, below: Value) -> Decimal | None:
    """`above / below`; unknown if one of them is, or `below` is 0."""
    if not isinstance(above, Decimal) or not isinstance(below, Decimal):
        return None
    try:
        return above / below
    except ArithmeticError:
        return None


def aggregate_node(query: Query, *, name: str, outer: Outer, rows: Rows, columns: Columns) -> Node:
    """The value of an aggregate with its rows as inputs, called `name`."""
    register = query.aggregate.register
    found = rows(register)
    if found is None:
        missing = f"register {register}"
        return Node(
            name=name,
            value=None,
            origin=Origin("missing", missing),
            gaps=(Gap(missing, "park"),),
            note=query.text,
        )
    ordered = tuple(sorted(found, key=lambda row: row.key))
    return _BUILDERS[query.aggregate.function](_Table(query, name, ordered, outer, columns(register)))


@dataclass(slots=True)
class _Table:
    """The rows of a register while one aggregate is computed."""

    query: Query
    name: str
    rows: tuple[RowLike, ...]
    outer: Outer
    columns: Mapping[str, Declared]
    cells: dict[tuple[int, str], Node] = field(default_factory=dict)

    @property
    def register(self) -> str:
        return self.query.aggregate.register

    def look(self, row: RowLike) -> Lookup:
        """Names as columns of `row` first, then as outer names."""
        values, outer = row.values, self.outer

        def look(name: str) -> Value:
            return _as_value(values[name]) if name in values else outer(name).value

        return look

    def unit(self, column: str) -> str:
        """The declared unit of a column."""
        declared = self.columns.get(column)
        return declared.unit if declared else "1"

    def clause_unit(self, clause: Clause | None) -> str:
        """The unit of what a row gives, as far as columns are declared."""
        if clause is None or not self.columns:
            return "1"
        try:
            return infer_part(clause.part, self.declared).unit
        except ExpressionError:  # found when the edition is checked; here only the trace would show it
            return "1"

    def declared(self, name: str) -> Declared:
        """Kind and unit of a column, or the unit of an outer name."""
        return self.columns.get(name) or Declared("number", self.outer(name).unit)

    def gap(self, row: RowLike, column: str) -> Gap:
        """What is lacking when that cell is blank, and who knows it."""
        datum = f"{self.register}[{row.key}].{column}"
        return Gap(datum, row.text("enterprise") or "park", row.at(column))

    def cell(self, row: RowLike, column: str) -> Node:
        """One cell as a leaf."""
        known = self.cells.get((id(row), column))
        if known is None:
            value, gap = _as_value(row.values[column]), self.gap(row, column)
            origin = Origin("missing", gap.datum, gap.place) if value is None else row.origin(column)
            gaps = (gap,) if value is None else ()
            known = Node(name=gap.datum, value=value, unit=self.unit(column), origin=origin, gaps=gaps)
            self.cells[(id(row), column)] = known
        return known

    def row_node(self, clause: Clause, row: RowLike) -> Node:
        """What a row gives: the cell itself, or a formula over its cells."""
        if isinstance(clause.part, Name) and clause.part.name in row.values:
            return self.cell(row, clause.part.name)
        inputs = tuple((n, self.cell(row, n) if n in row.values else self.outer(n)) for n in clause.names)
        value = clause.compute(self.look(row))
        unit = self.clause_unit(clause)
        return Node(f"{self.register}[{row.key}]", value, unit, clause.text, inputs)

    def matching(self, clause: Clause | None, rows: tuple[RowLike, ...]) -> _Matched:
        """Rows where the condition holds; rows None if nobody can say.

        That is so if an outer name of the condition is not known, or if it is undecided for every
        single row: where nobody answered, none is not the answer.
        """
        if clause is None:
            return _Matched(rows)
        found: list[RowLike] = []
        gaps: list[Gap] = []
        undecided = 0
        for row in rows:
            holds = clause.compute(self.look(row))
            if holds is None:
                undecided += 1
                blank = [n for n in clause.names if n in row.values and row.values[n] is None]
                gaps.extend(self.gap(row, column) for column in blank)
                if not blank and self.lacks_outer(clause, row):
                    return _Matched(None, tuple(gaps))
            elif not isinstance(holds, bool):
                raise ExpressionError("条件应得出是或否", "a condition gives yes or no", clause.part.span[0])
            elif holds:
                found.append(row)
        nobody_knows = bool(rows) and undecided == len(rows)
        return _Matched(None if nobody_knows else tuple(found), tuple(gaps))

    def lacks_outer(self, clause: Clause, row: RowLike) -> bool:
        """Whether the condition rests on an outer name that is not known."""
        return any(self.outer(n).value is None for n in clause.names if n not in row.values)

    def sum_node(self, name: str, clause: Clause | None, matched: _Matched) -> Node:
        """The sum of what each matched row gives."""
        if matched.rows is None or clause is None:
            return self.unknown_node(name, matched)
        nodes = tuple((row.key, self.row_node(clause, row)) for row in matched.rows)
        made = self.made(name, total(node.value for _, node in nodes), "sum", nodes, matched.gaps)
        return replace(made, unit=self.clause_unit(clause))

    def unknown_node(self, name: str, matched: _Matched) -> Node:
        """An aggregate whose condition rests on something not known."""
        clauses = [clause for clause in (self.query.where, self.query.of) if clause]
        columns = self.rows[0].values if self.rows else {}
        names = dict.fromkeys(n for clause in clauses for n in clause.names if n not in columns)
        return self.made(name, None, "unknown", tuple((n, self.outer(n)) for n in names), matched.gaps)

    def made(
        self, name: str, value: Value, rule: str, inputs: tuple[tuple[str, Node], ...], gaps: tuple[Gap, ...]
    ) -> Node:
        is_leaf = not inputs  # no row counts: what the number rests on is the register itself
        kind: OriginKind = "missing" if value is None else "confirmed"
        origin = Origin(kind, f"register {self.register}") if is_leaf else None
        found = tuple(sorted(set(gaps)))
        return Node(name, value, "1", rule, inputs, origin, note=self.query.text, gaps=found)


@dataclass(frozen=True, slots=True)
class _Matched:
    rows: tuple[RowLike, ...] | None
    gaps: tuple[Gap, ...] = ()


def _as_value(cell: object) -> Value:
    if isinstance(cell, Period):
        return str(cell)
    if cell is None or isinstance(cell, Decimal | str | bool | date):
        return cell
    raise TypeError(f"a cell holds {type(cell).__name__}")  # a reader's bug, not the user's


def _sum(table: _Table) -> Node:
    matched = table.matching(table.query.where, table.rows)
    return table.sum_node(table.name, table.query.value, matched)


def _count(table: _Table) -> Node:
    matched = table.matching(table.query.where, table.rows)
    if matched.rows is None:
        return table.unknown_node(table.name, matched)
    inputs = tuple((row.key, _row_leaf(table, row)) for row in matched.rows)
    return table.made(table.name, Decimal(len(inputs)), "count", inputs, matched.gaps)


def _row_leaf(table: _Table, row: RowLike) -> Node:
    reference = f"{table.register}[{row.key}]"
    return Node(name=reference, value=row.key, origin=Origin("cell", reference, row.at("")))


def _share(table: _Table) -> Node:
    whole = table.matching(table.query.of, table.rows)
    part = table.matching(table.query.where, whole.rows or ())
    value = table.query.value
    return _quotient(
        table, ("part", table.sum_node("part", value, part)), ("whole", table.sum_node("whole", value, whole))
    )


def _mean(table: _Table) -> Node:
    matched = table.matching(table.query.where, table.rows)
    weighted = table.sum_node("weighted_sum", table.query.product, matched)
    weights = table.sum_node("weights", table.query.weight, matched)
    mean = _quotient(table, ("weighted_sum", weighted), ("weights", weights))
    return replace(mean, unit=table.clause_unit(table.query.value))


def _quotient(table: _Table, above: tuple[str, Node], below: tuple[str, Node]) -> Node:
    value = quotient(above[1].value, below[1].value)
    return table.made(table.name, value, f"{above[0]} / {below[0]}", (above, below), ())


_BUILDERS: Mapping[str, Callable[[_Table], Node]] = {
    "sum": _sum,
    "count": _count,
    "share": _share,
    "mean": _mean,
}
