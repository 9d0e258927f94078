"""Chapter 8: the same park under other editions, side by side, nothing added."""

from __future__ import annotations

from lingtan.assessment.records import Assessment, IndicatorResult
from lingtan.reports.documents.desk import Desk
from lingtan.reports.documents.gates import say_standing
from lingtan.reports.documents.limits import find_award, target_runs, value_runs, verdict_run
from lingtan.reports.records import UNKNOWN, Block, Heading, Paragraph, Row, Runs, Table
from lingtan.reports.rounding import amount
from lingtan.standards.records import Edition

METHODS = {"park": "editions.method_park", "cn-ndrc-910": "editions.method_cn_ndrc_910"}


def build_other_editions(desk: Desk) -> tuple[Block, ...]:
    """An overview of all editions, then gates and indicators of each further one."""
    results = desk.results
    head = Heading("other-editions", desk.text("editions.heading"))
    if len(results.editions) == 1:
        return head, Paragraph(desk.runs("editions.none"))
    blocks: list[Block] = [head, Paragraph(desk.runs("editions.intro")), _overview(desk)]
    for place in range(1, len(results.editions)):
        blocks.extend(_edition(place, desk))
    return tuple(blocks)


def _overview(desk: Desk) -> Table:
    columns = desk.columns("editions.columns", "3", "2", "1.6", "1.1>", "1.4")
    pairs = zip(desk.results.editions, desk.results.assessments, strict=True)
    rows = tuple(Row(_result(place, *pair, desk)) for place, pair in enumerate(pairs))
    return Table("editions", desk.text("editions.table"), columns, rows, desk.runs("editions.note"))


def _result(place: int, edition: Edition, result: Assessment, desk: Desk) -> tuple[Runs, ...]:
    award = find_award(result, edition)
    reached = desk.pick(edition.awards[award].zh, edition.awards[award].en) if award >= 0 else ""
    verdict = reached or desk.text("editions.not_reached" if edition.awards else "editions.no_awards")
    score = amount(result.score, "score", path=f"assessments/{place}/score")
    method = desk.text(METHODS[edition.inventory_method])
    return (
        (desk.pick(edition.zh, edition.en),),
        (edition.id,),
        (verdict,),
        (score,) if result.score is not None else (UNKNOWN,),
        (method,),
    )


def _edition(place: int, desk: Desk) -> tuple[Block, ...]:
    edition, result = desk.results.editions[place], desk.results.assessments[place]
    name = desk.pick(edition.zh, edition.en)
    columns = desk.columns("editions.indicators_columns", "0.6", "3.2", "1", "1.6", "1.6", "0.9")
    rows = tuple(Row(_indicator(place, one, desk)) for one in result.indicators)
    title = desk.text("editions.indicators_table", name=name)
    blocks: list[Block] = [Heading(f"edition-{edition.id}", name, 2)]
    if remark := desk.remark(edition):
        blocks.append(Paragraph((remark,), "note"))
    if result.gates:
        blocks.append(_gates(place, desk))
    blocks.append(Table(f"indicators-{edition.id}", title, columns, rows))
    return tuple(blocks)


def _gates(place: int, desk: Desk) -> Table:
    edition, result = desk.results.editions[place], desk.results.assessments[place]
    columns = desk.columns("editions.gates_columns", "3.4", "0.9", "3.4")
    rows = tuple(
        Row(((desk.pick(gate.zh, gate.en),), (desk.verdict(gate.passed),), (say_standing(gate, desk),)))
        for gate in result.gates
    )
    title = desk.text("editions.gates_table", name=desk.pick(edition.zh, edition.en))
    return Table(f"gates-{edition.id}", title, columns, rows)


def _indicator(place: int, one: IndicatorResult, desk: Desk) -> tuple[Runs, ...]:
    root = f"assessments/{place}"
    return (
        (one.code,),
        (desk.pick(one.zh, one.en),),
        (desk.text(f"kinds.{one.kind}"),),
        value_runs(one, desk, root),
        _yardstick(place, one, desk),
        (verdict_run(one, desk),),
    )


def _yardstick(place: int, one: IndicatorResult, desk: Desk) -> Runs:
    """The target, or under an edition with points what was earned of them."""
    root = f"assessments/{place}"
    if desk.results.assessments[place].score is None:
        return target_runs(one, desk, root)
    path = f"{root}/indicators/{one.code}"
    earned = amount(one.earned, "score", path=f"{path}/earned")
    points = amount(one.points, "points", path=f"{path}/points")
    return desk.runs("editions.earned", earned=earned, points=points)
