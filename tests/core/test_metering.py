"""Energy out of hand-made readings: every expected number is worked out in the test."""

from __future__ import annotations

import random
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from lingtan.dossier.records import Cell, Dossier, Location, Park, Reporting, Row
from lingtan.errors import Place
from lingtan.metering import (
    Metering,
    compute_metering,
    energy_rows,
    energy_table,
    online_supply_meters,
    quality_table,
)

BLANK: dict[str, Cell] = {
    "enterprise": "E1",
    "carrier": "electricity",
    "role": "supply",
    "parent": None,
    "quantity": "interval",
    "unit": "kWh",
    "multiplier": None,
    "online": True,
    "interval_minutes": Decimal(60),
    "zero_means_missing": None,
}
Reading = tuple[str, str, str]
BEGIN = datetime(2023, 12, 31, 16, tzinfo=UTC)  # 2024 in Shanghai begins here


def meter(name: str, **cells: Cell) -> Row:
    return Row("meters", name, {**BLANK, "meter": name, **cells}, Place("meters.csv", row=len(name)))


def dossier(readings: Iterable[Path], *meters: Row, zone: str = "Asia/Shanghai", year: int = 2024) -> Dossier:
    park = Park(id="p", name_zh="园区", location=Location(timezone=zone), reporting=Reporting(year=year))
    return Dossier("p", park, {"meters": meters}, readings=tuple(readings))


def csv(folder: Path, rows: Iterable[Reading], name: str = "readings.csv") -> Path:
    folder.mkdir(exist_ok=True)
    file = folder / name
    file.write_text("meter_id,at,value\n" + "".join(",".join(row) + "\n" for row in rows), encoding="utf-8")
    return file


def hours(
    meter_id: str, values: Iterable[object], *, begin: datetime = BEGIN, minutes: int = 60
) -> list[Reading]:
    return [
        (meter_id, (begin + timedelta(minutes=minutes * n)).isoformat(), str(value))
        for n, value in enumerate(values)
    ]


def codes(metering: Metering) -> set[str]:
    return {fault.code.removeprefix("metering.") for fault in metering.faults}


def fault_of(metering: Metering, code: str) -> dict[str, str]:
    (found,) = [fault for fault in metering.faults if fault.code == f"metering.{code}"]
    assert found.words("zh").what
    assert found.words("en").mend
    return dict(found.context)


def test_intervals_are_summed_with_multiplier(tmp_path: Path) -> None:
    file = csv(tmp_path, hours("M", ["0.1"] * 3))
    (energy,) = compute_metering(dossier([file], meter("M", multiplier=Decimal(40)))).meters
    assert energy.quantity == Decimal("12.0")  # 3 x 0.1 x 40, exactly
    assert energy.months == (Decimal("12.0"), *[Decimal(0)] * 11)
    assert (energy.expected, energy.present) == (8784, 3)  # 366 days


def test_year_is_the_local_one_and_half_open(tmp_path: Path) -> None:
    rows = [
        ("M", "2023-12-31T23:00:00+08:00", "1"),
        ("M", "2024-01-01T00:00:00+08:00", "10"),
        ("M", "2024-01-31T16:00:00Z", "100"),  # 1 February in Shanghai
        ("M", "2024-12-31T23:00:00+08:00", "1000"),
        ("M", "2025-01-01T00:00:00+08:00", "10000"),
    ]
    (energy,) = compute_metering(dossier([csv(tmp_path, rows)], meter("M"))).meters
    assert energy.months == tuple(map(Decimal, (10, 100, *[0] * 9, 1000)))


def test_summer_time_gives_and_takes_an_hour(tmp_path: Path) -> None:
    begin = datetime(2021, 1, 1, tzinfo=UTC)
    file = csv(tmp_path, hours("M", [1] * 8760, begin=begin))
    (energy,) = compute_metering(dossier([file], meter("M"), zone="Europe/London", year=2021)).meters
    assert energy.completeness == 1
    assert energy.months[2] == 31 * 24 - 1  # clocks go forward in March
    assert energy.months[9] == 31 * 24 + 1
    assert energy.quantity == 8760


