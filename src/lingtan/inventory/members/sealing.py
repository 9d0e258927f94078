"""Confidential enterprises: their lines replaced by totals, bound by a commitment that an evaluator can open.

The public page shows every other line, and of each confidential enterprise its sums with a SHA-256
over its salted lines. Anybody can add the sums up to the totals of the park. Whoever is handed the
opening (lines and salts) can see that exactly these lines stand behind the sums; without the salts
the hash tells nothing about them.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from lingtan.errors import Fault, LingtanError, Place, fault
from lingtan.inventory.records import Inventory, Line
from lingtan.quantities import add_exactly
from lingtan.trace import plain

PUBLIC = "lingtan-sealed/1"
OPENING = "lingtan-opening/1"
_ROUNDING = Decimal("1e-40")  # totals are sums of fifty digits
_CELLS = ("source", "scope", "view", "enterprise", "carrier", "unit", "factor_unit", "factor_id")
_NUMBERS = ("activity", "factor", "emissions")
_PARK = {
    ("1", "both"): ("scope1_tco2e",),
    ("2", "both"): ("scope2_location_tco2e", "scope2_market_tco2e"),
    ("2", "location"): ("scope2_location_tco2e",),
    ("2", "market"): ("scope2_market_tco2e",),
    ("biogenic", "both"): ("biogenic_tco2",),
    ("non_kyoto", "both"): ("non_kyoto_tco2e",),
}
Json = dict[str, Any]


def seal(inventory: Inventory, enterprises: Collection[str], secret: bytes) -> tuple[Json, list[Json]]:
    """The public page of `inventory` with `enterprises` sealed, and an opening for each of them.

    `secret`: random bytes, 32 or more, from outside; salts are derived from it and stand in the
    openings, so that it need not be kept. LingtanError: an enterprise without lines, a short secret,
    a method that has no members.
    """
    _refuse(inventory, enterprises, secret)
    sealed, openings = [], []
    for name in sorted(set(enterprises)):
        lines = [_cells(line) for line in inventory.lines if line.enterprise == name]
        opening = _opening(name, inventory, lines, secret)
        openings.append(opening)
        sealed.append({"enterprise": name, "sums": _sums(lines), "commitment": _commitment(opening)})
    shown = [_cells(line) for line in inventory.lines if line.enterprise not in enterprises]
    page = {
        "format": PUBLIC,
        "method": inventory.method,
        "period": str(inventory.year),
        "gwp": inventory.gwp,
        "totals": {
            name: plain(inventory.totals[name].value) for name in dict.fromkeys(sum(_PARK.values(), ()))
        },
        "complete": not inventory.missing,
        "lines": shown,
        "sealed": sealed,
    }
    return page, openings


def _refuse(inventory: Inventory, enterprises: Collection[str], secret: bytes) -> None:
    having = {line.enterprise for line in inventory.lines} - {""}
    faults = [fault("sealing.no-lines", enterprise=name) for name in sorted(set(enterprises) - having)]
    if len(secret) < hashlib.sha256().digest_size:
        faults.append(fault("sealing.short-secret", length=len(secret)))
    if "scope1_tco2e" not in inventory.totals:
        faults.append(fault("sealing.method-without-members", method=inventory.method))
    if faults:
        raise LingtanError(faults)


def _cells(line: Line) -> Json:
    texts = {name: getattr(line, name) for name in _CELLS}
    return texts | {name: plain(getattr(line, name)) for name in _NUMBERS}


def _sums(lines: Iterable[Mapping[str, str]]) -> list[Json]:
    """Emissions by scope and view, added without rounding."""
    values: defaultdict[tuple[str, str], list[Decimal]] = defaultdict(list)
    for line in lines:
        values[line["scope"], line["view"]].append(Decimal(line["emissions"]))
    sums = {key: add_exactly(found) for key, found in values.items()}
    return [
        {"scope": scope, "view": view, "emissions": plain(sums[scope, view])} for scope, view in sorted(sums)
    ]


def _opening(name: str, inventory: Inventory, lines: Sequence[Json], secret: bytes) -> Json:
    salts = (
        hmac.new(secret, f"{name}/{number}".encode(), hashlib.sha256).hexdigest()
        for number in range(len(lines))
    )
    salted = [{"salt": salt, "line": line} for salt, line in zip(salts, lines, strict=True)]
    return {
        "format": OPENING,
        "enterprise": name,
        "method": inventory.method,
        "period": str(inventory.year),
        "lines": salted,
    }


def _commitment(opening: Mapping[str, Any]) -> str:
    """SHA-256 over the sorted hashes of the salted lines, and what they are lines of."""
    leaves = sorted(_hash("line", one["salt"], one["line"]) for one in opening["lines"])
    return _hash("lines", opening["enterprise"], opening["method"], opening["period"], leaves)


def _hash(*parts: object) -> str:
    text = json.dumps(parts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def check_sealed(page: Json, openings: Iterable[Json] = (), *, file: str = "") -> tuple[Fault, ...]:
    """All that is wrong: sums that are not the totals, openings that are not what was sealed."""
    place = Place(file)
    try:
        faults = [*_wrong_totals(page, place)]
        sealed = {one["enterprise"]: one for one in page["sealed"]}
        for opening in openings:
            faults += _wrong_opening(page, sealed.get(opening["enterprise"]), opening, place)
    except (KeyError, TypeError, AttributeError, InvalidOperation, ValueError) as error:
        return (fault("sealing.unreadable", place, reason=f"{type(error).__name__}: {error}"[:200]),)
    return tuple(faults)


def _wrong_totals(page: Json, place: Place) -> Iterable[Fault]:
    if page["format"] != PUBLIC:
        yield fault("sealing.unreadable", place, reason=str(page["format"])[:50])
    found: defaultdict[str, Decimal] = defaultdict(Decimal)
    for one in (*_sums(page["lines"]), *(each for hidden in page["sealed"] for each in hidden["sums"])):
        for name in _PARK.get((one["scope"], one["view"]), ()):
            found[name] = add_exactly((found[name], Decimal(one["emissions"])))
    for name, stated in page["totals"].items():
        if stated is not None and abs(Decimal(stated) - found[name]) > _ROUNDING:
            yield fault("sealing.total-differs", place, total=name, stated=stated, found=plain(found[name]))


def _wrong_opening(page: Json, sealed: Json | None, opening: Json, place: Place) -> Iterable[Fault]:
    name = opening["enterprise"]
    if sealed is None or (opening["method"], opening["period"]) != (page["method"], page["period"]):
        yield fault("sealing.other-opening", place, enterprise=name)
        return
    if _commitment(opening) != sealed["commitment"]:
        yield fault("sealing.not-these-lines", place, enterprise=name)
    if any(one["line"]["enterprise"] != name for one in opening["lines"]):
        yield fault("sealing.foreign-line", place, enterprise=name)
    if _sums(one["line"] for one in opening["lines"]) != sealed["sums"]:
        yield fault("sealing.sums-differ", place, enterprise=name)
