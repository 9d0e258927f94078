"""The inventory as the pages show it: totals, sources, enterprises; and every line, kept apart."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from lingtan.inventory import load_method
from lingtan.inventory.records import Inventory, Line, Member
from lingtan.inventory.sums import sum_by_source
from lingtan.inventory.uncertainty import Uncertainty
from lingtan.quantities import add_exactly
from lingtan.reports.documents.inventory.emissions import APART, EMISSIONS, ENERGY
from lingtan.reports.results import Results
from lingtan.trace import Node, plain
from lingtan_web.assessments.labels import (
    say_carrier,
    say_fault,
    say_scope,
    say_source_of,
    say_total,
    say_view,
)

Plain = dict[str, Any]
_PERIOD = re.compile(r"\[(\d{4}(?:-\d\d)?)/")
_MEMBER = ("scope1_tco2e", "over_fence_tco2e", "received_tco2e", "passed_on_tco2e", "scope2_location_tco2e",
           "energy_tce")  # fmt: skip


def build_inventory_sheet(results: Results) -> Plain:
    """The park's inventory, and the national one beside it; nothing is added across the two."""
    park, national = results.inventory, results.assessment.national
    found = results.uncertainty
    return {
        "year": park.year,
        "method": _method(park),
        "groups": [
            {"id": name, "totals": [_total(park, one, "park", found) for one in names if one in park.totals]}
            for name, names in (("emissions", EMISSIONS), ("apart", APART), ("energy", ENERGY))
        ],
        "sources": _sources(park),
        "members": [_member(one, results) for one in park.members],
        "sums": _sums(park.members),
        "lines": len(park.lines),
        "missing": len({gap.datum for gap in park.missing}),
        "warnings": [say_fault(one) for one in park.warnings],
        "national": {
            "method": _method(national),
            "totals": [_total(national, name, "ndrc", None) for name in national.totals],
        },
    }


def _method(inventory: Inventory) -> Plain:
    method = load_method(inventory.method)
    return {"id": inventory.method, "zh": method.zh, "en": method.en, "gwp": inventory.gwp}


def _total(inventory: Inventory, name: str, prefix: str, found: Uncertainty | None) -> Plain:
    node = inventory.totals[name]
    known = found.totals.get(name) if found else None
    return {
        "name": name,
        "explain": f"{prefix}.{name}",
        "label": say_total(name),
        "value": plain(node.value),
        "unit": node.unit,
        "state": _state(node),
        "percent": None if known is None or known.percent is None else f"{known.percent:.1f}",
    }


def _state(node: Node) -> str:
    return "unknown" if node.value is None else "partial" if node.gaps else "whole"


def _sources(inventory: Inventory) -> list[Plain]:
    gross = inventory.totals["gross_tco2e"].value
    found = [
        {
            "source": one.source,
            "label": say_source_of(one.source),
            "scope": one.scope,
            "scope_label": say_scope(one.scope),
            "view": one.view,
            "view_label": say_view(one.view),
            "lines": one.lines,
            "emissions": plain(one.emissions),
            "share": _share(one.emissions, gross, is_counted=one.view in ("both", "location")),
        }
        for one in sum_by_source(inventory)
    ]
    return sorted(found, key=lambda row: (row["scope"], -Decimal(row["emissions"])))


def _share(part: Decimal, whole: object, *, is_counted: bool = True) -> str | None:
    """Percent of the total with one digit; None where the line stands in another view."""
    if not is_counted or not isinstance(whole, Decimal) or not whole:
        return None
    return f"{part * 100 / whole:.1f}"


def _member(member: Member, results: Results) -> Plain:
    row = results.enterprises.get(member.enterprise)
    values = {name: plain(getattr(member, name)) for name in _MEMBER}
    parts = (member.scope1_tco2e, member.scope2_location_tco2e)
    known = [part for part in parts if part is not None]
    return {
        "enterprise": member.enterprise,
        "name": row.text("name") if row else "",
        "is_confidential": bool(row and row.values.get("confidential") is True),
        **values,
        "total_tco2e": plain(add_exactly(known)) if known else None,
        "missing": len({gap.datum for gap in member.gaps}),
        "lacking": sorted({gap.datum for gap in member.gaps}),
    }


def _sums(members: Iterable[Member]) -> Plain:
    found = list(members)
    return {
        name: plain(add_exactly(value for one in found if (value := getattr(one, name)) is not None))
        for name in _MEMBER
    }


def build_lines_sheet(inventory: Inventory, numbers: Mapping[int, int]) -> dict[str, list[Plain]]:
    """Every line by enterprise, the largest first. `numbers`: of the nodes in the trace index, by identity.

    A name is not enough to open a line: the national method has nodes of the same name.
    """
    found: defaultdict[str, list[Line]] = defaultdict(list)
    for line in inventory.lines:
        found[line.enterprise].append(line)
    return {
        name: [_line(line, numbers) for line in sorted(lines, key=lambda line: -abs(line.emissions))]
        for name, lines in sorted(found.items())
    }


def _line(line: Line, numbers: Mapping[int, int]) -> Plain:
    period = _PERIOD.search(line.node.name)
    return {
        "period": period[1] if period else "",
        "of": line.source,
        "source": say_source_of(line.source),
        "scope": line.scope,
        "view": line.view,
        "carrier": say_carrier(line.carrier),
        "activity": plain(line.activity),
        "unit": line.unit,
        "factor": plain(line.factor),
        "factor_unit": line.factor_unit,
        "emissions": plain(line.emissions),
        "explain": line.node.name,
        "node": numbers.get(id(line.node)),
    }
