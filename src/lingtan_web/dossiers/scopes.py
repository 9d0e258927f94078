"""Which rows of a dossier somebody works with: all of them, or those of their enterprises. No Django here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lingtan.dossier.registers import Register, registers

COLUMN = "enterprise"


@dataclass(frozen=True, slots=True)
class Scope:
    """`keys` are the enterprises whose rows are theirs; None means every row of every register."""

    keys: frozenset[str] | None = None
    can_edit: bool = False

    @property
    def is_whole(self) -> bool:
        """Whether the whole dossier is theirs."""
        return self.keys is None

    def registers(self) -> Mapping[str, Register]:
        """The registers that hold rows of theirs."""
        return {name: one for name, one in registers().items() if self.has_register(name)}

    def has_register(self, name: str) -> bool:
        """Whether rows of this register can be theirs: it says of each row which enterprise it is of."""
        if name not in registers():
            return False
        return self.is_whole or COLUMN in registers()[name].columns

    def has_row(self, enterprise: str) -> bool:
        """Whether a row of this enterprise is theirs."""
        return self.keys is None or enterprise in self.keys

    def can_add(self, register: str) -> bool:
        """Whether they may add and remove rows: the list of enterprises itself is the park's."""
        return self.can_edit and (self.is_whole or register != "enterprises")

    def preset(self, register: str) -> dict[str, str]:
        """What a new row of theirs begins with."""
        if self.keys is None or len(self.keys) != 1 or register == "enterprises":
            return {}
        return {COLUMN: next(iter(self.keys))}

    def is_locked(self, register: str, column: str) -> bool:
        """Whether a column stays as it is: whose row it is, where only one answer is possible."""
        if not self.can_edit:
            return True
        return (
            self.keys is not None and column == COLUMN and (len(self.keys) == 1 or register == "enterprises")
        )


WHOLE = Scope()
"""Every row, to look at."""
EDITOR = Scope(can_edit=True)
"""Every row, to work with."""
