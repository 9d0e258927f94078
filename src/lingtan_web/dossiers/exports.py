"""A dossier as a file to take away: equal to the last cell, which is checked before it is handed out."""

from __future__ import annotations

import tempfile
import zipfile
from pathlib import Path
from typing import BinaryIO

from django.http import FileResponse, Http404

from lingtan.dossier.writing import convert_dossier, zip_entry
from lingtan_web.dossiers import readme
from lingtan_web.dossiers.checkouts import check_out, check_out_working
from lingtan_web.dossiers.models import DossierVersion, WorkingDossier
from lingtan_web.dossiers.scopes import Scope

ENDINGS = ("xlsx", "zip")


def export_dossier(dossier: WorkingDossier, scope: Scope, ending: str) -> tuple[str, BinaryIO]:
    """Name and content of the dossier (or of an enterprise's part) as .xlsx or .zip.

    404 for another ending; DossierError if the file would not be equal.
    """
    if ending not in ENDINGS:
        raise Http404
    name = export_name(dossier, scope, ending)
    with check_out_working(dossier, scope, with_files=ending == "zip") as folder:
        return name, _converted(folder, ending)


def export_name(dossier: WorkingDossier, scope: Scope, ending: str) -> str:
    """What the file is called: the park, the year, and whose part it is."""
    part = "" if scope.keys is None else "-" + "-".join(sorted(scope.keys))[:60]
    return f"{dossier.park.slug}-{dossier.year}{part}.{ending}"


def export_version(version: DossierVersion) -> tuple[str, BinaryIO]:
    """Name and content of a frozen version as .zip."""
    dossier = version.dossier
    with check_out(version) as folder:
        return f"{dossier.park.slug}-{dossier.year}-v{version.number}.zip", _converted(folder, "zip")


def _converted(folder: Path, ending: str) -> BinaryIO:
    """The folder as one file, open for reading; its name is gone already."""
    with tempfile.TemporaryDirectory(prefix="lingtan-export-") as room:
        target = Path(room) / f"dossier.{ending}"
        convert_dossier(folder, target)
        if ending == "zip":
            with zipfile.ZipFile(target, "a") as archive:
                archive.writestr(zip_entry(readme.NAME), readme.TEXT)
        return target.open("rb")


def serve_export(name: str, content: BinaryIO) -> FileResponse:
    """An export to be saved and not shown."""
    response = FileResponse(
        content, as_attachment=True, filename=name, content_type="application/octet-stream"
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
