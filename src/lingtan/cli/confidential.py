"""lingtan confidential seal | check."""

from __future__ import annotations

import json as json_text
import secrets
from pathlib import Path
from typing import Annotated, Any

import typer

from lingtan.cli.computing import read_inventory
from lingtan.cli.reading import AsJson, DossierPath, OnDate, ReadingsPaths
from lingtan.cli.show import answer_check, print_faults, say
from lingtan.errors import LingtanError, Place, fault
from lingtan.inventory.members.sealing import check_sealed, seal

FAULTS_SHOWN = 12
LARGEST_BYTES = 512_000_000
Page = Annotated[Path, typer.Argument(help="公开清单 .json Public inventory")]
Folder = Annotated[
    Path, typer.Argument(help="存放各企业明细的新文件夹，只交评价机构 New folder for openings")
]
Openings = Annotated[
    list[Path] | None, typer.Argument(help="企业明细 .json，可多个 Openings, for the evaluator", exists=True)
]
Names = Annotated[
    list[str] | None,
    typer.Option("--enterprise", help="企业编号，可重复；缺省为登记为“明细保密”的企业 Enterprise ids"),
]
OneMethod = Annotated[str, typer.Option("--method", help="核算方法 Method")]


def register(app: typer.Typer) -> None:
    """Add the commands to `app`."""
    group = typer.Typer(
        help="保密企业只公开小计，附可核对的承诺值 Confidential lines behind a total", no_args_is_help=True
    )
    group.command("seal")(seal_)
    group.command("check")(check)
    app.add_typer(group, name="confidential")


def seal_(  # noqa: PLR0913 a command has its options
    path: DossierPath,
    page: Page,
    openings: Folder,
    enterprise: Names = None,
    method: OneMethod = "park",
    readings: ReadingsPaths = None,
    on: OnDate = None,
) -> int:
    """写出公开清单（保密企业只有小计与承诺值），以及各企业的明细。A public inventory, and the openings."""
    found = read_inventory(path, readings, on, method=method)
    hidden = enterprise or [
        row.text("enterprise")
        for row in found.dossier.rows.get("enterprises", ())
        if row.values.get("confidential") is True
    ]
    public, opened = seal(found.inventory, hidden, secrets.token_bytes(32))
    _write(page, public)
    openings.mkdir(parents=True, exist_ok=True)
    for one in opened:
        _write(openings / f"{_file_name(one['enterprise'])}.json", one)
    print_faults(found.faults, limit=FAULTS_SHOWN)
    say(f"公开清单 public: {page} · 保密企业 sealed: {len(opened)} · 明细 openings: {openings}")
    return 0


def _file_name(enterprise: str) -> str:
    return "".join(c if c.isalnum() or c in "-_" else "_" for c in enterprise)


def _write(file: Path, content: Any) -> None:
    try:
        with file.open("x", encoding="utf-8") as stream:
            json_text.dump(content, stream, ensure_ascii=False, indent=1)
    except OSError as error:
        raise LingtanError([fault("dossier.cannot-write", Place(file.name), reason=error.strerror)]) from None


def check(page: Page, openings: Openings = None, json: AsJson = False) -> int:
    """合计是否等于公开明细与保密小计之和；所给明细是否就是封存的明细。Whether sums and openings hold."""
    faults = check_sealed(_read(page), [_read(file) for file in openings or ()], file=page.name)
    return answer_check(faults, "相符 it holds", json=json)


def _read(file: Path) -> Any:
    place = Place(file.name)
    try:
        if file.stat().st_size > LARGEST_BYTES:
            raise ValueError(f"> {LARGEST_BYTES} bytes")
        return json_text.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise LingtanError([fault("sealing.unreadable", place, reason=str(error)[:200])]) from None
