"""A frozen result as one file: a zip of the dossier, the factors, the method and what was stated.

Equal results give equal bytes. Each part is named with its SHA-256 in `frozen.json`; a part that was
changed, added or taken away is refused when the file is read.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
import zipfile
from dataclasses import fields
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, cast

from pydantic import ValidationError

from lingtan.dossier.archives import check_archive
from lingtan.dossier.reading import build_scratch, read_dossier
from lingtan.dossier.records import Dossier
from lingtan.dossier.writing import csv_bytes, new_target, write_dossier, write_zip
from lingtan.errors import LingtanError, Place, fault
from lingtan.factors import Registry
from lingtan.factors.reading import NOT_FOUND, read_text
from lingtan.factors.records import Factor
from lingtan.inventory.methods import Method
from lingtan.inventory.restatement.frozen import Frozen, Inputs, LineKey, Stated
from lingtan.metering import compute_metering
from lingtan.trace import plain

FORMAT = "lingtan-frozen/1"
PARTS = ("dossier.zip", "factors.csv", "method.json")
_CARD = "frozen.json"
_READ_ERRORS = (OSError, zipfile.BadZipFile, ValueError, KeyError, TypeError, ValidationError)


def write_frozen(frozen: Frozen, path: Path | str) -> Path:
    """Write `frozen` to `path` (a new file).

    DossierError if it exists or cannot be written, LingtanError if evidence or readings cannot be taken
    along (they lie outside the dossier, or it is no longer where it was read).
    """
    target = Path(path)
    with new_target(target) as draft, tempfile.TemporaryDirectory() as folder:
        parts = {
            PARTS[0]: _dossier(frozen.inputs.dossier, Path(folder)),
            PARTS[1]: _factors(frozen.inputs.registry),
            PARTS[2]: frozen.inputs.method.model_dump_json(indent=1).encode(),
        }
        parts[_CARD] = json.dumps(_card(frozen, parts), ensure_ascii=False, indent=1).encode()
        write_zip(draft, parts)
    return target


def _dossier(dossier: Dossier, folder: Path) -> bytes:
    """The dossier as a zip; read again it must be the same, readings too."""
    file = write_dossier(dossier, folder / PARTS[0])
    again = read_dossier(file, unpack_to=folder)
    if again.fingerprint != dossier.fingerprint or len(again.readings) < len(dossier.readings):
        place = Place(dossier.name)
        lost = f"evidence {len(dossier.evidence_files)}, readings {len(dossier.readings)}"
        raise LingtanError([fault("restatement.not-whole", place, lost=lost)])
    return file.read_bytes()


def _factors(registry: Registry) -> bytes:
    names = [field.name for field in fields(Factor)]
    rows = [[_cell(getattr(factor, name)) for name in names] for factor in registry.list_factors()]
    return csv_bytes(names, rows)


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Decimal):
        return f"{value:f}"
    return NOT_FOUND if value is None else str(value)


def _card(frozen: Frozen, parts: dict[str, bytes]) -> dict[str, Any]:
    on = frozen.inputs.on
    return {
        "format": FORMAT,
        "software": frozen.software,
        "frozen_on": frozen.frozen_on.isoformat(),
        "on": None if on is None else on.isoformat(),
        "note": frozen.note,
        "year": frozen.year,
        "method": frozen.inputs.method.id,
        "dossier": frozen.fingerprint,
        "metered": frozen.inputs.metering is not None,
        "totals": {name: _total(stated) for name, stated in frozen.totals.items()},
        "parts": {name: hashlib.sha256(data).hexdigest() for name, data in sorted(parts.items())},
    }


def _total(stated: Stated) -> dict[str, Any]:
    return {
        "value": plain(stated.value),
        "unit": stated.unit,
        "gaps": stated.gaps,
        "lines": [[*key, plain(value)] for key, value in stated.lines.items()],
    }


def read_frozen(path: Path | str, *, unpack_to: Path | None = None) -> Frozen:
    """The frozen result of the file at `path`. LingtanError if it is none, or any part was changed."""
    place = Place(Path(path).name)
    try:
        with zipfile.ZipFile(path) as archive:
            check_archive(archive)
            parts = {name: archive.read(name) for name in (_CARD, *PARTS)}
            names = set(archive.namelist())
        card = json.loads(parts.pop(_CARD))
        changed = [name for name in PARTS if hashlib.sha256(parts[name]).hexdigest() != card["parts"][name]]
        changed += sorted(names - {_CARD, *PARTS})
        if card["format"] != FORMAT or changed:
            raise LingtanError(
                [fault("restatement.changed", place, parts="、".join(changed) or card["format"])]
            )
        return _frozen(card, parts, unpack_to)
    except _READ_ERRORS as error:
        raise LingtanError([fault("restatement.not-frozen", place, reason=str(error)[:200])]) from None


def _frozen(card: dict[str, Any], parts: dict[str, bytes], unpack_to: Path | None) -> Frozen:
    folder = unpack_to or build_scratch()
    (folder / PARTS[0]).write_bytes(parts[PARTS[0]])
    dossier = read_dossier(folder / PARTS[0], unpack_to=folder)
    inputs = Inputs(
        dossier=dossier,
        method=Method.model_validate_json(parts[PARTS[2]]),
        registry=Registry(read_text(parts[PARTS[1]].decode(), PARTS[1])),
        metering=compute_metering(dossier) if card["metered"] else None,
        on=None if card["on"] is None else date.fromisoformat(card["on"]),
    )
    totals = {name: _stated(total) for name, total in card["totals"].items()}
    frozen_on = date.fromisoformat(card["frozen_on"])
    return Frozen(inputs, totals, card["year"], card["software"], frozen_on, card["note"])


def _stated(total: dict[str, Any]) -> Stated:
    value = None if total["value"] is None else Decimal(total["value"])
    lines = {cast(LineKey, tuple(row[:4])): Decimal(row[4]) for row in total["lines"]}
    return Stated(value, total["unit"], lines, total["gaps"])
