"""Everything the documents of one park are made of, computed once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from lingtan.assessment import Assessment, assess, compute_groundwork
from lingtan.dossier.records import Dossier, Row
from lingtan.factors import load_registry
from lingtan.inventory import load_method
from lingtan.inventory.annex import UsedFactor, find_used_factors
from lingtan.inventory.matching import ParkMatching, compute_park_matching
from lingtan.inventory.records import Inventory
from lingtan.inventory.restatement import Frozen, Inputs, Restatement, restate
from lingtan.inventory.uncertainty import Uncertainty, compute_uncertainty
from lingtan.ledger.records import Ledger
from lingtan.metering.records import Metering
from lingtan.standards.records import Edition


@dataclass(frozen=True)
class Results:
    """The dossier, its editions and assessments (the first is the main one), and what goes with them.

    `dated` is the day printed on the documents. What only some documents need is computed when the first
    of them asks for it.
    """

    dossier: Dossier
    metering: Metering
    editions: tuple[Edition, ...]
    assessments: tuple[Assessment, ...]
    dated: date
    restatements: tuple[Restatement, ...] = ()

    @property
    def assessment(self) -> Assessment:
        """The main assessment."""
        return self.assessments[0]

    @property
    def edition(self) -> Edition:
        """The edition of the main assessment."""
        return self.editions[0]

    @property
    def inventory(self) -> Inventory:
        """The inventory by the park's method."""
        return self.assessment.inventory

    @property
    def ledger(self) -> Ledger:
        """The ordered cancellation."""
        return self.assessment.ledger

    @cached_property
    def uncertainty(self) -> Uncertainty:
        """How well the inventory is known, by propagation."""
        return compute_uncertainty(self.inventory, self.dossier)

    @cached_property
    def matching(self) -> ParkMatching | None:
        """Carbon-free electricity by the hour; None without hourly readings of electricity."""
        return compute_park_matching(self.dossier, self.metering)

    @cached_property
    def factors(self) -> tuple[UsedFactor, ...]:
        """Every factor and convention the inventory rests on."""
        return find_used_factors(self.inventory)

    @cached_property
    def enterprises(self) -> Mapping[str, Row]:
        """The enterprises of the park by id, in the order of the register."""
        return {row.key: row for row in self.dossier.rows.get("enterprises", ())}


def compute_results(
    dossier: Dossier,
    editions: Sequence[Edition],
    *,
    on: date,
    dated: date | None = None,
    restated_from: Frozen | None = None,
) -> Results:
    """Assess `dossier` under `editions` as of `on`, once for all documents. `dated`: `on` if not given.

    `restated_from`: a frozen result that the inventory is set against, by the same method. LingtanError
    if the two cannot be compared.
    """
    ground = compute_groundwork(dossier, on=on)
    return Results(
        dossier=dossier,
        metering=ground.metering,
        editions=tuple(editions),
        assessments=tuple(assess(dossier, edition, on=on, groundwork=ground) for edition in editions),
        dated=dated or on,
        restatements=_restate(restated_from, dossier, ground.metering, on) if restated_from else (),
    )


def _restate(old: Frozen, dossier: Dossier, metering: Metering, on: date) -> tuple[Restatement, ...]:
    new = Inputs(dossier, load_method(old.inputs.method.id), load_registry(), metering, on)
    return restate(old, new)
