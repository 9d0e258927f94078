"""lingtan dossier new | check | convert."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from lingtan.cli.reading import AsJson, DossierPath, ReadingsPaths, read
from lingtan.cli.show import answer_check, print_faults, print_json, say
from lingtan.dossier.creation import create_dossier
from lingtan.dossier.writing import convert_dossier
from lingtan.errors import sorted_once
from lingtan.inventory import find_slips
from lingtan.standards import find_register_users, load_edition

NewPath = Annotated[Path, typer.Argument(help="新档案的位置：文件夹或 .xlsx A folder or .xlsx to make")]
EditionId = Annotated[str, typer.Option("--edition", help="对照的标准版本 Edition the sheets explain")]
Source = Annotated[Path, typer.Argument(help="原档案 From", exists=True)]
Target = Annotated[Path, typer.Argument(help="新档案：文件夹、.zip 或 .xlsx To")]


def register(app: typer.Typer) -> None:
    """Add the commands to `app`."""
    group = typer.Typer(help="园区档案：新建、检查、转换 Dossiers: new, check, convert", no_args_is_help=True)
    group.command("new")(new)
    group.command("check")(check)
    group.command("convert")(convert)
    app.add_typer(group, name="dossier")


def new(path: NewPath, edition: EditionId = "sh-seesa-zctp-2024", json: AsJson = False) -> int:
    """新建空档案，各表自带中英文填写说明。An empty dossier whose sheets explain themselves."""
    create_dossier(path, edition=edition, uses=find_register_users(load_edition(edition)))
    if json:
        print_json({"made": str(path)})
        return 0
    say(f"已建好 made: {path}", "bold")
    say(f"填好后运行 when filled in: lingtan dossier check {path}")
    return 0


def check(path: DossierPath, readings: ReadingsPaths = None, json: AsJson = False) -> int:
    """一次列出全部问题：哪张表、哪行、哪列、是什么、怎么改。Every fault at once."""
    dossier = read(path, readings)
    faults = sorted_once((*dossier.faults, *find_slips(dossier)))
    return answer_check(faults, "没有错误 no errors", json=json)


def convert(source: Source, target: Target, json: AsJson = False) -> int:
    """文件夹、.xlsx、.zip 互转，逐格相等。Folder, .xlsx and .zip, equal to the last cell."""
    faults = convert_dossier(source, target)
    if json:
        print_json({"written": str(target), "faults": [fault.as_dict() for fault in faults]})
        return 0
    print_faults(faults, limit=20)
    say(f"已写出 written: {target}", "bold")
    return 0
