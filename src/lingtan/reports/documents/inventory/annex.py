"""The annex: every line, activity times factor, one table per enterprise in the order of the register.

A line of a confidential enterprise is not shown; its totals are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal

from lingtan.inventory.records import Line, Member
from lingtan.reports.documents.bench import Bench
from lingtan.reports.documents.inventory.formulas import find_formula
from lingtan.reports.documents.inventory.origins import find_rows, say_evidence, say_grounds, say_periods
from lingtan.reports.documents.layout import Cell, build_heading, build_paragraph, build_row
from lingtan.reports.records import Amount, Block, Column, Heading, Row, Table
from lingtan.reports.rounding import amount, full

FACTOR_DIGITS = 8  # of a factor that is itself a product; chapter 5 has every digit of what it is made of
COLUMNS = ("scope1", "location", "market", "received", "apart")
_TOTALS = {"scope1": "scope1_tco2e", "location": "over_fence_tco2e", "received": "received_tco2e"}
Numbered = tuple[int, Line]


def annex_id(bench: Bench, enterprise: str) -> str:
    """The id of the table of an enterprise: by its place in the register, which names nobody."""
    places = {id: str(place) for place, id in enumerate(bench.results.enterprises)}
    return f"inventory-lines-{places.get(enterprise, enterprise or 'park')}"


def columns_of(line: Line) -> tuple[str, ...]:
    """The columns that the emissions of a line stand in."""
    if line.scope == "1":
        return ("scope1",)
    if line.scope != "2":
        return ("apart",)
    return {"both": ("location", "market"), "none": ("received",)}.get(line.view, (line.view,))


def build_annex(bench: Bench) -> Iterator[Block]:
    """One heading and one table per enterprise that has lines."""
    words = bench.words
    yield build_heading(words, "inventory.annex", numbered=False)
    yield build_paragraph(words, "inventory.annex_intro")
    found: defaultdict[str, list[Numbered]] = defaultdict(list)
    for index, line in enumerate(bench.results.inventory.lines):
        found[line.enterprise].append((index, line))
    if not found:
        yield build_paragraph(words, "inventory.annex_none")
    members = {member.enterprise: member for member in bench.results.inventory.members}
    for enterprise in _in_order(bench, found):
        head = annex_id(bench, enterprise).replace("-lines-", "-annex-")
        yield Heading(head, _title(bench, enterprise), 2, numbered=False)
        if bench.names.is_confidential(enterprise):
            yield build_paragraph(words, "inventory.annex_covered")
        table = _table(bench, found[enterprise], members.get(enterprise))
        if table.rows:
            yield table


def _in_order(bench: Bench, found: dict[str, list[Numbered]]) -> list[str]:
    registered = [id for id in bench.results.enterprises if id in found]
    return [*registered, *sorted(set(found) - set(registered))]


def _title(bench: Bench, enterprise: str) -> str:
    name = bench.names.enterprise(enterprise)
    is_shown = enterprise and not bench.names.is_confidential(enterprise) and name != enterprise
    return f"{enterprise} {name}" if is_shown else name


def _table(bench: Bench, lines: Sequence[Numbered], member: Member | None) -> Table:
    words, enterprise = bench.words, lines[0][1].enterprise
    used = {column for _, line in lines for column in columns_of(line)}
    shown = [column for column in COLUMNS if column in used]
    titles = [words.text(f"inventory.annex_{name}") for name in ("what", "activity", "factor", *shown)]
    widths = (2.8, 1.6, 2.0, *(1.3 for _ in shown))
    aligned = (Column(title, width, "right" if at else "left")
               for at, (title, width) in enumerate(zip(titles, widths, strict=True)))  # fmt: skip
    rows = [] if bench.names.is_confidential(enterprise) else _body(bench, lines, shown)
    total = _total(bench, shown, member, is_summed=bool(rows))
    title = words.text("inventory.annex_title", name=_title(bench, enterprise))
    return Table(annex_id(bench, enterprise), title, tuple(aligned), (*rows, *total))


def _body(bench: Bench, lines: Sequence[Numbered], shown: Sequence[str]) -> list[Row]:
    """Rows under the name of their source."""
    rows: list[Row] = []
    source = ""
    for index, line in lines:
        if line.source != source:
            source = line.source
            rows.append(Row(((bench.labels.source(source),),), "group"))
        rows.append(_row(bench, index, line, shown))
    return rows


def _row(bench: Bench, index: int, line: Line, shown: Sequence[str]) -> Row:
    path = f"inventory/lines/{index}"
    emissions = amount(
        line.emissions,
        "tCO2e",
        path=f"{path}/emissions_tco2e",
        formula=find_formula(line, activity=1, factor=2),
    )
    there = columns_of(line)
    cells: list[Cell] = [emissions if column in there else None for column in shown]
    activity = amount(line.activity, line.unit, path=f"{path}/activity", shown_unit=bench.unit(line.unit))
    factor = show_factor(line.factor, path=f"{path}/factor", unit=bench.unit(line.factor_unit))
    return build_row(_what(bench, line), activity, factor, *cells)


def show_factor(value: Decimal, *, path: str, unit: str) -> Amount:
    """A factor with every digit, unless it is a product with more than can be read."""
    exact = full(value, path=path, unit=unit)
    is_short = exact.value is None or -int(exact.value.as_tuple().exponent) <= FACTOR_DIGITS
    return exact if is_short else amount(value, "", path=path, shown_unit=unit, digits=FACTOR_DIGITS)


def _what(bench: Bench, line: Line) -> str:
    """Carrier and item, period, how it was measured, evidence."""
    rows = find_rows(bench, line)
    item = rows[0].text("item") if len(rows) == 1 else ""
    carrier = bench.labels.carrier(line.carrier)
    market = bench.labels.view("market") if line.view == "market" else ""
    parts = [
        f"{carrier} · {item}" if item else carrier,
        say_periods(rows, str(bench.results.inventory.year)),
        market,
    ]
    grounds = [say_grounds(bench, rows), say_evidence(bench, rows)] if len(rows) == 1 else []
    said = bench.comma.join(part for part in (*parts[1:], *grounds) if part)
    return bench.words.text("inventory.annex_line", what=parts[0], rest=said)


def _total(bench: Bench, shown: Sequence[str], member: Member | None, *, is_summed: bool) -> list[Row]:
    """Sums that the member's view holds; the others are left blank."""
    if member is None:
        return []
    cells: list[tuple[Amount, ...]] = []
    for column in shown:
        name = _TOTALS.get(column, "")
        value = getattr(member, name) if name else None
        formula = "=SUM({above})" if is_summed and value is not None else ""
        path = f"inventory/members/{bench.results.inventory.members.index(member)}/{name}"
        cells.append((amount(value, "tCO2e", path=path, formula=formula),) if name else ())
    return [Row(((bench.words.text("inventory.annex_total"),), (), (), *cells), "total")]
