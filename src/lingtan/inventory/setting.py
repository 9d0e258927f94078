"""What every source category works on: the rows of one park and year, one method, its factors."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lingtan.dossier.records import Dossier
from lingtan.inventory.activities import Activity
from lingtan.inventory.completeness import Lacking
from lingtan.inventory.lookup import Lookup
from lingtan.inventory.methods import Method
from lingtan.inventory.sources.fuels import Fuels


@dataclass(frozen=True, slots=True)
class Setting:
    """Dossier, method, factors, fuels, activities of the year in canonical order, what is lacking."""

    dossier: Dossier
    method: Method
    lookup: Lookup
    fuels: Fuels
    activities: tuple[Activity, ...]
    lacking: Lacking

    @property
    def year(self) -> int:
        """The reporting year."""
        return self.dossier.park.reporting.year

    def uses(self, *uses: str, kinds: tuple[str, ...]) -> Iterator[Activity]:
        """Activities put to one of `uses` whose carrier is of one of `kinds`."""
        return (a for a in self.activities if a.use in uses and a.carrier.kind in kinds)