@pytest.mark.parametrize(
    ("stamp", "readable"),
    [
        ("2024-03-01T00:00:00+08:00", True),
        ("2024-03-01 00:00:00+08:00", True),
        ("2024-02-29T16:00Z", True),
        ("2024-02-29T16:00:00.000Z", True),
        ("2024-03-01T00:00:00+0800", True),
        ("2024-03-01T00:00:00", False),
        ("2024-03-01", False),
        ("1 March", False),
    ],
)
def test_stamps_need_an_offset(tmp_path: Path, stamp: str, readable: bool) -> None:
    metering = compute_metering(dossier([csv(tmp_path, [("M", stamp, "7")])], meter("M")))
    if readable:
        assert metering.meters[0].months[2] == 7
    else:
        assert metering.meters == ()
        assert codes(metering) & {"bad-time", "time-without-offset"}
        assert stamp in str([dict(fault.context) for fault in metering.faults])


def test_cumulative_register_is_differenced(tmp_path: Path) -> None:
    values = ["1000.1", "1000.4", "1002", "1002"]
    file = csv(tmp_path, hours("M", values))
    (energy,) = compute_metering(dossier([file], meter("M", quantity="cumulative"))).meters
    assert energy.quantity == Decimal("1.9")
    assert (energy.present, energy.zeros) == (3, 1)


def test_reset_is_reported_and_not_negative(tmp_path: Path) -> None:
    file = csv(tmp_path, hours("M", [90, 99, 3, 5]))
    metering = compute_metering(dossier([file], meter("M", quantity="cumulative")))
    assert metering.meters[0].quantity == 9 + 2
    assert fault_of(metering, "reset")["count"] == "1"
    assert fault_of(metering, "reset")["first"] == "2024-01-01T01:00+08:00"


def test_step_across_the_turn_of_the_year_is_divided_and_nothing_counts_twice(tmp_path: Path) -> None:
    rows = [
        ("M", "2023-12-31T22:00:00+08:00", "0"),
        ("M", "2024-01-01T01:00:00+08:00", "5"),
        ("M", "2024-12-31T22:00:00+08:00", "105"),
        ("M", "2025-01-01T02:00:00+08:00", "112"),
    ]
    row = meter("M", quantity="cumulative")
    by_year = {
        year: compute_metering(dossier([csv(tmp_path, rows)], row, year=year)) for year in (2023, 2024, 2025)
    }
    # 5 in three hours, two of them in 2023: 3.33, in whole numbers 3; 7 in four hours, half of it: 3
    assert by_year[2023].meters[0].quantity == 3
    assert by_year[2024].meters[0].quantity == 2 + 100 + 3
    assert sum(one.meters[0].quantity for one in by_year.values() if one.meters) + 4 == 112
    assert by_year[2024].meters[0].spread == 105
    assert fault_of(by_year[2024], "spread")["share"] == "100.00"


def test_finer_registers_are_divided_more_finely(tmp_path: Path) -> None:
    rows = [("M", "2023-12-31T22:00:00+08:00", "0.00"), ("M", "2024-01-01T01:00:00+08:00", "5.01")]
    (energy,) = compute_metering(
        dossier([csv(tmp_path, rows)], meter("M", quantity="cumulative"), year=2023)
    ).meters
    assert energy.quantity == Decimal("3.34")  # two thirds of 5.01


def test_register_that_rolled_over(tmp_path: Path) -> None:
    file = csv(tmp_path, hours("M", ["999.5", "0.5", "3"]))
    row = meter("M", quantity="cumulative", rolls_over_at=Decimal(1000))
    metering = compute_metering(dossier([file], row))
    assert metering.meters[0].quantity == Decimal("3.5")
    assert fault_of(metering, "rolled-over")["count"] == "1"
    assert "reset" not in codes(metering)


