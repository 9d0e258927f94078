"""What other apps are told of results, and what they tell us: each asks where it has always asked."""

from __future__ import annotations

import json
from collections.abc import Sequence
from decimal import Decimal

from lingtan_web.assessments.models import Calculation, EditionResult, State
from lingtan_web.assessments.queries import SUBMITTED, Versions
from lingtan_web.dossiers.models import DossierVersion
from lingtan_web.parks.models import Park
from lingtan_web.reviews import versions
from lingtan_web.reviews.models import Round
from lingtan_web.storage import open_stored


def join_reviews() -> None:
    """Reviews find the results of a version here; we find there which versions were handed in."""
    SUBMITTED.append(find_submitted)
    versions.SOURCES.append(Cockpit())


def find_submitted() -> Versions:
    """Versions that were handed in for review."""
    return DossierVersion.objects.filter(pk__in=Round.objects.values("version"))


class Cockpit:
    """Finished calculations, as the reviews ask for them."""

    def find_assessed(self, version: DossierVersion, edition: str) -> versions.Assessed | None:
        """The newest finished result of `version` under `edition`; None where nobody has computed it."""
        found = Calculation.objects.filter(version=version, state=State.DONE, results__edition=edition)
        newest = found.order_by("-on", "-pk").only("artefacts", "on").first()
        if newest is None:
            return None
        with open_stored(newest.artefacts[f"assessment-{edition}.json"]) as stream:
            return versions.Assessed(json.load(stream), newest.on)

    def find_choices(self, park: Park, year: int | None = None) -> Sequence[versions.Choice]:
        """One for each version and edition, from its newest calculation; the newest version first."""
        found = EditionResult.objects.filter(
            calculation__state=State.DONE, calculation__version__dossier__park=park
        )
        if year is not None:
            found = found.filter(calculation__version__dossier__year=year)
        found = found.select_related("calculation__version__dossier")
        choices: dict[str, versions.Choice] = {}
        for one in found.order_by(
            "-calculation__version__dossier__year", "-calculation__version__number", "position",
            "-calculation__on", "-pk",
        ):  # fmt: skip
            choice = _choice(one)
            choices.setdefault(choice.key, choice)
        return tuple(choices.values())


def _choice(one: EditionResult) -> versions.Choice:
    made = one.calculation
    name: str = one.sheet["name"]["zh"]
    score = None if one.score is None else Decimal(str(one.score))
    return versions.Choice(made.version, one.edition, name, made.on, one.stars, score)
