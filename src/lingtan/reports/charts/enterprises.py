"""Emissions of the largest enterprises, each in its own view."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from lingtan.errors import Language
from lingtan.inventory.records import Inventory, Member
from lingtan.quantities import add_exactly
from lingtan.reports.charts.records import Chart
from lingtan.reports.charts.stacked import Stack, draw_stacks
from lingtan.reports.charts.style import Colour, Speaker, load_style
from lingtan.reports.charts.totals import PARTIAL, ZERO, Total
from lingtan.reports.fonts import shortened

LARGEST = 15
_SAID_IN_ALT = 3
_ALT_NAME_PX = 240
_NO_NAMES: Mapping[str, str] = {}


def build_enterprise_chart(
    inventory: Inventory, *, names: Mapping[str, str] = _NO_NAMES, language: Language = "zh"
) -> Chart | None:
    """Scope 1 and location-based scope 2 of the 15 largest members and of the others (tCO2e).

    `names` by id are shown instead of ids: the caller masks confidential ones there. None where no
    member has emissions.
    """
    speaker = Speaker("enterprises", language)
    known = _ranked(inventory.members)
    if not any(total_of(member) for member in known):
        return None
    stacks = [_stack([one], _name(one, names, speaker), speaker) for one in known[:LARGEST]]
    listed = [f"{_short(stack.label)} {stack.said}" for stack in stacks[:_SAID_IN_ALT]]
    if others := known[LARGEST:]:
        stacks.append(_stack(others, speaker.say("others", count=len(others)), speaker))
    legend: dict[str, Colour] = {speaker.say("scope1_short"): "deep", speaker.say("scope2_short"): "mid"}
    words = {"method": inventory.method, "year": inventory.year, "count": len(known)}
    notes = _notes(stacks, len(inventory.members) - len(known), speaker)
    return Chart(
        id="enterprises",
        title=speaker.say("title", **words),
        caption=speaker.say("caption", gwp=inventory.gwp, **words) + notes,
        spec=draw_stacks(stacks, legend, speaker, row_px=load_style().dense_row_px),
        alt=speaker.say("alt", listed=speaker.listed(listed), **words),
    )


def _ranked(members: Sequence[Member]) -> list[Member]:
    """Members of which something is known, the largest first."""
    known = [member for member in members if total_of(member) is not None]
    return sorted(known, key=lambda member: (-(total_of(member) or ZERO), member.enterprise))


def _notes(stacks: Sequence[Stack], unknown: int, speaker: Speaker) -> str:
    notes = speaker.say("not_known", count=unknown) if unknown else ""
    return notes + (speaker.say("partial") if any(one.said.endswith(PARTIAL) for one in stacks) else "")


def _short(name: str) -> str:
    return shortened(name, _ALT_NAME_PX, load_style().text_px)


def total_of(member: Member) -> Decimal | None:
    """Scope 1 and location-based scope 2; None if neither is known."""
    known = [v for v in (member.scope1_tco2e, member.scope2_location_tco2e) if v is not None]
    return add_exactly(known) if known else None


def _name(member: Member, names: Mapping[str, str], speaker: Speaker) -> str:
    if not member.enterprise:
        return speaker.say("whole_park")
    return names.get(member.enterprise) or member.enterprise


def _stack(members: Sequence[Member], label: str, speaker: Speaker) -> Stack:
    has_gaps = any(member.gaps for member in members)
    scope1 = _sum([member.scope1_tco2e for member in members], has_gaps=has_gaps)
    scope2 = _sum([member.scope2_location_tco2e for member in members], has_gaps=has_gaps)
    whole = Total(add_exactly((scope1.drawn, scope2.drawn)), scope1.is_partial or scope2.is_partial)
    parts = ((speaker.say("scope1_short"), scope1), (speaker.say("scope2_short"), scope2))
    return Stack(label, parts, whole.said(""))


def _sum(values: Sequence[Decimal | None], *, has_gaps: bool) -> Total:
    """What is known of one scope; not the whole where a value or anything in the members is lacking."""
    return Total(add_exactly(value or ZERO for value in values), has_gaps or None in values)