@pytest.mark.parametrize(
    ("final", "initial", "quantity"), [("101", "2", "14"), ("", "2", "11"), ("101", "", "11")]
)
def test_exchange_of_a_meter_is_made_good(tmp_path: Path, final: str, initial: str, quantity: str) -> None:
    csv(tmp_path, hours("M", [90, 99, 3, 5]))
    at = (BEGIN + timedelta(hours=2)).isoformat()
    head = "meter_id,at,action,value,value_after,until,who,when,why\n"
    line = f"M,{at},exchange,{final},{initial},,王工,2024-03-01T09:00:00+08:00,换表\n"
    (tmp_path / "corrections.csv").write_text(head + line, encoding="utf-8")
    metering = compute_metering(dossier([tmp_path], meter("M", quantity="cumulative")))
    # 9, then 101 - 99 and 3 - 2 over the exchange if both readings are known, then 2
    assert metering.meters[0].quantity == Decimal(quantity)
    assert "reset" not in codes(metering)


def test_faults_of_corrections_name_the_cell(tmp_path: Path) -> None:
    csv(tmp_path, hours("M", [1, 2]))
    head = "meter_id,at,action,value,value_after,until,who,when,why\n"
    good = f"M,{BEGIN.isoformat()},replace,7,,,王工,2024-03-01T09:00:00+08:00,抄错\n"
    bad = "M,2024-01-01T00:00:00,swap,x,,,王工,2024-03-01T09:00:00+08:00,抄错\n"
    other = f"X,{BEGIN.isoformat()},remove,,,,王工,2024-03-01T09:00:00+08:00,抄错\n"
    (tmp_path / "corrections.csv").write_text(head + good + bad + other, encoding="utf-8")
    metering = compute_metering(dossier([tmp_path], meter("M")))
    assert metering.meters[0].quantity == 7 + 2
    places = {fault.place.column for fault in metering.faults if fault.code == "metering.bad-correction"}
    assert places == {"at", "value", "action"}
    (unknown,) = [fault for fault in metering.faults if fault.code == "lake.unknown-meter"]
    assert (unknown.place.file, unknown.place.row) == ("corrections.csv", 4)


def test_virtual_meters_are_computed_and_count_once(tmp_path: Path) -> None:
    file = csv(tmp_path, [*hours("A", [10, 20]), *hours("B", [1, 2]), *hours("R", [5])])
    meters = [
        meter("A"),
        meter("B", parent="A", role="sub"),
        meter("V", formula="[A] - [B] * 2", role="sub"),
        meter("S", formula="[B] * 1"),
        meter("T", formula="[A] - [B]"),
        meter("R", formula="[A]", role="sub"),
    ]
    house = dossier([file], *meters)
    metering = compute_metering(house)
    found = {energy.meter: energy for energy in metering.meters}
    assert found["V"].quantity == 30 - 6
    assert found["V"].months[0] == 24
    assert "tree.virtual-has-readings" in codes(metering)
    (total,) = energy_rows(house, metering)  # A alone: S and T are in it already
    assert (total.meters, total.quantity) == (("A",), 30)


def test_submeters_that_exceed_their_parent_are_told(tmp_path: Path) -> None:
    file = csv(tmp_path, [*hours("A", [10]), *hours("B", [11])])
    metering = compute_metering(dossier([file], meter("A"), meter("B", parent="A", role="sub")))
    assert "tree.children-exceed" in codes(metering)


def test_completeness_by_month(tmp_path: Path) -> None:
    values: list[object] = [5] * 800
    values[10:12] = [0, 0]
    rows = hours("M", values)
    del rows[20:25]
    row = meter("M", zero_means_missing=True)
    months = compute_metering(dossier([csv(tmp_path, rows)], row)).months_read
    january, february, march = months[:3]
    # 744 hours in January, five of them not read and two zeros not believed; 800 - 744 in February
    assert (january.expected, january.present, january.doubted) == (744, 739, 2)
    assert january.completeness == Decimal(737) / 744
    assert (february.present, march.present, len(months)) == (56, 0, 12)


