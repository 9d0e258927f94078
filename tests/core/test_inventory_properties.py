"""What must hold for any park: members add up, order is nothing, every trace replays, and it is fast."""

from __future__ import annotations

import random
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st
from inventory_parks import YEAR, compute, energy, enterprise, park, row, value

from lingtan.dossier.records import Dossier, Row
from lingtan.dossier.registers import carriers, registers
from lingtan.errors import catalogue
from lingtan.expressions import replay
from lingtan.inventory import Inventory
from lingtan.metering.records import MeterEnergy, Metering
from lingtan.quantities import exactly
from lingtan.trace import Node, gaps_of, walk

NAMES = ("E1", "E2", "E3", "E4")
AMOUNTS = st.decimals(min_value=0, max_value=10_000, places=3)
BOUGHT = st.lists(
    st.tuples(st.sampled_from(NAMES), AMOUNTS, st.sampled_from(("purchased", "sold", "internal")))
)
HANDED = st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES), AMOUNTS))


def any_park(bought: list[tuple[str, Decimal, str]], handed: list[tuple[str, str, Decimal]]) -> Dossier:
    """Electricity and heat bought, sold, received and handed on."""
    rows: list[Row] = [enterprise(name) for name in NAMES]
    for index, (name, amount, use) in enumerate(bought):
        heat = {"carrier": "heat", "unit": "GJ"} if index % 3 == 0 else {}
        rows.append(energy(enterprise=name, quantity=amount, use=use, item=str(index), **heat))
    for index, (sender, receiver, amount) in enumerate(handed):
        carrier, unit = ("heat", "GJ") if index % 2 else ("electricity", "MWh")
        ends = {"from": sender, "to": receiver}
        rows.append(row("transfers", index, period=YEAR, **ends, carrier=carrier, quantity=amount, unit=unit))
    return park(*rows)


@settings(max_examples=60, deadline=None)
@given(BOUGHT, HANDED)
def test_members_less_internal_transfers_are_the_park(
    bought: list[tuple[str, Decimal, str]], handed: list[tuple[str, str, Decimal]]
) -> None:
    found = compute(any_park(bought, handed))
    members = sum((member.scope2_location_tco2e or Decimal(0) for member in found.members), Decimal(0))
    whole = value(found, "scope2_location_tco2e") or Decimal(0)
    internal = value(found, "internal_transfers_tco2e") or Decimal(0)
    assert members - internal == whole


@settings(max_examples=30, deadline=None)
@given(BOUGHT, HANDED, st.randoms(use_true_random=False))
def test_order_of_rows_is_nothing(
    bought: list[tuple[str, Decimal, str]], handed: list[tuple[str, str, Decimal]], chance: random.Random
) -> None:
    one = any_park(bought, handed)
    rows = [single for register in one.rows.values() for single in register]
    chance.shuffle(rows)
    other = park(*rows)
    for method in ("park", "cn-ndrc-910"):
        first, second = compute(one, method=method), compute(other, method=method)
        assert first.totals == second.totals
        assert first.lines == second.lines
        assert first.warnings == second.warnings
        assert (first.members, first.missing) == (second.members, second.missing)


@settings(max_examples=30, deadline=None)
@given(BOUGHT, HANDED)
def test_every_number_replays_and_totals_name_all_their_gaps(
    bought: list[tuple[str, Decimal, str]], handed: list[tuple[str, str, Decimal]]
) -> None:
    for method in ("park", "cn-ndrc-910"):
        found = compute(any_park(bought, handed), method=method)
        for node in (*found.totals.values(), *(line.node for line in found.lines)):
            assert exactly(replay)(node) == node.value
            assert set(gaps_of(node)) == set(node.gaps)
        for line in found.lines:
            assert line.node.value == line.emissions


def test_words_of_every_fault_stand_in_both_languages() -> None:
    ours = {code: entry for code, entry in catalogue().items() if code.startswith("inventory.")}
    assert len(ours) > 25
    for entry in ours.values():
        assert all(entry.zh) and all(entry.en)


CARRIERS = tuple(carriers())
USES = tuple(registers()["energy_activity"].columns["use"].choices)
UNITS = ("t", "万Nm3", "kWh", "GJ", "MWh", "L", "furlong", "没有", "")
ROWS = st.lists(
    st.tuples(st.sampled_from(CARRIERS), st.sampled_from(USES), st.sampled_from(UNITS), AMOUNTS), max_size=6
)


@settings(max_examples=150, deadline=None)
@given(ROWS, st.lists(st.tuples(st.sampled_from(CARRIERS), st.sampled_from(UNITS)), max_size=3))
def test_no_row_is_dropped_in_silence_and_none_makes_a_traceback(
    rows: list[tuple[str, str, str, Decimal]], properties: list[tuple[str, str]]
) -> None:
    filled = [
        energy(index, carrier=carrier, use=use, unit=unit, quantity=amount, item=f"row{index}")
        for index, (carrier, use, unit, amount) in enumerate(rows, 2)
    ]
    own = {
        carrier: row(
            "fuel_properties", 2, enterprise="E001", carrier=carrier, direct_factor=1, direct_factor_unit=unit
        )
        for carrier, unit in properties
    }
    metering = Metering(
        meters=(MeterEnergy("M1", "electricity", "kWh", Decimal(7), 1, 1, 0, 0, enterprise="E001"),)
    )
    for method in ("park", "cn-ndrc-910"):
        found = compute(park(*filled, *own.values()), method=method, metering=metering)
        said = " ".join(
            [node.name for node in _nodes_of(found)]
            + [gap.datum for gap in found.missing]
            + [f"{fault.place.row} {fault.context}" for fault in found.warnings]
        )
        # what stays inside nets out of the park, and the national method knows the park only
        shown = [one for one in filled if method == "park" or one.text("use") != "internal"]
        for one in shown:
            zh = carriers()[one.text("carrier")].zh  # remarks are grouped by carrier
            about = (one.text("item"), f"/{one.text('carrier')}]", f"{one.place.row} ", zh)
            assert any(word in said for word in about), one
        assert all(exactly(replay)(node) == node.value for node in found.totals.values())


def _nodes_of(found: Inventory) -> list[Node]:
    lines = [line.node for line in found.lines]
    return [node for root in (*found.totals.values(), *lines) for node in walk(root)]
