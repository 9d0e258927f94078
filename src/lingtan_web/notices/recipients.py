"""Who plays which part now: read once, then asked without queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from lingtan_web.organisations.models import Membership, User
from lingtan_web.parks.access import SOURCES, current_mandates
from lingtan_web.parks.models import Mandate, Park, ParkEnterprise
from lingtan_web.roles import Role

People = frozenset[int]
NOBODY: People = frozenset()


@dataclass(frozen=True, slots=True)
class Parts:
    """People by organisation and role, mandates by park and year, places of enterprises, seats of experts."""

    held: Mapping[tuple[int, Role], People]
    mandates: Mapping[tuple[int, int], tuple[tuple[Mandate, People], ...]]
    places: frozenset[tuple[int, int]]
    experts: Mapping[int, People]

    def everyone(self, role: Role) -> People:
        """All people who hold a role anywhere."""
        return frozenset().union(*(people for (_, held), people in self.held.items() if held is role))

    def find(self, role: Role, park: Park, year: int, organisation: int | None) -> People:
        """The people of a part at a park and year; of one organisation where it is named."""
        if role is Role.PARK:
            return self.held.get((park.operator_id, role), NOBODY)
        if role is Role.SCHEME:
            return self.everyone(role)
        if role is Role.ENTERPRISE:
            is_placed = (park.pk, organisation) in self.places
            return self.held.get((organisation or 0, role), NOBODY) if is_placed else NOBODY
        if role is Role.EXPERT:
            return self.experts.get(park.pk, NOBODY)
        return frozenset().union(*self._mandated(role, park, year, organisation))

    def _mandated(self, role: Role, park: Park, year: int, organisation: int | None) -> Iterator[People]:
        for mandate, evaluators in self.mandates.get((park.pk, year), ()):
            if organisation in (None, mandate.body_id):
                members = self.held.get((mandate.body_id, role), NOBODY)
                yield members if role is Role.BODY else members & evaluators


def load_parts(today: date) -> Parts:
    """The parts as they are on a day: four queries, and one for each expert where experts have seats."""
    held: dict[tuple[int, Role], set[int]] = defaultdict(set)
    members = Membership.objects.filter(ended_at=None, user__is_active=True)
    for organisation, role, user in members.values_list("organisation", "role", "user"):
        held[organisation, Role(role)].add(user)
    mandates: dict[tuple[int, int], list[tuple[Mandate, People]]] = defaultdict(list)
    for mandate in current_mandates(today).prefetch_related("evaluators"):
        people = frozenset(one.pk for one in mandate.evaluators.all())
        mandates[mandate.park_id, mandate.year].append((mandate, people))
    places = ParkEnterprise.objects.exclude(organisation=None).values_list("park", "organisation")
    return Parts(
        {key: frozenset(people) for key, people in held.items()},
        {key: tuple(given) for key, given in mandates.items()},
        frozenset((park, organisation) for park, organisation in places if organisation is not None),
        _seats(today),
    )


def _seats(today: date) -> dict[int, People]:
    seats: dict[int, set[int]] = defaultdict(set)
    if Role.EXPERT in SOURCES:
        experts = Membership.objects.filter(ended_at=None, role=Role.EXPERT, user__is_active=True)
        for expert in User.objects.filter(pk__in=experts.values("user")):
            for park in SOURCES[Role.EXPERT](expert, today).values_list("pk", flat=True):
                seats[park].add(expert.pk)
    return {park: frozenset(people) for park, people in seats.items()}
