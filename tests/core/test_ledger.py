"""The ordered cancellation: each rule at its limit, just beyond, and with the datum missing.

The park of these tests emits 1,000 t: 600 t of fuels and 800 MWh of electricity at 0.5 t/MWh.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from lingtan.dossier.records import Cell, Dossier, Park, Reporting, Row
from lingtan.errors import Place
from lingtan.expressions import replay
from lingtan.inventory.records import Inventory, Line
from lingtan.ledger import Ledger, check_ledger, compute_ledger, load_rules
from lingtan.periods import read_period
from lingtan.trace import Gap, Node, gaps_of

REGISTERS = ("removals", "measures", "green_electricity", "certificates", "credits")
PURCHASED, FACTOR, FUEL = Decimal(800), Decimal("0.5"), Decimal(600)


def row(register: str, key: str, **cells: Cell) -> Row:
    return Row(register, key, cells, Place(f"{register}.csv", row=2))


def removal(name: str, tonnes: object, **cells: Cell) -> Row:
    values: dict[str, Cell] = {"kind": "sink", "year": Decimal(2024), "evidence": "EV1"}
    return row("removals", name, removal=name, quantity_tco2e=number(tonnes), **{**values, **cells})


def measure(name: str, tonnes: object, **cells: Cell) -> Row:
    values: dict[str, Cell] = {"status": "implemented", "year": Decimal(2024), "evidence": "EV1"}
    values |= {"visible_in_inventory": False, "owner": "E7"}
    return row("measures", name, measure=name, verified_reduction_tco2e=number(tonnes), **{**values, **cells})


def contract(name: str, mwh: object, period: str = "2024", **cells: Cell) -> Row:
    values: dict[str, Cell] = {"period": read_period(period), "evidence": "EV1"}
    key = f"{name}/{period}"
    return row("green_electricity", key, contract=name, settled_mwh=number(mwh), **{**values, **cells})


def certificate(name: str, mwh: object, month: str = "2024-05", **cells: Cell) -> Row:
    values: dict[str, Cell] = {
        "generation_month": read_period(month),
        "cancelled_year": Decimal(2024),
        "cancelled_on": date(2025, 1, 20),
        "serial_from": f"{name}-1",
        "serial_to": f"{name}-100000",
        "evidence": "EV1",
    }
    return row("certificates", name, certificate=name, quantity_mwh=number(mwh), **{**values, **cells})


def credit(name: str, tonnes: object, vintage: object = 2023, **cells: Cell) -> Row:
    values: dict[str, Cell] = {
        "kind": "ccer",
        "registry": "CCER",
        "vintage": number(vintage),
        "cancelled_year": Decimal(2024),
        "serial_from": f"{name}-1",
        "serial_to": f"{name}-100000",
        "evidence": "EV1",
    }
    return row("credits", name, credit=name, quantity_tco2e=number(tonnes), **{**values, **cells})


def number(value: object) -> Decimal | None:
    return None if value is None else Decimal(str(value))


def park(*rows: Row, supplied: tuple[str, ...] = REGISTERS, evidence: tuple[str, ...] = ("EV1",)) -> Dossier:
    registers: dict[str, tuple[Row, ...]] = {
        name: tuple(r for r in rows if r.register == name) for name in REGISTERS
    }
    registers["evidence"] = tuple(row("evidence", name, id=name, title="证明") for name in evidence)
    identity = Park(id="p", name_zh="园区", reporting=Reporting(year=2024), confirmed_empty=supplied)
    return Dossier("p", identity, registers)


def inventory(
    fuel: Decimal | None = FUEL, purchased: Decimal | None = PURCHASED, factor: Decimal = FACTOR
) -> Inventory:
    """Gross is fuel + electricity; None makes it unknown."""
    bought = purchased or Decimal(0)
    node = Node("scope2", bought * factor, "tCO2e")
    line = Line(
        "electricity", "2", "E1", "electricity", bought, "MWh", factor, "tCO2/MWh", "f", bought * factor, node
    )
    market = replace(line, view="market", node=replace(node, value=Decimal(9999)))
    steam = replace(line, carrier="steam", node=replace(node, value=Decimal(77)))
    gross = None if fuel is None or purchased is None else fuel + bought * factor
    lacking = (Gap("energy_activity", "park"),)
    totals = {
        "gross_tco2e": Node("gross_tco2e", gross, "tCO2e", gaps=lacking if gross is None else ()),
        "purchased_electricity_mwh": Node(
            "purchased_electricity_mwh", purchased, "MWh", gaps=lacking if purchased is None else ()
        ),
    }
    lines = (line, market, steam) if purchased else ()
    return Inventory("park", 2024, "AR6", totals, lines, (), (), ())


def cancel(*rows: Row, **park_options: tuple[str, ...]) -> Ledger:
    ledger = compute_ledger(park(*rows, **park_options), inventory())
    assert_sound(ledger)
    return ledger


def assert_sound(ledger: Ledger) -> None:
    """What holds of every ledger: it balances, replays, and all its faults have words."""
    assert [fault for fault in check_ledger(ledger) if fault not in ledger.faults] == []
    for node in ledger.totals.values():
        assert replay(node) == node.value
    for fault in ledger.faults:
        for words in (fault.words("zh"), fault.words("en")):
            assert words.what and words.why and words.mend


def values(ledger: Ledger, *names: str) -> tuple[object, ...]:
    return tuple(ledger.totals[name].value for name in names)


def refusals(ledger: Ledger) -> dict[str, str]:
    return {entry.id.split("/")[0]: entry.refused.removeprefix("ledger.") for entry in ledger.entries}


def residual(ledger: Ledger) -> object:
    return ledger.totals["residual_tco2e"].value


def test_the_whole_order() -> None:
    ledger = cancel(
        credit("C", 300),
        certificate("G", 200),
        contract("K", 600),
        measure("M", 50),
        measure("V", 70, visible_in_inventory=True),
        removal("R", 150),
    )
    # own: 150 + 50 + 70 (visible, not taken off again); green: 800 MWh x 0.5; credits: what is left of 300
    assert values(ledger, "own_reduction_tco2e", "removed_tco2e") == (270, 200)
    assert values(ledger, "green_mwh", "green_tco2e") == (800, 400)
    assert values(ledger, "credits_tco2e", "residual_tco2e") == (300, 100)
    assert values(ledger, "reductions_tco2e", "net_zero_rate") == (970, Decimal("0.9"))
    assert [entry.id for entry in ledger.entries] == ["R", "M", "V", "K/2024", "G", "C"]
    assert [entry.used_tco2e for entry in ledger.entries] == [150, 50, 0, 300, 100, 300]
    assert ledger.faults == ()


def test_net_zero_is_exactly_one() -> None:
    ledger = cancel(contract("K", 800), credit("C", 600))
    assert values(ledger, "residual_tco2e", "net_zero_rate") == (0, 1)
    assert cancel(contract("K", 800), credit("C", "599.999")).totals["net_zero_rate"].value < 1  # type: ignore[operator]


def test_credit_before_certificates_is_a_fault_with_the_open_amount() -> None:
    rows = contract("K", "799.5"), certificate("H", 90, cancelled_year=None), credit("C", 100)
    ledger = cancel(*rows)
    assert refusals(ledger)["C"] == "credit-before-certificates"
    assert residual(ledger) == Decimal("600.25")  # nothing of the credit counts
    (found,) = [fault for fault in ledger.faults if fault.code == "ledger.credit-before-certificates"]
    assert found.severity == "error"
    assert (found.context["mwh"], found.context["tco2e"], found.context["in_hand_mwh"]) == (
        "0.5",
        "0.25",
        "90",
    )
    assert "0.5 MWh" in found.words("zh").what
    assert residual(cancel(contract("K", 800), *rows[1:])) == 500  # all covered: the credit counts


def test_credit_counts_where_no_certificate_could_help() -> None:
    own = removal("R", 1000)
    assert residual(cancel(own)) == 0  # no gap: nothing is open although no certificate was used
    ledger = compute_ledger(park(credit("C", 100)), inventory(purchased=Decimal(0)))
    assert (residual(ledger), ledger.totals["green_tco2e"].value) == (500, 0)
    zero_factor = compute_ledger(park(credit("C", 100)), inventory(factor=Decimal(0)))
    assert residual(zero_factor) == 500  # certificates would take nothing off


def test_more_than_there_is_is_left_over() -> None:
    green = cancel(contract("K", 700), certificate("G", 101))
    assert refusals(green) == {"K": "", "G": "more-green-than-purchased"}
    assert (green.entries[1].used, green.entries[1].used_tco2e) == (100, 50)
    own = cancel(removal("R", 1001))
    assert (refusals(own)["R"], residual(own)) == ("more-removed-than-gross", 0)
    credits = cancel(contract("K", 800), credit("C", 601))
    assert (refusals(credits)["C"], residual(credits)) == ("more-credits-than-left", 0)


def test_the_rest_of_the_last_certificate_is_no_fault() -> None:
    """Certificates come whole: 0.9 MWh too much cannot be helped, 1 MWh can."""
    for needless, said in (("0.9", []), ("1", ["ledger.more-green-than-purchased"])):
        ledger = cancel(contract("K", Decimal(700) + Decimal(needless)), certificate("G", 100))
        assert [fault.code for fault in ledger.faults] == said
        assert refusals(ledger)["G"] == "more-green-than-purchased"
        assert ledger.totals["green_mwh"].value == 800


def test_green_takes_off_no_more_than_is_left() -> None:
    ledger = cancel(removal("R", 900), contract("K", 800))
    assert values(ledger, "green_mwh", "green_tco2e", "residual_tco2e") == (800, 100, 0)


@pytest.mark.parametrize(
    ("made", "code"),
    [
        (removal("X", 10, year=Decimal(2023)), "other-year"),
        (removal("X", 10, year=None), "cell-blank"),
        (removal("X", 10, kind="ccus", permanent=True), ""),
        (removal("X", 10, kind="ccus", permanent=False), "not-permanent"),
        (removal("X", 10, kind="ccus", permanent=None), "not-permanent"),
        (removal("X", 10, permanent=None), ""),
        (removal("X", 10, evidence=None), "no-evidence"),
        (measure("X", None), "cell-blank"),
        (measure("X", 10, year=None), "cell-blank"),
        (measure("X", 10, year=Decimal(2025)), "other-year"),
        (measure("X", 10, evidence="EV1;EV2"), "no-evidence"),
        (contract("X", 10, "2024-12"), ""),
        (contract("X", 10, "2025-01"), "other-year"),
        (contract("X", 10, "2023"), "other-year"),
        (contract("X", 10, ""), "cell-blank"),
        (contract("X", 10, evidence=None), "no-evidence"),
        (contract("X", 10, evidence="EV9"), "no-evidence"),
        (contract("X", None), "cell-blank"),
        (certificate("X", 10, "2023-01"), ""),
        (certificate("X", 10, "2022-12"), "certificate-too-old"),
        (certificate("X", 10, "2024-12"), ""),
        (certificate("X", 10, "2025-01"), "certificate-too-new"),
        (certificate("X", 10, generation_month=None), "cell-blank"),
        (certificate("X", 10, cancelled_year=None), "not-cancelled"),
        (certificate("X", 10, cancelled_year=Decimal(2023)), "other-year"),
        (certificate("X", 10, evidence=None), "no-evidence"),
        (certificate("X", 10, contract="K"), "in-contract"),
        (certificate("X", 100000), "more-green-than-purchased"),
        (certificate("X", "100000.1"), "more-than-serials"),
    ],
)
def test_own_and_green_rules(made: Row, code: str) -> None:
    ledger = cancel(made)
    assert refusals(ledger)["X"] == code
    (entry,) = ledger.entries
    if code not in ("", "more-green-than-purchased"):
        assert (entry.used, entry.used_tco2e, residual(ledger)) == (0, 0, 1000)
    else:
        assert entry.used > 0


@pytest.mark.parametrize(
    ("made", "code"),
    [
        (credit("X", 10, 2024), ""),
        (credit("X", 10, 2025), "vintage-too-new"),
        (credit("X", 10, 2019), ""),
        (credit("X", 10, 2018), "vintage-too-old"),
        (credit("X", 10, None), "cell-blank"),
        (credit("X", 10, cancelled_year=None), "not-cancelled"),
        (credit("X", 10, cancelled_year=Decimal(2025)), "other-year"),
        (credit("X", 10, evidence=None), "no-evidence"),
        (credit("X", "100000.5"), "more-than-serials"),
    ],
)
def test_credit_rules(made: Row, code: str) -> None:
    ledger = cancel(contract("K", 800), made)
    assert refusals(ledger)["X"] == code
    assert residual(ledger) == (600 if code else 590)


def test_the_operator_sets_how_old_a_credit_may_be() -> None:
    shipped = load_rules()
    assert shipped.credit_vintage_age.basis == "operator-set"
    assert shipped.certificate_validity.source.startswith("发改能源〔2023〕1044号")
    age = shipped.credit_vintage_age.model_copy(update={"value": Decimal(1)})
    rules = shipped.model_copy(update={"credit_vintage_age": age})
    dossier = park(contract("K", 800), credit("X", 10, 2022), credit("Y", 10, 2023))
    assert refusals(compute_ledger(dossier, inventory(), rules=rules)) == {
        "K": "",
        "X": "vintage-too-old",
        "Y": "",
    }


def test_a_measure_of_unknown_visibility_is_not_taken_off() -> None:
    ledger = cancel(measure("M", 100, visible_in_inventory=None))
    assert values(ledger, "own_reduction_tco2e", "removed_tco2e", "residual_tco2e") == (100, 0, 1000)
    assert Gap("measures[M].visible_in_inventory", "E7") in [
        replace(g, place=Place()) for g in ledger.missing
    ]
    assert gaps_of(ledger.totals["residual_tco2e"]) == ()
    assert [fault.code for fault in ledger.faults] == ["ledger.visible-blank"]
    assert cancel(measure("M", 100, status="planned")).entries == ()


def test_missing_evidence_is_asked_for() -> None:
    ledger = cancel(certificate("G", 10), evidence=())
    assert [gap.datum for gap in ledger.missing] == ["certificates[G].evidence"]


def test_nothing_counts_twice() -> None:
    one = certificate("A", 10, serial_from="GEC101", serial_to="GEC110", cancelled_on=date(2025, 1, 1))
    touching = certificate("B", 10, serial_from="GEC111", serial_to="GEC120", cancelled_on=date(2025, 1, 2))
    overlapping = certificate(
        "C", 10, serial_from="gec110", serial_to="GEC119", cancelled_on=date(2024, 9, 1)
    )
    other_prefix = certificate("D", 10, serial_from="XEC101", serial_to="XEC110")
    assert refusals(cancel(one, touching, other_prefix)) == {"A": "", "B": "", "D": ""}
    assert refusals(cancel(one, touching, overlapping)) == {
        "C": "",
        "A": "serials-twice",
        "B": "serials-twice",
    }
    assert refusals(cancel(one, overlapping)) == {"C": "", "A": "serials-twice"}
    used_before = replace(one, values={**one.values, "cancelled_year": Decimal(2023)})
    late = certificate("E", 10, serial_from="GEC101", serial_to="GEC110")
    assert refusals(cancel(used_before, late)) == {"A": "other-year", "E": "serials-twice"}
    with_contract = certificate("F", 10, serial_from="GEC101", serial_to="GEC110", contract="K")
    assert refusals(cancel(with_contract, one)) == {"F": "in-contract", "A": "serials-twice"}


def test_credits_of_two_registries_may_have_equal_numbers() -> None:
    one = credit("A", 10, serial_from="1", serial_to="10")
    two = credit("B", 10, serial_from="10", serial_to="19")
    other = credit("C", 10, serial_from="1", serial_to="10", registry="CDM", kind="cer")
    assert refusals(cancel(contract("K", 800), one, two, other)) == {
        "K": "", "A": "", "B": "serials-twice", "C": "",
    }  # fmt: skip


def test_one_voucher_handed_in_ten_times_counts_once() -> None:
    ledger = cancel(*[certificate("G", 10) for _ in range(10)])
    assert ledger.totals["green_mwh"].value == 10
    assert [entry.refused for entry in ledger.entries] == ["", *["ledger.id-twice"] * 9]
    for twice in (removal("R", 5), measure("M", 5)):
        assert cancel(twice, twice).totals["removed_tco2e"].value == 5
    covered = contract("K", 800)
    assert cancel(covered, credit("C", 5), credit("C", 5)).totals["credits_tco2e"].value == 5


def test_a_contract_is_settled_once_for_a_period() -> None:
    months = cancel(contract("K", 5, "2024-01"), contract("K", 6, "2024-02"), contract("L", 7, "2024-01"))
    assert months.totals["green_mwh"].value == 18
    twice = cancel(contract("K", 5, "2024-01"), contract("K", 6, "2024-01"))
    assert twice.totals["green_mwh"].value == 5
    year = cancel(contract("K", 5, "2024-01"), contract("K", 60, "2024"))
    assert year.totals["green_mwh"].value == 60
    assert sorted(entry.refused for entry in year.entries) == ["", "ledger.period-twice"]


@pytest.mark.parametrize(
    ("first", "last"), [(None, None), ("abc", "abd"), ("A1", "B5"), ("9", "1"), ("１", "")]
)
def test_serials_that_cannot_be_read_are_said(first: str | None, last: str | None) -> None:
    ledger = cancel(certificate("G", 10, serial_from=first, serial_to=last))
    assert [fault.code for fault in ledger.faults] == ["ledger.no-serials"]
    assert ledger.totals["green_mwh"].value == 10


def test_registers_not_handed_in_leave_the_residual_unknown() -> None:
    full = dict.fromkeys(REGISTERS)
    for absent in REGISTERS:
        supplied = tuple(name for name in full if name != absent)
        ledger = cancel(supplied=supplied)
        assert Gap(f"register {absent}", "park") in gaps_of(ledger.totals["residual_tco2e"])
        assert ledger.totals["net_zero_rate"].value is None
    assert residual(cancel()) == 1000


def test_known_part_of_green_keeps_its_gap() -> None:
    ledger = cancel(certificate("G", 10), supplied=("removals", "measures", "credits"))
    assert ledger.totals["green_mwh"].value == 10
    assert ledger.totals["residual_tco2e"].gaps == (Gap("register green_electricity", "park"),)


@pytest.mark.parametrize("unknown", [{"fuel": None}, {"purchased": None}])
def test_unknown_gross_leaves_totals_unknown_and_entries_listed(unknown: dict[str, None]) -> None:
    rows = removal("R", 1), contract("K", 1), credit("C", 1), measure("V", 2, visible_in_inventory=True)
    ledger = compute_ledger(park(*rows), inventory(**unknown))
    assert_sound(ledger)
    names = ("removed_tco2e", "green_tco2e", "credits_tco2e", "residual_tco2e", "net_zero_rate")
    assert values(ledger, *names) == (None,) * 5
    assert ledger.totals["own_reduction_tco2e"].value == 3
    assert Gap("energy_activity", "park") in gaps_of(ledger.totals["residual_tco2e"])
    assert {entry.id for entry in ledger.entries} == {"R", "V", "K/2024", "C"}
    assert refusals(ledger)["C"] == "balance-unknown"


def test_no_emissions_no_rate() -> None:
    ledger = compute_ledger(park(), inventory(fuel=Decimal(0), purchased=Decimal(0)))
    assert values(ledger, "residual_tco2e", "net_zero_rate") == (0, None)
    # more sold than bought: 600 t of fuel less 2,000 MWh at 0.5 t/MWh is -400 t; no share of it is cancelled
    exporting = compute_ledger(park(contract("K", 1), credit("C", 1)), inventory(purchased=Decimal(-2000)))
    assert_sound(exporting)
    names = ("gross_tco2e", "green_mwh", "credits_tco2e", "residual_tco2e", "net_zero_rate")
    assert values(exporting, *names) == (-400, 0, 0, -400, None)


def test_electricity_without_a_line_is_not_free() -> None:
    bare = replace(inventory(), lines=())
    ledger = compute_ledger(park(contract("K", 1), credit("C", 1)), bare)
    assert_sound(ledger)
    assert residual(ledger) is None
    assert refusals(ledger)["C"] == "balance-unknown"


def test_check_finds_a_ledger_that_was_changed() -> None:
    ledger = cancel(contract("K", 100))
    assert check_ledger(ledger) == ()
    node = replace(ledger.totals["residual_tco2e"], value=Decimal(1))
    changed = replace(ledger, totals={**ledger.totals, "residual_tco2e": node})
    assert [fault.code for fault in check_ledger(changed)] == ["ledger.not-balanced"]
    entry = replace(ledger.entries[0], used=Decimal(101))
    assert [fault.code for fault in check_ledger(replace(ledger, entries=(entry,)))] == ["ledger.overdrawn"]
    entry = replace(ledger.entries[0], used_tco2e=Decimal(1))
    assert [fault.code for fault in check_ledger(replace(ledger, entries=(entry,)))] == [
        "ledger.entries-differ"
    ]


@pytest.mark.shared
def test_case_o20_certificate_ledger(shared: Path) -> None:
    """Frozen factor, settled batches, over-sale that rolls back; issue and opening stock are not ours."""
    case = json.loads((shared / "accounting/cases/O20_gec_ledger.json").read_text(encoding="utf-8"))
    expected = {item["name"]: item["value"] for item in case["expected"]}
    given = case["inputs"]
    january = inventory(purchased=Decimal(given["jan_MWh"]), factor=Decimal(str(given["factor_v1"])))
    ledger = compute_ledger(park(certificate("J", given["jan_MWh"])), january)
    assert ledger.totals["green_tco2e"].value == Decimal(str(expected["jan_reduction"]))
    september = inventory(purchased=Decimal(100_000), factor=Decimal(str(given["factor_v2"])))
    batches = [certificate(f"S{n}", mwh) for n, mwh in enumerate(given["settled_sep"])]
    over_sale = certificate("OVER", 999_999)
    ledger = compute_ledger(park(*batches, *batches, over_sale), september)
    assert ledger.totals["green_mwh"].value == expected["sep_settled"]
    assert refusals(ledger)["OVER"] == "more-than-serials"
    issued = given["opening_sep"] + given["sep_MWh"]
    assert issued - expected["sep_settled"] == expected["sep_balance"]
