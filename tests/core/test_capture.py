"""What is released after capture: by hand, at and beyond the limits, with data missing, and as properties."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lingtan.errors import Place
from lingtan.expressions import replay
from lingtan.inventory.sources.capture import (
    Capture,
    Potential,
    Released,
    Stream,
    compute_released,
    weigh_gas,
)
from lingtan.trace import Gap, Node, Origin, walk

D = Decimal
PLACE = Place("park.xlsx", "capture", 4)
FATES: tuple[Any, ...] = ("stored", "transferred", "vented", "recovered")


def leaf(value: object, unit: str = "tCO2") -> Node:
    known = None if value is None else D(str(value))
    return Node("given", known, unit, origin=Origin("cell", "given", PLACE))


def stack(arising: object = 1000, *, gas: str = "CO2", is_counted: bool = True) -> Stream:
    return Stream("stack", gas, leaf(arising), is_counted)


def caught(amount: object, fate: Any = "stored", unit: str = "tCO2", **more: Any) -> Capture:
    proof = {"is_permanent": True, "evidence": "EV-7"} if fate == "stored" else {}
    return Capture("stack", leaf(amount, unit), fate, place=PLACE, **{**proof, **more})


def released(found: Released) -> Any:
    for node in walk(*found.released.values()):
        assert replay(node) == node.value
    return found.released["stack"].value


def codes(found: Released) -> list[str]:
    assert all(one.place == PLACE for one in found.faults)
    return [one.code for one in found.faults]


def test_stored_for_good_is_taken_off_and_said() -> None:
    found = compute_released([stack()], [caught(300), caught(100000, unit="kgCO2")])
    assert released(found) == 600
    assert found.taken_off["stack"].value == 400
    assert codes(found) == ["inventory.capture-permanence"] * 2
    assert "permanence" in found.faults[0].words("en").mend


@pytest.mark.parametrize(("share", "unit"), [("0.9", "1"), (90, "percent")])
def test_a_share_of_what_arises(share: object, unit: str) -> None:
    assert released(compute_released([stack()], [caught(share, unit=unit)])) == 100


@pytest.mark.parametrize(
    ("capture", "code"),
    [
        (caught(300, "transferred"), "inventory.capture-transferred"),
        (caught(300, "recovered"), "inventory.capture-transferred"),  # CO2 used is not CO2 stored
        (caught(300, "vented"), "inventory.capture-vented"),
        (caught(300, is_permanent=False), "inventory.capture-not-permanent"),
        (caught(300, evidence=""), "inventory.capture-not-permanent"),
    ],
)
def test_what_is_not_stored_for_good_stays_in(capture: Capture, code: str) -> None:
    found = compute_released([stack()], [capture])
    assert released(found) == 1000
    assert codes(found) == [code]


def test_a_source_that_is_not_counted() -> None:
    assert codes(compute_released([stack(is_counted=False)], [caught(300)])) == [
        "inventory.capture-uncounted"
    ]
    found = compute_released([], [caught(300)])
    assert codes(found) == ["inventory.capture-uncounted"]
    assert not found.released


def test_recovered_methane_is_not_released_here() -> None:
    found = compute_released([stack(gas="CH4")], [caught(950, "recovered")])
    assert released(found) == 50
    assert codes(found) == ["inventory.capture-permanence"]


@pytest.mark.parametrize("gas", ["co2", "二氧化碳", "R-744"])
def test_co2_by_any_name_is_co2(gas: str) -> None:
    found = compute_released([stack(gas=gas)], [caught(950, "recovered")])
    assert released(found) == 1000
    assert codes(found) == ["inventory.capture-transferred"]


def test_a_gas_that_nobody_knows_is_told_and_stays_in() -> None:
    found = compute_released([stack(gas="phlogiston")], [caught(950, "recovered")])
    assert released(found) == 1000
    assert codes(found) == ["factor.unknown-gas", "inventory.capture-transferred"]


def test_all_that_arises_and_no_more() -> None:
    assert released(compute_released([stack()], [caught(600), caught(400)])) == 0
    for more in (caught("400.001"), caught("400.001", "transferred"), caught("0.41", unit="1")):
        found = compute_released([stack()], [caught(600), more])
        assert released(found) == 1000
        assert codes(found) == ["inventory.capture-more-than-arises"]
    assert codes(compute_released([stack(0)], [caught(0)])) == ["inventory.capture-permanence"]


@pytest.mark.parametrize(
    ("capture", "code"),
    [
        (caught(-1), "inventory.amount-impossible"),
        (caught("1.1", unit="1"), "inventory.amount-impossible"),
        (caught(101, unit="percent"), "inventory.amount-impossible"),
        (caught("NaN"), "inventory.amount-impossible"),
        (caught(1, unit="m3"), "inventory.unit-of-another-kind"),
    ],
)
def test_amounts_that_cannot_be(capture: Capture, code: str) -> None:
    found = compute_released([stack()], [capture])
    assert released(found) == 1000
    assert codes(found) == [code]


def test_a_source_given_twice() -> None:
    assert codes(compute_released([stack(), stack(5)], [])) == ["inventory.capture-twice"]


def test_what_is_not_handed_in_takes_nothing_off_and_is_a_gap() -> None:
    found = compute_released([stack()], [caught(None), caught(100), caught(50, is_permanent=None)])
    assert released(found) == 900
    assert found.released["stack"].gaps == (
        Gap("capture[stack].amount", "park", PLACE),
        Gap("capture[stack].is_permanent", "park", PLACE),
    )
    unknown = compute_released([stack(None)], [caught(100)])
    assert released(unknown) is None
    assert not unknown.faults


def test_the_horizon_is_named() -> None:
    mass = leaf(10, "t")
    for years, value, expected in ((100, "29.8", 298), (20, "82.5", 825)):
        node = weigh_gas("vent", mass, Potential("CH4", years, leaf(value, "tCO2e/t")))
        assert node.value == expected == replay(node)
        assert node.name == f"vent.gwp{years}[CH4]"


PARTS = st.lists(st.tuples(st.integers(0, 400), st.sampled_from(FATES), st.booleans()), max_size=5)


@given(PARTS, st.integers(0, 1500), st.booleans())
def test_never_below_nought_nor_above_what_arises(parts: list[Any], arising: int, is_counted: bool) -> None:
    captures = [caught(n, fate, is_permanent=good) for n, fate, good in parts]
    found = compute_released([stack(arising, is_counted=is_counted)], captures)
    value = released(found)
    assert 0 <= value <= arising
    stored = sum(n for n, fate, good in parts if fate == "stored" and good)
    fits = sum(n for n, _, _ in parts) <= arising
    assert value == (arising - stored if fits and is_counted else arising)
    assert not parts or found.faults  # no claim passes in silence
