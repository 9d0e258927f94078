"""From a path to the inventory of a dossier: read, metered, computed, with a word on what takes time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from lingtan.cli.reading import day, read
from lingtan.cli.show import tell
from lingtan.dossier.records import Dossier
from lingtan.errors import Fault
from lingtan.factors import Registry
from lingtan.inventory import compute_inventory
from lingtan.inventory.records import Inventory
from lingtan.metering import compute_metering
from lingtan.metering.records import Metering


@dataclass(frozen=True, slots=True)
class Computed:
    """A dossier, its energy out of readings, and its inventory by one method."""

    dossier: Dossier
    metering: Metering
    inventory: Inventory

    @property
    def faults(self) -> tuple[Fault, ...]:
        """What reading and computing found; the readings' are among those of the inventory."""
        return (*self.dossier.faults, *self.inventory.warnings)


def measure(dossier: Dossier) -> Metering:
    """The energy out of the dossier's readings."""
    tell("计量与核算 metering and inventory")
    return compute_metering(dossier)


def read_inventory(
    path: str,
    readings: Sequence[Path] | None,
    on: datetime | None,
    *,
    method: str = "park",
    registry: Registry | None = None,
) -> Computed:
    """The inventory of the dossier at `path`; LingtanError if it cannot be read, or for an unknown method."""
    dossier = read(path, readings)
    metering = measure(dossier)
    inventory = compute_inventory(dossier, method=method, metering=metering, registry=registry, on=day(on))
    return Computed(dossier, metering, inventory)
