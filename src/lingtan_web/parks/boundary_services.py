"""Reading and keeping the boundary of a working dossier."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from lingtan.dossier.boundary import compute_boundary_area
from lingtan.errors import LingtanError, has_errors
from lingtan_web.audit.services import Actor, recorded
from lingtan_web.dossiers.models import CellChange, WorkingDossier
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
    if boundary is None:
        return None, ()
    others = find_neighbours(dossier.park, dossier.year)
    return boundary, check_outline(boundary, stated_area(dossier), others)


def save_boundary(actor: Actor, *, dossier: WorkingDossier, text: str) -> None:
    """Keep the boundary that `text` means; blank takes it away. LingtanError with every error.

    Checked inside the transaction, so that two parks that save at once cannot both take the same ground.
    """
    with recorded(actor, "dossier.boundary-saved", park=dossier.park, subject=str(dossier.year)) as found:
        locked = WorkingDossier.objects.select_for_update().select_related("park").get(pk=dossier.pk)
        list(
            WorkingDossier.objects.select_for_update().exclude(boundary=None).order_by("pk").values_list("pk")
        )
        boundary, faults = check_text(locked, text)
        errors = [one.fault for one in faults if has_errors([one.fault])]
        if errors:
            raise LingtanError(errors)
        kept = to_feature(boundary, locked.park.name_zh) if boundary is not None else None
        found["area_m2"] = str(compute_boundary_area(kept)) if kept else ""
        _write(actor, locked, kept)


def _write(actor: Actor, dossier: WorkingDossier, kept: dict[str, Any] | None) -> None:
    if dossier.boundary == kept:
        return
    old, new = (json.dumps(one, ensure_ascii=False) if one else "" for one in (dossier.boundary, kept))
    dossier.boundary, dossier.revision = kept, dossier.revision + 1
    dossier.save(update_fields=["boundary", "revision"])
    CellChange.objects.create(
        dossier=dossier, revision=dossier.revision, register="boundary", row=0, column="geojson", old=old,
        new=new, user_id=actor.user_id,
    )  # fmt: skip
