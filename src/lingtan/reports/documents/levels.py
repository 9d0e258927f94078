"""Points and points earned by first- and second-level indicator."""

from __future__ import annotations

from lingtan.assessment.records import LevelResult
from lingtan.reports.documents.desk import Desk
from lingtan.reports.records import Amount, Row, RowLook, Runs, Table
from lingtan.reports.rounding import amount


def build_levels_table(desk: Desk) -> Table:
    """First-level indicators stand out, their second-level ones follow; the score closes the table."""
    parents = {level.code: level.parent for level in desk.results.edition.levels}
    columns = desk.columns("levels.columns", "0.8", "4", "1.2>", "1.4>")
    rows = [_row(level, parents[level.code], desk) for level in desk.results.assessment.levels]
    edition, result = desk.results.edition, desk.results.assessment
    points = amount(edition.total_points, "points", path="edition/total_points")
    score = amount(result.score, "score", path="assessment/score")
    rows.append(Row(((), (desk.text("levels.total"),), (points,), (score,)), "total"))
    return Table("levels", desk.text("levels.table"), columns, tuple(rows), desk.runs("levels.note"))


def _row(level: LevelResult, parent: str, desk: Desk) -> Row:
    name = desk.pick(level.zh, level.en)
    cells: tuple[Runs, ...] = ((level.code,), (name,), (points_of(level),), (earned_of(level),))
    look: RowLook = "body" if parent else "total"
    return Row(cells, look)


def points_of(level: LevelResult) -> Amount:
    """The points at stake in a level."""
    return amount(level.points, "points", path=f"assessment/levels/{level.code}/points")


def earned_of(level: LevelResult) -> Amount:
    """The points earned in a level."""
    return amount(level.earned, "score", path=f"assessment/levels/{level.code}/earned")
