"""Who may do what to certificates, and that one waits for the other."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from lingtan_web.audit.models import ChainHead
from lingtan_web.audit.services import Actor, HasSlug, recorded
from lingtan_web.organisations.models import Membership, User
from lingtan_web.parks.models import Park
from lingtan_web.reviews.services.acting import find_actor
from lingtan_web.roles import Role


def find_scheme_person(actor: Actor) -> User:
    """A person of the scheme; PermissionDenied for everyone else."""
    held = Membership.objects.filter(
        user=actor.user_id or 0, role=Role.SCHEME, ended_at=None, user__is_active=True
    )
    found = held.select_related("user").first()
    if found is None:
        raise PermissionDenied
    return found.user


def find_person(actor: Actor, park: Park, *roles: Role) -> User:
    """A person who has one of the roles for a park; PermissionDenied for everyone else."""
    user, held = find_actor(actor, park)
    if not held & set(roles):
        raise PermissionDenied
    return user


@contextmanager
def taking_turns() -> Iterator[None]:
    """One transaction in which whoever comes second waits at the beginning and sees what the first has done.

    The published lists are made of all certificates: of two events at once the later must see the earlier.
    """
    with transaction.atomic():
        ChainHead.objects.select_for_update().get_or_create(id=1)
        yield


@contextmanager
def one_at_a_time(
    actor: Actor, act: str, *, park: HasSlug | None = None, subject: str = ""
) -> Iterator[dict[str, Any]]:
    """`recorded` within `taking_turns`."""
    with taking_turns(), recorded(actor, act, park=park, subject=subject) as details:
        yield details
