"""lingtan certificate migrate: certified parks under another edition, as a dry run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from lingtan.assessment.naming import name_data
from lingtan.certificate.migrating import (
    OUTCOMES,
    IndicatorMove,
    Migration,
    export_migration,
    migrate,
)
from lingtan.certificate.words import Outcome, find_outcomes
from lingtan.cli.issuing import list_kept_bundles
from lingtan.cli.reading import AsJson
from lingtan.cli.show import print_faults, print_json, print_table, say, sentence, tell
from lingtan.errors import Fault, LingtanError, fault
from lingtan.standards import load_edition
from lingtan.texts import number

ANSWERS = {True: "通过 passed", False: "未通过 failed", None: "不明 not known"}
MOVES_SHOWN = 12
Bundles = Annotated[
    list[Path] | None,
    typer.Argument(exists=True, dir_okay=False, help="证书的资料包 .zip，可多个 Bundles of certificates"),
]
OfSite = Annotated[
    bool, typer.Option("--site", help="本站全部有效证书 Every certificate of this site that runs")
]
Target = Annotated[
    str, typer.Option("--edition", help="要换到的标准版本或其文件夹 Edition to move to, id or folder")
]


def register(group: typer.Typer) -> None:
    """Add the command to the group `certificate`."""
    group.command("migrate")(run)


def run(edition: Target, bundles: Bundles = None, site: OfSite = False, json: AsJson = False) -> int:
    """试算换版：已认证园区按新标准升星、降星或保持，为什么。Certified parks under another edition."""
    loaded = load_edition(edition)
    found: list[Migration] = []
    faults: list[Fault] = []
    given = [(file.name, file) for file in bundles or ()] + (list_kept_bundles() if site else [])
    if not given:
        raise LingtanError([fault("certificate.nothing-to-migrate")])
    for at, (name, file) in enumerate(given, 1):
        tell(f"试算 dry run {at}/{len(given)}: {name}")
        try:
            found.append(migrate(file, loaded))
        except LingtanError as error:
            faults += error.faults
    if json:
        print_json(
            {
                "edition": loaded.id,
                "edition_sha256": loaded.sha256,
                "counts": dict(Counter(one.outcome for one in found)),
                "parks": [export_migration(one) for one in found],
                "faults": [one.as_dict() for one in faults],
            }
        )
    else:
        _show(loaded.id, found)
    print_faults(faults)
    return 2 if faults else 0


def _show(edition: str, found: list[Migration]) -> None:
    columns = ("园区 Park", "原标准 From", ">星 Stars", ">→", ">得分 Score", ">→", "")
    print_table(f"换版试算 Dry run → {edition}", columns, [_row(one) for one in found])
    for one in found:
        _show_park(one)
    counts = Counter(one.outcome for one in found)
    say("  ".join(f"{_say(one)} {counts[one]}" for one in OUTCOMES if counts[one]), "bold")


def _say(outcome: Outcome) -> str:
    words = find_outcomes()[outcome]
    return f"{words.zh} {words.en}"


def _row(one: Migration) -> tuple[str, ...]:
    return (
        f"{one.park_name} ({one.park})",
        one.edition,
        str(one.stars_before or "—"),
        str(one.stars_after or "—"),
        number(one.score_before, 4),
        number(one.score_after, 4),
        _say(one.outcome),
    )


def _show_park(one: Migration) -> None:
    lines = list(_reasons(one))
    if not (lines or one.indicators):
        return
    say(f"{one.park_name}: {_say(one.outcome)}", "bold")
    for line in lines:
        say(f"  · {line}")
    if one.indicators:
        largest = sorted(one.indicators, key=lambda move: -abs(move.change))[:MOVES_SHOWN]
        columns = (
            "编号 Code",
            "指标 Indicator",
            "性质 Kind",
            ">原得分 Before",
            ">新得分 After",
            ">差 Change",
            "",
        )
        rows = [
            (move.code, f"{move.zh} {move.en}", move.kind, number(move.before, 4), number(move.after, 4),
             number(move.change, 4), _mark(move))
            for move in largest
        ]  # fmt: skip
        title = f"变动最大的 {len(largest)} 项，共 {len(one.indicators)} 项 largest moves"
        print_table(title, columns, rows)


def _mark(move: IndicatorMove) -> str:
    if move.is_new:
        return "新增 new"
    if move.is_gone:
        return "取消 gone"
    return "失去合格 lost" if move.is_lost else ""


def _reasons(one: Migration) -> Iterator[str]:
    for gate in one.gates:
        new = "新增基本要求 new" if gate.is_new else f"{ANSWERS[gate.before]} →"
        yield f"{gate.zh} {gate.en}: {new} {ANSWERS[gate.after]}"
    if one.outcome == "loses":
        yield from (f"{sentence(told, 'zh')} {sentence(told, 'en')}" for told in one.why_not_more)
    if one.asked:
        yield f"新要的资料 newly asked ({len(one.asked)}): {name_data(one.asked, 'zh')}"
    if one.lacking:
        yield f"资料包不完整，结果或有出入 files withheld, the result may differ: {len(one.lacking)}"
