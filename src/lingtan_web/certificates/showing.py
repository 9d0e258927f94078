"""What pages show of a certificate: how it stands and since when, its history, its cases, what is due."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from lingtan.certificate.bundle import DOSSIER
from lingtan.certificate.lifecycle.records import Case, Decided, Ground, Life, Replaced, find_grounds
from lingtan.certificate.lifecycle.rules import Standing as Lived
from lingtan.certificate.lifecycle.rules import find_standing, lapses_on, may_decide_from
from lingtan.certificate.lifecycle.watching import Date, find_dates
from lingtan.certificate.words import FieldText, find_fields
from lingtan_web.certificates.models import Certificate, Declaration
from lingtan_web.certificates.queries import Told, find_history, find_life, find_published, stands_on
from lingtan_web.certificates.words import Standing

FINGERPRINTS = ("boundary_sha256", "edition_sha256", "dossier_sha256", "result_sha256", "bundle_sha256")
FOLDERS = ("dossier/registers/", "dossier/readings/", "dossier/evidence/")
"""Parts of a dossier that are disclosed or withheld as a whole."""
_DAY = timedelta(days=1)


def find_since(life: Life, day: date) -> date | None:
    """The first day of how a certificate stands on `day`; None where that is before all that is known."""
    lapses = []
    for count in range(len(life.events) + 1):
        known = replace(life, events=life.events[:count])
        standing = find_standing(known)
        if not standing.ended:
            lapses.append(lapses_on(known, standing) + _DAY)
    days = {life.valid_from, life.valid_until + _DAY, *lapses, *(one.on for one in life.events)}
    since, before = None, None
    for one in sorted(one for one in days if one <= day):
        now = stands_on(life, one)
        if now != before:
            since, before = one, now
    return since


@dataclass(frozen=True, slots=True)
class CaseShown:
    """A case on a page: with its ground, and the first day it may be decided."""

    case: Case
    ground: Ground
    first_day: date
    is_ripe: bool


def list_cases(life: Life, day: date) -> list[CaseShown]:
    """The cases of a certificate, the newest first, as they stand on `day`."""
    grounds, found = find_grounds(), []
    for case in find_standing(life).cases.values():
        first = may_decide_from(life, case)
        found.append(CaseShown(case, grounds[case.ground], first, first <= day))
    return found[::-1]


@dataclass(frozen=True, slots=True)
class Group:
    """A folder of a bundle (or one file of it) that is published or not as a whole, and its files."""

    name: str
    files: tuple[str, ...]


def list_groups(files: Iterable[str]) -> list[Group]:
    """The files of a bundle by what a park chooses: folders as a whole, other files one by one."""
    found: dict[str, list[str]] = {}
    for name in files:
        if not name.startswith(DOSSIER):
            continue  # edition and result always belong to it
        folder = next((one for one in FOLDERS if name.startswith(one)), name)
        found.setdefault(folder, []).append(name)
    return [Group(name, tuple(names)) for name, names in sorted(found.items())]


def list_declarations(certificate: Certificate) -> list[Declaration]:
    """The park's yearly declarations, the newest first."""
    rows = Declaration.objects.filter(certificate=certificate).select_related("version", "by")
    return list(rows.order_by("-at", "-pk"))


class Shown:
    """A certificate on a page, as it stands on a day."""

    def __init__(self, certificate: Certificate, day: date) -> None:
        self.certificate, self.day = certificate, day
        self.facts: dict[str, Any] = certificate.facts
        self.life = find_life(certificate)
        self.state: Standing = stands_on(self.life, day)
        self.since = find_since(self.life, day)

    @cached_property
    def standing(self) -> Lived:
        """Where its events have led."""
        return find_standing(self.life)

    @cached_property
    def history(self) -> list[Told]:
        """What happened to it, the newest first: for its park and the scheme."""
        return find_history(self.certificate)[::-1]

    @cached_property
    def published(self) -> list[Told]:
        """What the public is told of it, the newest first."""
        return find_published(self.certificate)[::-1]

    @cached_property
    def dates(self) -> tuple[Date, ...]:
        """What lies ahead."""
        return find_dates(self.life)

    @property
    def successor(self) -> str | None:
        """The number of the certificate that took its place."""
        found = [one.by for one in self.life.events if isinstance(one, Decided | Replaced) and one.by]
        return found[-1] if found else None

    @property
    def fingerprints(self) -> list[tuple[FieldText, str]]:
        """SHA-256 of what it rests on, and of its credential, each with its name."""
        names = find_fields()
        credential = hashlib.sha256(self.certificate.credential.encode()).hexdigest()
        return [(names[one], self.facts[one]) for one in FINGERPRINTS] + [(names["credential"], credential)]

    @cached_property
    def cases(self) -> list[CaseShown]:
        """Its cases, the newest first."""
        return list_cases(self.life, self.day)

    @property
    def open_cases(self) -> list[CaseShown]:
        """Those that are not decided."""
        return [one for one in self.cases if not one.case.decided]

    @property
    def runs(self) -> bool:
        """Whether anything can still happen to it."""
        return not self.standing.ended and self.day <= self.life.valid_until