def test_power_adds_up_to_energy(tmp_path: Path) -> None:
    file = csv(tmp_path, hours("M", [4, 8], minutes=30))
    (energy,) = compute_metering(
        dossier([file], meter("M", quantity="power", unit="kW", interval_minutes=Decimal(30)))
    ).meters
    assert (energy.quantity, energy.unit) == (6, "kWh")  # 4 kW and 8 kW for half an hour each


def test_equal_duplicates_count_once_and_conflicts_not_at_all(tmp_path: Path) -> None:
    rows = [*hours("M", [1, 2, 4]), *hours("M", [1, 8])]
    metering = compute_metering(dossier([csv(tmp_path, rows)], meter("M")))
    assert metering.meters[0].quantity == 1 + 4
    assert fault_of(metering, "duplicate")["count"] == "1"
    assert fault_of(metering, "conflict")["count"] == "1"


def test_bad_readings_are_missing_not_zero(tmp_path: Path) -> None:
    values = ["1", "", "inf", "-3", "abc", "2e12", "5"]
    metering = compute_metering(dossier([csv(tmp_path, hours("M", values))], meter("M")))
    assert metering.meters[0].quantity == 6
    assert metering.meters[0].present == 2
    assert {"import.not-finite", "negative", "bad-value", "too-large", "incomplete"} <= codes(metering)
    assert fault_of(metering, "incomplete")["count"] == "8782"


def test_order_of_rows_and_files_does_not_matter(tmp_path: Path) -> None:
    chance = random.Random(7)
    rows = [
        *hours("M", [round(chance.uniform(0, 9), 7) for _ in range(800)]),
        *hours("N", [1000 + n / 3 for n in range(800)]),
    ]
    meters = meter("M"), meter("N", quantity="cumulative", carrier="natural_gas", unit="m3")
    sorted_files = [csv(tmp_path / "one", rows)]
    shuffled = chance.sample(rows, len(rows))
    split = [
        csv(tmp_path / "two", shuffled[:300], "b.csv"),
        csv(tmp_path / "two", shuffled[300:], "a.csv"),
    ]
    one = compute_metering(dossier(sorted_files, *meters))
    two = compute_metering(dossier(reversed(split), *reversed(meters)))
    assert one.meters == two.meters
    assert one.meters[0].quantity == sum(one.meters[0].months)


def test_long_wide_csv_and_parquet_are_equal(tmp_path: Path) -> None:
    instants = [BEGIN + timedelta(hours=n) for n in range(3)]
    wide = pl.DataFrame(
        {"timestamp_utc": [at.replace(tzinfo=None) for at in instants], "M": [1.5, 2.0, 0.25]}
    )
    long = pl.DataFrame({"meter_id": ["M"] * 3, "at": instants, "value": [1.5, 2.0, 0.25]})
    wide.write_parquet(tmp_path / "wide.parquet")
    long.write_parquet(tmp_path / "long.parquet")
    wide.write_csv(tmp_path / "wide.csv", datetime_format="%Y-%m-%d %H:%M:%S")
    csv(tmp_path, hours("M", [1.5, 2.0, 0.25]), "long.csv")
    results = {
        file.name: compute_metering(dossier([file], meter("M"))).meters for file in sorted(tmp_path.iterdir())
    }
    assert len(results) == 4
    assert len(set(results.values())) == 1
    assert results["wide.csv"][0].quantity == Decimal("3.75")
    together = compute_metering(dossier([tmp_path], meter("M")))  # the same readings four times
    assert together.meters == results["wide.csv"]
    assert fault_of(together, "duplicate")["count"] == "3"


def test_fingerprint_is_of_the_bytes_not_of_the_names(tmp_path: Path) -> None:
    one = csv(tmp_path / "one", hours("M", [1]), "a.csv")
    two = csv(tmp_path / "two", hours("M", [1]), "b.csv")
    other = csv(tmp_path / "two", hours("M", [2]), "c.csv")
    prints = [compute_metering(dossier([file], meter("M"))).fingerprint for file in (one, two, other)]
    assert prints[0] == prints[1] != prints[2]


