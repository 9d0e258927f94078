"""The ordered cancellation: own reduction, then green electricity, then credits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from lingtan.dossier.records import Dossier
from lingtan.errors import Fault, fault
from lingtan.instruments import green
from lingtan.instruments.rules import CancellationRules, load_rules
from lingtan.instruments.screening import ZERO, Claim, Screening, plain
from lingtan.inventory.records import Inventory
from lingtan.ledger import credits, own
from lingtan.ledger.balance import derived, green_nodes, summed
from lingtan.ledger.records import Entry, Ledger
from lingtan.quantities import exactly
from lingtan.trace import Node

_SPENT = {
    "own": "ledger.more-removed-than-gross",
    "green": "ledger.more-green-than-purchased",
    "credits": "ledger.more-credits-than-left",
}


@dataclass(frozen=True, slots=True)
class Open:
    """What green electricity could still cover before a credit may be used."""

    mwh: Decimal
    tco2e: Decimal
    in_hand_mwh: Decimal


@exactly
def compute_ledger(
    dossier: Dossier, inventory: Inventory, *, rules: CancellationRules | None = None
) -> Ledger:
    """Cancel the park inventory in the order of clause 6.5, each instrument once.

    `inventory` is that of method `park`. Gross is scope 1 and location-based scope 2. A total
    that rests on missing data has no value, or the known part and a gap; refused instruments are
    entries with a fault code and take nothing off.
    """
    screening = Screening(dossier, rules or load_rules())
    own_claims, green_claims = own.screen_own(screening), green.screen_green(screening)
    totals = _first_steps(dossier, inventory, own_claims, green_claims)
    credit_claims = _in_order(screening, credits.screen_credits(screening), inventory, totals, green_claims)
    available = summed("credits_available_tco2e", credit_claims, "tCO2e", (dossier, credits.REGISTERS))
    totals |= _last_steps(totals, available)
    entries, spent_faults = _entries(own_claims + green_claims + credit_claims, totals, screening.rules)
    faults = sorted([*screening.faults, *spent_faults], key=_order)
    missing = tuple(sorted(set(screening.missing)))
    return Ledger(dossier.park.reporting.year, entries, totals, tuple(faults), missing)


def _order(found: Fault) -> tuple[object, ...]:
    return found.code, sorted(found.context.items()), found.place


def _first_steps(
    dossier: Dossier, inventory: Inventory, own_claims: list[Claim], green_claims: list[Claim]
) -> dict[str, Node]:
    """Totals down to step 2."""
    gross = inventory.totals["gross_tco2e"]
    supply = dossier, own.REGISTERS
    reduced = summed("own_reduction_tco2e", own_claims, "tCO2e", supply)
    removable = summed("removable_tco2e", [c for c in own_claims if c.deducts], "tCO2e", supply)
    removed = derived(
        "removed_tco2e",
        "max(0, min(removable, gross))",
        "tCO2e",
        {"removable": removable, "gross": gross},
        "what the inventory does not show already",
    )
    available = summed("green_available_mwh", green_claims, "MWh", (dossier, green.REGISTERS))
    mwh, tco2e = green_nodes(inventory, available, removed)
    return {
        "gross_tco2e": gross,
        "own_reduction_tco2e": reduced,
        "removed_tco2e": removed,
        "green_mwh": mwh,
        "green_tco2e": tco2e,
    }


def _last_steps(totals: Mapping[str, Node], available: Node) -> dict[str, Node]:
    """Credits, what is left, and the rates."""
    parts = {name: totals[f"{name}_tco2e"] for name in ("gross", "removed", "green")}
    used = derived(
        "credits_tco2e",
        "max(0, min(available, gross - removed - green))",
        "tCO2e",
        {"available": available, **parts},
    )
    residual = derived(
        "residual_tco2e", "gross - removed - green - credits", "tCO2e", {**parts, "credits": used}
    )
    reductions = {
        "own_reduction": totals["own_reduction_tco2e"],
        "green": totals["green_tco2e"],
        "credits": used,
    }
    rate_parts = {"residual": residual, "gross": totals["gross_tco2e"]}
    note = "not known where nothing was emitted"
    rate = "if gross > 0 then 1 - residual / gross else unknown"
    return {
        "credits_tco2e": used,
        "residual_tco2e": residual,
        "reductions_tco2e": derived(
            "reductions_tco2e", "own_reduction + green + credits", "tCO2e", reductions
        ),
        "net_zero_rate": derived("net_zero_rate", rate, "1", rate_parts, note),
    }


def _in_order(
    screening: Screening,
    claims: list[Claim],
    inventory: Inventory,
    totals: Mapping[str, Node],
    green_claims: list[Claim],
) -> list[Claim]:
    """Credits refused as long as green electricity could still cover part of the gap."""
    still_open = _open(inventory, totals, green_claims)
    found = []
    for claim in claims:
        if claim.refused:
            found.append(claim)
        elif still_open is None:
            found.append(screening.refuse(claim, "balance-unknown"))
        elif still_open.tco2e > 0:
            words = {name: plain(getattr(still_open, name)) for name in Open.__slots__}
            found.append(screening.refuse(claim, "credit-before-certificates", **words))
        else:
            found.append(claim)
    return found


def _open(inventory: Inventory, totals: Mapping[str, Node], green_claims: list[Claim]) -> Open | None:
    """None if it cannot be told, because gross or the electricity bought is not known."""
    gross, purchased = totals["gross_tco2e"].value, inventory.totals["purchased_electricity_mwh"].value
    electricity = dict(totals["green_tco2e"].inputs)["electricity"].value
    if not (
        isinstance(gross, Decimal) and isinstance(purchased, Decimal) and isinstance(electricity, Decimal)
    ):
        return None
    removed, mwh, tco2e = (_known(totals[name]) for name in ("removed_tco2e", "green_mwh", "green_tco2e"))
    uncovered = max(purchased - mwh, ZERO)
    coverable = electricity * uncovered / purchased if uncovered else ZERO
    left = gross - removed - tco2e
    return Open(uncovered, max(min(coverable, left), ZERO), green.in_hand(green_claims))


def _known(node: Node) -> Decimal:
    """The known part: an instrument that was not handed in covers nothing."""
    return node.value if isinstance(node.value, Decimal) else ZERO


def _entries(
    claims: list[Claim], totals: Mapping[str, Node], rules: CancellationRules
) -> tuple[tuple[Entry, ...], list[Fault]]:
    """What of each claim was used, in the order of cancellation, until nothing is left to cover.

    A rest below one whole certificate or credit is no fault: nobody can cancel part of one.
    """
    whole = {"certificates": rules.certificate_mwh.value, "credits": rules.credit_tco2e.value}
    limits = {"own": "removed_tco2e", "green": "green_mwh", "credits": "credits_tco2e"}
    left = {step: totals[name].value for step, name in limits.items()}
    entries, faults = [], []
    for claim in claims:
        limit = left[claim.step]
        is_judged = isinstance(limit, Decimal) or not claim.deducts
        refused = claim.refused or ("" if is_judged else "ledger.balance-unknown")
        room = limit if isinstance(limit, Decimal) else ZERO
        used = ZERO if refused else claim.offered if not claim.deducts else min(claim.offered, room)
        left[claim.step] = room - used if claim.deducts and isinstance(limit, Decimal) else limit
        if not refused and used < claim.offered:
            refused = _SPENT[claim.step]
            if claim.offered - used >= whole.get(claim.row.register, ZERO):
                faults.append(_spent(claim, used))
        elif refused and not claim.refused:
            faults.append(fault(refused, claim.row.at(claim.column), **_words(claim)))
        entries.append(_entry(claim, used, refused))
    return _weighed(entries, totals), faults


def _words(claim: Claim) -> dict[str, str]:
    return {"id": claim.id, "offered": plain(claim.offered), "unit": claim.unit}


def _spent(claim: Claim, used: Decimal) -> Fault:
    words = {**_words(claim), "used": plain(used), "left": plain(claim.offered - used)}
    return fault(_SPENT[claim.step], claim.row.at(claim.column), **words)


def _entry(claim: Claim, used: Decimal, refused: str) -> Entry:
    taken_off = ZERO if claim.unit != "tCO2e" or not claim.deducts else used
    return Entry(
        step=claim.step,
        id=claim.row.key,
        offered=claim.offered,
        unit=claim.unit,
        used=used,
        used_tco2e=taken_off,
        refused=refused,
        register=claim.row.register,
        place=claim.row.place,
    )


def _weighed(entries: list[Entry], totals: Mapping[str, Node]) -> tuple[Entry, ...]:
    """Green entries with the tonnes they take off; the last one takes what rounding leaves."""
    left, mwh = _known(totals["green_tco2e"]), _known(totals["green_mwh"])
    found = []
    for entry in entries:
        if entry.step == "green" and entry.used:
            share = left if entry.used == mwh else left * entry.used / mwh
            left, mwh = left - share, mwh - entry.used
            found.append(replace(entry, used_tco2e=share))
        else:
            found.append(entry)
    return tuple(found)
