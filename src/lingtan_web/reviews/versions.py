"""A version under review: its dossier, its text for comparing, and what it was assessed to be.

The result of a version is the cockpit's; `SOURCES` is the one place that asks for it.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Protocol

from lingtan.dossier.reading import read_dossier
from lingtan_web.dossiers.checkouts import check_out
from lingtan_web.dossiers.models import DossierVersion
from lingtan_web.parks.models import Park
from lingtan_web.reviews.rules.changes import Snapshot, export_snapshot, load_snapshot, read_snapshot
from lingtan_web.reviews.rules.results import canonical
from lingtan_web.storage import open_stored, put


@dataclass(frozen=True, slots=True)
class Assessed:
    """A version as assessed: the export of `lingtan.export_assessment`, and the day it was assessed as of."""

    export: Mapping[str, Any]
    on: date


@dataclass(frozen=True, slots=True)
class Choice:
    """A version that can be handed in under an edition: what it came to."""

    version: DossierVersion
    edition: str
    edition_name: str
    on: date
    stars: int | None
    score: Decimal | None

    @property
    def key(self) -> str:
        """What a form sends for it."""
        return f"{self.version.pk}:{self.edition}"


class Source(Protocol):
    """Who knows the results of versions."""

    def find_assessed(self, version: DossierVersion, edition: str) -> Assessed | None:
        """The newest finished result of `version` under `edition`; None where nobody has computed it."""
        ...

    def find_choices(self, park: Park, year: int | None = None) -> Sequence[Choice]:
        """Every version of a park that has a result, the newest first."""
        ...

    def find_traced(self, version: DossierVersion, edition: str, on: date) -> int | None:
        """The number of the calculation that traces the result of `version` as of `on`."""
        ...

    def find_handed_in(self, version: DossierVersion, edition: str, sha256: str) -> Assessed | None:
        """The result whose export has this SHA-256 (`rules.results.compute_sha256`)."""
        ...


class NoSource:
    """Nobody computes results here."""

    def find_assessed(self, version: DossierVersion, edition: str) -> Assessed | None:
        """Nothing is known."""
        return None

    def find_choices(self, park: Park, year: int | None = None) -> Sequence[Choice]:
        """Nothing is known."""
        return ()

    def find_traced(self, version: DossierVersion, edition: str, on: date) -> int | None:
        """Nothing is known."""
        return None

    def find_handed_in(self, version: DossierVersion, edition: str, sha256: str) -> Assessed | None:
        """Nothing is known."""
        return None


SOURCES: list[Source] = [NoSource()]
"""The last one is asked; the cockpit puts itself here."""


def find_assessed(version: DossierVersion, edition: str) -> Assessed | None:
    """The newest finished result of `version` under `edition`; None where nobody has computed it."""
    return SOURCES[-1].find_assessed(version, edition)


def find_choices(park: Park, year: int | None = None) -> Sequence[Choice]:
    """What the park can hand in."""
    return SOURCES[-1].find_choices(park, year)


def find_traced(version: DossierVersion, edition: str, on: date) -> int | None:
    """The calculation whose pages open the numbers of `version` as it was handed in."""
    return SOURCES[-1].find_traced(version, edition, on)


def find_handed_in(version: DossierVersion, edition: str, sha256: str) -> Assessed | None:
    """The result that `version` was handed in with; None where it is not kept any more."""
    return SOURCES[-1].find_handed_in(version, edition, sha256)


def keep_snapshot(version: DossierVersion) -> str:
    """The text of a version into the store, for comparing; its SHA-256 there."""
    with check_out(version) as folder:
        snapshot = read_snapshot(read_dossier(folder), version.manifest)
    return put(io.BytesIO(canonical(export_snapshot(snapshot))))


def find_snapshot(sha256: str) -> Snapshot:
    """A snapshot that was kept."""
    with open_stored(sha256) as stream:
        return load_snapshot(json.load(stream))
