"""An inventory as JSON (shape: docs/reference/json.md). A field is never absent; null is not known."""

from __future__ import annotations

from typing import Any

from lingtan.inventory.records import Inventory, Line, Member
from lingtan.inventory.sums import SourceSum, sum_by_source
from lingtan.trace import as_dict, export_gaps, plain


def export_inventory(inventory: Inventory) -> dict[str, Any]:
    """`inventory` as plain data: exact decimals as strings, lines in canonical order."""
    return {
        "method": inventory.method,
        "period": str(inventory.year),
        "gwp": inventory.gwp,
        "totals": {name: plain(node.value) for name, node in inventory.totals.items()},
        "units": {name: node.unit for name, node in inventory.totals.items()},
        "complete": not inventory.missing,
        "sources": [_source(one) for one in sum_by_source(inventory)],
        "lines": [_line(line) for line in inventory.lines],
        "members": [_member(member) for member in inventory.members],
        "missing": export_gaps(inventory.missing),
        "warnings": [fault.as_dict() for fault in inventory.warnings],
    }


def _source(one: SourceSum) -> dict[str, Any]:
    return {
        "source": one.source,
        "scope": one.scope,
        "view": one.view,
        "lines": one.lines,
        "emissions_tco2e": plain(one.emissions),
    }


def _line(line: Line) -> dict[str, Any]:
    return {
        "source": line.source,
        "scope": line.scope,
        "view": line.view,
        "enterprise": line.enterprise,
        "carrier": line.carrier,
        "activity": plain(line.activity),
        "unit": line.unit,
        "factor": plain(line.factor),
        "factor_unit": line.factor_unit,
        "factor_id": line.factor_id,
        "emissions_tco2e": plain(line.emissions),
        "trace": as_dict(line.node, depth=1),
    }


def _member(member: Member) -> dict[str, Any]:
    return {
        "enterprise": member.enterprise,
        "scope1_tco2e": plain(member.scope1_tco2e),
        "scope2_location_tco2e": plain(member.scope2_location_tco2e),
        "over_fence_tco2e": plain(member.over_fence_tco2e),
        "received_tco2e": plain(member.received_tco2e),
        "passed_on_tco2e": plain(member.passed_on_tco2e),
        "energy_tce": plain(member.energy_tce),
        "missing": export_gaps(member.gaps),
    }
