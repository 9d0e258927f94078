"""What to know about an inventory beside its numbers: faults once each, sorted; transcriptions in one."""

from __future__ import annotations

from collections.abc import Iterable

from lingtan.errors import Fault, fault, sorted_once
from lingtan.inventory.setting import Setting
from lingtan.inventory.slips.finding import find_slips
from lingtan.metering.records import Metering

NAMED = 5
"""Transcribed factors named in their note; the factor annex has them all."""


def find_warnings(setting: Setting, faults: Iterable[Fault], metering: Metering | None) -> tuple[Fault, ...]:
    """`faults`, those of the factors used, of the readings, likely slips, a method far from home."""
    found = list(faults)
    found += metering.faults if metering is not None else ()
    found += _factor_faults(setting)
    lookup = setting.lookup
    method = setting.method.id
    found += find_slips(setting.dossier, registry=lookup.registry, method=method, on=lookup.on, known=found)
    if not lookup.is_home:
        country = lookup.location.country
        found.append(
            fault("inventory.abroad", country=country, method=setting.method.zh, name=setting.method.en)
        )
    return sorted_once(found)


def _factor_faults(setting: Setting) -> Iterable[Fault]:
    """Warnings of the factors used; transcriptions grouped; what no search found, if nothing else was."""
    second_hand = []
    for found in setting.lookup.used.values():
        yield from (item for item in found.faults if item.severity != "note")
        if found.factor.second_hand:
            second_hand.append(found.factor.id)
    if second_hand:
        first = "、".join(sorted(second_hand)[:NAMED])
        more = " …" if len(second_hand) > NAMED else ""
        yield fault("inventory.second-hand", count=len(second_hand), ids=first + more)
    for faults in setting.lookup.complaints:
        yield from faults
