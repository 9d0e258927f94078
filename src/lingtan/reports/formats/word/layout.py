"""What the setting of every block rests on: language, styles, labels, measures, and the file around."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lingtan.errors import Language
from lingtan.reports.formats.word.labels import Label
from lingtan.reports.formats.word.markup import run
from lingtan.reports.formats.word.shells import Shell
from lingtan.reports.records import Amount, Reference, Runs, Strong, Verdict

_VERDICTS = {True: "Verdict Passed", False: "Verdict Failed", None: "Verdict Unknown"}


@dataclass(frozen=True, slots=True)
class Layout:
    """One report going into one file."""

    language: Language
    labels: Mapping[str, Label]
    shell: Shell

    def style(self, name: str) -> str:
        """The id in this file of one of our styles."""
        return self.shell.styles[name.casefold()]

    @property
    def width(self) -> int:
        """The text column, in twentieths of a point."""
        return self.shell.room.width

    def runs(self, runs: Runs) -> str:
        """Runs as WordprocessingML."""
        return "".join(self._run(item) for item in runs)

    def _run(self, item: str | Amount | Verdict | Reference | Strong) -> str:
        match item:
            case Amount():
                return run(item.text)
            case Verdict():
                return run(item.text, self.style(_VERDICTS[item.passed]))
            case Reference():
                return self.labels[item.target].refer()
            case Strong():
                return run(item.text, self.style("Strong"))
            case str():
                return run(item)
