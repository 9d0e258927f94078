"""Shares of a common total: by hand, at and beyond the limits, with data missing, and as properties."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lingtan.errors import LingtanError, Place
from lingtan.expressions import replay
from lingtan.inventory.members.allocation import Allocation, User, Whole, allocate, allocate_cogeneration
from lingtan.inventory.members.allocation_methods import load_allocation_methods
from lingtan.quantities import exactly
from lingtan.trace import Gap, Node, Origin, gaps_of, walk

D = Decimal
SHEET = Place("leases.csv", "leases", 7, "floor_area")


def leaf(value: object, unit: str = "1", name: str = "given") -> Node:
    known = None if value is None else D(str(value))
    return Node(name, known, unit, origin=Origin("cell", name, SHEET))


def tonnes(value: object) -> Node:
    return leaf(value, "tCO2e", "shared")


def areas(**of: object) -> list[User]:
    return [User(name, {"floor_area": leaf(area, "m2")}) for name, area in of.items()]


@exactly
def add_up(found: Allocation) -> Decimal:
    return sum((node.value for node in found.shares.values()), D(0))  # type: ignore[misc]


def values(found: Allocation) -> dict[str, Any]:
    for node in found.shares.values():
        for below in walk(node):
            assert replay(below) == below.value, below.name
    return {name: node.value for name, node in found.shares.items()}


def codes(found: Allocation) -> list[str]:
    assert all(node.value is None for node in found.shares.values()) or not found.faults
    return [one.code for one in found.faults]


def test_by_floor_area() -> None:
    assert values(allocate(tonnes(9000), areas(let=5000, other=10000), "floor_area")) == {
        "let": 3000,
        "other": 6000,
    }


def test_area_counts_as_far_as_it_is_used() -> None:
    users = [
        User("a", {"floor_area": leaf(2, "ha"), "occupancy": leaf(50, "percent")}),
        User("b", {"floor_area": leaf(30000, "m2"), "occupancy": leaf(1)}),
    ]
    found = allocate(tonnes(400), users, "floor_area_occupancy")
    assert values(found) == {"a": 100, "b": 300}  # 10 000 and 30 000 m2 in use


def test_the_rest_of_a_main_meter_is_named() -> None:
    users = [User("a", {"metered": leaf(30, "MWh")}), User("b", {"metered": leaf(50000, "kWh")})]
    found = allocate(tonnes(50), users, "metered", whole=Whole(leaf(100, "MWh"), "common"))
    assert values(found) == {"a": 15, "b": 25, "common": 10}


def test_hours_of_a_shared_machine_and_a_rest_of_nothing() -> None:
    users = [User("a", {"hours": leaf(90, "minute")}), User("b", {"hours": leaf(4.5, "hour")})]
    found = allocate(tonnes(8), users, "hours", whole=Whole(leaf(6, "hour"), "idle"))
    assert values(found) == {"a": 2, "b": 6, "idle": 0}


def test_thirds_add_up_to_exactly_the_whole() -> None:
    found = allocate(tonnes(100), areas(a=1, b=1, c=1, none=0), "floor_area")
    assert add_up(found) == 100
    shares = values(found)
    assert shares["none"] == 0
    assert all(abs(Fraction(shares[name]) - Fraction(100, 3)) < Fraction(1, 10**40) for name in "abc")


@pytest.mark.parametrize("digits", [45, 46, 47, 49, 50])
def test_a_total_as_long_as_our_arithmetic(digits: int) -> None:
    found = allocate(tonnes("1." + "3" * (digits - 1)), areas(a=3, b=7, none=0), "floor_area")
    assert add_up(found) == found.common.value
    assert values(found)["none"] == 0


def test_a_longer_total_is_taken_with_fifty_digits() -> None:
    found = allocate(tonnes("1." + "3" * 80), areas(a=3, b=7, none=0), "floor_area")
    assert add_up(found) == D("1." + "3" * 49)


def test_nothing_to_share_is_nothing_for_each() -> None:
    assert values(allocate(tonnes(0), areas(a=1, b=2), "floor_area")) == {"a": 0, "b": 0}


def test_an_unknown_total_is_unknown_for_each() -> None:
    lacks = Node("shared", None, "tCO2e", gaps=(Gap("the bill", "park"),))
    found = allocate(lacks, areas(a=1), "floor_area")
    assert values(found) == {"a": None}
    assert gaps_of(found.shares["a"]) == (Gap("the bill", "park"),)


def test_an_area_not_handed_in_is_a_gap_and_never_zero() -> None:
    users = [*areas(a=1), User("b", {})]
    found = allocate(tonnes(10), users, "floor_area")
    assert values(found) == {"a": None, "b": None}
    assert not found.faults
    gap = Gap("shared.floor_area[b].floor_area", "b")
    assert found.shares["a"].gaps == found.shares["b"].gaps == (gap,)


def test_with_the_whole_known_the_others_keep_their_shares() -> None:
    users = [*areas(a=1, b=None), User("c", {"floor_area": leaf(1, "m2")})]
    found = allocate(tonnes(10), users, "floor_area", whole=Whole(leaf(4, "m2"), "landlord"))
    assert values(found) == {"a": 2.5, "b": None, "c": 2.5, "landlord": None}
    assert [gap.asked_of for gap in found.shares["landlord"].gaps] == ["b"]


def test_an_unknown_whole_is_a_gap() -> None:
    whole = Whole(leaf(None, "m2"), "landlord")
    found = allocate(tonnes(10), areas(a=1), "floor_area", whole=whole)
    assert values(found) == {"a": None, "landlord": None}
    assert found.shares["a"].gaps == (Gap("shared.floor_area.whole", "park"),)


@pytest.mark.parametrize(
    ("users", "whole", "code"),
    [
        (areas(a=0, b=0), None, "inventory.allocation-of-nothing"),
        ([], None, "inventory.allocation-of-nothing"),
        (areas(a=0), 0, "inventory.allocation-of-nothing"),
        (areas(a=-1, b=2), None, "inventory.amount-impossible"),
        (areas(a="NaN", b=2), None, "inventory.amount-impossible"),
        (areas(a=1), -1, "inventory.amount-impossible"),
        (areas(a=3, b=2), "4.999", "inventory.allocation-over-whole"),
        ([*areas(a=1), *areas(a=2)], None, "inventory.allocation-twice"),
        (areas(landlord=1), 2, "inventory.allocation-twice"),
        ([User("a", {"floor_area": leaf(1, "MWh")})], None, "inventory.unit-of-another-kind"),
    ],
)
def test_what_cannot_be_is_refused(users: list[User], whole: object, code: str) -> None:
    over = None if whole is None else Whole(leaf(whole, "m2"), "landlord")
    assert codes(allocate(tonnes(10), users, "floor_area", whole=over)) == [code]


def test_a_negative_total_is_refused() -> None:
    assert codes(allocate(tonnes(-1), areas(a=1), "floor_area")) == ["inventory.amount-impossible"]


def test_occupancy_up_to_one() -> None:
    def found(occupancy: object) -> Allocation:
        user = User("a", {"floor_area": leaf(1, "m2"), "occupancy": leaf(occupancy)})
        return allocate(tonnes(10), [user], "floor_area_occupancy")

    assert values(found(1)) == {"a": 10}
    assert codes(found("1.01")) == ["inventory.amount-impossible"]


def test_every_fault_at_once_each_with_its_place() -> None:
    found = allocate(tonnes(-1), areas(a=-1, b=-2), "floor_area")
    assert codes(found) == ["inventory.amount-impossible"] * 3
    assert {one.place for one in found.faults} == {SHEET}
    words = found.faults[0].words("en")
    assert "[a].floor_area" in words.what and "≥ 0" in words.what and words.why and words.mend


def test_a_key_without_a_name_is_not_guessed() -> None:
    for work in (
        lambda: allocate(tonnes(1), [], "size"),
        lambda: allocate_cogeneration(tonnes(1), "efficiency", {}),
    ):
        with pytest.raises(LingtanError) as caught:
            work()
        assert [one.code for one in caught.value.faults] == ["inventory.unknown-allocation"]


PLANT = {
    "electricity": leaf(30, "GWh", "electricity"),
    "heat": leaf(180000, "GJ", "heat"),  # 50 GWh
    "electricity_efficiency": leaf("0.4"),
    "heat_efficiency": leaf(80, "percent"),
    "electricity_reference": leaf("0.5"),
    "heat_reference": leaf("0.8"),
}


@pytest.mark.parametrize(
    ("method", "electricity"),
    [
        ("energy_content", 75),  # 30/(30+50)
        ("inverse_efficiency", 125),  # 50/(30+50)
        ("separate_efficiency", D(200) * 75 / (75 + D("62.5"))),  # 30/0.4 and 50/0.8
        ("reference_saving", D(200) * 60 / (60 + D("62.5"))),  # 30/0.5 and 50/0.8
    ],
)
def test_electricity_and_heat_of_one_fuel(method: str, electricity: object) -> None:
    found = allocate_cogeneration(tonnes(200), method, PLANT)
    assert abs(values(found)["electricity"] - electricity) < D("1e-20")  # type: ignore[operator]
    assert add_up(found) == 200
    sharing = load_allocation_methods().cogeneration[method]
    assert found.shares["heat"].note == sharing.source and sharing.source


def test_a_year_without_heat_is_no_fault() -> None:
    summer = {**PLANT, "heat": leaf(0, "GWh", "heat")}
    assert values(allocate_cogeneration(tonnes(200), "energy_content", summer)) == {
        "electricity": 200,
        "heat": 0,
    }
    assert codes(allocate_cogeneration(tonnes(200), "inverse_efficiency", summer)) == [
        "inventory.amount-impossible"
    ]


@pytest.mark.parametrize(
    ("electricity", "heat", "code"),
    [
        (0, "0.5", "inventory.amount-impossible"),
        ("0.3", 0, "inventory.amount-impossible"),
        ("0.5", "0.51", "inventory.amount-impossible"),
        ("-0.1", "0.5", "inventory.amount-impossible"),
        ("0.5", "0.5", None),
    ],
)
@pytest.mark.parametrize("method", sorted(load_allocation_methods().cogeneration))
def test_efficiencies_that_cannot_be(method: str, electricity: str, heat: str, code: str | None) -> None:
    plant = {**PLANT, "electricity": leaf(electricity, name="electricity"), "heat": leaf(heat, name="heat")}
    found = allocate_cogeneration(tonnes(200), method, plant)
    assert set(codes(found)) == ({code} if code else set())
    assert code or add_up(found) == 200


@pytest.mark.parametrize("reference", [0, "1.01", "-1"])
def test_references_that_cannot_be(reference: object) -> None:
    plant = {**PLANT, "heat_reference": leaf(reference)}
    assert codes(allocate_cogeneration(tonnes(200), "reference_saving", plant)) == [
        "inventory.amount-impossible"
    ]
    # a method that does not use it does not mind
    assert not allocate_cogeneration(tonnes(200), "energy_content", plant).faults


def test_a_reference_not_handed_in_is_a_gap() -> None:
    plant = {name: node for name, node in PLANT.items() if name != "heat_reference"}
    found = allocate_cogeneration(tonnes(200), "reference_saving", plant)
    assert values(found) == {"electricity": None, "heat": None}
    assert found.shares["heat"].gaps == (Gap("shared.reference_saving.heat_reference", "park"),)
    assert not found.faults


def test_heat_in_a_unit_that_is_no_energy() -> None:
    plant = {**PLANT, "heat": leaf(5, "t")}
    assert codes(allocate_cogeneration(tonnes(1), "energy_content", plant)) == [
        "inventory.unit-of-another-kind"
    ]


AMOUNTS = st.decimals(0, 10**9, allow_nan=False, places=6)


@given(AMOUNTS, st.lists(AMOUNTS, min_size=1, max_size=12), st.integers(-20, 20))
def test_shares_always_add_up(common: Decimal, of: list[Decimal], shift: int) -> None:
    users = [User(str(n), {"floor_area": leaf(area.scaleb(shift), "m2")}) for n, area in enumerate(of)]
    found = allocate(tonnes(common / 7), users, "floor_area")
    if not any(of):
        assert codes(found) == ["inventory.allocation-of-nothing"]
        return
    assert add_up(found) == found.common.value
    assert sum((Fraction(share) for share in values(found).values()), Fraction(0)) == found.common.value
    for share, area in zip(values(found).values(), of, strict=True):
        fair = Fraction(found.common.value) * Fraction(area) / sum(Fraction(one) for one in of)
        assert share >= 0 and abs(Fraction(share) - fair) <= Fraction(found.common.value) / 10**40


@given(AMOUNTS, st.lists(AMOUNTS, max_size=6), AMOUNTS)
def test_shares_and_the_rest_add_up(common: Decimal, of: list[Decimal], more: Decimal) -> None:
    users = [User(str(n), {"floor_area": leaf(area, "m2")}) for n, area in enumerate(of)]
    whole = sum(of, D(0)) + more
    found = allocate(tonnes(common), users, "floor_area", whole=Whole(leaf(whole, "m2"), "rest"))
    assert not whole or add_up(found) == common
    assert whole or found.faults


@given(AMOUNTS, AMOUNTS, AMOUNTS, st.sampled_from(sorted(load_allocation_methods().cogeneration)))
def test_electricity_and_heat_add_up(common: Decimal, power: Decimal, heat: Decimal, method: str) -> None:
    plant = {**PLANT, "electricity": leaf(power + 1, "MWh"), "heat": leaf(heat + 1, "GJ")}
    assert add_up(allocate_cogeneration(tonnes(common), method, plant)) == common
