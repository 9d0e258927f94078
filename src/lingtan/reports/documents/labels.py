"""What codes of the results are called in a document: sources, scopes, totals, carriers, registers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from lingtan.documents import load_shipped
from lingtan.dossier.records import Row
from lingtan.dossier.registers import carriers, registers
from lingtan.factors.tables import regions
from lingtan.reports.documents.cover import BASES
from lingtan.reports.words import Words, glossary
from lingtan.trace import Basis

_COLUMNS = (("electronics_gases", "gas"), ("meters", "carrier"))


@cache
def _things() -> Mapping[str, tuple[str, str]]:
    """Everything that a line or a meter may be about: carriers, processes, choices of registers."""
    found = {name: (carrier.zh, carrier.en) for name, carrier in carriers().items()}
    found |= {name: (raw["zh"], raw["en"]) for name, raw in load_shipped("processes.yaml").items()}
    for register, column in _COLUMNS:
        found = {**registers()[register].columns[column].choices, **found}
    return found


@dataclass(frozen=True, slots=True)
class Labels:
    """Codes in words of one language; what has no words (a gas, a user's own item) stays as it is."""

    words: Words

    def source(self, name: str) -> str:
        """A source category of an inventory."""
        return self.words.text(f"labels.source_{name}")

    def scope(self, name: str) -> str:
        """Scope 1 or 2, or what is shown apart."""
        return self.words.text(f"labels.scope_{name}")

    def view(self, name: str) -> str:
        """Which total of scope 2 a line belongs to."""
        return self.words.text(f"labels.view_{name}")

    def total(self, name: str) -> str:
        """A total of an inventory or a ledger."""
        return self.words.text(f"labels.total_{name}")

    def carrier(self, name: str) -> str:
        """An energy carrier, a process, or a gas by its formula."""
        pair = _things().get(name)
        return self.words.pick(*pair) if pair else name

    def basis(self, basis: Basis | None) -> str:
        """Standard, inferred, precedent or operator-set; a dash where a value has none."""
        return str(glossary()[BASES[basis]][self.words.language]) if basis else "—"

    def register(self, name: str) -> str:
        """A register of the dossier."""
        register = registers().get(name)
        return self.words.pick(register.zh, register.en) if register else name

    def choice(self, row: Row, column: str) -> str:
        """A cell of choice, date or text in words, yes and no too; empty if blank."""
        value = row.text(column)
        if row.values.get(column) in (True, False):
            return self.words.text(f"verdicts.{'yes' if row.values[column] else 'no'}")
        declared = registers()[row.register].columns.get(column)
        pair = declared.choices.get(value) if declared else None
        return self.words.pick(*pair) if pair else value

    def region(self, name: str) -> str:
        """The region of a factor in words; empty where it has none."""
        region = regions().get(name)
        return self.words.pick(region.zh, region.en) if region else name
