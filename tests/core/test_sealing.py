"""Confidential lines: sums that anybody can add up, a commitment that holds each line, and no leak."""

from __future__ import annotations

import copy
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from inventory_parks import compute, energy, enterprise, own_factor, park, registry_with

from lingtan.cli.app import main
from lingtan.dossier.writing import write_dossier
from lingtan.errors import LingtanError
from lingtan.inventory.members.sealing import check_sealed, seal

SECRET = bytes(range(32))
HALF = registry_with(own_factor("electricity", "grid_average", "0.5", "tCO2/MWh", year=2023))


def two_enterprises() -> Any:
    rows = [
        energy(quantity="123.4567"),
        energy(3, carrier="heat", unit="GJ", quantity=100),
        energy(4, enterprise="E002", quantity=10),
    ]
    return compute(park(*rows), registry=HALF)


def codes(page: Any, *openings: Any) -> list[str]:
    return [one.code for one in check_sealed(page, openings)]


def test_a_sealed_inventory_shows_sums_and_no_line_of_the_enterprise() -> None:
    page, (opening,) = seal(two_enterprises(), ["E001"], SECRET)
    assert codes(page, opening) == []
    text = json.dumps(page, ensure_ascii=False)
    assert "123.4567" not in text and "heat" not in text
    (sealed,) = page["sealed"]
    assert sealed["sums"] == [
        {"scope": "2", "view": "both", "emissions": "6.00"},  # 100 GJ x 0.06
        {"scope": "2", "view": "location", "emissions": "61.72835"},  # 123.4567 x 0.5
    ]
    assert len(opening["lines"]) == 2
    assert {line["enterprise"] for line in page["lines"]} == {"E002", ""}


def test_the_same_amounts_under_another_secret_have_another_commitment() -> None:
    one, other = (
        seal(two_enterprises(), ["E001"], secret)[0]["sealed"][0] for secret in (SECRET, SECRET[::-1])
    )
    assert one["sums"] == other["sums"]
    assert one["commitment"] != other["commitment"]


def test_salts_are_all_different() -> None:
    _, openings = seal(two_enterprises(), ["E001", "E002"], SECRET)
    salts = [line["salt"] for opening in openings for line in opening["lines"]]
    assert len(set(salts)) == len(salts) == 3


CHANGES = {
    "a line of another amount": (
        lambda page, opening: opening["lines"][0]["line"].update(emissions="1"),
        ["sealing.not-these-lines", "sealing.sums-differ"],
    ),
    "an activity changed, the sum kept": (
        lambda page, opening: opening["lines"][0]["line"].update(activity="1"),
        ["sealing.not-these-lines"],
    ),
    "a line less": (
        lambda page, opening: opening["lines"].pop(),
        ["sealing.not-these-lines", "sealing.sums-differ"],
    ),
    "another salt": (
        lambda page, opening: opening["lines"][0].update(salt="00"),
        ["sealing.not-these-lines"],
    ),
    "a line of somebody else": (
        lambda page, opening: opening["lines"][0]["line"].update(enterprise="E002"),
        ["sealing.not-these-lines", "sealing.foreign-line"],
    ),
    "another year": (lambda page, opening: opening.update(period="2023"), ["sealing.other-opening"]),
    "somebody not sealed": (
        lambda page, opening: opening.update(enterprise="E002"),
        ["sealing.other-opening"],
    ),
    "a public sum": (
        lambda page, opening: page["sealed"][0]["sums"][0].update(emissions="5"),
        ["sealing.total-differs", "sealing.total-differs", "sealing.sums-differ"],
    ),
    "a public total": (
        lambda page, opening: page["totals"].update(scope1_tco2e="0.0000001"),
        ["sealing.total-differs"],
    ),
    "an open line": (
        lambda page, opening: page["lines"].pop(0),
        ["sealing.total-differs"],
    ),
    "no format": (lambda page, opening: page.pop("format"), ["sealing.unreadable"]),
    "another format": (lambda page, opening: page.update(format="x"), ["sealing.unreadable"]),
    "no number": (lambda page, opening: page["totals"].update(scope1_tco2e="abc"), ["sealing.unreadable"]),
}


