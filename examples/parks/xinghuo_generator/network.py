"""The park's electricity, gas, heat, cold and water hour by hour, and the meters that see them.

Physics first: a tenant's load is met by its own PV, the rest is bought, a surplus is sold; the
utility's PV serves the utility, then the operator's distribution network, then the grid. The
small tenants in the operator's buildings are fed from that network. Meters are put on the flows
afterwards, and the activity data are what the meters counted.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import numpy as np

from xinghuo_generator.loads import chance, generation, load, spread
from xinghuo_generator.tenants import OPERATOR, UTILITY, Tenant, tenants

PURCHASED_HEAT_GJ = 38000  # from the city's heat network to the utility; the rest comes from its gas boilers
STEAM_T = 6000  # bought directly by the pharmaceutical plant
STEAM_BUYER = "E039"
LOSS_PERCENT = 4  # of the heat and cold network

TWO_FEEDERS = ("E001", "E015", "E016", "E024", "E027", "E046")
OFFLINE = (
    "E032-EL", "E034-EL", "E035-EL", "E036-EL", "E037-EL", "E049-EL", "E050-EL", "E051-EL", "E060-EL",
    "E032-NG", "E033-NG", "E036-NG", "E038-NG", "E060-NG",
    "E039-ST",
)  # fmt: skip
CUMULATIVE = ("E008-EL", "E013-EL", "E031-EL", "E041-EL", "E043-EL", "E048-EL")
WITH_SUBMETERS = (
    "E003", "E004", "E007", "E017", "E019", "E021", "E023", "E025", "E026", "E027", "E028", "E029", "E030",
    "E039", "E040",
)  # fmt: skip
_SHARES = {"P": 54, "H": 25}  # per cent: process, heating and ventilation
IT_SHARE_PERCENT = 77
WATER_METER_FROM_M3 = 22000


@dataclass(frozen=True, slots=True)
class Meter:
    """A meter and what it counted: hourly whole numbers of `unit`, multiples of `multiplier`."""

    id: str
    enterprise: str
    carrier: str
    role: str
    unit: str
    values: np.ndarray = field(repr=False)
    parent: str = ""
    multiplier: int = 1

    @property
    def online(self) -> bool:
        """Read by the platform every hour; the others are read by hand once a day."""
        return self.id not in OFFLINE

    @property
    def cumulative(self) -> bool:
        """Sends the state of its register instead of the energy of the interval."""
        return self.id in CUMULATIVE


def build_meters() -> tuple[Meter, ...]:
    """All meters of the park, sorted by id."""
    found = (*_electricity(), *_gas(), *_heat(), *_cold(), *_water())
    return tuple(sorted((_in_steps(meter) for meter in found), key=lambda meter: meter.id))


def _in_steps(meter: Meter) -> Meter:
    """What a meter with a transformer ratio resolves: values in steps of its multiplier."""
    mean = int(meter.values.sum()) // 8784
    ratio = next((step for step in (100, 40, 10) if mean >= 16 * step), 1)
    if ratio == 1 or meter.carrier != "electricity" or meter.cumulative:
        return meter
    counted = np.diff(meter.values.cumsum() // ratio, prepend=0) * ratio
    return replace(meter, values=counted, multiplier=ratio)


def _electricity() -> Iterator[Meter]:
    demand = np.zeros(8784, dtype=np.int64)
    for tenant in tenants():
        used = load(tenant.id, tenant.load, tenant.electricity_mwh * 1000)
        if tenant.hosted:
            demand += used
            yield Meter(f"{tenant.id}-EL", tenant.id, "electricity", "sub", "kWh", used, f"{OPERATOR.id}-EL")
        else:
            yield from _on_the_grid(tenant, used)
    yield from _operator_and_utility(demand)


def _on_the_grid(tenant: Tenant, used: np.ndarray) -> Iterator[Meter]:
    bought, made, sold = used, np.zeros_like(used), np.zeros_like(used)
    if tenant.pv_kw:
        made = generation(tenant.id, tenant.pv_kw)
        bought, sold = np.maximum(used - made, 0), np.maximum(made - used, 0)
        yield from _solar(tenant.id, made, sold)
    if tenant.id in TWO_FEEDERS:
        first = bought * 55 // 100
        yield Meter(f"{tenant.id}-EL1", tenant.id, "electricity", "supply", "kWh", first)
        yield Meter(f"{tenant.id}-EL2", tenant.id, "electricity", "supply", "kWh", bought - first)
    else:
        yield Meter(f"{tenant.id}-EL", tenant.id, "electricity", "supply", "kWh", bought)
    yield from _submeters(tenant, bought)


def _solar(owner: str, made: np.ndarray, sold: np.ndarray) -> Iterator[Meter]:
    yield Meter(f"{owner}-PV", owner, "electricity", "generation", "kWh", made)
    if sold.any():
        yield Meter(f"{owner}-EX", owner, "electricity", "export", "kWh", sold)


def _submeters(tenant: Tenant, bought: np.ndarray) -> Iterator[Meter]:
    if tenant.id == "E046":
        computing = bought * IT_SHARE_PERCENT // 100
        yield Meter("E046-IT", tenant.id, "electricity", "sub", "kWh", computing)
    if tenant.id not in WITH_SUBMETERS:
        return
    parent = f"{tenant.id}-EL1" if tenant.id in TWO_FEEDERS else f"{tenant.id}-EL"
    above = bought * 55 // 100 if tenant.id in TWO_FEEDERS else bought
    for letter, share in _SHARES.items():
        name = f"{tenant.id}-EL-{letter}"
        part = above * share // 100 * chance(name, 8784, 20) // 1000
        yield Meter(name, tenant.id, "electricity", "sub", "kWh", part, parent)


def _operator_and_utility(hosted: np.ndarray) -> Iterator[Meter]:
    own = load(OPERATOR.id, OPERATOR.load, OPERATOR.electricity_mwh * 1000)
    used = load(UTILITY.id, UTILITY.load, UTILITY.electricity_mwh * 1000)
    made = generation(UTILITY.id, UTILITY.pv_kw)
    spare = np.maximum(made - used, 0)
    passed = np.minimum(spare, own + hosted)
    yield from _solar(UTILITY.id, made, spare - passed)
    bought = np.maximum(used - made, 0)
    yield Meter(f"{UTILITY.id}-EL", UTILITY.id, "electricity", "supply", "kWh", bought)
    yield Meter(f"{UTILITY.id}-TO", UTILITY.id, "electricity", "sub", "kWh", passed)
    taken = own + hosted - passed
    yield Meter(f"{OPERATOR.id}-EL", OPERATOR.id, "electricity", "supply", "kWh", taken)
    for name, share in (("LT", 46), ("AD", 28), ("CH", 21)):  # street lamps, offices, charging points
        part = own * share // 100
        yield Meter(f"{OPERATOR.id}-EL-{name}", OPERATOR.id, "electricity", "sub", "kWh", part)


def _gas() -> Iterator[Meter]:
    for user in (*tenants(), UTILITY):
        if user.gas_m3:
            shape = "heating" if user.load in ("cleanroom", "assembly", "cooling") else user.load
            values = load(f"{user.id}/gas", shape, user.gas_m3)
            yield Meter(f"{user.id}-NG", user.id, "natural_gas", "supply", "Nm3", values)


def _heat() -> Iterator[Meter]:
    delivered = np.zeros(8784, dtype=np.int64)
    for tenant in tenants():
        if tenant.heat_gj:
            values = load(f"{tenant.id}/heat", "heating", tenant.heat_gj * 1000)
            delivered += values
            yield Meter(f"{tenant.id}-HT", tenant.id, "heat", "sub", "MJ", values, f"{UTILITY.id}-HT-OUT")
    sent = delivered * (100 + LOSS_PERCENT) // 100
    yield Meter(f"{UTILITY.id}-HT-OUT", UTILITY.id, "heat", "sub", "MJ", sent)
    bought = spread(sent, PURCHASED_HEAT_GJ * 1000)
    yield Meter(f"{UTILITY.id}-HT", UTILITY.id, "heat", "supply", "MJ", bought)
    steam = load(f"{STEAM_BUYER}/steam", "continuous", STEAM_T * 1000)
    yield Meter(f"{STEAM_BUYER}-ST", STEAM_BUYER, "steam", "supply", "kg", steam)


def _cold() -> Iterator[Meter]:
    delivered = np.zeros(8784, dtype=np.int64)
    for tenant in tenants():
        if tenant.cold_gj:
            values = load(f"{tenant.id}/cold", "cooling", tenant.cold_gj * 1000)
            delivered += values
            yield Meter(f"{tenant.id}-CD", tenant.id, "cold", "sub", "MJ", values, f"{UTILITY.id}-CD-OUT")
    sent = delivered * (100 + LOSS_PERCENT) // 100
    yield Meter(f"{UTILITY.id}-CD-OUT", UTILITY.id, "cold", "sub", "MJ", sent)


def _water() -> Iterator[Meter]:
    for user in (*tenants(), OPERATOR, UTILITY):
        if user.water_m3 >= WATER_METER_FROM_M3:
            values = load(f"{user.id}/water", user.load, user.water_m3)
            yield Meter(f"{user.id}-WA", user.id, "water", "supply", "m3", values)
