"""Reading calculations for pages: who may see which, and their files. A constant number of queries each."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.http import Http404

from lingtan_web.assessments.artefacts import PEOPLE, PICTURES, TRACE
from lingtan_web.assessments.covers import Covers
from lingtan_web.assessments.models import Calculation, EditionResult, State
from lingtan_web.assessments.rules import Viewer
from lingtan_web.assessments.trace_index import TraceIndex
from lingtan_web.dossiers.models import DossierVersion
from lingtan_web.languages import current_language
from lingtan_web.parks.access import Access
from lingtan_web.parks.models import Park
from lingtan_web.roles import Role
from lingtan_web.storage import open_stored, path_of

Versions = QuerySet[DossierVersion]
SUBMITTED: list[Callable[[], Versions]] = []
"""What finds the versions that were submitted: the reviews add theirs, so that access is decided here."""


def submitted_versions(park: Park) -> Versions:
    """The versions of a park that were handed in for review."""
    found = DossierVersion.objects.none()
    for find in SUBMITTED:
        found = found | find()
    return found.filter(dossier__park=park)


def visible_calculations(park: Park, access: Access) -> QuerySet[Calculation]:
    """The calculations of a park that somebody may see.

    The operator sees all; enterprises all that are done (their own part of it); everyone else those of
    submitted versions, evaluators in the years of their mandates.
    """
    found = Calculation.objects.filter(version__dossier__park=park)
    if access.has(Role.PARK):
        return found
    if access.years is not None:
        found = found.filter(version__dossier__year__in=access.years)
    if access.has(Role.ENTERPRISE) and not access.has(*_OUTSIDE):
        return found.filter(state=State.DONE)
    return found.filter(version__in=submitted_versions(park))


_OUTSIDE = (Role.SCHEME, Role.BODY, Role.EVALUATOR, Role.EXPERT)
_CONFIDENTIAL = (Role.PARK, Role.BODY, Role.EVALUATOR)


def can_see_calculation(park: Park, access: Access, calculation: Calculation) -> bool:
    """Whether somebody may see a calculation of the park."""
    return visible_calculations(park, access).filter(pk=calculation.pk).exists()


def viewer_of(access: Access) -> Viewer:
    """What somebody may see within a calculation.

    Confidential enterprises are open to the operator, who collects their data, and to the evaluators of
    the mandate, who must check them; for the scheme and its experts they are covered as in the documents.
    """
    return Viewer(
        sees_park=access.has(Role.PARK, *_OUTSIDE),
        sees_confidential=access.has(*_CONFIDENTIAL),
        enterprises=access.enterprise_keys,
    )


_LISTED = (
    "on", "editions", "editions_key", "software", "state", "asked_at", "started_at", "finished_at",
    "version__number", "version__label", "version__dossier__year", "version__dossier__park_id",
)  # fmt: skip
"""What pages read of a calculation: not the files of its version, nor what was entered."""


def list_calculations(park: Park, access: Access) -> QuerySet[Calculation]:
    """Calculations with their results (sheets apart), the newest first."""
    light = EditionResult.objects.defer("sheet")
    return (
        visible_calculations(park, access)
        .select_related("version__dossier")
        .only(*_LISTED)
        .prefetch_related(Prefetch("results", light))
        .order_by("-version__dossier__year", "-version__number", "-on", "-pk")
    )


def find_calculation(park: Park, access: Access, number: int) -> Calculation:
    """A calculation of the park; Http404 if there is none that this person may see."""
    light = EditionResult.objects.defer("sheet")
    found = (
        visible_calculations(park, access)
        .select_related("version__dossier")
        .only(*_LISTED, "faults", "artefacts", "attempt")
        .prefetch_related(Prefetch("results", light))
        .filter(pk=number)
        .first()
    )
    if found is None:
        raise Http404
    return found


class Opened:
    """A calculation that is done, as one viewer sees it. Each of its files is read when it is asked for."""

    def __init__(self, calculation: Calculation, viewer: Viewer, edition: str = "") -> None:
        self.calculation = calculation
        self.viewer = viewer
        self.results = list(calculation.results.all())
        chosen = [one for one in self.results if one.edition == edition]
        self.chosen = chosen[0] if chosen else self.results[0]

    @cached_property
    def sheet(self) -> dict[str, Any]:
        """The chosen edition; nobody of it covered names."""
        cleaned: dict[str, Any] = self._cleaned(self.chosen.sheet)
        return cleaned

    @cached_property
    def covers(self) -> Covers:
        """Names of enterprises as this viewer may know them."""
        viewer = self.viewer
        people = self._read(PEOPLE)
        return Covers(people, current_language(), viewer.sees_confidential, viewer.enterprises)

    @cached_property
    def pictures(self) -> dict[str, Any]:
        """Words of the charts in the language of the page, by name."""
        language = current_language()
        told = self._read(PICTURES)
        return {name: each[language] for name, each in told.items() if language in each}

    def read_sheet(self, name: str) -> Any:
        """`inventory`, `energy`, `metering`, `ledger`: as this viewer may see it."""
        return self._cleaned(self._read(f"sheet-{name}.json"))

    def read_lines(self, enterprise: str) -> list[dict[str, Any]]:
        """The lines of one enterprise; the caller has asked whether the viewer may see them."""
        return list(self._read("sheet-lines.json").get(enterprise, ()))

    def read_lines_of(self, source: str) -> list[dict[str, Any]]:
        """The lines of one source that this viewer may see, the largest first."""
        people = self.covers.people
        found = [
            {**line, "enterprise": key}
            for key, lines in self._read("sheet-lines.json").items()
            if self.viewer.can_open_enterprise(
                key, is_confidential=bool((people.get(key) or {}).get("cover"))
            )
            for line in lines
            if line["of"] == source
        ]
        return sorted(found, key=lambda line: -abs(Decimal(line["emissions"])))

    def open_traces(self) -> TraceIndex:
        """The traces; use it as a context."""
        return TraceIndex(self.path(TRACE))

    def path(self, name: str) -> Path:
        """Where a file of the calculation lies; Http404 if it has none of that name."""
        if name not in self.calculation.artefacts:
            raise Http404
        return path_of(self.calculation.artefacts[name])

    def _cleaned(self, value: Any) -> Any:
        return self.covers.clean(value)

    def _read(self, name: str) -> Any:
        if name not in self.calculation.artefacts:
            raise Http404
        with open_stored(self.calculation.artefacts[name]) as stream:
            return json.load(stream)