def test_what_is_not_readings_is_said(tmp_path: Path) -> None:
    csv(tmp_path, [*hours("M", [1]), *hours("X", [1])])
    (tmp_path / "SOURCE.md").write_text("about", encoding="utf-8")
    (tmp_path / "weather.csv").write_text("timestamp_utc,degC\n2024-01-01 00:00:00,3\n", encoding="utf-8")
    (tmp_path / "broken.parquet").write_bytes(b"no parquet")
    (tmp_path / "lacking.csv").write_text("meter_id,value\nM,3\n", encoding="utf-8")
    metering = compute_metering(dossier([tmp_path, tmp_path / "absent"], meter("M"), meter("N")))
    assert [name.rpartition("/")[2] for name in metering.files] == ["readings.csv"]
    ignored = {f.place.file.rpartition("/")[2] for f in metering.faults if f.code == "metering.file-ignored"}
    assert ignored >= {"SOURCE.md", "weather.csv"}
    assert {"unreadable", "import.other-kind", "unknown-meter", "no-readings"} <= codes(metering)
    assert fault_of(metering, "no-readings")["meters"] == "N"


def test_unknown_time_zone_is_a_fault(tmp_path: Path) -> None:
    file = csv(tmp_path, hours("M", [1]))
    assert codes(compute_metering(dossier([file], meter("M"), zone="Mars/Crater"))) == {"unknown-timezone"}


def test_no_readings_at_all_is_an_empty_result() -> None:
    assert compute_metering(dossier([], meter("M"))) == Metering()


def test_stated_interval_rules_unless_readings_are_finer(tmp_path: Path) -> None:
    file = csv(tmp_path, hours("M", [1, 1, 1, 1]))
    for stated, expected in ((15, 366 * 96), (60, 8784), (1440, 8784), (None, 8784)):
        cell = None if stated is None else Decimal(stated)
        metering = compute_metering(dossier([file], meter("M", interval_minutes=cell)))
        assert metering.meters[0].expected == expected
        assert ("interval-differs" in codes(metering)) == (stated in (15, 1440))


def test_hourly_emissions(tmp_path: Path) -> None:
    csv(tmp_path, hours("M", ["1", "2", "4", "8"], minutes=30))
    stamps = [(BEGIN + timedelta(hours=n)).isoformat() for n in (0, 5, 6, 7)]
    table = "at,carbon_intensity_gCO2_per_kWh\n" + "".join(f"{at},250\n" for at in stamps)
    (tmp_path / "grid.csv").write_text(table, encoding="utf-8")
    metering = compute_metering(
        dossier([tmp_path], meter("M", interval_minutes=Decimal(30), unit="MWh", multiplier=Decimal(2)))
    )
    (energy,) = metering.meters
    # the first hour only: (1 + 2) MWh x 2 x 250 gCO2/kWh = 1.5 t
    assert energy.emissions_tco2 == Decimal("1.5")
    assert energy.unpriced == 1  # the second hour
    assert fault_of(metering, "intensity-short")["count"] == "1"
    outside = compute_metering(
        dossier([tmp_path / "readings.csv"], meter("M", interval_minutes=Decimal(30), unit="MWh")),
        intensity=tmp_path / "grid.csv",
    )
    assert outside.meters[0].emissions_tco2 == Decimal("0.75")


def test_electricity_that_is_not_measured_as_energy(tmp_path: Path) -> None:
    csv(tmp_path, hours("M", [1, 2]))
    table = f"at,carbon_intensity_kgCO2_per_kWh\n{BEGIN.isoformat()},1\n"
    (tmp_path / "grid.csv").write_text(table, encoding="utf-8")
    metering = compute_metering(dossier([tmp_path], meter("M", unit="m3")))
    assert fault_of(metering, "not-energy")["unit"] == "m3"
    assert metering.meters[0].emissions_tco2 is None


def test_doubted_zeros_are_said_with_share_and_span(tmp_path: Path) -> None:
    metering = compute_metering(
        dossier([csv(tmp_path, hours("M", [5, 0, 0, 5]))], meter("M", zero_means_missing=True))
    )
    found = fault_of(metering, "suspect-zeros")
    assert (found["count"], found["share"]) == ("2", "0.02")  # 2 of 8784
    assert (found["first"], found["last"]) == ("2024-01-01T01:00+08:00", "2024-01-01T02:00+08:00")
    assert metering.meters[0].quantity == 10


