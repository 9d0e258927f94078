"""What part of an enterprise is the reporter's: by hand, with cells missing, and as properties."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lingtan.errors import Place
from lingtan.expressions import replay
from lingtan.inventory.members.consolidation import Fractions, consolidate, find_fractions
from lingtan.inventory.members.ownership import Holding
from lingtan.trace import Gap, Node, walk

D = Decimal
APPROACHES: tuple[Any, ...] = ("equity_share", "financial_control", "operational_control")


def own(owner: str, owned: str, share: object = None, **more: Any) -> Holding:
    place = Place("park.xlsx", "ownership", 3)
    return Holding(owner, owned, None if share is None else D(str(share)), place=place, **more)


def fraction(table: list[Holding], name: str, approach: Any = "equity_share", reporter: str = "P") -> Any:
    found = find_fractions(table, reporter, approach)
    assert not found.faults
    for node in walk(*found.of.values()):
        assert replay(node) == node.value
    return found.of[name].value


def codes(table: list[Holding], reporter: str = "P") -> list[str]:
    by_approach = [find_fractions(table, reporter, approach) for approach in APPROACHES]
    assert all(one.faults == by_approach[0].faults for one in by_approach)
    assert not by_approach[0].faults or {node.value for node in by_approach[0].of.values()} == {None}
    return [one.code for one in by_approach[0].faults]


def test_shares_multiply_along_the_chain_and_chains_are_added() -> None:
    table = [own("P", "A", ".8"), own("P", "B", ".5"), own("A", "C", ".6"), own("B", "C", ".4")]
    assert fraction(table, "C") == D("0.68")  # .8 x .6 + .5 x .4
    assert fraction(table, "P") == 1
    assert fraction(table, "C", reporter="B") == D(".4")
    assert fraction(table, "A", reporter="B") == 0


def test_financial_control_is_all_the_share_or_nothing() -> None:
    table = [
        own("P", "A", ".51", control="sole"),
        own("A", "J", ".3", control="joint"),
        own("Q", "J", ".7", control="joint"),
        own("J", "K", ".9", control="sole"),
        own("P", "S", ".2", control="none"),
    ]
    found = {name: fraction(table, name, "financial_control") for name in "AJKS"}
    assert found == {"A": 1, "J": D(".3"), "K": D(".3"), "S": 0}


def test_the_operator_counts_all_whether_it_owns_or_not() -> None:
    table = [
        own("P", "A", ".6", operates=True),
        own("A", "Port", 0, operates=True),
        own("P", "Mine", 1, operates=False),
        own("Contractor", "Mine", 0, operates=True),
    ]
    found = {name: fraction(table, name, "operational_control") for name in ("A", "Port", "Mine")}
    assert found == {"A": 1, "Port": 1, "Mine": 0}
    assert fraction(table, "Mine") == 1


def test_a_blank_cell_is_a_gap_where_it_matters() -> None:
    table = [own("P", "A"), own("A", "C", ".5"), own("P", "Z", 0), own("Z", "Y"), own("P", "C", ".5")]
    found = find_fractions(table, "P", "equity_share")
    gap = Gap("ownership[P/A].share", "P", table[0].place)
    assert found.of["A"].value is None
    assert found.of["C"].value is None  # half of it is known, and half is not the whole
    assert found.of["C"].gaps == (gap,)
    assert found.of["Y"].value == 0  # nothing of Z is ours, so what Z holds is not asked
    assert all(fraction(table, "A", approach) is None for approach in APPROACHES)
    assert replay(found.of["C"]) is None


@pytest.mark.parametrize(
    ("table", "code"),
    [
        ([own("P", "A", "1.01")], "inventory.amount-impossible"),
        ([own("P", "A", "-.1")], "inventory.amount-impossible"),
        ([own("P", "A", "NaN")], "inventory.amount-impossible"),
        ([own("P", "A", ".6"), own("Q", "A", ".41")], "inventory.ownership-over-one"),
        ([own("P", "A", ".2"), own("P", "A", ".3")], "inventory.ownership-twice"),
        ([own("P", "P", ".2")], "inventory.ownership-cycle"),
        ([own("P", "A", 1), own("A", "B", 1), own("B", "P", ".5")], "inventory.ownership-cycle"),
        ([own("P", "A", 1), own("X", "Y", 1), own("Y", "X", ".5")], "inventory.ownership-cycle"),
        ([own("Q", "A", 1)], "inventory.ownership-unknown-reporter"),
        ([own("P", "A", control="sole"), own("Q", "A", control="sole")], "inventory.ownership-controllers"),
        ([own("P", "A", control="sole"), own("Q", "A", control="joint")], "inventory.ownership-controllers"),
        ([own("P", "A", operates=True), own("Q", "A", operates=True)], "inventory.ownership-controllers"),
    ],
)
def test_a_table_that_contradicts_itself_is_refused(table: list[Holding], code: str) -> None:
    found = codes(table)
    assert code in found
    assert set(found) <= {code, "inventory.amount-impossible", "inventory.ownership-over-one"}


def test_limits_that_can_be() -> None:
    assert not codes([own("P", "A", 1), own("Q", "A", 0), own("P", "B", ".6"), own("Q", "B", ".4")])
    assert not codes([])


def test_every_ring_is_named_with_its_place() -> None:
    table = [own("P", "A", 1), own("A", "P", ".1"), own("X", "Y", ".1"), own("Y", "Z", 1), own("Z", "X", 1)]
    found = find_fractions(table, "P", "equity_share").faults
    rings = [set(one.context["ring"].split(" → ")) for one in found]
    assert sorted(map(sorted, rings)) == [["A", "P"], ["X", "Y", "Z"]]
    assert {one.place.sheet for one in found} == {"ownership"}
    assert "循环持股" in found[0].words("zh").what


def tonnes(value: object) -> Node:
    return Node("given", None if value is None else D(str(value)), "tCO2e")


def test_emissions_by_fraction() -> None:
    fractions = find_fractions([own("P", "A", ".6"), own("P", "B", ".5")], "P", "equity_share")
    amounts = [("P", tonnes(10)), ("A", Node("given", D(5000), "kgCO2e")), ("B", tonnes(8))]
    found = consolidate("scope1", amounts, fractions, "tCO2e")
    assert found.value == 17  # 10 + 3 + 4
    assert replay(found) == 17
    assert not found.gaps


def test_what_is_lacking_to_the_total() -> None:
    table = [own("P", "A", 1), own("P", "B"), own("P", "C", 0)]
    fractions = find_fractions(table, "P", "equity_share")
    amounts = [("P", tonnes(1)), ("A", tonnes(None)), ("B", tonnes(2)), ("C", tonnes(None)), ("D", tonnes(4))]
    found = consolidate("scope1", amounts, fractions, "tCO2e")
    assert found.value == 1
    assert [gap.datum for gap in found.gaps] == ["ownership[D]", "ownership[P/B].share", "scope1[A]"]


def test_a_refused_table_gives_no_total() -> None:
    fractions = find_fractions([own("P", "A", 2)], "P", "equity_share")
    found = consolidate("scope1", [("P", tonnes(1)), ("A", tonnes(1))], fractions, "tCO2e")
    assert found.value is None and found.gaps == (Gap("ownership", "park"),)


NAMES = "PABCDEF"
PARTS = st.integers(0, 100)


@st.composite
def tables(draw: st.DrawFn) -> list[Holding]:
    """Enterprises that only earlier ones hold, together 100 % at most."""
    table: list[Holding] = []
    for index, owned in enumerate(NAMES[1:], 1):
        left = 100
        operator = draw(st.sampled_from([*NAMES[:index], None]))
        sole = draw(st.sampled_from([*NAMES[:index], None]))
        for owner in NAMES[:index]:
            part = min(left, draw(PARTS))
            left -= part
            control = (
                ("sole" if owner == sole else "none") if sole else draw(st.sampled_from(["joint", "none"]))
            )
            table.append(own(owner, owned, D(part) / 100, control=control, operates=owner == operator))
    return table


@given(tables(), st.sampled_from(APPROACHES))
def test_no_fraction_is_below_nought_or_above_one(table: list[Holding], approach: Any) -> None:
    found = find_fractions(table, "P", approach)
    assert not found.faults
    assert all(0 <= node.value <= 1 for node in found.of.values())  # type: ignore[operator]
    assert all(replay(node) == node.value for node in found.of.values())
    backwards = find_fractions(table[::-1], "P", approach)
    assert {k: n.value for k, n in backwards.of.items()} == {k: n.value for k, n in found.of.items()}


@given(
    tables(),
    st.sampled_from(APPROACHES),
    st.sampled_from(NAMES[1:]),
    st.integers(0, 1000),
    st.integers(0, 1000),
)
def test_an_enterprise_split_in_two_changes_nothing(
    table: list[Holding], approach: Any, name: str, kept: int, moved: int
) -> None:
    whole = find_fractions(table, "P", approach)
    split = find_fractions([*table, own(name, "part", 1, control="sole", operates=True)], "P", approach)
    before = consolidate("scope1", [(name, tonnes(kept + moved))], whole, "tCO2e")
    after = consolidate("scope1", [(name, tonnes(kept)), ("part", tonnes(moved))], split, "tCO2e")
    assert before.value == after.value


@given(tables())
def test_all_owners_of_everything_count_all_of_it(table: list[Holding]) -> None:
    """By equity, what outside owners hold directly or through others and what nobody holds make the whole."""
    free: dict[str, Decimal] = {name: D(1) for name in NAMES[1:]}
    for row in table:
        free[row.owned] -= row.share or 0
    rest = [own("outside", name, share) for name, share in free.items()]
    both: list[Fractions] = [find_fractions([*table, *rest], who, "equity_share") for who in ("P", "outside")]
    for name in NAMES[1:]:
        assert sum(one.of[name].value for one in both) == 1  # type: ignore[misc]
