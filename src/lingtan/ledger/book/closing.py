"""The close of a year: what the book has cancelled, judged by the one ordered cancellation."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from datetime import date
from decimal import Decimal

from lingtan.dossier.records import Cell, Dossier, Park, Reporting, Row
from lingtan.errors import Fault, LingtanError, Place, fault
from lingtan.instruments.rules import CancellationRules
from lingtan.inventory.records import Inventory
from lingtan.ledger.balance import electricity_emissions
from lingtan.ledger.book.describing import UNITS
from lingtan.ledger.book.lots import Lots
from lingtan.ledger.book.posting import cancelled, check_stamp, known_voucher
from lingtan.ledger.book.records import ISSUED, Close, Entry, Flow, Instrument, Left, Stamp
from lingtan.ledger.book.store import Line, Store, held
from lingtan.ledger.computing import compute_ledger
from lingtan.ledger.export import export_ledger
from lingtan.ledger.records import Ledger
from lingtan.periods import read_period
from lingtan.quantities import exactly

_QUANTITY = {
    "certificates": "quantity_mwh",
    "green_electricity": "settled_mwh",
    "measures": "verified_reduction_tco2e",
    "removals": "quantity_tco2e",
    "credits": "quantity_tco2e",
}
_ID = {
    "certificates": "certificate",
    "green_electricity": "contract",
    "measures": "measure",
    "removals": "removal",
    "credits": "credit",
}
_OWN = ("measures", "removals")
_EVIDENCE = "book"  # proof was asked for when the units were acquired and cancelled


@exactly
def compute_year(
    store: Store, park: str, inventory: Inventory, rules: CancellationRules, day: date
) -> Ledger:
    """The ledger of what `park` has cancelled for the year of `inventory`, as `compute_ledger` judges it.

    What it holds and could still cancel on `day` is in it too, as not cancelled.
    """
    rows: dict[str, list[Row]] = {register: [] for register in UNITS}
    for instrument, first, last, year in _ranges(store, park, inventory.year, day):
        rows[instrument.register].append(_row(store.place, instrument, (first, last), year, rules))
    registers = {name: tuple(found) for name, found in rows.items()}
    evidence = Row("evidence", _EVIDENCE, {"id": _EVIDENCE}, store.place)
    identity = Park(
        id=park, name_zh=park, reporting=Reporting(year=inventory.year), confirmed_empty=tuple(UNITS)
    )
    dossier = Dossier(park, identity, {**registers, "evidence": (evidence,)})
    return compute_ledger(dossier, inventory, rules=rules)


def _ranges(
    store: Store, park: str, year: int, day: date
) -> Iterator[tuple[Instrument, int, int, int | None]]:
    """Ranges cancelled for the year, and certificates and credits in hand that could be."""
    account = cancelled(park, year)
    for instrument in store.touched(account, held(park)):
        lots = store.lots(instrument)
        for first, last in lots.ranges(account):
            yield instrument, first, last, year
        is_valid = instrument.last_day is None or day <= instrument.last_day
        usable = instrument.first_year <= year <= instrument.last_year and is_valid
        if instrument.register in ("certificates", "credits") and usable:
            for first, last in lots.ranges(held(park)):
                yield instrument, first, last, None


def _row(
    place: Place, i: Instrument, ends: tuple[int, int], year: int | None, rules: CancellationRules
) -> Row:
    """A range as the row of a dossier."""
    count = Decimal(ends[1] - ends[0] + 1)
    size = {
        "certificates": rules.certificate_mwh.value,
        "credits": rules.credit_tco2e.value,
    }.get(i.register, Decimal("0.001"))
    cells = i.cells
    name = f"{i.park}/{i.id}" + (f"#{ends[0]}-{ends[1]}" if (ends[0], ends[1]) != (1, i.count) else "")
    serial_from, serial_to = i.serials(*ends)
    prefix = f"{i.registry}|" if i.digits else ""  # serials of two registries are not the same serials
    values: dict[str, Cell] = {
        _ID[i.register]: name,
        _QUANTITY[i.register]: count * size,
        "evidence": _EVIDENCE,
        "kind": cells.get("kind"),
        "technology": cells.get("technology"),
        "contract": name if i.register == "green_electricity" else cells.get("contract"),
        "registry": i.registry or None,
        "serial_from": f"{prefix}{serial_from}" or None,
        "serial_to": f"{prefix}{serial_to}" or None,
        "generation_month": read_period(cells.get("generated", "")),
        "period": read_period(cells.get("period", "")),
        "cancelled_year": None if year is None else Decimal(year),
        "vintage": Decimal(cells["vintage"]) if "vintage" in cells else None,
        "year": Decimal(cells["year"]) if "year" in cells else None,
        "status": "implemented",
        "permanent": _yes_no(cells.get("permanent")),
        "visible_in_inventory": _yes_no(cells.get("visible", "True")),
    }
    key = f"{name}/{cells['period']}" if "period" in cells else name
    return Row(i.register, key, values, Place(place.file, i.register))


def _yes_no(text: str | None) -> bool | None:
    return None if text is None else text == "True"


def close_year(
    store: Store, park: str, inventory: Inventory, stamp: Stamp, rules: CancellationRules
) -> Close:
    """Freeze the year as it stands; again with the same figures it is the same close and writes nothing.

    LingtanError, and nothing written: figures unknown, the order broken, other figures than those of
    a close that stands, units that came from nowhere.
    """
    check_stamp(stamp, park)
    year = inventory.year
    figures = _read_figures(inventory)
    standing = store.standing_close(park, year)
    if standing is not None:
        if standing.request["figures"] != figures:
            raise LingtanError([fault("ledger.year-closed", park=park, year=year, entry=standing.number)])
        return read_close(standing)
    ledger = compute_year(store, park, inventory, rules, stamp.day)
    wrong = [found for found in ledger.faults if found.severity == "error"]
    wrong += _find_own_left(store, park, year, ledger)
    flows = find_flows(store, park)
    wrong += [
        fault("ledger.book-not-conserved", store.place, id=park, account=held(park), first=unit, last=flow)
        for unit, flow in flows.items()
        if not flow.is_conserved
    ]
    if wrong:
        raise LingtanError(wrong)
    request = {
        "figures": figures,
        "ledger": export_ledger(ledger),
        "flows": {unit: asdict(flow) for unit, flow in flows.items()},
        "cancelled": find_cancelled(store, park, year),
    }
    known_voucher(store, "close", park, stamp, request)  # refused if it was spent on something else
    return read_close(store.append(Line("close", park, stamp, request, year)).entry)


def read_close(entry: Entry) -> Close:
    """A close as its entry has it."""
    said = entry.request
    flows = {unit: Flow(**flow) for unit, flow in said["flows"].items()}
    return Close(
        entry.number, entry.hash, entry.park, entry.year or 0, said["figures"], said["ledger"], flows
    )


def _read_figures(inventory: Inventory) -> dict[str, str]:
    nodes = {
        "gross_tco2e": inventory.totals["gross_tco2e"],
        "purchased_electricity_mwh": inventory.totals["purchased_electricity_mwh"],
        "electricity_tco2e": electricity_emissions(inventory),
    }
    unknown = [name for name, node in nodes.items() if not isinstance(node.value, Decimal)]
    if unknown or inventory.method != "park":
        missing = ", ".join(unknown) or f"method park ({inventory.method})"
        raise LingtanError([fault("ledger.book-figures-unknown", year=inventory.year, missing=missing)])
    return {name: _written(node.value) for name, node in nodes.items()}


def _written(value: object) -> str:
    """A decimal as text, the same for 1 and 1.0."""
    return f"{value:f}".rstrip("0").rstrip(".") if "." in f"{value:f}" else f"{value:f}"


def _find_own_left(store: Store, park: str, year: int, ledger: Ledger) -> list[Fault]:
    """Own reductions and removals come first: none is left lying while later steps are used."""
    later = sum((entry.used_tco2e for entry in ledger.entries if entry.step != "own"), Decimal(0))
    if not later:
        return []
    found = []
    for instrument in store.touched(held(park)):
        left = store.lots(instrument).balance(held(park)) if instrument.register in _OWN else 0
        is_shown = instrument.register == "measures" and instrument.cells.get("visible") != "False"
        if left and instrument.first_year == year and not is_shown:
            words = {"id": instrument.id, "left": left, "unit": instrument.unit, "year": year}
            found.append(fault("ledger.own-not-first", store.place, **words))
    return found


def find_cancelled(store: Store, park: str, year: int) -> dict[str, list[list[int]]]:
    """What is cancelled for the year: ranges of units by instrument."""
    account = cancelled(park, year)
    ranges = {i.key: store.lots(i).ranges(account) for i in store.touched(account)}
    return {key: [list(ends) for ends in found] for key, found in sorted(ranges.items()) if found}


def find_flows(store: Store, park: str) -> dict[str, Flow]:
    """What came into the park's book and where it is, by unit.

    Sums of moves, but for what is held, which is counted where the units lie: one checks the other.
    """
    mine = held(park)
    net: dict[str, dict[str, int]] = {unit: dict.fromkeys(Flow.__slots__, 0) for unit in UNITS.values()}
    for unit, account, quantity in store.connection.execute(_COUNTERPARTS, (mine, mine)):
        kind, _, _ = account.partition("/")
        name = {ISSUED: "issued", "held": "transferred", "sold": "transferred"}.get(kind, kind)
        net[unit][name] += -quantity if name == "issued" else quantity
    for instrument in store.touched(mine):
        net[instrument.unit]["held"] += store.lots(instrument).balance(mine)
    return {unit: Flow(**counts) for unit, counts in net.items() if any(counts.values())}


_COUNTERPARTS = """
SELECT i.unit, account, sum(quantity) FROM (
  SELECT instrument, target AS account, last - first + 1 AS quantity FROM moves WHERE source = ? UNION ALL
  SELECT instrument, source AS account, first - last - 1 AS quantity FROM moves WHERE target = ?
) JOIN instruments i ON i.number = instrument GROUP BY i.unit, account
"""


def find_left(store: Store, park: str, day: date) -> tuple[Left, ...]:
    """What the park still holds, first what runs out first."""
    found = []
    for i in store.touched(held(park)):
        lots: Lots = store.lots(i)
        ranges = lots.ranges(held(park))
        if ranges:
            serials = tuple(i.serials(*ends) for ends in ranges) if i.digits else ()
            is_out = i.last_day is not None and day > i.last_day
            until = (i.first_year, i.last_year, i.last_day, is_out)
            found.append(Left(i.key, i.register, lots.balance(held(park)), i.unit, serials, *until))
    return tuple(sorted(found, key=_by_end))


def _by_end(left: Left) -> tuple[object, ...]:
    return left.last_day or date(left.last_year, 12, 31), left.instrument
