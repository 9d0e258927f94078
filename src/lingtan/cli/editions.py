"""lingtan edition list | show | check | diff | freeze."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from lingtan.cli.reading import AsJson
from lingtan.cli.show import answer_check, print_json, print_table, say
from lingtan.errors import LingtanError, Place, fault
from lingtan.standards import check_edition, diff_editions, freeze_edition, list_editions, load_edition
from lingtan.standards.records import Edition, Indicator
from lingtan.texts import number

EditionName = Annotated[str, typer.Argument(help="标准版本编号或文件夹 Edition id or folder")]
Output = Annotated[Path, typer.Option("-o", "--output", help="写到哪个文件 File to write")]
Folder = Annotated[
    Path, typer.Argument(help="标准版本文件夹 Folder of the edition", exists=True, file_okay=False)
]


def register(app: typer.Typer) -> None:
    """Add the commands to `app`."""
    group = typer.Typer(help="标准版本：列出、查看、检查、比较 Editions of standards", no_args_is_help=True)
    group.command("list")(list_)
    group.command("show")(show)
    group.command("check")(check)
    group.command("diff")(diff)
    group.command("freeze")(freeze)
    app.add_typer(group, name="edition")


def list_(json: AsJson = False) -> int:
    """列出自带的标准版本。The editions shipped."""
    editions = [load_edition(one.folder) for one in list_editions()]
    if json:
        print_json([_summary(edition) for edition in editions])
        return 0
    rows = [
        (e.id, f"{e.zh} {e.en}", str(len(e.gates)), str(len(e.indicators)),
         "完整 complete" if e.complete else "部分 partial", e.sha256[:12])
        for e in editions
    ]  # fmt: skip
    columns = ("编号 Id", "名称 Name", ">基本要求 Gates", ">指标 Indicators", "完整性 Known", "指纹 SHA-256")
    print_table("标准版本 Editions", columns, rows)
    return 0


def _summary(edition: Edition) -> dict[str, object]:
    return {
        "id": edition.id,
        "name": edition.zh,
        "name_en": edition.en,
        "complete": edition.complete,
        "gates": len(edition.gates),
        "indicators": len(edition.indicators),
        "sha256": edition.sha256,
    }


def show(edition: EditionName, json: AsJson = False) -> int:
    """一个标准版本的全部内容与依据性质。Everything an edition says, and on what basis."""
    loaded = load_edition(edition)
    if json:
        print_json(loaded.model_dump(mode="json"))
        return 0
    say(f"{loaded.zh} {loaded.en} ({loaded.id})", "bold")
    say(f"{loaded.issuer} · {loaded.issued_on} · {loaded.source}")
    say(f"{loaded.remark_zh} {loaded.remark_en}")
    gates = [
        (gate.id, f"{gate.zh} {gate.en}", gate.basis, gate.rule_basis, gate.clause) for gate in loaded.gates
    ]
    columns = ("编号 Id", "基本要求 Gate", "依据 Basis", "规则依据 Rule", "条款 Clause")
    print_table("基本要求 Basic requirements", columns, gates)
    rows = [
        (i.code, f"{i.zh} {i.en}", i.kind, i.unit, number(i.points), _limits(i), i.values_basis)
        for i in loaded.indicators
    ]
    headers = ("编号 Code", "指标 Indicator", "性质 Kind", "单位 Unit", ">分值 Points",
               "限值 Limits (0 → 满分 full; 合格 pass)", "依据 Basis")  # fmt: skip
    print_table("指标 Indicators", headers, rows)
    formulas = [(i.code, i.formula, i.formula_basis, i.clause) for i in loaded.indicators]
    print_table("公式 Formulas", ("编号 Code", "公式 Formula", "依据 Basis", "条款 Clause"), formulas)
    awards = [(a.id, a.zh, str(a.stars or "—"), number(a.from_score), a.basis) for a in loaded.awards]
    print_table("等级 Awards", ("编号 Id", "名称 Name", ">星 Stars", ">起分 From", "依据 Basis"), awards)
    return 0


def _limits(indicator: Indicator) -> str:
    if indicator.target is not None:
        return f"{'≥' if indicator.direction == 'higher' else '≤'} {indicator.target}"
    limits = f"{number(indicator.score_none_at, 4)} → {number(indicator.score_full_at, 4)}"
    return limits if indicator.pass_at is None else f"{limits}; {number(indicator.pass_at, 4)}"


def check(folder: Folder, json: AsJson = False) -> int:
    """一次列出标准版本文件的全部问题。Every fault of an edition's files at once."""
    faults = check_edition(folder)
    return answer_check(faults, "版本文件没有错误 no errors", json=json)


def diff(old: EditionName, new: EditionName, json: AsJson = False) -> int:
    """两个标准版本之间改了什么。What changed between two editions, in words."""
    changes = diff_editions(load_edition(old), load_edition(new))
    if json:
        print_json([{"key": c.key, "zh": c.zh, "en": c.en} for c in changes])
        return 0
    for change in changes:
        say(f"{change.zh}")
        say(f"  {change.en}", "dim")
    if not changes:
        say("没有差别 no difference", "bold green")
    return 0


def freeze(edition: EditionName, output: Output, json: AsJson = False) -> int:
    """把标准版本冻结成一个文件，附指纹，可上传试算或留存。An edition as one file that carries its hash."""
    frozen = freeze_edition(load_edition(edition))
    try:
        output.write_bytes(frozen.content)
    except OSError as error:
        reason = error.strerror or error
        raise LingtanError([fault("dossier.cannot-write", Place(str(output)), reason=reason)]) from None
    if json:
        print_json({"id": frozen.id, "sha256": frozen.sha256, "file": str(output)})
    else:
        say(f"{frozen.id} · SHA-256 {frozen.sha256}", "bold")
        say(f"{output}")
    return 0
