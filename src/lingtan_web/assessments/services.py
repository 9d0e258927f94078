"""Asking for a calculation, and the changes of state on its way."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from django.db.models import Q
from django.utils import timezone
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from lingtan.dossier.contents import BOUNDARY, PARK
from lingtan.dossier.evidence import LIST
from lingtan.errors import LingtanError, Place, fault
from lingtan.standards import list_editions
from lingtan.standards.records import EditionHead
from lingtan.version import VERSION
from lingtan_web.assessments.models import Calculation, EditionResult, State
from lingtan_web.audit.services import SYSTEM, Actor, recorded
from lingtan_web.dossiers.checkouts import find_files
from lingtan_web.dossiers.models import DossierVersion, WorkingDossier
from lingtan_web.dossiers.services.freezing import freeze_version
from lingtan_web.storage import open_stored

PREVIEW = "试算 preview"
DEFAULT_EDITION = "sh-seesa-zctp-2024"
STALE_AFTER = timedelta(minutes=15)
"""A run that has not finished after so long was given up: killed, or the machine went away."""


@cache
def find_editions() -> tuple[EditionHead, ...]:
    """The editions of this site: read once, they are files of the software."""
    return tuple(one.head for one in list_editions() if one.head is not None)


def choose_editions(wanted: Sequence[str], version: DossierVersion) -> tuple[str, ...]:
    """The editions named, else those of the dossier, else the standard of the scheme.

    LingtanError (cockpit.unknown-edition) for one that we do not have.
    """
    known = {one.id for one in find_editions()}
    own = [one for one in _read_editions(version) if one in known]
    chosen = tuple(dict.fromkeys(wanted or own or (DEFAULT_EDITION,)))
    if unknown := [one for one in chosen if one not in known]:
        names = "、".join(sorted(known))
        raise LingtanError([fault("cockpit.unknown-edition", given=one[:60], known=names) for one in unknown])
    return chosen


def _read_editions(version: DossierVersion) -> Sequence[str]:
    """The editions that the version's park.yaml names; none where it does not say, or says it wrongly."""
    if "park.yaml" not in version.manifest:
        return ()
    with open_stored(version.manifest["park.yaml"]) as stream:
        try:
            told = YAML(typ="safe").load(stream)
        except YAMLError:
            return ()  # the calculation will say what is wrong
    reporting = told.get("reporting") if isinstance(told, dict) else None
    editions = reporting.get("editions") if isinstance(reporting, dict) else None
    return [one for one in editions if isinstance(one, str)] if isinstance(editions, list) else ()


def ask_calculation(
    actor: Actor, *, version: DossierVersion, on: date, editions: Sequence[str] = ()
) -> Calculation:
    """The calculation of `version` under `editions` as of `on`, put into the queue if it is not made.

    Asked again: a done one is given as it is, one that runs too, a failed or abandoned one is begun anew.
    """
    park, chosen = version.dossier.park, choose_editions(editions, version)
    subject = f"{park.slug}/{version.dossier.year}/v{version.number}"
    with recorded(actor, "calculation.asked", park=park, subject=subject) as details:
        details |= {"on": on.isoformat(), "editions": list(chosen)}
        found, is_new = Calculation.objects.select_for_update().get_or_create(
            version=version,
            on=on,
            editions_key=",".join(chosen),
            software=f"lingtan {VERSION}",
            defaults={"editions": list(chosen), "asked_by_id": actor.user_id},
        )
        if is_new or found.state == State.FAILED or is_abandoned(found):
            _enqueue(found, actor)
    return found


def ask_preview(
    actor: Actor, *, dossier: WorkingDossier, on: date, editions: Sequence[str] = ()
) -> Calculation:
    """A calculation of the dossier as it stands: a version is frozen for it, which nobody has handed in.

    Nothing changed since the newest version: that one is taken. DossierError if it cannot be read.
    """
    newest = dossier.versions.order_by("-number").first()
    if newest is None or not _is_same(newest, dossier):
        newest = freeze_version(actor, dossier=dossier, label=PREVIEW)
    return ask_calculation(actor, version=newest, on=on, editions=editions)


def _is_same(version: DossierVersion, dossier: WorkingDossier) -> bool:
    """Whether the dossier is still what was frozen: no cell changed since, the same files beside them."""
    texts = {PARK, BOUNDARY, LIST}
    files = {
        path: sha256
        for path, sha256 in version.manifest.items()
        if path not in texts and not path.startswith("registers/")
    }
    return version.revision == dossier.revision and files == find_files(dossier)


