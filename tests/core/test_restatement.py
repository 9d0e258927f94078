"""A frozen result and what became of it: causes by hand, and their sums exact for changes of everything."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from inventory_parks import YEAR, energy, enterprise, own_factor, park, registry_with, row

from lingtan.cli.app import main
from lingtan.dossier.records import Dossier, Row
from lingtan.dossier.writing import write_dossier
from lingtan.errors import LingtanError
from lingtan.factors import Registry, load_registry
from lingtan.inventory import load_method
from lingtan.inventory.restatement import (
    CAUSES,
    Inputs,
    Restatement,
    build_frozen,
    load_restatement_rules,
    read_frozen,
    restate,
    write_frozen,
)

DAY = date(2025, 6, 30)


def grid(value: object) -> Registry:
    """The shipped factors with another average grid factor (tCO2/MWh)."""
    return registry_with(own_factor("electricity", "grid_average", value, "tCO2/MWh", year=YEAR - 1))


def inputs(*rows: Row, method: str = "park", registry: Registry | None = None) -> Inputs:
    return Inputs(park(*rows), load_method(method), registry or grid("0.5"), None, DAY)


def split(before: Inputs, after: Inputs, total: str = "gross_tco2e") -> Restatement:
    (one,) = restate(build_frozen(before, frozen_on=DAY), after, totals=(total,))
    return one


def changes(one: Restatement) -> dict[str, Decimal]:
    return {share.cause: share.change for share in one.shares if share.change}


def test_each_cause_alone_by_hand() -> None:
    base = inputs(energy(quantity=100))
    assert changes(split(base, base)) == {}
    assert changes(split(base, inputs(energy(quantity=110)))) == {"data": 5}  # 10 x 0.5
    assert changes(split(base, inputs(energy(quantity=100), registry=grid("0.6")))) == {"factors": 10}
    more = inputs(energy(quantity=100), energy(3, enterprise="E002", quantity=40))
    assert changes(split(base, more)) == {"boundary": 20}
    assert changes(split(more, base)) == {"boundary": -20}


def test_a_method_that_takes_exports_off_no_more_is_the_method() -> None:
    rows = energy(quantity=100), energy(3, use="sold", quantity=30)
    found = split(inputs(*rows), inputs(*rows, method="ghg-protocol"))
    assert changes(found) == {"method": 15}


def test_everything_at_once_by_hand() -> None:
    # before: E001 100 MWh, E002 50 MWh at 0.5 = 75. after: E001 120, E003 10 at 0.6 = 78.
    before = inputs(energy(quantity=100), energy(3, enterprise="E002", quantity=50))
    after = inputs(energy(quantity=120), energy(3, enterprise="E003", quantity=10), registry=grid("0.6"))
    found = split(before, after)
    # E002 leaves and E003 comes: (10 - 50) x 0.5; then 20 x 0.5; then 130 x 0.1
    assert changes(found) == {"boundary": -20, "data": 10, "factors": 13}
    assert (found.before, found.after, found.difference) == (75, 78, 3)
    boundary = next(share for share in found.shares if share.cause == "boundary")
    assert boundary.lines == {
        ("electricity", "2", "E002", "electricity"): -25,
        ("electricity", "2", "E003", "electricity"): 5,
    }


def test_another_software_is_a_cause_of_its_own() -> None:
    base = inputs(energy(quantity=100))
    frozen = build_frozen(base, frozen_on=DAY)
    stated = frozen.totals["gross_tco2e"]
    told = replace(frozen, software="0.0.9", totals={"gross_tco2e": replace(stated, value=Decimal("49.5"))})
    (found,) = restate(told, base)
    assert changes(found) == {"software": Decimal("0.5")}


@pytest.mark.parametrize(
    ("mwh", "is_significant"), [("104.99", False), ("105", True), ("105.01", True), ("95", True)]
)
def test_from_the_threshold_on_a_base_year_is_calculated_again(mwh: str, is_significant: bool) -> None:
    assert load_restatement_rules().threshold_percent.value == 5
    found = split(inputs(energy(quantity=100)), inputs(energy(quantity=mwh)))
    assert found.is_significant is is_significant


def test_from_nothing_any_change_is_significant() -> None:
    found = split(inputs(energy(quantity=0)), inputs(energy(quantity=1)))
    assert found.percent is None
    assert found.is_significant


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda d: replace(d, park=d.park.model_copy(update={"id": "q"})), "restatement.other-park"),
        (
            lambda d: replace(
                d,
                park=d.park.model_copy(
                    update={"reporting": d.park.reporting.model_copy(update={"year": 2023})}
                ),
            ),
            "restatement.other-year",
        ),
    ],
)
def test_what_is_not_the_same_thing_is_refused(change: Any, code: str) -> None:
    base = inputs(energy(quantity=100))
    with pytest.raises(LingtanError) as raised:
        restate(build_frozen(base, frozen_on=DAY), replace(base, dossier=change(base.dossier)))
    assert [one.code for one in raised.value.faults] == [code]


def test_methods_without_a_common_total_and_unknown_totals_are_refused() -> None:
    base = inputs(energy(quantity=100))
    frozen = build_frozen(base, frozen_on=DAY)
    with pytest.raises(LingtanError) as raised:
        restate(frozen, inputs(energy(quantity=100), method="cn-ndrc-910"))
    assert raised.value.faults[0].code == "restatement.no-common-total"
    unknown = Inputs(park(confirmed=()), load_method("park"), load_registry())
    with pytest.raises(LingtanError) as raised:
        restate(frozen, unknown, totals=("gross_tco2e",))
    assert raised.value.faults[0].code == "restatement.not-known"


NAMES = ("E001", "E002", "E003", "E004")
amounts = st.decimals(min_value=0, max_value=10**6, places=7)


@st.composite
def parks(draw: st.DrawFn) -> Dossier:
    """Enterprises that come and go, with electricity, gas, heat, exports and lime, in odd amounts."""
    present = draw(st.lists(st.sampled_from(NAMES), min_size=1, unique=True))
    rows: list[Row] = [enterprise(name) for name in present]
    for number, name in enumerate(present, 2):
        rows.append(energy(number, enterprise=name, quantity=draw(amounts)))
        if draw(st.booleans()):
            gas = draw(amounts)
            rows.append(energy(20 + number, enterprise=name, carrier="natural_gas", use="combustion",
                               unit="万Nm3", quantity=gas))  # fmt: skip
        if draw(st.booleans()):
            rows.append(
                energy(40 + number, enterprise=name, carrier="heat", unit="GJ", quantity=draw(amounts))
            )
        if draw(st.booleans()):
            rows.append(energy(60 + number, enterprise=name, use="sold", quantity=draw(amounts)))
    if draw(st.booleans()):
        rows.append(row("process_activity", 2, period=YEAR, enterprise=present[0], process="lime",
                        quantity=draw(amounts), unit="t"))  # fmt: skip
    return park(*rows)


@st.composite
def anything(draw: st.DrawFn) -> Inputs:
    factor = draw(st.decimals(min_value="0.0000001", max_value=2, places=9))
    method = draw(st.sampled_from(["park", "ghg-protocol"]))
    return Inputs(draw(parks()), load_method(method), grid(factor), None, DAY)


@settings(max_examples=60, deadline=None)
@given(before=anything(), after=anything())
def test_causes_sum_to_the_difference_to_the_last_digit(before: Inputs, after: Inputs) -> None:
    found = restate(build_frozen(before, frozen_on=DAY), after)
    assert {one.total for one in found} >= {"scope1_tco2e", "gross_tco2e", "scope2_market_tco2e"}
    for one in found:
        assert [share.cause for share in one.shares] == list(CAUSES)
        assert exact_sum(share.change for share in one.shares) == as_fraction(one.after) - as_fraction(
            one.before
        )
        for share in one.shares:
            assert exact_sum(share.lines.values()) == as_fraction(share.change)
        assert one.shares[0].change == 0  # the software that froze it is the one that runs


def as_fraction(value: Decimal) -> Any:
    from fractions import Fraction

    return Fraction(value)


def exact_sum(values: Any) -> Any:
    return sum((as_fraction(value) for value in values), as_fraction(Decimal(0)))


# the file


def frozen_file(folder: Path, dossier: Dossier) -> Path:
    result = build_frozen(
        Inputs(dossier, load_method("park"), load_registry(), None, DAY), frozen_on=DAY, note="基准年"
    )
    return write_frozen(result, folder / "base.zip")


@pytest.fixture
def small(tmp_path: Path) -> Path:
    return write_dossier(
        park(energy(quantity=100), energy(3, carrier="heat", unit="GJ", quantity=7)), tmp_path / "d"
    )


def test_a_frozen_file_read_again_is_the_same(tmp_path: Path, small: Path) -> None:
    from lingtan.dossier.reading import read_dossier

    dossier = read_dossier(small)
    file = frozen_file(tmp_path, dossier)
    again = read_frozen(file)
    assert again.fingerprint == dossier.fingerprint
    assert (again.note, again.frozen_on, again.year) == ("基准年", DAY, YEAR)
    assert again.totals["gross_tco2e"].value == Decimal("57.79")  # 100 x 0.5737 + 7 x 0.06
    assert len(again.inputs.registry) == len(load_registry())
    assert again.inputs.method == load_method("park")
    assert all(not share.change for one in restate(again, again.inputs) for share in one.shares)
    second = tmp_path / "second"
    second.mkdir()
    assert frozen_file(second, dossier).read_bytes() == file.read_bytes()


def with_files(small: Path) -> Path:
    """Evidence and readings beside the registers."""
    (small / "readings").mkdir()
    (small / "readings" / "a.csv").write_text("meter_id,at,value\nM,2024-05-01T00:00+08:00,1\n", "utf-8")
    (small / "evidence").mkdir(exist_ok=True)
    (small / "evidence" / "bill.txt").write_text("账单", "utf-8")
    return small


def parts_of(file: Path) -> set[str]:
    with zipfile.ZipFile(file) as archive:
        return set(zipfile.ZipFile(io.BytesIO(archive.read("dossier.zip"))).namelist())


def test_evidence_and_readings_are_frozen_too_from_standard_input_as_well(
    tmp_path: Path, small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, packed = with_files(small), tmp_path / "d.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        for part in folder.rglob("*"):
            archive.write(part, part.relative_to(folder).as_posix())
    assert run("restate", "freeze", str(folder), str(tmp_path / "one.zip"), "--on", "2025-06-30") == 0
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(packed.read_bytes())))
    assert run("restate", "freeze", "-", str(tmp_path / "two.zip"), "--on", "2025-06-30") == 0
    for name in ("one.zip", "two.zip"):
        assert {"readings/a.csv", "evidence/bill.txt"} <= parts_of(tmp_path / name)


def test_what_cannot_be_taken_along_is_refused(tmp_path: Path, small: Path) -> None:
    from lingtan.dossier.reading import read_dossier

    outside = tmp_path / "outside.csv"
    outside.write_text("meter_id,at,value\n", "utf-8")
    with pytest.raises(LingtanError) as raised:
        frozen_file(tmp_path, read_dossier(small, readings=[outside]))
    assert [one.code for one in raised.value.faults] == ["restatement.not-whole"]
    assert not (tmp_path / "base.zip").exists()


def rewritten(file: Path, target: Path, name: str, change: Any) -> Path:
    """The zip with one part changed, checksums of the zip in order."""
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(target, "w") as new:
        for part in old.namelist():
            data = old.read(part)
            new.writestr(part, change(data) if part == name else data)
        if name not in old.namelist():
            new.writestr(name, change(b""))
    return target


@pytest.mark.parametrize(
    ("name", "change", "code"),
    [
        ("factors.csv", lambda data: data.replace(b"0.5737", b"0.1737"), "restatement.changed"),
        ("method.json", lambda data: data + b" ", "restatement.changed"),
        ("dossier.zip", lambda data: data + b" ", "restatement.changed"),
        ("more.txt", lambda data: b"more", "restatement.changed"),
        ("frozen.json", lambda data: b"{}", "restatement.not-frozen"),
        ("frozen.json", lambda data: b"[1", "restatement.not-frozen"),
    ],
)
def test_a_file_that_was_altered_is_refused(
    tmp_path: Path, small: Path, name: str, change: Any, code: str
) -> None:
    from lingtan.dossier.reading import read_dossier

    file = rewritten(frozen_file(tmp_path, read_dossier(small)), tmp_path / "altered.zip", name, change)
    with pytest.raises(LingtanError) as raised:
        read_frozen(file)
    assert [one.code for one in raised.value.faults] == [code]


def test_the_commands(tmp_path: Path, small: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "base.zip"
    assert run("restate", "freeze", str(small), str(file), "--on", "2025-06-30", "--note", "基准年") == 0
    assert run("restate", "freeze", str(small), str(file), "--on", "2025-06-30") == 2  # never over another
    register = small / "registers" / "energy_activity.csv"
    register.write_text(register.read_text("utf-8-sig").replace(",100,", ",120,"), "utf-8")
    capsys.readouterr()
    assert run("restate", "compare", str(file), str(small), "--on", "2025-06-30", "--json") == 0
    found = {one["total"]: one for one in json.loads(capsys.readouterr().out)}
    gross = found["gross_tco2e"]
    assert Decimal(gross["difference"]) == Decimal("11.474")  # 20 x 0.5737
    assert {one["cause"]: Decimal(one["change"]) for one in gross["causes"] if Decimal(one["change"])} == {
        "data": Decimal("11.474")
    }
    assert gross["is_significant"] is True
    assert run("restate", "compare", str(file), str(small), "--on", "2025-06-30") == 0
    assert "须重算" in capsys.readouterr().out
    assert run("restate", "compare", str(small / "park.yaml"), str(small)) == 2


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as left:
        main(arguments)
    return int(left.value.code or 0)
