"""All commands, and the one place where faults become messages and exit codes.

0 done · 1 the answer is no · 2 wrong use or unreadable input.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

import click
import typer

from lingtan.cli import assessing, demonstrating, dossiers, editions, factors, ledgers, readings
from lingtan.cli.show import print_faults, tell
from lingtan.errors import LingtanError

app = typer.Typer(
    name="lingtan",
    help="Lingtan 零碳：从表计读数到零碳星级。From meter readings to a zero-carbon star.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
demonstrating.register(app)
dossiers.register(app)
readings.register(app)
assessing.register(app)
editions.register(app)
factors.register(app)
ledgers.register(app)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command and leave with its exit code."""
    sys.exit(run(list(sys.argv[1:] if arguments is None else arguments)))


def run(arguments: list[str]) -> int:
    """Run one command; faults go to standard error, never a traceback for bad input."""
    try:
        result = app(arguments, standalone_mode=False)
    except LingtanError as error:
        print_faults(error.faults)
        return 2
    except click.exceptions.NoArgsIsHelpError as error:
        tell(error.format_message())
        return 2
    except click.ClickException as error:
        error.show()
        return 2
    except click.exceptions.Abort:
        tell("已中断 interrupted")
        return 2
    except BrokenPipeError:
        sys.stderr.close()
        return 0
    return result if isinstance(result, int) else 0
