"""Dossier and readings halfway: enterprises of the new boundary, everything else as it was."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from lingtan.dossier.records import Dossier, Row
from lingtan.dossier.registers import registers
from lingtan.inventory.restatement.frozen import Inputs
from lingtan.metering.records import MeterEnergy, Metering


def blend_boundary(old: Inputs, new: Inputs) -> Inputs:
    """`old` with the enterprises of `new`: rows of those that left are gone, of those that came are in.

    Rows that name no enterprise, and those of enterprises in both, are the old ones.
    """
    before, after = _enterprises(old.dossier), _enterprises(new.dossier)
    left, came = before - after, after - before
    rows = {
        name: (
            *(row for row in old.dossier.rows.get(name, ()) if not _names(row) & left),
            *(row for row in new.dossier.rows.get(name, ()) if _names(row) & came),
        )
        for name in registers()
    }
    rows["evidence"] = _evidence(old.dossier, new.dossier)
    dossier = replace(old.dossier, rows=rows)
    return replace(old, dossier=dossier, metering=_metering(old, new, left, came))


def _enterprises(dossier: Dossier) -> frozenset[str]:
    return frozenset(row.text("enterprise") for row in dossier.rows.get("enterprises", ()))


def _names(row: Row) -> frozenset[str]:
    """The enterprises a row belongs to."""
    columns = registers()[row.register].columns.items()
    named = {
        row.text(name) for name, column in columns if column.type == "ref" and column.to == "enterprises"
    }
    own = {row.text("enterprise")} if row.register == "enterprises" else set()
    return frozenset(named | own) - {""}


def _evidence(old: Dossier, new: Dossier) -> tuple[Row, ...]:
    """Old evidence and what is new: a proof belongs to no enterprise, its number does."""
    known = {row.text("id") for row in old.rows.get("evidence", ())}
    added = (row for row in new.rows.get("evidence", ()) if row.text("id") not in known)
    return (*old.rows.get("evidence", ()), *added)


def _metering(old: Inputs, new: Inputs, left: Iterable[str], came: Iterable[str]) -> Metering | None:
    if old.metering is None:
        return None if new.metering is None else replace(new.metering, meters=_of(new.metering, came))
    kept = tuple(one for one in old.metering.meters if one.enterprise not in left)
    added = _of(new.metering, came) if new.metering is not None else ()
    return replace(old.metering, meters=tuple(sorted((*kept, *added), key=lambda one: one.meter)))


def _of(metering: Metering, enterprises: Iterable[str]) -> tuple[MeterEnergy, ...]:
    return tuple(one for one in metering.meters if one.enterprise in enterprises)
