"""The years of a park side by side: of each the newest calculation that is done."""

from __future__ import annotations

import json
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from lingtan_web.assessments.addresses import explain_url
from lingtan_web.assessments.labels import say_total
from lingtan_web.assessments.models import Calculation, State
from lingtan_web.assessments.queries import list_calculations
from lingtan_web.parks.access import Access
from lingtan_web.parks.models import Park
from lingtan_web.storage import open_stored

MOST = 8
TOTALS = (
    "gross_tco2e", "scope1_tco2e", "scope2_location_tco2e", "scope2_market_tco2e", "energy_tce_calorific",
    "own_renewable_mwh",
)  # fmt: skip
LEDGER = ("net_zero_rate", "residual_tco2e")


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of a year, where it opens, and the change since the year before in percent (None: unknown)."""

    value: Decimal | None
    url: str
    change: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A total over the years."""

    label: dict[str, str]
    unit: str
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class Compared:
    """Calculations, one a year, the oldest first; totals in rows."""

    calculations: tuple[Calculation, ...]
    lines: tuple[Line, ...]


def compare_years(park: Park, access: Access) -> Compared:
    """The newest done calculation of each of the last years, and their totals."""
    newest: dict[int, Calculation] = {}
    found = (
        list_calculations(park, access).filter(state=State.DONE).order_by("-version__number", "-on", "-pk")
    )
    for one in found.only("artefacts", "on", "version__number", "version__dossier__year"):
        newest.setdefault(one.version.dossier.year, one)
    chosen = tuple(newest[year] for year in sorted(newest)[-MOST:])
    totals = [_read_totals(one) for one in chosen]
    names = dict.fromkeys(name for each in totals for name in each)
    roots = [(park.slug, one.pk) for one in chosen]
    return Compared(chosen, tuple(_line(name, totals, roots) for name in names))


def _read_totals(calculation: Calculation) -> dict[str, dict[str, Any]]:
    inventory = _read(calculation, "sheet-inventory.json")
    ledger = _read(calculation, "sheet-ledger.json")
    found = {one["name"]: one for group in inventory["groups"] for one in group["totals"]}
    return {name: found[name] for name in TOTALS if name in found} | {
        name: ledger["totals"][name] for name in LEDGER
    }


def _read(calculation: Calculation, name: str) -> Any:
    with open_stored(calculation.artefacts[name]) as stream:
        return json.load(stream)


def _line(name: str, totals: list[dict[str, dict[str, Any]]], roots: list[tuple[str, int]]) -> Line:
    first = next(each[name] for each in totals if name in each)
    figures: list[Figure] = []
    for each, (slug, number) in zip(totals, roots, strict=True):
        told = each.get(name)
        value = Decimal(told["value"]) if told and told["value"] is not None else None
        before = figures[-1].value if figures else None
        change = (value - before) * 100 / before if value is not None and before else None
        figures.append(Figure(value, explain_url(slug, number, told["explain"]) if told else "", change))
    return Line(say_total(name), first["unit"], tuple(figures))
