"""Reading and keeping the boundary of a working dossier."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from lingtan.errors import LingtanError, has_errors
from lingtan_web.audit.services import Actor
from lingtan_web.dossiers.models import WorkingDossier
from lingtan_web.dossiers.services.changing import Change, changing
from lingtan_web.parks.boundaries import Found, Neighbour, check_outline, to_feature
from lingtan_web.parks.models import Park
from lingtan_web.parks.outlines import parse_outline


def find_neighbours(park: Park, year: int) -> list[Neighbour]:
    """The boundary of every other park: of the same year, else of the year nearest to it."""
    rows = WorkingDossier.objects.exclude(park=park).exclude(boundary=None).select_related("park")
    nearest: dict[int, WorkingDossier] = {}
    for row in rows.order_by("park", "year"):
        known = nearest.get(row.park_id)
        if known is None or abs(row.year - year) <= abs(known.year - year):
            nearest[row.park_id] = row
    return [
        Neighbour(row.park.slug, row.park.name_zh, row.park.name_en, row.boundary)
        for row in nearest.values()
        if isinstance(row.boundary, dict)
    ]


def stated_area(dossier: WorkingDossier) -> Decimal | None:
    """The area that the profile states, in m2; None where it says none or nothing that can be read."""
    profile = dossier.profile.get("profile")
    given = profile.get("area_m2") if isinstance(profile, Mapping) else None
    try:
        area = Decimal(str(given))
    except InvalidOperation:
        return None
    return area if area.is_finite() and area > 0 else None


def check_text(dossier: WorkingDossier, text: str) -> tuple[Mapping[str, Any] | None, tuple[Found, ...]]:
    """The boundary that a text means, and every fault of it; None if the text is blank or unreadable."""
    try:
        boundary = parse_outline(text)
    except LingtanError as refusal:
        return None, tuple(Found(one) for one in refusal.faults)
    return boundary, check_kept(dossier, boundary)


def check_kept(dossier: WorkingDossier, boundary: Mapping[str, Any] | None) -> tuple[Found, ...]:
    """Every fault of a boundary of the dossier; none if there is no boundary."""
    if boundary is None:
        return ()
    others = find_neighbours(dossier.park, dossier.year)
    return check_outline(boundary, stated_area(dossier), others)


def save_boundary(actor: Actor, *, dossier: WorkingDossier, text: str) -> None:
    """Keep the boundary that `text` means; blank takes it away. LingtanError with every error.

    Checked inside the transaction, so that two parks that save at once cannot both take the same ground.
    """
    with changing(
        actor, "dossier.boundary-set", dossier=dossier, kind="boundary", subject="boundary"
    ) as change:
        _hold_boundaries()
        boundary, faults = check_text(dossier, text)
        errors = [one.fault for one in faults if has_errors([one.fault])]
        if errors:
            raise LingtanError(errors)
        change.set_boundary(to_feature(boundary, dossier.park.name_zh) if boundary is not None else None)


def refuse_taken_ground(change: Change) -> None:
    """LingtanError (boundary.overlaps) where a revision, of an import too, takes ground of another park.

    Other faults of an imported boundary are shown, as those of an imported cell are.
    """
    boundary = change.after.get("boundary")
    if boundary is None:
        return
    _hold_boundaries()
    found = [one.fault for one in check_kept(change.dossier, boundary)]
    if taken := [one for one in found if one.code == "boundary.overlaps"]:
        raise LingtanError(taken)


def _hold_boundaries() -> None:
    """Nobody else takes ground until this transaction ends."""
    list(WorkingDossier.objects.exclude(boundary=None).order_by("pk").select_for_update().values_list("pk"))
