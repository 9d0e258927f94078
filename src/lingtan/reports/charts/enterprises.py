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
from lingtan.reports.charts.totals import PARTIAL, ZERO
from lingtan.reports.fonts import shortened
from lingtan.texts import number

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
    known = sorted(
        (member for member in inventory.members if total_of(member) is not None),
        key=lambda member: (-(total_of(member) or ZERO), member.enterprise),
    )
    if not any(total_of(member) for member in known):
        return None
    stacks = [_stack([one], _name(one, names, speaker), speaker) for one in known[:LARGEST]]
    if known[LARGEST:]:
        others = known[LARGEST:]
        stacks.append(_stack(others, speaker.say("others", count=len(others)), speaker))
    legend: dict[str, Colour] = {speaker.say("scope1_short"): "deep", speaker.say("scope2_short"): "mid"}
    unknown = len(inventory.members) - len(known)
    notes = speaker.say("not_known", count=unknown) if unknown else ""
    notes += speaker.say("partial") if any(stack.said.endswith(PARTIAL) for stack in stacks) else ""
    listed = [
        f"{shortened(_name(one, names, speaker), _ALT_NAME_PX, load_style().text_px)} {stack.said}"
        for one, stack in zip(known[:_SAID_IN_ALT], stacks, strict=False)
    ]
    words = {"method": inventory.method, "year": inventory.year, "count": len(known)}
    return Chart(
        id="enterprises",
        title=speaker.say("title", **words),
        caption=speaker.say("caption", gwp=inventory.gwp, **words) + notes,
        spec=draw_stacks(
            stacks, legend, axis=speaker.say("emissions_axis"), row_px=load_style().dense_row_px
        ),
        alt=speaker.say("alt", listed=speaker.listed(listed), **words),
    )


def total_of(member: Member) -> Decimal | None:
    """Scope 1 and location-based scope 2; None if neither is known."""
    known = [v for v in (member.scope1_tco2e, member.scope2_location_tco2e) if v is not None]
    return add_exactly(known) if known else None


def _name(member: Member, names: Mapping[str, str], speaker: Speaker) -> str:
    if not member.enterprise:
        return speaker.say("whole_park")
    return names.get(member.enterprise, member.enterprise)


def _stack(members: Sequence[Member], label: str, speaker: Speaker) -> Stack:
    scope1 = add_exactly(member.scope1_tco2e or ZERO for member in members)
    scope2 = add_exactly(member.scope2_location_tco2e or ZERO for member in members)
    parts = ((speaker.say("scope1_short"), scope1), (speaker.say("scope2_short"), scope2))
    mark = PARTIAL if any(_is_partial(member) for member in members) else ""
    return Stack(label, parts, number(add_exactly((scope1, scope2)), 0) + mark)


def _is_partial(member: Member) -> bool:
    return bool(member.gaps) or member.scope1_tco2e is None or member.scope2_location_tco2e is None
