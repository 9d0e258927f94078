"""The reference pages of the commands and of the faults, made from the program itself.

`python -m lingtan.cli.reference docs/reference` writes both; tests/docs keeps them fresh.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer

from lingtan.cli.app import app
from lingtan.cli.show import sentence
from lingtan.errors import Fault, catalogue

_COMMANDS = """\
# 命令 Commands
本页由程序生成，请勿手改。This page is made from the program; do not edit it.

`lingtan` 即 `.venv/bin/lingtan`。退出码：0 完成；1 答案为“否”；2 用法有误或文件无法读取。
`lingtan` is `.venv/bin/lingtan`. Exit code: 0 done; 1 the answer is no; 2 wrong use or unreadable input."""
_FAULTS = """\
# 提示代码 Faults
本页由 `lingtan_data/faults` 生成，请勿手改。This page is made from `lingtan_data/faults`; do not edit it.

| 严重程度 severity | 中文 | English |
|---|---|---|
| `error` | 错误：所指内容不采用；除 ledger 类外，有错误不授星 | not used; no star, the ledger aside |
| `warning` | 警告：影响结果，或须核对 | may move the result; check it |
| `note` | 说明：一般无需处理 | usually nothing to do |

花括号处在提示时填入实际内容。Names in braces are filled in when the fault is told."""


def render_commands() -> str:
    """Markdown: every command with its help, arguments and options."""
    parts = [f"## lingtan {name}\n\n{_command(one)}" for name, one in _walk(typer.main.get_command(app))]
    return "\n\n".join([_COMMANDS, *parts]) + "\n"


def render_faults() -> str:
    """Markdown: every fault code with severity and words in both languages, by family."""
    lines, family = [_FAULTS], ""
    for code, entry in sorted(catalogue().items()):
        if code.split(".")[0] != family:
            family = code.split(".")[0]
            lines.append(f"\n## {family}\n\n| 代码 code | | 中文 | English |\n|---|---|---|---|")
        names = re.findall(r"{(\w+)}", "".join((*entry.zh, *entry.en)))
        one = Fault(code, context={name: f"{{{name}}}" for name in names})
        zh, en = _cell(sentence(one, "zh")), _cell(sentence(one, "en"))
        lines.append(f"| `{code}` | {entry.severity} | {zh} | {en} |")
    return "\n".join(lines) + "\n"


def _walk(command: Any, prefix: str = "") -> Iterator[tuple[str, Any]]:
    below = getattr(command, "commands", None)
    if below is None:
        yield prefix.strip(), command
    for name, one in (below or {}).items():
        yield from _walk(one, f"{prefix} {name}")


def _command(command: Any) -> str:
    context = typer.Context(command)
    records = [one.get_help_record(context) for one in command.params]
    rows = [f"| `{_cell(name)}` | {_cell(words)} |" for name, words in filter(None, records)]
    return "\n".join([command.help or "", "", "| | |", "|---|---|", *rows])


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


if __name__ == "__main__":
    for page, text in (("commands.md", render_commands()), ("faults.md", render_faults())):
        (Path(sys.argv[1]) / page).write_text(text, encoding="utf-8")
