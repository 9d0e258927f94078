"""Who sees a document in the list, who may open its file, who may change it."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass

from lingtan_web.roles import Role


@dataclass(frozen=True, slots=True)
class Viewer:
    """What a person is for the park: roles, and the organisations for which they hold a role here."""

    roles: Set[Role]
    organisations: Set[int]


@dataclass(frozen=True, slots=True)
class Guarded:
    """What a decision rests on. `is_sealed`: an enterprise keeps it from the park; `is_listed`: this year."""

    owner: int
    is_confidential: bool
    is_sealed: bool
    is_listed: bool


_EVALUATING = frozenset((Role.EVALUATOR, Role.BODY))


def is_owner(viewer: Viewer, document: Guarded) -> bool:
    """Whether it belongs to an organisation the person works for."""
    return document.owner in viewer.organisations


def can_list(viewer: Viewer, document: Guarded) -> bool:
    """Whether the person sees that the document exists, with its title: enterprises only their own."""
    if is_owner(viewer, document) or viewer.roles & {Role.PARK, Role.SCHEME}:
        return True
    return document.is_listed and bool(viewer.roles & {*_EVALUATING, Role.EXPERT})


def can_open(viewer: Viewer, document: Guarded) -> bool:
    """Whether the person may read the file.

    Confidential: the owner, evaluators under a mandate, and the park unless it is sealed. Else: all who
    see it in the list. What is sealed is confidential.
    """
    if not can_list(viewer, document):
        return False
    if is_owner(viewer, document) or (viewer.roles & _EVALUATING and document.is_listed):
        return True
    if document.is_sealed:
        return False
    return not document.is_confidential or Role.PARK in viewer.roles


def can_change(viewer: Viewer, document: Guarded) -> bool:
    """Whether the person may give a new version or change what its row says: the owner alone."""
    return is_owner(viewer, document) and bool(viewer.roles & {Role.PARK, Role.ENTERPRISE})
