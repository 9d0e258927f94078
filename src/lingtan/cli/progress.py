"""A bar for long work, on a terminal only; files and pipes stay clean."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from lingtan.cli.show import console

Report = Callable[[int, int | None], None]
"""`report(done, total)`: how much is done, of how much (None: not known)."""


@contextmanager
def progress(title: str) -> Iterator[Report]:
    """A bar on standard error while the work goes on; nothing where that is no terminal."""
    if not sys.stderr.isatty():
        yield _silent
        return
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    with Progress(*columns, console=console(stderr=True), transient=True) as bar:
        task = bar.add_task(title, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _silent(done: int, total: int | None) -> None:
    """Nobody is looking."""
