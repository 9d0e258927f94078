"""Parts that tests of dossiers share: a filled dossier, edits, uploads."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from tests.web.conftest import World

from lingtan.dossier.registers import registers
from lingtan_web import storage
from lingtan_web.audit.services import Actor
from lingtan_web.dossiers.edits import Edit, read_edits
from lingtan_web.dossiers.models import RegisterRow, StoredFile, WorkingDossier
from lingtan_web.dossiers.scopes import EDITOR, Scope
from lingtan_web.dossiers.services import Outcome, apply_edits, freeze_version, preview_import

XINGHUO = Path(__file__).parents[2] / "examples" / "parks" / "xinghuo"
PARK_YAML = b"id: alpha\nname_zh: \xe7\x94\xb2\xe5\x9b\xad\xe5\x8c\xba\nreporting:\n  year: 2024\n"
READINGS = b"meter_id,at,value\nM1,2024-01-01T00:00:00+08:00,5\nM1,2024-01-01T01:00:00+08:00,6\n"


def mark(number: int) -> str:
    """A mark for a row made in a test."""
    return f"{number:016x}"


def add(number: int, **cells: str) -> dict[str, Any]:
    return {"kind": "add", "row": mark(number), "cells": cells}


def put(number: int, column: str, old: str, new: str) -> dict[str, Any]:
    return {"kind": "cell", "row": mark(number), "column": column, "old": old, "new": new}


def remove(number: int, **cells: str) -> dict[str, Any]:
    return {"kind": "remove", "row": mark(number), "cells": cells}


def edit(
    actor: Actor, dossier: WorkingDossier, register: str, *given: Mapping[str, Any], scope: Scope = EDITOR
) -> Outcome:
    """Apply edits as a grid sends them."""
    edits: list[Edit] = read_edits(registers()[register], list(given))
    return apply_edits(
        actor, dossier=dossier, register=registers()[register], edits=edits, revision=dossier.revision,
        scope=scope,
    )  # fmt: skip


def cells(dossier: WorkingDossier, register: str) -> list[dict[str, str]]:
    """The rows of a register in order."""
    rows = RegisterRow.objects.filter(dossier=dossier, register=register).order_by("position", "pk")
    return list(rows.values_list("cells", flat=True))


def upload(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def zipped(files: Mapping[str, bytes]) -> bytes:
    """A zip with these files."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return stream.getvalue()


def dossier_zip(**tables: str) -> bytes:
    """A dossier of the park alpha with these registers as CSV."""
    files = {f"registers/{name}.csv": text.encode() for name, text in tables.items()}
    return zipped({"park.yaml": PARK_YAML, **files})


def make_numbers(world: World) -> dict[str, Any]:
    """A change, a preview, a version and a file of the dossier of alpha, as its addresses name them."""
    actor, dossier = Actor(world.park.user.pk), world.dossier
    edit(actor, dossier, "meters", add(0xABC, meter="M1"))
    made = preview_import(actor, dossier=dossier, upload=upload("a.zip", dossier_zip(meters="meter\nM1\n")))
    file = StoredFile.objects.create(dossier=dossier, path="readings/a.csv", sha256=put_bytes(READINGS))
    version = freeze_version(actor, dossier=dossier)
    return {"preview": made.token, "version": version.number, "file": file.pk}


def put_bytes(content: bytes) -> str:
    """Content in the store."""
    return storage.put(io.BytesIO(content))
