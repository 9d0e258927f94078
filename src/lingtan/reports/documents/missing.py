"""What was not handed in: named on the form, who can supply it, what hangs on it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from lingtan.assessment.naming import NAMED_AT_MOST, kind_of_datum
from lingtan.assessment.records import MissingDatum
from lingtan.reports.documents.desk import Desk
from lingtan.reports.records import Block, Paragraph, Row, Runs, Table
from lingtan.reports.rounding import amount
from lingtan.trace import Gap

ASKED_AT_MOST = 3


def say_gaps(gaps: Iterable[Gap], desk: Desk) -> str:
    """Missing data in words, cells of one column together, with who is asked."""
    alike: dict[str, list[Gap]] = {}
    for gap in gaps:
        alike.setdefault(kind_of_datum(gap.datum), []).append(gap)
    named = [_say_alike(same, desk) for same in list(alike.values())[:NAMED_AT_MOST]]
    if len(alike) > NAMED_AT_MOST:
        named.append(desk.text("missing.more_kinds", more=len(alike) - NAMED_AT_MOST))
    return desk.text("indicators.semicolon").join(named) or "—"


def _say_alike(same: Sequence[Gap], desk: Desk) -> str:
    data = list(dict.fromkeys(gap.datum for gap in same))
    datum = desk.names.datum(data[0], count=len(data))
    return desk.text("missing.from", datum=datum, asked=say_asked([gap.asked_of for gap in same], desk))


def say_asked(asked_of: Iterable[str], desk: Desk) -> str:
    """Who is asked, the first few by name."""
    asked = list(dict.fromkeys(asked_of))
    named = desk.join([desk.names.asked(one) for one in asked[:ASKED_AT_MOST]])
    more = len(asked) - ASKED_AT_MOST
    return named + desk.text("missing.more_asked", count=len(asked)) if more > 0 else named


def group_missing(desk: Desk) -> tuple[tuple[int, tuple[MissingDatum, ...]], ...]:
    """Cells of one column that hang on the same things together, each with the place of the first."""
    alike: dict[tuple[object, ...], list[MissingDatum]] = {}
    first: dict[tuple[object, ...], int] = {}
    for place, datum in enumerate(desk.results.assessment.missing):
        kind = (kind_of_datum(datum.datum), datum.indicators, datum.gates)
        alike.setdefault(kind, []).append(datum)
        first.setdefault(kind, place)
    return tuple((first[kind], tuple(same)) for kind, same in alike.items())


def build_missing(desk: Desk, *, intro: str = "missing.intro") -> tuple[Block, ...]:
    """What is missing, most points first; a sentence if nothing is."""
    groups = group_missing(desk)
    if not groups:
        return (Paragraph(desk.runs("missing.none")),)
    layout = ("3", "1.8", "1.6", "0.9>", "1") if desk.is_scored else ("3", "1.8", "1.6", "1")
    columns = desk.columns("missing.columns" if desk.is_scored else "missing.unscored_columns", *layout)
    names = _names_of_things(desk)
    rows = tuple(Row(_cells(place, same, names, desk)) for place, same in groups)
    table = Table("missing", desk.text("missing.table"), columns, rows, desk.runs("missing.note"))
    return Paragraph(desk.runs(intro)), table


def _names_of_things(desk: Desk) -> Mapping[str, str]:
    result = desk.results.assessment
    return {gate.id: desk.pick(gate.zh, gate.en) for gate in result.gates}


def _cells(
    place: int, same: Sequence[MissingDatum], names: Mapping[str, str], desk: Desk
) -> tuple[Runs, ...]:
    first = same[0]
    affected = [*first.indicators, *(names[gate] for gate in first.gates)]
    changes = any(datum.could_change_stars for datum in same)
    path = f"assessment/missing/{place}/points_at_stake"
    points = amount(first.points_at_stake, "points", path=path)
    return (
        (desk.names.datum(first.datum, count=len(same)),),
        (say_asked([datum.asked_of for datum in same], desk),),
        (desk.join(affected),),
        *(((points,),) if desk.is_scored else ()),
        (desk.text("missing.could_change" if changes else "missing.cannot_change"),),
    )
