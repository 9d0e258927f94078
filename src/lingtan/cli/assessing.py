"""lingtan inventory | assess | explain."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

import typer

from lingtan.assessment import Assessment, compute_groundwork, export_assessment, export_trace
from lingtan.assessment import assess as assess_dossier
from lingtan.assessment import explain as explain_number
from lingtan.assessment.explain import explain_inventory
from lingtan.cli.computing import measure, read_inventory
from lingtan.cli.reading import AsJson, DossierPath, OnDate, ReadingsPaths, day, read
from lingtan.cli.results import show_assessment, show_inventory, show_methods
from lingtan.cli.show import print_faults, print_json, tell
from lingtan.cli.tracing import show_trace
from lingtan.dossier.records import Dossier
from lingtan.errors import sorted_once
from lingtan.inventory import compute_inventory, export_inventory, method_names
from lingtan.standards import load_edition
from lingtan.standards.records import Edition

FAULTS_SHOWN = 12
DEFAULT_EDITION = "sh-seesa-zctp-2024"

Editions = Annotated[
    list[str] | None,
    typer.Option("--edition", help="标准版本或其文件夹，可重复 Edition id or folder, repeatable"),
]
OneEdition = Annotated[str | None, typer.Option("--edition", help="标准版本或其文件夹 Edition id or folder")]
Methods = Annotated[
    list[str] | None,
    typer.Option(
        "--method",
        help="核算方法：park、cn-ndrc-910、gbt-32150、sh-ets、ghg-protocol 或 all；可重复，并列而不相加 "
        "Methods, repeatable, side by side and never added",
    ),
]
OneMethod = Annotated[
    str,
    typer.Option("--method", help="解释某方法清单中的数，而不是评价中的 A number of a method's inventory"),
]
Full = Annotated[bool, typer.Option("--full", help="展开全部输入 Open every input")]
Name = Annotated[str, typer.Argument(help="指标、基本要求、合计、项或参数 Indicator, gate, total or term")]


def register(app: typer.Typer) -> None:
    """Add the commands to `app`."""
    app.command("inventory")(inventory)
    app.command("assess")(assess)
    app.command("explain")(explain)


def inventory(
    path: DossierPath,
    method: Methods = None,
    readings: ReadingsPaths = None,
    on: OnDate = None,
    json: AsJson = False,
) -> int:
    """温室气体清单与能源平衡。Greenhouse-gas inventory and energy."""
    dossier = read(path, readings)
    metering = measure(dossier)
    names = method_names() if "all" in (method or ()) else dict.fromkeys(method or ("park",))
    results = [compute_inventory(dossier, method=name, metering=metering, on=day(on)) for name in names]
    if json:
        exported = [export_inventory(result) for result in results]
        print_json(exported[0] if len(exported) == 1 else exported)
        return 0
    if len(results) == 1:
        show_inventory(results[0])
    else:
        show_methods(results)
    faults = sorted_once(fault for result in results for fault in result.warnings)
    print_faults((*dossier.faults, *metering.faults, *faults), limit=FAULTS_SHOWN)
    return 0


def assess(
    path: DossierPath,
    edition: Editions = None,
    readings: ReadingsPaths = None,
    on: OnDate = None,
    json: AsJson = False,
) -> int:
    """各项指标、得分、基本要求与星级。Values, scores, gates and stars."""
    results = assess_editions(read(path, readings), edition, on=on)
    if json:
        exported = [export_assessment(result) for result in results]
        print_json(exported[0] if len(exported) == 1 else exported)
        return 0
    for result in results:
        show_assessment(result)
    print_faults(results[0].faults, limit=FAULTS_SHOWN)
    return 0


def choose_editions(dossier: Dossier, editions: Sequence[str] | None) -> list[Edition]:
    """The editions named, or those the dossier's park.yaml names, or the SEESA standard."""
    chosen = editions or dossier.park.reporting.editions or (DEFAULT_EDITION,)
    return [load_edition(one) for one in dict.fromkeys(chosen)]


def assess_editions(
    dossier: Dossier, editions: Sequence[str] | None, *, on: datetime | None
) -> list[Assessment]:
    """The dossier under the editions `choose_editions` finds."""
    loaded = choose_editions(dossier, editions)
    tell("计量、清单与抵消台账 metering, inventory and ledger")
    ground = compute_groundwork(dossier, on=day(on))
    results = []
    for one in loaded:
        tell(f"评价 assessing: {one.id}")
        results.append(assess_dossier(dossier, one, on=day(on), groundwork=ground))
    return results


def explain(  # noqa: PLR0913 a command has its options
    path: DossierPath,
    name: Name,
    edition: OneEdition = None,
    method: OneMethod = "",
    readings: ReadingsPaths = None,
    on: OnDate = None,
    full: Full = False,
    json: AsJson = False,
) -> int:
    """一个数的完整来历：公式、输入、因子、读数、条款。The whole chain behind one number."""
    if method:
        node = explain_inventory(read_inventory(path, readings, on, method=method).inventory, name)
    else:
        result = assess_editions(read(path, readings), [edition] if edition else None, on=on)[0]
        node = explain_number(result, name)
    if json:
        print_json(export_trace(node))
    else:
        show_trace(node, full=full)
    return 0