def _enqueue(calculation: Calculation, actor: Actor) -> None:
    from lingtan_web.assessments.tasks import calculate

    calculation.state, calculation.attempt = State.QUEUED, ""
    calculation.asked_at, calculation.asked_by_id = timezone.now(), actor.user_id
    calculation.started_at = calculation.finished_at = None
    calculation.faults = []
    calculation.save()
    calculate.enqueue(calculation.pk)


def is_abandoned(calculation: Calculation, now: datetime | None = None) -> bool:
    """Whether nobody computes it any more although it is not finished."""
    since = calculation.started_at or calculation.asked_at
    is_open = calculation.state in (State.QUEUED, State.RUNNING)
    return is_open and (now or timezone.now()) - since > STALE_AFTER


def begin(calculation: int, runner: str = "") -> Calculation | None:
    """Take a calculation that is waiting (or was abandoned) for oneself; None if another has it.

    A task that runs again was killed the first time: it takes what it had begun.
    """
    now, attempt = timezone.now(), uuid.uuid4().hex
    stale = Q(state=State.RUNNING, started_at__lt=now - STALE_AFTER)
    mine = Q(state=State.RUNNING, runner=runner) if runner else stale
    waiting = Calculation.objects.filter(Q(state=State.QUEUED) | stale | mine, pk=calculation)
    try:
        with recorded(SYSTEM, "calculation.begun", subject=str(calculation)):
            if not waiting.update(state=State.RUNNING, attempt=attempt, runner=runner, started_at=now):
                raise _TakenError
    except _TakenError:
        return None
    return Calculation.objects.select_related("version__dossier__park").get(pk=calculation)


class _TakenError(Exception):
    """Another run has it: nothing is written."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a calculation came to: a sheet per edition, faults by code, files by name."""

    editions: Sequence[Mapping[str, Any]]
    faults: Sequence[Mapping[str, Any]]
    artefacts: Mapping[str, str]


def finish(calculation: Calculation, outcome: Outcome) -> bool:
    """Keep the outcome, all of it at once; False if the run was given up meanwhile."""
    park = calculation.version.dossier.park
    with recorded(SYSTEM, "calculation.done", park=park, subject=str(calculation.pk)) as details:
        mine = _mine(calculation)
        details["kept"] = mine is not None
        if mine is not None:
            EditionResult.objects.bulk_create(_results(mine, outcome))
            mine.artefacts, mine.faults = dict(outcome.artefacts), list(outcome.faults)
            _settle(mine, State.DONE)
    return mine is not None


def fail(calculation: Calculation, faults: Sequence[Mapping[str, object]]) -> None:
    """Say why it could not be computed."""
    park = calculation.version.dossier.park
    with recorded(SYSTEM, "calculation.failed", park=park, subject=str(calculation.pk)):
        mine = _mine(calculation)
        if mine is not None:
            mine.faults = list(faults)
            _settle(mine, State.FAILED)


def _mine(calculation: Calculation) -> Calculation | None:
    return (
        Calculation.objects.select_for_update()
        .filter(pk=calculation.pk, attempt=calculation.attempt, state=State.RUNNING)
        .first()
    )


def _settle(calculation: Calculation, state: State) -> None:
    calculation.state, calculation.finished_at = state, timezone.now()
    calculation.save()


def _results(calculation: Calculation, outcome: Outcome) -> list[EditionResult]:
    return [
        EditionResult(
            calculation=calculation,
            position=position,
            edition=sheet["edition"],
            name_zh=sheet["name"]["zh"],
            name_en=sheet["name"]["en"],
            headline=sheet["distance"]["headline"],
            stars=sheet["stars"],
            stage=sheet["stage"] or "",
            score=sheet["score"] or "",
            sheet=sheet,
        )
        for position, sheet in enumerate(outcome.editions)
    ]


def read_day(given: str) -> date:
    """The day a person typed, today if none; LingtanError (web.bad-day) if it is no day."""
    if not given:
        return timezone.localdate()
    try:
        return date.fromisoformat(given)
    except ValueError:
        raise LingtanError([fault("web.bad-day", Place(column="on"), given=given[:40])]) from None
