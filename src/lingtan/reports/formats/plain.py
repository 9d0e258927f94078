"""What runs say in plain words, the same in every format."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from lingtan.reports.records import Amount, Reference, Run, Runs, Strong, Verdict
from lingtan.texts import REPLACED, visible

Names = Mapping[str, str]
"""What a reference to a block says, by the id of the block."""

_NO_CHARACTERS = str.maketrans({"\ufffe": REPLACED, "\uffff": REPLACED})


def shown(text: str) -> str:
    """`text` as it is set: characters that steer are marked, ends of lines stay."""
    if text.isascii() and text.isprintable():
        return text
    lines = text.replace("\r\n", "\n").translate(_NO_CHARACTERS).split("\n")
    return "\n".join(visible(line) for line in lines)


def plain(runs: Runs, names: Names) -> str:
    """The words of all runs, one behind the other."""
    return "".join(word(run, names) for run in runs)


def word(run: Run, names: Names) -> str:
    """The words of one run."""
    match run:
        case str():
            return shown(run)
        case Amount():
            return shown(run.text)
        case Verdict() | Strong():
            return shown(run.text)
        case Reference():
            return shown(names[run.target])


def targets(runs: Runs) -> Iterator[str]:
    """The blocks that the runs refer to, each once, in order."""
    yield from dict.fromkeys(run.target for run in runs if isinstance(run, Reference))
