"""lingtan report: the documents a park hands in."""

from __future__ import annotations

import hashlib
from datetime import datetime
from pathlib import Path
from typing import Annotated, cast

import typer

from lingtan.cli.assessing import FAULTS_SHOWN, Editions, choose_editions
from lingtan.cli.progress import progress
from lingtan.cli.reading import AsJson, DossierPath, OnDate, ReadingsPaths, day, read
from lingtan.cli.show import print_faults, print_json, say, tell
from lingtan.errors import Language, LingtanError, fault
from lingtan.inventory.restatement import read_frozen
from lingtan.reports.documents.building import BUILDERS
from lingtan.reports.package import PACKAGE, write_package
from lingtan.reports.results import Results, compute_results
from lingtan.reports.writing import FORMATS, Format, Setting, check_setting, write_report

ZIP = "zip"
KINDS = (*BUILDERS, PACKAGE)
RESTATED = ("inventory", PACKAGE)  # where the chapter on restatement stands
Kind = Annotated[str, typer.Option("--kind", help=f"哪种文件 Which document: {', '.join(KINDS)}")]
FileFormat = Annotated[
    str,
    typer.Option(
        "--format",
        help=f"格式，缺省按文件名结尾 Format, by the file's ending if absent: {', '.join(FORMATS)}",
    ),
]
Output = Annotated[
    Path | None,
    typer.Option("-o", "--output", help="写到哪个文件，已有的会被替换 The file, replaced if there"),
]
Dated = Annotated[
    datetime | None,
    typer.Option(
        "--dated", formats=["%Y-%m-%d"], help="编制日期，缺省为评价日期 Date of the document, --on if absent"
    ),
]
In = Annotated[str, typer.Option("--language", help="zh 中文，en 英文 Chinese or English")]
Template = Annotated[
    Path | None,
    typer.Option("--template", exists=True, dir_okay=False, help="自有 Word 模板 Your own Word template"),
]
Frozen = Annotated[
    Path | None,
    typer.Option("--restated-from", exists=True, dir_okay=False,
                 help="冻结结果，据以写重述一章 A frozen result, for the chapter on restatement"),
]  # fmt: skip


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""
    app.command("report")(report)


def report(  # noqa: PLR0913 a command has its options
    path: DossierPath,
    kind: Kind = "self-assessment",
    format: FileFormat = "",
    output: Output = None,
    edition: Editions = None,
    readings: ReadingsPaths = None,
    on: OnDate = None,
    dated: Dated = None,
    language: In = "zh",
    template: Template = None,
    restated_from: Frozen = None,
    json: AsJson = False,
) -> int:
    """编制可提交的文件：自评价报告、清单报告、评价报告等。Write a document to hand in."""
    setting = Setting(_format(kind, format, output), _language(language), template)
    if kind not in KINDS:
        raise LingtanError([fault("report.unknown-kind", given=kind, known="、".join(KINDS))])
    check_setting(setting)
    if restated_from and kind not in RESTATED:
        raise LingtanError([fault("report.restatement-elsewhere", given=kind)])
    dossier = read(path, readings)
    tell("计量、清单、台账、评价 metering, inventory, ledger, assessment")
    results = compute_results(
        dossier,
        choose_editions(dossier, edition),
        on=day(on),
        dated=dated.date() if dated else None,
        restated_from=read_frozen(restated_from) if restated_from else None,
    )
    file = output or Path(f"{dossier.park.id}-{kind}.{setting.format}")
    with progress(f"编制 writing: {file.name}") as told:
        if kind == PACKAGE:
            write_package(results, file, setting.language, progress=told)
        else:
            write_report(results, kind, file, setting, progress=told)
    _answer(results, kind, file, json=json)
    return 0


def _format(kind: str, format: str, output: Path | None) -> Format:
    """The format named, or the ending of the file, or PDF; a package is a zip."""
    ending = output.suffix.removeprefix(".").lower() if output else ""
    known = (ZIP,) if kind == PACKAGE else FORMATS
    chosen = format.lower() or ending or known[-1 if kind == PACKAGE else 1]
    if chosen not in known:
        raise LingtanError([fault("report.unknown-format", given=chosen, known="、".join(known))])
    return cast(Format, chosen)


def _language(language: str) -> Language:
    if language not in ("zh", "en"):
        raise LingtanError([fault("report.unknown-language", given=language)])
    return cast(Language, language)


def _answer(results: Results, kind: str, file: Path, *, json: bool) -> None:
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    if json:
        print_json({"kind": kind, "file": str(file), "bytes": file.stat().st_size, "sha256": digest})
        return
    print_faults(results.assessment.faults, limit=FAULTS_SHOWN)
    say(f"{file} · {file.stat().st_size:,} B · SHA-256 {digest[:12]}", "bold")
