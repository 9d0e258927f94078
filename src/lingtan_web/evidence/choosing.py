"""What people choose from: documents by their words and state, and for whom a document is handed in."""

from __future__ import annotations

from collections.abc import Sequence

from lingtan_web.evidence.queries import Item
from lingtan_web.evidence.rules import Viewer
from lingtan_web.evidence.wanting import State
from lingtan_web.organisations.models import Organisation
from lingtan_web.roles import Role

HANDING_IN = frozenset([Role.PARK, Role.ENTERPRISE])
SHOWN: dict[str, Sequence[State]] = {
    "absent": (State.ABSENT, State.CHANGED),
    "expired": (State.EXPIRED,),
    "here": (State.HERE,),
}
"""States by the name under which one looks for them."""


def matches(item: Item, wanted: str, state: str) -> bool:
    """Whether a document has `wanted` in its words, and (if `state` is one of `SHOWN`) stands so."""
    words = " ".join((item.entry.id, item.entry.title, item.entry.supports, item.entry.file)).lower()
    return wanted.lower() in words and (state not in SHOWN or item.state in SHOWN[state])


def find_owners(viewer: Viewer) -> list[Organisation]:
    """The organisations for which a person may hand in documents, the usual one first."""
    if not viewer.roles & HANDING_IN:
        return []
    return list(Organisation.objects.filter(pk__in=viewer.organisations).order_by("kind", "pk"))
