"""The watch: every day it looks at what certified parks report and at the calendar, and opens cases."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from lingtan.certificate.lifecycle.records import find_grounds
from lingtan.certificate.lifecycle.rules import find_standing
from lingtan.certificate.lifecycle.watching import Observed, Sighting
from lingtan.errors import LingtanError
from lingtan.standards import load_edition
from lingtan_web.assessments.models import Calculation, State
from lingtan_web.assessments.services import PREVIEW
from lingtan_web.audit.services import SYSTEM
from lingtan_web.certificates.models import Certificate
from lingtan_web.certificates.observing import find_new, observe
from lingtan_web.certificates.queries import find_lives, read_life
from lingtan_web.certificates.services.entering import open_case
from lingtan_web.storage import open_stored


@dataclass(frozen=True, slots=True)
class Newest:
    """The newest finished assessment of a certified park under the edition of its certificate."""

    export: Mapping[str, Any]
    on: date
    finished_on: date


def watch_all(at: datetime | None = None) -> int:
    """Open a case for every ground that stands out and was not judged yet; how many were opened.

    What is found of one park does not keep the others from being looked at.
    """
    moment = at or timezone.now()
    day, opened = timezone.localdate(moment), 0
    running = Certificate.objects.filter(valid_from__lte=day, valid_until__gte=day).select_related("park")
    for certificate, life in list(find_lives(running)):
        if find_standing(life).ended is None:
            opened += _watch_one(certificate, moment)
    return opened


def _watch_one(certificate: Certificate, at: datetime) -> int:
    opened = 0
    for sighting in propose_cases(certificate, at):
        try:
            open_case(SYSTEM, certificate, sighting.ground, _say(sighting), at=at)
        except LingtanError as error:
            if {one.code for one in error.faults} - {
                "certificate.case-open",
                "certificate.changed-meanwhile",
            }:
                raise
        else:
            opened += 1
    return opened


def propose_cases(certificate: Certificate, at: datetime | None = None) -> list[Sighting]:
    """The grounds that the watch sees now."""
    day, newest = timezone.localdate(at), find_newest(certificate)
    observed, seen_on = Observed(), day
    if newest is not None:
        edition = load_edition(certificate.edition)
        observed, seen_on = observe(newest.export, edition, certificate.stars), newest.finished_on
    return list(find_new(read_life(certificate), observed, day, seen_on=seen_on))


def find_newest(certificate: Certificate) -> Newest | None:
    """That of the newest year, finished after the certificate was issued; trials of the park do not count."""
    done = Calculation.objects.filter(
        version__dossier__park=certificate.park_id, state=State.DONE, results__edition=certificate.edition,
        finished_at__gt=certificate.at,
    ).exclude(version__label=PREVIEW)  # fmt: skip
    found = done.order_by("-version__dossier__year", "-version__number", "-on", "-pk").first()
    if found is None or found.finished_at is None:
        return None
    with open_stored(found.artefacts[f"assessment-{certificate.edition}.json"]) as stream:
        return Newest(json.load(stream), found.on, timezone.localdate(found.finished_at))


def _say(sighting: Sighting) -> str:
    """The published reason of a case that the software opens: what was seen, and that people decide."""
    ground = find_grounds()[sighting.ground]
    return (
        f"软件监测：{ground.zh}（{sighting.seen}）。是否成立、如何处理，由管理方听取园区意见后决定。\n"
        f"Seen by the software: {ground.en} ({sighting.seen}). People decide after the park was heard."
    )