@pytest.mark.parametrize("change", CHANGES)
def test_what_was_altered_is_found(change: str) -> None:
    page, (opening,) = copy.deepcopy(seal(two_enterprises(), ["E001"], SECRET))
    alter, expected = CHANGES[change]
    alter(page, opening)
    assert codes(page, opening) == expected


@pytest.mark.parametrize("page", [[], {}, None, "x", 3, {"format": "lingtan-sealed/1"}])
def test_what_is_no_page_is_said_to_be_none(page: Any) -> None:
    assert codes(page) == ["sealing.unreadable"]


@pytest.mark.parametrize(
    ("enterprises", "secret", "method", "code"),
    [
        (["E009"], SECRET, "park", "sealing.no-lines"),
        (["E001"], SECRET[:31], "park", "sealing.short-secret"),
        (["E001"], SECRET, "cn-ndrc-910", "sealing.method-without-members"),
    ],
)
def test_what_cannot_be_sealed_is_refused(
    enterprises: list[str], secret: bytes, method: str, code: str
) -> None:
    gas = energy(carrier="natural_gas", use="combustion", unit="万Nm3", quantity=1)
    with pytest.raises(LingtanError) as raised:
        seal(compute(park(gas), method=method), enterprises, secret)
    assert [one.code for one in raised.value.faults] == [code]


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["E1", "E2", "E3"]),
            st.decimals(0, 10**9, places=9),
            st.sampled_from(["purchased", "sold"]),
        ),
        min_size=1,
    ),
    st.sets(st.sampled_from(["E1", "E2", "E3"])),
)
def test_totals_always_are_open_lines_and_sealed_sums(rows: list[Any], hidden: set[str]) -> None:
    filled = [
        energy(number, enterprise=name, quantity=amount, use=use, item=str(number))
        for number, (name, amount, use) in enumerate(rows, 2)
    ]
    found = compute(park(*filled))
    having = {line.enterprise for line in found.lines}
    page, openings = seal(found, hidden & having, SECRET)
    assert codes(page, *openings) == []
    shown = sum(
        (Decimal(line["emissions"]) for line in page["lines"] if line["view"] == "location"), Decimal(0)
    )
    sums = [one for each in page["sealed"] for one in each["sums"] if one["view"] == "location"]
    assert shown + sum((Decimal(one["emissions"]) for one in sums), Decimal(0)) == pytest.approx(
        Decimal(page["totals"]["scope2_location_tco2e"]), rel=Decimal("1e-25")
    )


def test_the_commands(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [energy(quantity=777), energy(3, enterprise="E002", quantity=10)]
    named = [enterprise("E001", confidential=True), enterprise("E002", confidential=False)]
    dossier = str(write_dossier(park(*rows, *named), tmp_path / "d"))
    page, openings = tmp_path / "public.json", tmp_path / "openings"
    assert run("confidential", "seal", dossier, str(page), str(openings), "--on", "2025-06-30") == 0
    assert [file.name for file in openings.iterdir()] == ["E001.json"]
    assert "777" not in page.read_text("utf-8")
    assert run("confidential", "check", str(page), str(openings / "E001.json")) == 0
    opening = openings / "E001.json"
    opening.write_text(opening.read_text("utf-8").replace("777", "778"), "utf-8")
    assert run("confidential", "check", str(page), str(opening)) == 1
    assert "承诺值不符" in capsys.readouterr().err
    assert run("confidential", "seal", dossier, str(page), str(openings), "--on", "2025-06-30") == 2
    opening.write_bytes(b"\xff\xfe no json")
    assert run("confidential", "check", str(page), str(opening)) == 2


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as left:
        main(arguments)
    return int(left.value.code or 0)
