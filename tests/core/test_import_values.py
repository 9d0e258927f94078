"""Values: digits exactly, units of the register, kinds of reading, what is no number."""
# ruff: noqa: E501 - tables of cases read better in one line each

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from import_files import SHANGHAI, codes, decided, fault_of, put, put_sheet, register, take

from lingtan.metering.coded import whole_numbers
from lingtan.metering.importing import ImportOptions
from lingtan.metering.importing.deciding import find_mark
from lingtan.metering.importing.layout import value_words
from lingtan.metering.importing.survey import decimals_kept
from lingtan.metering.importing.values import LARGEST, parse_values
from lingtan.metering.importing.verdicts import VERDICTS

E1 = register("E1")
BEGIN = datetime(2024, 1, 1)


def table(*values: str, head: str = "meter_id,at,value", minutes: int = 15) -> str:
    stamps = [BEGIN + k * timedelta(minutes=minutes) for k in range(len(values))]
    rows = [f"E1,{at:%Y-%m-%d %H:%M},{value}" for at, value in zip(stamps, values, strict=True)]
    return "\n".join([head, *rows]) + "\n"


def parsed(*cells: str | None, mark: str = ".") -> list[Decimal | str]:
    """Values, or the verdict of what is none."""
    numbers = parse_values(pl.Series(cells, dtype=pl.String), mark)
    return [
        VERDICTS[verdict] if whole is None else Decimal(whole).scaleb(-numbers.decimals)
        for whole, verdict in zip(numbers.whole, numbers.verdict, strict=True)
    ]


@settings(deadline=None)
@given(
    st.lists(
        st.decimals(-(10**9), 10**9, places=6, allow_nan=False, allow_infinity=False), min_size=1, max_size=20
    )
)
def test_decimals_are_kept_exactly(values: list[Decimal]) -> None:
    assert parsed(*(f"{value:f}" for value in values)) == values
    assert parsed(*(f"{value:f}".replace(".", ",") for value in values), mark=",") == values


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        (" 7 ", "7"),
        ("+3.50", "3.5"),
        ("-0.25", "-0.25"),
        ("1,234,567.8", "1234567.8"),
        ("1 234 567.8", "1234567.8"),
        ("1\u00a0234.5", "1234.5"),
        ("１２．５", "12.5"),
        ("1e3", "1000"),
        ("1.5E-2", "0.015"),
        ("12.3 kWh", "12.3"),
        ("'42", "42"),
        ("9007199254740991", "9007199254740991"),
    ],
)
def test_numbers_as_people_write_them(cell: str, value: str) -> None:
    assert parsed(cell) == [Decimal(value)]


@pytest.mark.parametrize(
    "cell", ["", " ", "--", "N/A", "null", "NaN", "无数据", "—", "/", "#N/A", "ＮＡ", None]
)
def test_words_for_no_value(cell: str | None) -> None:
    assert parsed(cell, "1") == ["blank", Decimal(1)]


@pytest.mark.parametrize(
    ("cell", "verdict"),
    [
        ("abc", "bad-value"),
        ("1,23,456.7", "bad-value"),
        ("1.2.3", "bad-value"),
        ("#DIV/0!", "bad-value"),
        ("12 apples", "bad-value"),
        ("0x10", "bad-value"),
        ("inf", "not-finite"),
        ("-Infinity", "not-finite"),
        ("1e308", "too-large"),
        ("1e400", "not-finite"),
        ("9007199254740992", "too-large"),  # 2^53
        ("9" * 60, "too-large"),
    ],
)
def test_what_is_no_value(cell: str, verdict: str) -> None:
    assert parsed("1.5", cell) == [Decimal("1.5"), verdict]


def test_bad_cells_are_told_with_row_and_column(tmp_path: Path) -> None:
    plan, found = take(put(tmp_path, table("1", "oops", "inf", "1e308", "2")), E1)
    assert [int(v) for *_, v in found] == [1, 2]
    rows = {fault.code: (fault.place.row, fault.place.column) for fault in plan.faults if fault.place.row}
    assert rows == {
        "metering.bad-value": (3, "value"),
        "import.not-finite": (4, "value"),
        "import.too-large": (5, "value"),
    }


