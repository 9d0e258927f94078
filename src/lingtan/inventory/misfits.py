"""Rows that make no line by nature: a use that does not go with its carrier, what is made inside."""

from __future__ import annotations

from collections.abc import Iterator

from lingtan.errors import Fault, fault
from lingtan.inventory.activities import rows_of_year
from lingtan.inventory.lines import Draft, Part
from lingtan.inventory.setting import Setting
from lingtan.inventory.sources.combustion import BURNT
from lingtan.inventory.sources.heat import KINDS as HEATS
from lingtan.trace import Gap


def find_outside(setting: Setting, *registers: str) -> Iterator[Fault]:
    """A note on every row of the year of `registers`, which the method does not count."""
    for name in registers:
        for row in rows_of_year(setting.dossier, name, setting.year):
            yield fault("inventory.outside-method", row.place, row=row.key, method=setting.method.id)


def find_misfits(setting: Setting) -> Part:
    """Power or heat said to be burnt is an error and a gap; what own fuel made inside is only named."""
    draft = Draft()
    for activity in setting.uses(*BURNT, "feedstock", kinds=("electricity", *HEATS)):
        words = {"carrier": activity.carrier.zh, "name": activity.carrier.en}
        draft.faults.append(fault("inventory.use-misfit", activity.at("use"), row=activity.ref, **words))
        draft.gaps.append(
            Gap(f"energy_activity[{activity.ref}].use", activity.enterprise, activity.at("use"))
        )
    inside = setting.uses("own_generation", kinds=("electricity", *HEATS))
    for activity in (one for one in inside if not one.carrier.group.startswith("renewable")):
        words = {"carrier": activity.carrier.zh, "name": activity.carrier.en}
        draft.faults.append(fault("inventory.made-inside", activity.at("use"), row=activity.ref, **words))
    for (enterprise, carrier), row in sorted(setting.fuels.properties.items()):
        if carrier.endswith("electricity"):
            draft.faults.append(fault("inventory.electricity-own-factor", row.place, enterprise=enterprise))
    return draft.done()
