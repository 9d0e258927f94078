"""One meter for the house: what a landlord buys, shared among its tenants by a key."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from lingtan.dossier.records import Row
from lingtan.dossier.registers import Carrier, carriers
from lingtan.errors import fault
from lingtan.inventory.activities import cell
from lingtan.inventory.completeness import TOPIC_OF_KIND, read_series
from lingtan.inventory.lines import Draft, negative, number, total
from lingtan.inventory.members.allocation import User, Whole, allocate
from lingtan.inventory.members.amounts import lacking
from lingtan.inventory.members.deliveries import PLACES, USED, Delivery, in_used_unit, row_gap, say_fuel
from lingtan.inventory.setting import Setting
from lingtan.inventory.sources.heat import Heats
from lingtan.periods import Period
from lingtan.trace import Gap, Node

REGISTER = "leases"
_MEASURES = {
    "floor_area": ("floor_area_m2", "m2"),
    "occupancy": ("occupancy_percent", "percent"),
    "volume": ("volume_m3", "m3"),
    "metered": ("metered", ""),
    "hours": ("hours", "hour"),
}
_COMMON = ""  # what no sub-meter counts


@dataclass(frozen=True, slots=True)
class House:
    """The rows of one landlord, carrier and period."""

    landlord: str
    carrier: Carrier
    period: Period
    rows: tuple[Row, ...]

    @property
    def name(self) -> str:
        """What traces call it."""
        return f"{REGISTER}[{self.period}/{self.landlord}/{self.carrier.name}]"


def find_leases(
    setting: Setting, heats: Heats, transfers: Sequence[Delivery], draft: Draft
) -> list[Delivery]:
    """What tenants receive: shares of what their landlord bought, sold and handed on by rows taken off."""
    return [
        one
        for house in _houses(setting, transfers, draft)
        for one in _shared(setting, heats, house, transfers, draft)
    ]


def _houses(setting: Setting, transfers: Sequence[Delivery], draft: Draft) -> Iterator[House]:
    """Rows that can be used; a pair that the transfers name is theirs."""
    named = {(one.sender, one.receiver, one.carrier.name) for one in transfers}
    groups: defaultdict[tuple[str, str], dict[Period, list[Row]]] = defaultdict(dict)
    for row in read_series(setting.dossier, REGISTER, setting.year, draft):
        carrier, period = carriers().get(row.text("carrier")), row.values.get("period")
        landlord, tenant = row.text("landlord"), row.text("tenant")
        if carrier is None or not isinstance(period, Period):
            draft.gaps.append(row_gap(row, "carrier"))
        elif carrier.kind not in USED:
            draft.faults.append(say_fuel(row, carrier, landlord))
        elif (landlord, tenant, carrier.name) in named:
            words = {"landlord": landlord, "tenant": tenant, "carrier": carrier.zh, "name": carrier.en}
            draft.faults.append(fault("inventory.lease-and-transfer", row.at("tenant"), **words))
        else:
            groups[landlord, carrier.name].setdefault(period, []).append(row)
    for (landlord, name), by_period in sorted(groups.items()):
        houses = [House(landlord, carriers()[name], period, tuple(rows))
                  for period, rows in sorted(by_period.items(), key=lambda item: str(item[0]))]  # fmt: skip
        months = {bool(house.period.month) for house in houses}
        for house in houses:
            keys = {row.text("key") for row in house.rows}
            if len(months) > 1 or len(keys) > 1:
                code = "inventory.lease-periods" if len(months) > 1 else "inventory.lease-keys"
                draft.faults.append(fault(code, house.rows[0].place, landlord=landlord, name=house.name))
                draft.gaps.append(row_gap(house.rows[0], "period" if len(months) > 1 else "key"))
            else:
                yield house


def _shared(
    setting: Setting, heats: Heats, house: House, transfers: Sequence[Delivery], draft: Draft
) -> Iterator[Delivery]:
    common = _common(setting, heats, house, transfers, draft)
    key = house.rows[0].text("key")
    users = [User(row.text("tenant"), _measures(row)) for row in house.rows]
    whole = Whole(common, _COMMON) if key == "metered" else None
    found = allocate(common, users, key, whole=whole, places=PLACES)
    draft.faults.extend(found.faults)
    partly = _lacks(setting, house)
    for row in house.rows:
        share = found.shares[row.text("tenant")]
        refused = (row_gap(row, "key"),) if found.faults else ()
        gaps = (*share.gaps, *refused, *partly) if share.value is None else partly
        draft.gaps.extend(gap for gap in gaps if gap not in draft.gaps)
        if row.text("tenant") != house.landlord:
            quantity = None if share.value is None else share
            yield Delivery(
                house.landlord, row.text("tenant"), house.carrier, house.period, row.key, quantity, row, gaps
            )


def _measures(row: Row) -> dict[str, Node]:
    found = {}
    for name, (column, unit) in _MEASURES.items():
        unit = unit or row.text("metered_unit")
        known = row.number(column) is not None and unit
        asked = Gap(f"{REGISTER}[{row.key}].{column}", row.text("landlord"), row.at(column))
        found[name] = cell(row, column, unit) if known else lacking(asked.datum, unit or "MWh", asked)
    return found


def _lacks(setting: Setting, house: House) -> tuple[Gap, ...]:
    """Months of what the landlord bought that nobody handed in."""
    lacking_ = setting.lacking.of(TOPIC_OF_KIND[house.carrier.kind])
    return tuple(gap for gap in lacking_ if gap.asked_of == house.landlord)


def _common(
    setting: Setting, heats: Heats, house: House, transfers: Sequence[Delivery], draft: Draft
) -> Node:
    """Bought, less sold, less what rows of the transfers hand on, in the period of the house."""
    name, unit = f"{house.name}.common", "MWh" if house.carrier.kind == "electricity" else "GJ"
    first, month = house.rows[0], house.period.month
    own = [
        one
        for one in setting.uses("purchased", "sold", kinds=(house.carrier.kind,))
        if one.enterprise == house.landlord and one.carrier == house.carrier
    ]
    handed = [one for one in transfers if (one.sender, one.carrier) == (house.landlord, house.carrier)]
    if not any(one.use == "purchased" for one in own):
        words = {"landlord": house.landlord, "carrier": house.carrier.zh, "name": house.carrier.en}
        draft.faults.append(fault("inventory.lease-without-purchase", first.place, **words))
        return lacking(name, unit, Gap(f"energy_activity[{house.landlord}/{house.carrier.name}/purchased]",
                                       house.landlord, first.place))  # fmt: skip
    if month and not all([one.period.month for one in own] + [one.period.month for one in handed]):
        words = {"landlord": house.landlord, "name": house.name}
        draft.faults.append(fault("inventory.lease-periods", first.at("period"), **words))
        return lacking(name, unit, row_gap(first, "period"))
    parts = [(in_used_unit(one, heats, draft), one.use == "purchased") for one in own
             if not month or one.period.month == month]  # fmt: skip
    parts += [(one.quantity, False) for one in handed if not month or one.period.month == month]
    nodes = [node if is_in else negative(node) for node, is_in in parts if node is not None]
    if len(nodes) < len(parts):
        return lacking(name, unit, row_gap(first, "carrier"))
    found = total(name, nodes, unit)
    if number(found) < Decimal(0):
        words = {"landlord": house.landlord, "name": house.name, "amount": f"{-number(found):f}"}
        draft.faults.append(fault("inventory.lease-over-purchase", first.place, unit=unit, **words))
        return lacking(name, unit, row_gap(first, "carrier"))
    return found