@pytest.mark.parametrize(
    ("cells", "mark"),
    [
        (("1.5", "2"), "."),
        (("3,17", "4,2"), ","),
        (("1.234,5",), ","),
        (("1,234.5",), "."),
        (("0,125",), ","),
        (("1,234,567",), "."),
        (("1,234", "5,678"), None),
        (("1,234", "5,67"), ","),
        ((), "."),
    ],
)
def test_decimal_mark(cells: tuple[str, ...], mark: str | None) -> None:
    assert find_mark(cells) == mark


def test_unclear_decimal_mark_is_asked_for(tmp_path: Path) -> None:
    text = table("1,234", "5,678", head="meter_id;at;value").replace("E1,", "E1;").replace(":00,", ":00;")
    file = put(tmp_path, text.replace(":15,", ":15;"))
    plan, found = take(file, E1)
    assert not found and fault_of(plan, "import.decimal-unclear").place.column == "value"
    for mark, first in ((",", "1.234"), (".", "1234")):
        _, found = take(file, E1, ImportOptions(zone="Asia/Shanghai", decimal=mark))  # type: ignore[arg-type]
        assert found[0][2] == Decimal(first)


@pytest.mark.parametrize(
    ("head", "unit", "value"),
    [
        ("表号,时间,电量(万kWh)", "kWh", "12500"),
        ("表号,时间,电量（MWh）", "kWh", "1250"),
        ("meter_id,at,energy_GJ", "MWh", "0.347222222"),  # 1.25 / 3.6
        ("表号,时间,用气量(万m³)", "m3", "12500"),
        ("表号,时间,电量(千瓦时)", "MWh", "0.00125"),
    ],
)
def test_units_are_converted_to_those_of_the_register(
    head: str, unit: str, value: str, tmp_path: Path
) -> None:
    plan, found = take(put(tmp_path, table("1.25", head=head)), register("E1", unit=unit))
    assert float(found[0][2]) == pytest.approx(float(value), rel=1e-8)
    assert plan.tables[0].meters[0].unit == unit
    assert [reason for _, reason in decided(plan, "unit")] == ["name"]


def test_a_column_of_units_is_followed_row_by_row(tmp_path: Path) -> None:
    text = "表号,时间,示值,单位\nE1,2024-01-01 00:00,1.5,MWh\nE1,2024-01-01 00:15,700,kWh\nE1,2024-01-01 00:30,3,m3\n"
    plan, found = take(put(tmp_path, text), E1)
    assert [v for *_, v in found] == [1500, 700]
    fault = fault_of(plan, "import.wrong-unit")
    assert (fault.place.row, fault.place.column, fault.context["unit"]) == (4, "示值", "m3")


def test_mixed_units_in_a_column_are_a_fault(tmp_path: Path) -> None:
    plan, found = take(put(tmp_path, table("1 kWh", "2 MWh", "3", head="表号,时间,电量(kWh)")), E1)
    assert [v for *_, v in found] == [1, 3]
    fault = fault_of(plan, "import.mixed-units")
    assert (fault.place.row, fault.context["unit"], fault.context["example"]) == (3, "kWh", "2 MWh")


def test_cells_with_units_and_a_column_without(tmp_path: Path) -> None:
    plan, found = take(put(tmp_path, table("1 MWh", "2 MWh")), E1)
    assert [v for *_, v in found] == [1000, 2000]
    assert not plan.has_errors
    plan, found = take(put(tmp_path, table("1 MWh", "2 kWh", "3")), E1)
    assert "import.mixed-units" in codes(plan) and [v for *_, v in found] == [1000]


