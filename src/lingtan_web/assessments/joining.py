"""What other apps are told of results, and what they tell us: each asks where it has always asked."""

from __future__ import annotations

import json

from lingtan_web.assessments.models import Calculation, State
from lingtan_web.assessments.queries import SUBMITTED, Versions
from lingtan_web.dossiers.models import DossierVersion
from lingtan_web.reviews import versions
from lingtan_web.reviews.models import Round
from lingtan_web.storage import open_stored


def join_reviews() -> None:
    """Reviews find the results of a version here; we find there which versions were handed in."""
    SUBMITTED.append(find_submitted)
    versions.SOURCES.append(find_assessed)


def find_submitted() -> Versions:
    """Versions that were handed in for review."""
    return DossierVersion.objects.filter(pk__in=Round.objects.values("version"))


def find_assessed(version: DossierVersion, edition: str) -> versions.Assessed | None:
    """The newest finished result of `version` under `edition`; None where nobody has computed it."""
    found = Calculation.objects.filter(version=version, state=State.DONE, results__edition=edition)
    newest = found.order_by("-on", "-pk").only("artefacts", "on").first()
    if newest is None:
        return None
    with open_stored(newest.artefacts[f"assessment-{edition}.json"]) as stream:
        return versions.Assessed(json.load(stream), newest.on)
