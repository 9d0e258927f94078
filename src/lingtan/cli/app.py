"""All commands, and the one place where faults become messages and exit codes.

0 done · 1 the answer is no · 2 wrong use or unreadable input.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

import typer

from lingtan.cli import (
    assessing,
    certifying,
    confidential,
    costs,
    demonstrating,
    dossiers,
    editions,
    factors,
    importing,
    ledgers,
    live,
    matches,
    membership,
    readings,
    reporting,
    restating,
    serving,
    uncertain,
)
from lingtan.cli.show import prepare_streams, print_faults
from lingtan.errors import LingtanError


def _leave(code: int | None) -> None:
    """A command's answer as the exit code."""
    raise typer.Exit(code or 0)


app = typer.Typer(
    name="lingtan",
    help="Lingtan 零碳：从表计读数到零碳星级。From meter readings to a zero-carbon star.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    result_callback=_leave,
)
demonstrating.register(app)
dossiers.register(app)
metered = typer.Typer(
    help="表计读数：质量、用量、导入、实时接入 Readings: quality, energy, import, live", no_args_is_help=True
)
for part in (readings, costs, matches, importing, live):
    part.register(metered)
app.add_typer(metered, name="readings")
assessing.register(app)
membership.register(app)
editions.register(app)
factors.register(app)
ledgers.register(app)
restating.register(app)
certifying.register(app)
reporting.register(app)
confidential.register(app)
uncertain.register(app)
serving.register(app)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command and leave with its exit code; bad input never ends in a traceback."""
    prepare_streams()
    try:
        app(None if arguments is None else list(arguments))
    except LingtanError as error:
        print_faults(error.faults)
        sys.exit(2)