def test_power_is_no_energy(tmp_path: Path) -> None:
    plan, found = take(put(tmp_path, table("1", head="表号,时间,功率(kW)")), E1)
    assert not found and fault_of(plan, "import.wrong-unit").context["unit"] == "kW"
    plan, found = take(
        put(tmp_path, table("1", head="表号,时间,功率(MW)")), register("E1", quantity="power", unit="kW")
    )
    assert found[0][2] == 1000 and plan.tables[0].meters[0].quantity == "power"


def test_unit_by_option_and_nobody_knows(tmp_path: Path) -> None:
    file = put(tmp_path, table("1"))
    _, found = take(file, E1, ImportOptions(zone="UTC", unit="MWh"))
    assert found[0][2] == 1000
    plan, _ = take(file)
    assert fault_of(plan, "import.no-unit").context["meter"] == "E1"


RISING = [str(100 + k) for k in range(96)]
WAVY = [str(100 + k % 7) for k in range(96)]


@pytest.mark.parametrize(
    ("values", "head", "kind"),
    [
        (RISING, "meter_id,at,value", ("cumulative", "data")),
        (WAVY, "meter_id,at,value", ("interval", "data")),
        (RISING[:95], "meter_id,at,value", ("interval", "default")),
        ([*RISING[:-1], "0"], "meter_id,at,value", ("interval", "data")),  # falls once in 96: 1.04 %
        (WAVY, "表号,时间,示值", ("cumulative", "name")),
        (RISING, "表号,时间,用电量", ("interval", "name")),
        (RISING, "表号,时间,功率", ("power", "name")),
        (RISING, "meter_id,at,value_kW", ("power", "unit")),
    ],
)
def test_kind_of_reading(values: list[str], head: str, kind: tuple[str, str], tmp_path: Path) -> None:
    plan, _ = take(put(tmp_path, table(*values, head=head)))
    meter = plan.tables[0].meters[0]
    assert (meter.quantity, meter.reason) == kind
    assert decided(plan, "quantity") == [kind]


def test_the_register_wins_and_a_contradiction_is_told(tmp_path: Path) -> None:
    file = put(tmp_path, table(*RISING))
    plan, _ = take(file, E1)
    fault = fault_of(plan, "import.quantity-differs")
    assert (fault.context["stated"], fault.context["seen"]) == ("interval", "cumulative")
    assert plan.tables[0].meters[0].reason == "register"
    plan, _ = take(file, options=ImportOptions(zone="UTC", quantity="interval"))
    assert decided(plan, "quantity") == [("interval", "option")]


def test_multipliers_are_not_applied_to_what_is_stored(tmp_path: Path) -> None:
    meters = register("E1", multiplier=Decimal(1200), quantity="cumulative")
    plan, found = take(put(tmp_path, table("1.5", head="表号,时间,示值")), meters)
    assert found[0][2] == Decimal("1.5") and decided(plan, "multiplier") == [("not-applied", "rule")]


def test_primary_values_would_be_multiplied_twice(tmp_path: Path) -> None:
    file = put(tmp_path, table("1.5", head="表号,时间,一次侧电量"))
    plan, found = take(file, register("E1", multiplier=Decimal(1200)))
    assert not found and fault_of(plan, "import.primary-values").place.row == 2
    assert take(file, register("E1", multiplier=Decimal(1)))[1]
    secondary = ImportOptions(zone="Asia/Shanghai", side="secondary")
    assert take(file, register("E1", multiplier=Decimal(1200)), secondary)[1]


def test_a_multiplier_in_the_file_that_differs(tmp_path: Path) -> None:
    text = "表号,时间,示值,倍率\nE1,2024-01-01 00:00,1,80\nE1,2024-01-01 00:15,2,80\n"
    plan, found = take(put(tmp_path, text), register("E1", multiplier=Decimal(60)))
    fault = fault_of(plan, "import.multiplier-differs")
    assert (fault.context["given"], fault.context["registered"], len(found)) == ("80", "60", 2)
    assert "import.multiplier-differs" not in codes(
        take(put(tmp_path, text), register("E1", multiplier=Decimal(80)))[0]
    )


