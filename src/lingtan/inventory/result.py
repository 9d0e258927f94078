"""Everything the totals of a method are made of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lingtan.inventory.energy import Energies, Energy
from lingtan.inventory.lines import Part
from lingtan.inventory.members.views import Views
from lingtan.inventory.records import Line, Scope, View
from lingtan.inventory.setting import Setting
from lingtan.inventory.sources.electricity import Supply
from lingtan.trace import Gap, Node


@dataclass(frozen=True, slots=True)
class Result:
    """Parts by source, energy, electricity supply, members."""

    setting: Setting
    parts: dict[str, Part]
    supply: Supply
    energies: Energies
    energy: tuple[Energy, ...]
    views: Views

    def nodes(self, *sources: str, scope: Scope, view: View = "both") -> list[Node]:
        """The nodes of the lines of `sources` (all if none) that belong to a total."""
        counted = ("both", view)
        return [line.node for line in self.lines(*sources) if line.scope == scope and line.view in counted]

    def lines(self, *sources: str) -> Iterator[Line]:
        """The lines of `sources`, of all if none is named."""
        return (line for name in sources or self.parts for line in self.parts[name].lines)

    def gaps(self, *sources: str) -> list[Gap]:
        """What is lacking to `sources`."""
        return [gap for name in sources for gap in self.parts[name].gaps]

    def energy_gaps(self) -> list[Gap]:
        """What is lacking to the energy consumption."""
        return [
            *self.setting.lacking.of("fuel", "electricity", "heat"),
            *self.energies.gaps,
            *self.energies.heats.gaps,
            *self.gaps("misfits"),
        ]
