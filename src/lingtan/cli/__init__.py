"""The command line: `lingtan …`."""

from lingtan.cli.app import main

__all__ = ["main"]
