"""What stands in a bundle, for the time it is looked at: edition, result as stated, dossier."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from lingtan.certificate.bundle import DOSSIER, EDITION, RESULT, Bundle, unpack_bundle
from lingtan.dossier.reading import read_dossier
from lingtan.dossier.records import Dossier
from lingtan.errors import LingtanError, Place, fault
from lingtan.standards.freezing import load_frozen
from lingtan.standards.records import Edition


@dataclass(frozen=True, slots=True)
class Unpacked:
    """The dossier is read from a folder that goes away with the bundle."""

    edition: Edition
    stated: Mapping[str, Any]
    dossier: Dossier
    on: date


@contextmanager
def unpacked(file: Path, bundle: Bundle) -> Iterator[Unpacked]:
    """The contents of a checked bundle. LingtanError where edition, result or dossier are not there."""
    if lacking := [name for name in (EDITION, RESULT) if name not in bundle.names]:
        raise LingtanError([fault("certificate.bundle-lacks", Place(file.name, name)) for name in lacking])
    with tempfile.TemporaryDirectory() as folder:
        unpack_bundle(file, Path(folder))
        edition = load_frozen(Path(folder, EDITION).read_bytes())
        try:
            stated = json.loads(Path(folder, RESULT).read_bytes())
            on = date.fromisoformat(stated["on"])
        except (ValueError, TypeError, LookupError, RecursionError) as error:
            where = Place(file.name, RESULT)
            raise LingtanError([fault("certificate.bundle-unreadable", where, reason=error)]) from None
        yield Unpacked(edition, stated, read_dossier(Path(folder, DOSSIER)), on)
