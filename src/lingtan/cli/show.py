"""How results look on a terminal: faults, tables, traces; Chinese first, English beside it."""

from __future__ import annotations

import io
import json
import signal
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from lingtan.errors import Fault, Language, Severity, has_errors
from lingtan.texts import visible

TOLD_IN_FULL = 3
PLAIN_WIDTH = 140  # where output is not a terminal, tables are not squeezed into 80 columns
MARKS = {"error": ("✗", "red"), "warning": ("!", "yellow"), "note": ("·", "cyan")}
SEVERITIES: dict[Severity, str] = {"error": "错误 error", "warning": "警告 warning", "note": "说明 note"}


def console(*, stderr: bool = False) -> Console:
    """A console for people; wide where nobody's window limits it."""
    stream = sys.stderr if stderr else sys.stdout
    width = None if stream.isatty() else PLAIN_WIDTH
    return Console(stderr=stderr, width=width, highlight=False, markup=False, soft_wrap=False)


def render_json(data: Any) -> str:
    """`data` as JSON text, Chinese as it is."""
    return json.dumps(data, ensure_ascii=False, indent=2) + "\n"


def print_json(data: Any) -> None:
    """`data` for machines on standard output; escaped where that cannot take Chinese."""
    takes_all = (sys.stdout.encoding or "").lower().replace("-", "") in ("utf8", "gb18030")
    sys.stdout.write(render_json(data) if takes_all else json.dumps(data, indent=2) + "\n")


def prepare_streams() -> None:
    """A terminal without Chinese shows `?` instead of an exception; a closed pipe ends us quietly."""
    if sys.stdout is sys.__stdout__ and hasattr(signal, "SIGPIPE"):
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def print_faults(faults: Sequence[Fault], *, limit: int | None = None, quiet: bool = False) -> None:
    """Faults on standard error, errors first; those beyond `limit` are counted by code.

    Of many faults with one reason and remedy the first are told in full, of the others where and what.
    """
    out = console(stderr=True)
    order = {"error": 0, "warning": 1, "note": 2}
    ranked = sorted(faults, key=lambda fault: order[fault.severity])
    shown = ranked if limit is None else ranked[:limit]
    told: Counter[tuple[str, str]] = Counter()
    for fault in shown:
        words = fault.words("zh")
        told[words.why, words.mend] += 1
        _print_fault(out, fault, is_brief=told[words.why, words.mend] > TOLD_IN_FULL)
    if len(ranked) > len(shown):
        rest = Counter(fault.code for fault in ranked[len(shown) :])
        out.print(Text("… " + "  ".join(f"{code} ×{n}" for code, n in rest.most_common()), style="dim"))
    if faults and not quiet:
        counts = Counter(fault.severity for fault in faults)
        out.print(
            "  ".join(
                f"{name} {counts[severity]}" for severity, name in SEVERITIES.items() if counts[severity]
            )
        )


def answer_check(faults: Sequence[Fault], clean: str, *, json: bool) -> int:
    """The answer of a check command: its faults, `clean` if none is an error, and the exit code."""
    if json:
        print_json([fault.as_dict() for fault in faults])
    else:
        print_faults(faults)
        if not has_errors(faults):
            say(clean, "bold green")
    return 1 if has_errors(faults) else 0


def _print_fault(out: Console, fault: Fault, *, is_brief: bool = False) -> None:
    mark, colour = MARKS[fault.severity]
    place = visible(str(fault.place))
    head = Text(f"{mark} ", style=colour)
    head.append(place or "—", style="bold")
    label = visible(fault.context.get("label", ""))
    if label and label not in place and label not in fault.words("zh").what:
        head.append(f"（{label}）")
    head.append(f"  [{fault.code}]", style="dim")
    out.print(head)
    if is_brief:
        out.print(Text("  " + visible(f"{fault.words('zh').what}。{_begun(fault.words('en').what)}.")))
        return
    out.print(Text("  " + visible(sentence(fault, "zh"))))
    out.print(Text("  " + visible(sentence(fault, "en")), style="dim"))


def sentence(fault: Fault, language: Language) -> str:
    """What, why and how to mend as running text."""
    words = fault.words(language)
    if language == "zh":
        return f"{words.what}。{words.why}。怎么改：{words.mend}。"
    return f"{_begun(words.what)}. {_begun(words.why)}. To mend: {words.mend}."


def _begun(text: str) -> str:
    """A sentence with its capital, unless it begins with a name that is not ours to change."""
    first = text.partition(" ")[0]
    return text[:1].upper() + text[1:] if first.isalpha() and first.isascii() else text


def verdict(passed: bool | None) -> Text:
    """✓ passed, ✗ failed, ? not known."""
    mark, style = {True: ("✓", "green"), False: ("✗", "red"), None: ("?", "yellow")}[passed]
    return Text(mark, style=style)


def print_table(title: str, columns: Sequence[str], rows: Iterable[Sequence[str | Text]]) -> None:
    """A table on standard output; columns whose title begins with `>` stand to the right."""
    table = Table(title=title, title_justify="left", title_style="bold", header_style="bold")
    for column in columns:
        right = column.startswith(">")
        table.add_column(column.removeprefix(">"), justify="right" if right else "left", overflow="fold")
    for row in rows:
        table.add_row(*(cell if isinstance(cell, Text) else Text(visible(cell)) for cell in row))
    console().print(table)


def say(text: str = "", style: str = "", *, stderr: bool = False) -> None:
    """A line on standard output, or on standard error."""
    console(stderr=stderr).print(Text(visible(text), style=style))


def tell(text: str) -> None:
    """A line about what is being done, on standard error."""
    console(stderr=True).print(Text(visible(text), style="dim"))
