"""park.yaml: its keys, the registers that were confirmed to be empty, the boundary."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lingtan.dossier.registers import registers
from lingtan.errors import Fault, LingtanError, Place, fault
from lingtan_web.audit.services import Actor
from lingtan_web.dossiers.models import RegisterRow, WorkingDossier
from lingtan_web.dossiers.profiles import profile_data, read_form, read_profile
from lingtan_web.dossiers.services.changing import changing


def set_profile(actor: Actor, *, dossier: WorkingDossier, given: Mapping[str, str]) -> tuple[Fault, ...]:
    """Keys of park.yaml as texts; the notes of reading them. DossierError with every bad one."""
    with changing(
        actor, "dossier.profile-set", dossier=dossier, kind="profile", subject="park.yaml"
    ) as change:
        park, notes = read_form(dossier.facts, given)
        change.set_profile(profile_data(park))
    return notes


def confirm_empty(actor: Actor, *, dossier: WorkingDossier, register: str, is_empty: bool) -> None:
    """Say that a register really has no row, or take that back. LingtanError if it has rows."""
    with changing(
        actor, "dossier.empty-confirmed", dossier=dossier, kind="profile", subject=register
    ) as change:
        rows = RegisterRow.objects.filter(dossier=dossier, register=register).count()
        if is_empty and rows:
            context = {"given": registers()[register].zh, "count": rows}
            raise LingtanError([fault("dossier.confirmed-not-empty", Place(sheet=register), **context)])
        park = read_profile(dossier.facts)
        others = tuple(name for name in park.confirmed_empty if name != register)
        names = (*others, register) if is_empty else others
        change.set_profile(profile_data(park.model_copy(update={"confirmed_empty": names})))


def set_boundary(actor: Actor, *, dossier: WorkingDossier, boundary: Mapping[str, Any] | None) -> None:
    """Another boundary (GeoJSON that was checked), or none."""
    with changing(
        actor, "dossier.boundary-set", dossier=dossier, kind="boundary", subject="boundary"
    ) as change:
        change.set_boundary(None if boundary is None else dict(boundary))
