"""What the core finds in a working dossier as a whole; kept until the dossier changes.

Pages do not wait for the check of a large dossier: the worker makes it, and they ask again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache

import lingtan
from lingtan.dossier.evidence import LIST
from lingtan.dossier.registers import Register
from lingtan.errors import Fault
from lingtan.version import VERSION
from lingtan_web.dossiers.checkouts import check_out_working, find_files
from lingtan_web.dossiers.limits import limit
from lingtan_web.dossiers.models import RegisterRow, WorkingDossier
from lingtan_web.dossiers.plans import keep_fault, read_faults
from lingtan_web.dossiers.scopes import Scope
from lingtan_web.dossiers.wording import column_label
from lingtan_web.languages import current_language

KEPT_SECONDS = 7 * 24 * 3600
ASKED_SECONDS = 300
"""A check that the worker was asked for and that has not come by then was given up: it is asked for anew."""
_HEADING = 1
_OF_FILES = ("dossier.evidence-file-missing", "dossier.evidence-not-listed")


@dataclass(frozen=True, slots=True)
class Spot:
    """A fault of a dossier; `index` is the place of its row in the register, from 0, None if it has none."""

    fault: Fault
    register: str
    index: int | None
    column: str

    @property
    def label(self) -> str:
        """The words of its column."""
        return column_label(self.register, self.column, current_language())


def find_spots(dossier: WorkingDossier, scope: Scope) -> list[Spot]:
    """Every fault of the dossier; for an enterprise those of its own rows. Checks if nothing is kept."""
    if not scope.is_whole:
        return [_spot(one) for one in _check(dossier, scope)]
    kept = _kept(dossier)
    if kept is None:
        kept = [keep_fault(one) for one in _check(dossier, scope)]
        cache.set(_key(dossier), (dossier.revision, kept), KEPT_SECONDS)
    return [_spot(one) for one in read_faults(kept)]


def ask_spots(dossier: WorkingDossier, scope: Scope) -> list[Spot] | None:
    """The same for a page: None where the dossier is large and the worker is still to check it."""
    if not scope.is_whole or _kept(dossier) is not None or not _is_large(dossier):
        return find_spots(dossier, scope)
    if cache.add(f"dossier-check-asked-{dossier.pk}-{dossier.revision}", VERSION, ASKED_SECONDS):
        from lingtan_web.dossiers.tasks import check

        check.enqueue(dossier.pk)
    return None


def _is_large(dossier: WorkingDossier) -> bool:
    return RegisterRow.objects.filter(dossier=dossier).count() > limit("check_rows")


def _kept(dossier: WorkingDossier) -> list[Any] | None:
    """What was found in the dossier as it stands."""
    revision, kept = cache.get(_key(dossier), (None, None))
    return kept if revision == dossier.revision else None


def _key(dossier: WorkingDossier) -> str:
    """One for each dossier, so that what was found before its last change does not stay."""
    return f"dossier-spots-{dossier.pk}-{VERSION}"


def _check(dossier: WorkingDossier, scope: Scope) -> list[Fault]:
    there = set(find_files(dossier, with_pushed=False)) if scope.is_whole else set()
    with check_out_working(dossier, scope, with_files=False) as folder:
        faults = lingtan.check_dossier(folder)
    if scope.is_whole:
        return [one for one in faults if not _is_there(one, there)]
    unseen = ("dossier.unknown-reference", "dossier.evidence-unknown", *_OF_FILES)
    return [one for one in faults if _register_of(one.place.file) and one.code not in unseen]


def _is_there(one: Fault, there: set[str]) -> bool:
    """Whether a file that the reader missed is kept with the dossier (it was not laid out to be read)."""
    return one.code == "dossier.evidence-file-missing" and f"evidence/{one.context['file']}" in there


def _spot(one: Fault) -> Spot:
    register = _register_of(one.place.file)
    index = one.place.row - _HEADING - 1 if register and one.place.row > _HEADING else None
    if register and "other" in one.context:  # a row of the file; people count the rows of the grid
        one = Fault(one.code, one.place, {**one.context, "other": str(int(one.context["other"]) - _HEADING)})
    return Spot(one, register, index, one.place.column)


def _register_of(file: str) -> str:
    if file == LIST:
        return "evidence"
    return file.removeprefix("registers/").removesuffix(".csv") if file.startswith("registers/") else ""


def count_severities(spots: Iterable[Spot]) -> dict[str, Counter[str]]:
    """How many errors, warnings and notes each register has; those of no register under ``""``."""
    found: dict[str, Counter[str]] = {}
    for spot in spots:
        found.setdefault(spot.register, Counter())[spot.fault.severity] += 1
    return found


def find_next(spots: Iterable[Spot], register: Register, after: int) -> dict[str, Any] | None:
    """The first error or warning of a register behind the row `after` (from 1), else its very first."""
    told = [
        (spot.index, spot.column)
        for spot in spots
        if spot.register == register.name and spot.index is not None and spot.fault.severity != "note"
    ]
    later = [one for one in told if one[0] >= after] or told
    return {"index": min(later)[0], "column": min(later)[1]} if later else None