def test_intensity_that_cannot_be_used(tmp_path: Path) -> None:
    csv(tmp_path, hours("M", [1]))
    (tmp_path / "a.csv").write_text(f"at,intensity\n{BEGIN.isoformat()},1\n", encoding="utf-8")
    assert "intensity-unit" in codes(compute_metering(dossier([tmp_path], meter("M"))))
    stamps = [(BEGIN + timedelta(hours=n)).isoformat() for n in range(3)]
    for name, value in (("b.csv", 1), ("c.csv", 2)):
        text = "at,carbon_intensity_kgCO2_per_kWh\n" + "".join(f"{at},{value}\n" for at in stamps)
        (tmp_path / name).write_text(text, encoding="utf-8")
    metering = compute_metering(dossier([tmp_path], meter("M")))
    assert "carbon.conflict" in codes(metering)
    assert metering.meters[0].emissions_tco2 is None


def test_meters_are_added_up_once(tmp_path: Path) -> None:
    names = ["A", "A1", "A2", "B", "G", "S"]
    file = csv(tmp_path, [row for n, name in enumerate(names) for row in hours(name, [10**n])])
    meters = [
        meter("A", enterprise="E0"),
        meter("A1", parent="A"),
        meter("A2", parent="A1", role="sub"),
        meter("B", unit="MWh", enterprise="E0"),
        meter("G", role="generation", parent="A"),
        meter("S", parent="no such meter", carrier="heat", unit="GJ"),
    ]
    house = dossier([file], *meters)
    metering = compute_metering(house)
    found = {(row.enterprise, row.carrier, row.role): row for row in energy_rows(house, metering)}
    assert {key: (row.quantity, row.unit) for key, row in found.items()} == {
        ("E0", "electricity", "supply"): (Decimal(1 + 1000 * 1000), "kWh"),
        ("E1", "electricity", "generation"): (Decimal(10**4), "kWh"),
        ("E1", "heat", "supply"): (Decimal(10**5), "GJ"),
    }
    assert found["E0", "electricity", "supply"].meters == ("A", "B")
    assert online_supply_meters(house, metering) == ()  # one reading shows no interval


@pytest.mark.parametrize(
    ("online", "stated", "step", "counts"),
    [(True, 60, 60, True), (True, 61, 60, False), (True, 15, 61, False), (None, 60, 60, False)],
)
def test_online_means_at_least_hourly(
    tmp_path: Path, online: bool | None, stated: int, step: int, counts: bool
) -> None:
    file = csv(tmp_path, [*hours("M", [1] * 5, minutes=step), *hours("N", [1] * 5, minutes=step)])
    cells: dict[str, Cell] = {"online": online, "interval_minutes": Decimal(stated)}
    house = dossier([file], meter("M", **cells), meter("N", parent="M", **cells))
    found = online_supply_meters(house, compute_metering(house))
    assert [energy.meter for energy in found] == (["M"] if counts else [])


def test_parents_in_a_ring_are_reported_and_nothing_is_lost(tmp_path: Path) -> None:
    file = csv(tmp_path, [*hours("M", [1]), *hours("N", [2])])
    house = dossier([file], meter("M", parent="N"), meter("N", parent="M"))
    metering = compute_metering(house)
    assert "parent-ring" in codes(metering)
    assert [row.quantity for row in energy_rows(house, metering)] == [3]


def test_tables(tmp_path: Path) -> None:
    metering = compute_metering(dossier([csv(tmp_path, hours("M", ["0.1"] * 3))], meter("M")))
    table = energy_table(metering)
    assert table.shape == (12, 8)
    assert table["quantity"][0] == "0.3"
    assert quality_table(metering).select("meter", "expected", "present").rows() == [("M", 8784, 3)]
    assert energy_table(Metering()).is_empty()
    assert quality_table(Metering()).is_empty()
