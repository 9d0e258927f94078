"""A new working dossier: empty, or filled from a dossier of the core."""

from __future__ import annotations

from pathlib import Path

from django.db import IntegrityError, transaction

import lingtan
from lingtan.dossier.lines import row_line
from lingtan.dossier.records import Dossier
from lingtan.errors import LingtanError, fault
from lingtan_web import storage
from lingtan_web.audit.services import Actor, recorded
from lingtan_web.dossiers.carrying import find_carried
from lingtan_web.dossiers.models import WorkingDossier
from lingtan_web.dossiers.profiles import first_profile, profile_data
from lingtan_web.dossiers.services.changing import changing
from lingtan_web.parks.models import Park


def open_dossier(actor: Actor, *, park: Park, year: int) -> WorkingDossier:
    """An empty working dossier. LingtanError if the year has one."""
    profile = first_profile(park.slug, park.name_zh, park.name_en, year)
    with recorded(actor, "dossier.opened", park=park, subject=str(year)):
        try:
            with transaction.atomic():
                return WorkingDossier.objects.create(park=park, year=year, profile=profile)
        except IntegrityError:
            raise LingtanError([fault("dossiers.dossier-exists", year=year)]) from None


def load_dossier(actor: Actor, *, park: Park, folder: Path) -> WorkingDossier:
    """A working dossier filled from the dossier at `folder`, of its reporting year.

    The park keeps its own id. DossierError if it cannot be read, LingtanError if the year has rows.
    """
    given = lingtan.read_dossier(folder)
    year = given.park.reporting.year
    dossier = WorkingDossier.objects.filter(park=park, year=year).first()
    if dossier is not None and dossier.revision:
        raise LingtanError([fault("dossiers.dossier-exists", year=year)])
    dossier = dossier or open_dossier(actor, park=park, year=year)
    files = find_carried(given.origin, storage.put)
    with changing(actor, "dossier.loaded", dossier=dossier, kind="load", subject=given.name) as change:
        change.set_profile(profile_data(given.park.model_copy(update={"id": park.slug})))
        change.set_boundary(given.boundary)
        for name, lines in _lines(given).items():
            for cells in lines:
                change.add_row(name, cells)
        for file in files:
            change.set_file(file.path, (file.sha256, file.size))
    return dossier


def _lines(dossier: Dossier) -> dict[str, list[dict[str, str]]]:
    return {name: [row_line(row) for row in rows] for name, rows in dossier.rows.items()}
