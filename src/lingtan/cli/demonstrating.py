"""lingtan demo: the whole chain on the shipped example park."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from lingtan.assessment import Assessment, export_assessment, export_trace
from lingtan.assessment.naming import name_datum
from lingtan.assessment.records import IndicatorResult
from lingtan.cli.progress import progress
from lingtan.cli.reading import AsJson, read
from lingtan.cli.results import headline, name_asked, shown_value
from lingtan.cli.show import print_json, print_table, render_json, say, tell
from lingtan.errors import LingtanError, Place, fault, has_errors
from lingtan.inventory import export_inventory
from lingtan.ledger import export_ledger
from lingtan.reports.documents.building import BUILDERS, build_report
from lingtan.reports.results import Results, compute_results
from lingtan.reports.writing import Format, Setting, set_report
from lingtan.standards import freeze_edition, load_edition
from lingtan.standards.records import Edition
from lingtan.texts import number

EXAMPLE = Path(__file__).resolve().parents[3] / "examples" / "parks" / "xinghuo"
ON = date(2025, 6, 30)  # a fixed day, so that the demo says the same thing to everybody
EDITIONS = ("sh-seesa-zctp-2024", "cn-ndrc-910-2025", "js-zero-carbon-2024", "sd-eco-park-2017")
SHOWN = 3
MISSING_SHOWN = 10

FORMATS: Mapping[str, tuple[Format, ...]] = {
    "self-assessment": ("pdf", "docx", "xlsx", "html"),
    "inventory": ("pdf", "xlsx"),
}  # of all other documents a PDF

Output = Annotated[Path, typer.Option("-o", "--output", help="结果写到哪里 Where results go")]
NoReports = Annotated[bool, typer.Option("--no-reports", help="不编制文件 Write no documents")]


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""
    app.command("demo")(demo)


def demo(output: Output = Path("out/demo"), no_reports: NoReports = False, json: AsJson = False) -> int:
    """评价自带的示例园区，写出结果与文件。Assess the shipped example park, write results and documents."""
    if not EXAMPLE.is_dir():
        raise LingtanError([fault("dossier.not-found", Place(str(EXAMPLE)))])
    dossier = read(str(EXAMPLE))
    tell("检查档案 checking the dossier")
    if has_errors(dossier.faults):
        tell("示例档案有错误 the example has errors; see lingtan dossier check")
    tell("计量、清单、台账、评价 metering, inventory, ledger, assessment")
    editions = [load_edition(one) for one in EDITIONS]
    computed = compute_results(dossier, editions, on=ON)
    results = computed.assessments
    files = _write(results, editions, output)
    files += [] if no_reports else _write_documents(computed, output)
    if json:
        stars = {result.edition: result.stars for result in results}
        print_json({"stars": stars, "results": [str(file) for file in files]})
        return 0
    _show(results)
    say("结果 Results:", "bold")
    for file in files:
        say(f"  {file}")
    say("下一步 Next:", "bold")
    shown = EXAMPLE if not EXAMPLE.is_relative_to(Path.cwd()) else EXAMPLE.relative_to(Path.cwd())
    say(f"  .venv/bin/lingtan assess {shown} --on {ON}")
    say(f"  .venv/bin/lingtan explain {shown} C1.1 --on {ON}")
    say("  .venv/bin/lingtan dossier new my-park.xlsx")
    return 0


def _show(results: Sequence[Assessment]) -> None:
    main = results[0]
    say()
    say(f"{main.park_zh} — an invented example", "bold")
    for result in results:
        say(f"  {headline(result)} — {result.edition_zh} ({result.edition})")
    scored = [one for one in main.indicators if one.applies and one.points]
    ranked = sorted(scored, key=lambda one: (-_share(one), one.code))
    _show_indicators(f"最强的 {SHOWN} 项 Three strongest", ranked[:SHOWN])
    _show_indicators(f"最弱的 {SHOWN} 项 Three weakest", ranked[::-1][:SHOWN])
    rows = [
        (
            name_datum(m.datum, "zh"),
            name_asked(m.asked_of),
            "、".join((*m.indicators, *m.gates)),
            number(m.points_at_stake),
        )
        for m in main.missing[:MISSING_SHOWN]
    ]
    columns = ("资料 Datum", "由谁提供 Asked of", "影响 Affects", ">涉及分值 Points")
    print_table(f"缺少的资料 Missing data ({len(main.missing)})", columns, rows)


def _share(one: IndicatorResult) -> float:
    return float((one.earned or 0) / one.points) if one.points else 0.0


def _show_indicators(title: str, indicators: Sequence[IndicatorResult]) -> None:
    rows = [
        (one.code, f"{one.zh} {one.en}", f"{shown_value(one)} {'' if one.value is None else one.unit}",
         f"{number(one.earned)} / {number(one.points)}")
        for one in indicators
    ]  # fmt: skip
    print_table(title, ("编号 Code", "指标 Indicator", ">数值 Value", ">得分 Earned"), rows)


def _write(results: Sequence[Assessment], editions: Sequence[Edition], output: Path) -> list[Path]:
    """The results as JSON: an assessment and the frozen edition each, inventories, ledger, trace."""
    main = results[0]
    contents = {f"assessment-{result.edition}.json": export_assessment(result) for result in results}
    contents["inventory-park.json"] = export_inventory(main.inventory)
    contents["inventory-cn-ndrc-910.json"] = export_inventory(main.national)
    contents["ledger.json"] = export_ledger(main.ledger)
    contents["trace-score.json"] = export_trace(main.score_node)
    texts = {name: render_json(content).encode() for name, content in contents.items()}
    texts |= {f"edition-{edition.id}.json": freeze_edition(edition).content for edition in editions}
    try:
        output.mkdir(parents=True, exist_ok=True)
        for name, text in texts.items():
            (output / name).write_bytes(text)
    except OSError as error:
        reason = error.strerror or error
        raise LingtanError([fault("dossier.cannot-write", Place(str(output)), reason=reason)]) from None
    return [output / name for name in texts]


def _write_documents(results: Results, output: Path) -> list[Path]:
    """What a park hands in: every document as PDF, the two that people work on in other formats too."""
    tell("编制文件 writing the documents")
    files = []
    with progress("文件 documents") as told:
        for done, kind in enumerate(BUILDERS):
            told(done, len(BUILDERS))
            report = build_report(results, kind)
            for format in FORMATS.get(kind, ("pdf",)):
                files.append(set_report(report, output / f"{kind}.{format}", Setting(format)))
    return files
