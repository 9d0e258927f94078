"""Scope 3 by category: by hand, with data missing, and kept apart from scopes 1 and 2."""

from __future__ import annotations

from decimal import Decimal

import pytest

from lingtan.errors import LingtanError
from lingtan.expressions import replay
from lingtan.inventory import load_method, method_names
from lingtan.inventory.lines import combined, negative, number, total
from lingtan.inventory.sources.value_chain import Elsewhere, Indirect, compute_value_chain, scope3_categories
from lingtan.trace import Gap, Node, walk

D = Decimal


def leaf(value: object, unit: str) -> Node:
    return Node("given", None if value is None else D(str(value)), unit)


def waste(quantity: object, unit: str, factor: object, per: str, category: str = "waste") -> Elsewhere:
    return Elsewhere(category, f"{quantity} {unit}", leaf(quantity, unit), leaf(factor, per))


REST = tuple(name for name in scope3_categories() if name != "waste")


def test_waste_by_mass_and_wastewater_by_volume() -> None:
    given = [waste(200, "t", 40, "kgCO2e/t"), waste(5000, "m3", "0.5", "kgCO2e/m3")]
    found = compute_value_chain("E001", given, confirmed_empty=REST)
    assert [line.emissions.tonnes for line in found.lines] == [8, D("2.5")]
    assert found.by_category["waste"].tonnes == found.total.tonnes == D("10.5")
    assert found.by_category["business_travel"].tonnes == 0
    assert found.total.gaps == () and not found.faults
    assert all(replay(node) == node.value for node in walk(found.total.trace))


def test_fifteen_categories_in_order() -> None:
    assert [one.number for one in scope3_categories().values()] == list(range(1, 16))
    found = compute_value_chain("E001", [])
    assert list(found.by_category) == list(scope3_categories())


def test_a_category_nobody_spoke_of_is_a_gap_and_not_zero() -> None:
    found = compute_value_chain("E001", [waste(1, "t", 1, "tCO2e/t")], confirmed_empty=REST[:-1])
    assert found.by_category[REST[-1]].tonnes is None
    assert found.total.tonnes == 1
    assert found.total.gaps == (Gap(f"scope3.{REST[-1]}", "E001"),)
    assert compute_value_chain("E001", []).total.tonnes is None


def test_a_quantity_or_factor_not_handed_in() -> None:
    given = [waste(1, "t", None, "tCO2e/t"), waste(None, "t", 1, "tCO2e/t"), waste(2, "t", 1, "tCO2e/t")]
    found = compute_value_chain("E001", given, confirmed_empty=REST)
    assert found.total.tonnes == 2
    assert [gap.datum for gap in found.total.gaps] == [
        "scope3.waste[1 t].factor",
        "scope3.waste[None t].quantity",
    ]


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (waste(1, "m3", 1, "tCO2e/t"), "inventory.unit-of-another-kind"),
        (waste(-1, "t", 1, "tCO2e/t"), "inventory.amount-impossible"),
        (waste(1, "t", 1, "tCO2e/t", "scope 1"), "inventory.unknown-scope3-category"),
    ],
)
def test_what_cannot_be_is_refused_and_not_counted(given: Elsewhere, code: str) -> None:
    found = compute_value_chain("E001", [given], confirmed_empty=REST)
    assert [one.code for one in found.faults] == [code]
    assert found.by_category["waste"].tonnes is None and found.total.gaps


def test_a_category_confirmed_empty_must_be_one() -> None:
    found = compute_value_chain("E001", [], confirmed_empty=("waist",))
    assert [one.code for one in found.faults] == ["inventory.unknown-scope3-category"]


def test_no_total_with_scopes_1_and_2() -> None:
    """mypy refuses each of these as well: an `Indirect` is no `Node`."""
    indirect = compute_value_chain("E001", [waste(1, "t", 1, "tCO2e/t")]).total
    direct = leaf(1, "tCO2e")
    assert not isinstance(indirect, Node) and not hasattr(Indirect, "value")
    attempts = (
        lambda: total("all", [direct, indirect], "tCO2e"),  # type: ignore[list-item]
        lambda: combined("all", "a + b", [("a", indirect), ("b", direct)], D(2)),  # type: ignore[list-item]
        lambda: number(indirect),  # type: ignore[arg-type]
        lambda: negative(indirect),  # type: ignore[arg-type]
    )
    for attempt in attempts:
        with pytest.raises(AttributeError):
            attempt()
    with pytest.raises(TypeError):
        indirect + indirect  # type: ignore[operator]


def test_lists_of_limits_and_keys_are_no_methods() -> None:
    assert method_names() == ("cn-ndrc-910", "gbt-32150", "ghg-protocol", "park", "sh-ets")
    with pytest.raises(LingtanError) as caught:
        load_method("allocation")
    assert [one.code for one in caught.value.faults] == ["inventory.unknown-method"]
