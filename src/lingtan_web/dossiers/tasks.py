"""The work behind the pages of a dossier. May be killed at any point and begun again."""

from __future__ import annotations

from django_tasks import task

from lingtan_web.dossiers.checking import find_spots
from lingtan_web.dossiers.models import DossierExport, ImportPreview, WorkingDossier
from lingtan_web.dossiers.scopes import WHOLE
from lingtan_web.dossiers.services.exporting import export_waiting
from lingtan_web.dossiers.services.importing import plan_waiting

BEFORE_OTHERS = 50
"""Somebody looks at a page and waits: ahead of calculations and documents that have not begun."""


@task(priority=BEFORE_OTHERS)
def check(dossier: int) -> None:
    """Check a dossier as it stands now; what is found is kept for the pages."""
    find_spots(WorkingDossier.objects.select_related("park").get(pk=dossier), WHOLE)


@task(priority=BEFORE_OTHERS)
def plan_import(preview: int) -> None:
    """Make the plan that a preview waits for."""
    plan_waiting(ImportPreview.objects.select_related("dossier__park").get(pk=preview))


@task(priority=BEFORE_OTHERS)
def make_export(export: int) -> None:
    """Make an export that waits."""
    export_waiting(DossierExport.objects.select_related("dossier__park").get(pk=export))
