"""What other apps are told of results, and what they tell us: each asks where it has always asked."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from lingtan_web.assessments.models import Calculation, EditionResult, State
from lingtan_web.assessments.queries import SUBMITTED, Versions
from lingtan_web.dossiers.models import DossierVersion
from lingtan_web.languages import say
from lingtan_web.parks.models import Park
from lingtan_web.reviews import versions
from lingtan_web.reviews.models import Round
from lingtan_web.reviews.rules.results import compute_sha256
from lingtan_web.storage import open_stored

CHOICES_AT_MOST = 100


def join_reviews() -> None:
    """Reviews find the results of a version here; we find there which versions were handed in."""
    SUBMITTED.append(find_submitted)
    versions.SOURCES.append(Results())


def find_submitted() -> Versions:
    """Versions that were handed in for review."""
    return DossierVersion.objects.filter(pk__in=Round.objects.values("version"))


class Results:
    """The results of versions, as reviews ask for them."""

    def find_assessed(self, version: DossierVersion, edition: str) -> versions.Assessed | None:
        """The newest finished result of `version` under `edition`; None where nobody has computed it."""
        found = Calculation.objects.filter(version=version, state=State.DONE, results__edition=edition)
        newest = found.order_by("-on", "-pk").only("artefacts", "on").first()
        if newest is None:
            return None
        with open_stored(newest.artefacts[f"assessment-{edition}.json"]) as stream:
            return versions.Assessed(json.load(stream), newest.on)

    def find_choices(self, park: Park, year: int | None = None) -> Sequence[versions.Choice]:
        """Every version of the park with a finished result, per edition the newest; the newest first."""
        found = EditionResult.objects.filter(calculation__version__dossier__park=park)
        if year is not None:
            found = found.filter(calculation__version__dossier__year=year)
        newest = found.select_related("calculation__version__dossier").defer(
            "sheet", "calculation__artefacts"
        )
        ordered = newest.order_by(
            "-calculation__version__dossier__year", "-calculation__version__number", "position",
            "-calculation__on", "-pk",
        )  # fmt: skip
        choices: dict[str, versions.Choice] = {}
        for one in ordered[:CHOICES_AT_MOST]:
            choice = _choice(one)
            choices.setdefault(choice.key, choice)
        return tuple(choices.values())

    def find_traced(self, version: DossierVersion, edition: str, on: date) -> int | None:
        """The number of the calculation whose pages open the numbers of `version` as of `on`."""
        done = Calculation.objects.filter(version=version, on=on, state=State.DONE, results__edition=edition)
        newest = done.order_by("-pk").only("pk").first()
        return newest.pk if newest else None

    def find_handed_in(self, version: DossierVersion, edition: str, sha256: str) -> versions.Assessed | None:
        """The result whose export has this SHA-256, among all days and releases it was computed for."""
        done = Calculation.objects.filter(version=version, state=State.DONE, results__edition=edition)
        for one in done.order_by("-on", "-pk").only("artefacts", "on"):
            with open_stored(one.artefacts[f"assessment-{edition}.json"]) as stream:
                export = json.load(stream)
            if compute_sha256(export) == sha256:
                return versions.Assessed(export, one.on)
        return None


def _choice(one: EditionResult) -> versions.Choice:
    return versions.Choice(
        version=one.calculation.version,
        edition=one.edition,
        edition_name=say(one.name_zh, one.name_en or one.name_zh),
        on=one.calculation.on,
        stars=one.stars,
        score=Decimal(one.score) if one.score else None,
    )
