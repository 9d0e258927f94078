"""Energy by carrier and user, and carbon-free electricity by the hour."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import Any

from lingtan.inventory.matching import ParkMatching, export_matching
from lingtan.quantities import add_exactly
from lingtan.reports.charts.energy_flows import sum_energy
from lingtan.reports.results import Results
from lingtan.trace import plain
from lingtan_web.assessments.labels import say_carrier, say_fault

Plain = dict[str, Any]
LARGEST = 15


def build_energy_sheet(results: Results) -> Plain:
    """tce at calorific value by carrier and by enterprise; they sum to the total of the park."""
    amounts = sum_energy(results.inventory)
    carriers: defaultdict[str, list[Decimal]] = defaultdict(list)
    users: defaultdict[str, list[Decimal]] = defaultdict(list)
    for (carrier, enterprise), value in amounts.items():
        carriers[carrier].append(value)
        users[enterprise].append(value)
    total = add_exactly(amounts.values())
    return {
        "total_tce": plain(total),
        "carriers": [
            {"carrier": name, "label": say_carrier(name), **row} for name, row in _ranked(carriers, total)
        ],
        "users": [{"enterprise": name, **row} for name, row in _ranked(users, total)],
        "matching": _matching(results.matching),
    }


def _ranked(groups: dict[str, list[Decimal]], total: Decimal) -> list[tuple[str, Plain]]:
    sums = {name: add_exactly(values) for name, values in groups.items()}
    ranked = sorted(sums.items(), key=lambda pair: (-pair[1], pair[0]))
    return [
        (name, {"tce": plain(value), "share": f"{value * 100 / total:.1f}" if total else None})
        for name, value in ranked
    ]


def _matching(found: ParkMatching | None) -> Plain | None:
    if found is None:
        return None
    told = export_matching(found)
    return {**told, "refused": [say_fault(one) for one in found.refused]}