def test_negative_zero_and_clipped_values_are_stored_and_told(tmp_path: Path) -> None:
    values = ["1"] * 60 + ["0", "0", "-2", "100", "100"]
    plan, found = take(put(tmp_path, table(*values)), register("E1", zero_means_missing=True))
    assert len(found) == len(values)
    negative = fault_of(plan, "import.negative")
    assert (negative.place.row, negative.context["count"]) == (64, "1")
    assert fault_of(plan, "import.zeros").context["count"] == "2"
    assert fault_of(plan, "import.clipped").context["value"] == "100"
    plan, _ = take(put(tmp_path, table(*["1"] * 60, "100")), E1)
    assert "import.clipped" not in codes(plan)  # once is a peak


def test_binary_fractions_are_rounded_as_the_lake_would(tmp_path: Path) -> None:
    thirds = [k / 3 for k in range(1, 200)]
    at = [BEGIN + k * timedelta(minutes=15) for k in range(len(thirds))]
    pl.DataFrame({"meter_id": "E1", "at": at, "value": thirds}).write_parquet(tmp_path / "a.parquet")
    plan, found = take(tmp_path / "a.parquet", E1)
    whole, exponent = whole_numbers(pl.Series(thirds).to_numpy())
    assert plan.exponents == {"E1": exponent}
    assert [v for *_, v in found] == [Decimal(int(w)).scaleb(exponent) for w in whole]
    assert "import.rounded" in codes(plan)


def test_one_exponent_per_meter_over_all_files(tmp_path: Path) -> None:
    put(tmp_path, table("1.5"), "in/a.csv")
    put(tmp_path, table("1.25").replace("2024", "2025"), "in/b.csv")
    plan, found = take(tmp_path / "in", E1)
    assert plan.exponents == {"E1": -2} and [v for *_, v in found] == [Decimal("1.5"), Decimal("1.25")]


def test_large_numbers_keep_what_fits() -> None:
    assert decimals_kept(2, 1e12, 1e12, LARGEST, 1e12) == 2
    assert decimals_kept(4, 1e12, 1e12, LARGEST, 1e12) == 3  # 1e16 is above 2^53, 1e15 below
    assert decimals_kept(9, 1.0, 100.0, LARGEST, 1e12) == 9
    assert decimals_kept(9, 1000.0, 1e6, LARGEST, 1e12) == 6


def test_formula_never_calculated(tmp_path: Path) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (
        ["meter_id", "at", "value"],
        ["E1", "2024-01-01 00:00", "=1+1"],
        ["E1", "2024-01-01 00:15", 3],
    ):
        sheet.append(row)
    book.save(tmp_path / "a.xlsx")
    plan, found = take(tmp_path / "a.xlsx", E1)
    assert [int(v) for *_, v in found] == [3]
    fault = fault_of(plan, "dossier.formula-not-calculated")
    assert (fault.place.row, fault.place.column, fault.context["given"]) == (2, "value", "=1+1")


def test_merged_meter_ids_hold_for_all_their_rows(tmp_path: Path) -> None:
    import xlsxwriter

    book = xlsxwriter.Workbook(str(tmp_path / "a.xlsx"))
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["表号", "时间", "示值"])
    sheet.merge_range(1, 0, 2, 0, "E1")
    for row, stamp in enumerate(("2024-01-01 00:00", "2024-01-01 00:15"), 1):
        sheet.write_row(row, 1, [stamp, row])
    book.close()
    assert len(take(tmp_path / "a.xlsx", E1)[1]) == 2


def test_usual_names_of_values_are_known() -> None:
    assert {"示值", "电量", "usage", "power"} <= set(value_words())


def test_a_sheet_of_text_numbers(tmp_path: Path) -> None:
    rows = [["表号", "时间", "电量"], ["E1", "2024-01-01 00:00", "1,234.5"], ["E1", "2024-01-01 00:15", "７"]]
    _, found = take(put_sheet(tmp_path, rows), E1, SHANGHAI)
    assert [v for *_, v in found] == [Decimal("1234.5"), 7]
