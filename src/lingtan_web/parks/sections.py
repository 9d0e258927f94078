"""The navigation of a park: one list, each entry shown to those who may open it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse

from lingtan_web.languages import say
from lingtan_web.roles import Role

EVERYONE = frozenset(Role)
INSIDERS = frozenset([Role.PARK, Role.SCHEME])


@dataclass(frozen=True, slots=True)
class Section:
    """An entry: where it stands, its words, the view it opens, who sees it, the views that belong to it."""

    place: int
    zh: str
    en: str
    view: str
    roles: frozenset[Role] = EVERYONE
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry as the page shows it."""

    label: str
    url: str
    is_current: bool


_DOSSIER_PAGES = (
    "dossier", "dossier-faults", "dossier-profile", "register", "dossier-history", "dossier-revision",
    "import-dossier", "import-preview", "dossier-versions", "dossier-readings", "enterprise-parts",
)  # fmt: skip
_EVIDENCE_PAGES = ("evidence-library", "evidence-document", "evidence-missing")

SECTIONS: list[Section] = [
    Section(20, "档案", "Dossier", "dossiers", EVERYONE - {Role.EXPERT}, _DOSSIER_PAGES),
    Section(30, "园区边界", "Boundary", "boundary-latest", also=("boundary",)),
    Section(40, "证明材料", "Evidence", "evidence", also=_EVIDENCE_PAGES),
    Section(
        50, "创建流程", "Process", "process", also=("process-board", "process-measures", "task", "new-task")
    ),
    Section(70, "参与各方", "Who takes part", "park-people", frozenset([Role.PARK, Role.SCHEME, Role.BODY])),
    Section(80, "变更记录", "Log", "park-log", INSIDERS),
]
"""By `place`, in the order of the work; results (10) and review (60) are added by their apps."""


def find_sections(request: HttpRequest) -> list[Entry]:
    """What the person may open in the park of this page; none outside of a park."""
    park, access = getattr(request, "park", None), getattr(request, "access", None)
    if park is None or access is None:
        return []
    return list(_entries(request, park.slug, access.roles))


def _entries(request: HttpRequest, slug: str, roles: frozenset[Role]) -> Iterator[Entry]:
    current = request.resolver_match.url_name if request.resolver_match else ""
    for section in sorted(SECTIONS, key=lambda one: one.place):
        if roles & section.roles:
            is_current = current == section.view or current in section.also
            yield Entry(say(section.zh, section.en), reverse(section.view, kwargs={"park": slug}), is_current)
