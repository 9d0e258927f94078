"""Meters as the pages show them: coverage of the platform, completeness, what was found in the readings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from lingtan.errors import Fault
from lingtan.inventory.online import NAME as ONLINE
from lingtan.metering import online_supply_meters
from lingtan.metering.findings.records import Finding
from lingtan.metering.records import MeterEnergy
from lingtan.metering.register import meter_rows
from lingtan.reports.results import Results
from lingtan.trace import plain, walk
from lingtan_web.assessments.labels import say_carrier, say_fault

Plain = dict[str, Any]
SAME_SHOWN = 5


def build_metering_sheet(results: Results) -> Plain:
    """Every meter with readings, findings nobody dismissed, faults by code, energy read online."""
    metering = results.metering
    rows = meter_rows(results.dossier)
    counted = {one.meter for one in online_supply_meters(results.dossier, metering)}
    owners = {one.meter: one.enterprise for one in metering.meters}
    zone = results.dossier.park.location.timezone
    return {
        "meters": [_meter(one, rows, one.meter in counted) for one in metering.meters],
        "declared": len(rows),
        "files": list(metering.files),
        "findings": [_finding(one, owners, rows, zone) for one in metering.findings],
        "dismissed": metering.dismissed,
        "faults": group_faults(metering.faults),
        "coverage": _coverage(results),
    }


def _meter(one: MeterEnergy, rows: dict[str, Any], is_counted: bool) -> Plain:
    row = rows.get(one.meter)
    return {
        "meter": one.meter,
        "enterprise": one.enterprise,
        "carrier": say_carrier(one.carrier),
        "role": one.role,
        "quantity": plain(one.quantity),
        "unit": one.unit,
        "completeness": f"{one.completeness * 100:.2f}",
        "estimated": f"{one.share_estimated * 100:.2f}",
        "minutes": one.observed_minutes,
        "is_online": row.values.get("online") if row else None,
        "is_counted": is_counted,
        "row": one.place.row,
        "explain": f"meters[{one.meter}].energy",
    }


def _finding(one: Finding, owners: dict[str, str], rows: dict[str, Any], zone: str) -> Plain:
    row = rows.get(one.meter)
    told = say_fault(one.as_fault(row.place, zone) if row else one.as_fault(zone=zone))
    return {**told, "id": one.id, "meter": one.meter, "enterprise": owners.get(one.meter, "")}


def group_faults(faults: Iterable[Fault]) -> list[Plain]:
    """Faults by code: how many, and the first few in words."""
    found = list(faults)
    counts = Counter(one.code for one in found)
    return [
        {
            "code": code,
            "count": many,
            "severity": next(one.severity for one in found if one.code == code),
            "first": [say_fault(one) for one in found if one.code == code][:SAME_SHOWN],
        }
        for code, many in counts.most_common()
    ]


def _coverage(results: Results) -> Plain:
    """Energy read by the platform itself beside all energy of the park."""
    roots = [one.node for one in results.assessment.indicators]
    online = next((node for node in walk(*roots) if node.name == ONLINE), None)
    total = results.inventory.totals.get("energy_tce_calorific")
    return {
        "online_tce": plain(online.value) if online else None,
        "total_tce": plain(total.value) if total else None,
        "explain": ONLINE if online else "",
    }
