"""What is found in readings: each fault put into a clean series, at its limit and just beyond."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from lingtan.dossier.findings import Findings
from lingtan.errors import catalogue
from lingtan.metering.findings import (
    CODES,
    Dismissal,
    Finding,
    find_quality,
    find_standing,
    read_dismissals,
    render_dismissals,
)

BEGIN = datetime(2023, 12, 31, 16, tzinfo=UTC)
END = datetime(2024, 12, 31, 16, tzinfo=UTC)
HOURS = 8784
ZONE = "Asia/Shanghai"


def clean(seed: int = 1) -> np.ndarray:
    """A load with days, weeks and chance, to two decimals."""
    hours = np.arange(HOURS)
    day = 60 + 40 * np.sin((hours % 24 - 9) * np.pi / 12) - 10 * (hours // 24 % 7 >= 5)
    return np.round(day * np.random.default_rng(seed).normal(1, 0.05, HOURS), 2)


def find(
    values: np.ndarray, *, without: slice | None = None, meters: dict[str, object] | None = None
) -> list[Finding]:
    """Findings of one hourly meter; NaN are missing readings."""
    return list(find_all({"M": values}, {"M": meters or {}}, without=without))


def find_all(
    series: dict[str, np.ndarray], facts: dict[str, dict[str, object]], *, without: slice | None = None
) -> tuple[Finding, ...]:
    frames = []
    for meter, values in series.items():
        kept = np.isfinite(values)
        if without is not None:
            kept[without] = False
        at = pl.Series(
            "at", [BEGIN + timedelta(hours=int(n)) for n in np.flatnonzero(kept)], pl.Datetime("ms", "UTC")
        )
        frame = pl.DataFrame({"at": at, "energy": values[kept], "scaled": values[kept]})
        frames.append(frame.with_columns(pl.lit(meter).alias("meter")))
    steps = pl.concat(frames).with_columns(
        until=pl.col("at").dt.offset_by("1h"), month=pl.col("at").dt.convert_time_zone(ZONE).dt.month()
    )
    blank = {"carrier": "electricity", "role": "supply", "cumulative": False, "interval": 60, "parent": None}
    rows = [{"meter": meter, **blank, **facts[meter]} for meter in series]
    table = pl.DataFrame(rows, schema_overrides={"parent": pl.String, "interval": pl.Int64})
    doubted = steps.filter(pl.col("energy") == 0).select("meter", "at")
    return find_quality(steps, table, doubted, window=(BEGIN, END), zone=ZONE)


def codes(findings: list[Finding]) -> set[str]:
    return {finding.code for finding in findings}


def test_clean_series_have_no_findings() -> None:
    assert [one for seed in range(20) for one in find(clean(seed))] == []


def test_every_code_has_words_and_a_fault() -> None:
    for code in CODES:
        assert f"quality.{code}" in catalogue()
        told = Finding("M", BEGIN, END, code, 3, "7").as_fault(zone=ZONE)
        assert "2024-01-01T00:00+08:00" in told.words("zh").what + told.words("zh").why or code in (
            "late-start", "clipped", "drift",
        )  # fmt: skip


def test_a_gap_has_its_span_and_count() -> None:
    (gap,) = find(clean(), without=slice(100, 103))
    assert (gap.code, gap.count) == ("gap", 3)
    assert (gap.first, gap.last) == (BEGIN + timedelta(hours=100), BEGIN + timedelta(hours=102))


def test_a_registers_gap_begins_after_its_interval() -> None:
    values = clean()
    at = [BEGIN, BEGIN + timedelta(hours=5)]
    steps = pl.DataFrame(
        {"meter": ["M", "M"], "at": at, "until": [at[1], END], "energy": [9.0, 1.0], "scaled": [9.0, 1.0],
         "month": [1, 1]},
        schema_overrides={"at": pl.Datetime("ms", "UTC"), "until": pl.Datetime("ms", "UTC")},
    )  # fmt: skip
    meters = pl.DataFrame(
        {"meter": ["M"], "carrier": ["heat"], "role": ["sub"], "cumulative": [True], "interval": [60],
         "parent": [None]},
        schema_overrides={"parent": pl.String},
    )  # fmt: skip
    found = find_quality(steps, meters, steps.head(0).select("meter", "at"), window=(BEGIN, END), zone=ZONE)
    gaps = [one for one in found if one.code == "gap"]
    assert (gaps[0].first, gaps[0].count) == (BEGIN + timedelta(hours=1), 4)
    assert len(values) == HOURS


def test_doubted_zeros_become_spans() -> None:
    values = clean()
    values[500:510] = 0
    values[900] = 0
    found = [one for one in find(values) if one.code == "zeros"]
    assert [one.count for one in found] == [10, 1]


@pytest.mark.parametrize(("factor", "found"), [(9.9, False), (12.0, True)])
def test_spike_at_ten_times_the_usual(factor: float, found: bool) -> None:
    values = clean()
    values[4000] = round(float(np.median(values)) * factor, 2)
    assert ("spike" in codes(find(values))) == found


def test_a_rise_that_stays_is_no_spike() -> None:
    values = clean()
    values[4000:4010] *= 15
    assert "spike" not in codes(find(values))


@pytest.mark.parametrize(("length", "found"), [(23, False), (24, True)])
def test_flat_for_a_day(length: int, found: bool) -> None:
    values = clean()
    values[3000 : 3000 + length] = 77.77
    assert ("flat" in codes(find(values))) == found


def test_a_coarse_meter_that_repeats_itself_is_not_flat() -> None:
    chance = np.random.default_rng(3)
    values = np.where(chance.random(HOURS) < 0.9, 2.0, 3.0)
    assert "flat" not in codes(find(values))


@pytest.mark.parametrize(("days", "found"), [(29, False), (30, True)])
def test_dead_for_thirty_days(days: int, found: bool) -> None:
    values = clean()
    values[2400 : 2400 + days * 24] = 0
    frame = {"M": values}
    at = [BEGIN + timedelta(hours=n) for n in range(HOURS)]
    steps = pl.DataFrame(
        {"meter": "M", "at": at, "energy": frame["M"], "scaled": frame["M"]},
        schema_overrides={"at": pl.Datetime("ms", "UTC")},
    ).with_columns(until=pl.col("at").dt.offset_by("1h"), month=pl.col("at").dt.month())
    meters = pl.DataFrame(
        {"meter": ["M"], "carrier": ["electricity"], "role": ["supply"], "cumulative": [False],
         "interval": [60], "parent": [None]},
        schema_overrides={"parent": pl.String},
    )  # fmt: skip
    nothing = steps.head(0).select("meter", "at")
    result = find_quality(steps, meters, nothing, window=(BEGIN, END), zone=ZONE)
    assert ("dead" in codes(list(result))) == found


def test_clipped_at_ten_times_the_mean() -> None:
    values = clean()
    values[[1000, 2000, 3000]] = 100_000
    (clipped,) = [one for one in find(values) if one.code == "clipped"]
    assert (clipped.count, clipped.measure) == (3, "100000")


@pytest.mark.parametrize(("hours", "found"), [(24, False), (25, True)])
def test_late_start_and_early_end_beyond_a_day(hours: int, found: bool) -> None:
    assert ("late-start" in codes(find(clean(), without=slice(0, hours)))) == found
    assert ("early-end" in codes(find(clean(), without=slice(HOURS - hours, HOURS)))) == found


@pytest.mark.parametrize("shift", [-3, -1, 1, 2, 6])
def test_clock_that_is_wrong_for_a_month(shift: int) -> None:
    values = clean()
    begin = (31 + 29 + 31) * 24
    values[begin : begin + 30 * 24] = np.roll(values, shift)[begin : begin + 30 * 24]
    (found,) = [one for one in find(values) if one.code == "clock-shift"]
    assert found.measure == f"{shift:+d}"
    assert found.first == BEGIN + timedelta(hours=begin)


@pytest.mark.parametrize(("percent", "found"), [(0.4, False), (1.0, True)])
def test_drift_of_a_submeter(percent: float, found: bool) -> None:
    parent = clean(2) + clean(3)
    drift = 1 + percent / 100 * np.arange(HOURS) / 732
    series = {"P": parent, "A": clean(2) * drift, "B": clean(3) * drift}
    facts: dict[str, dict[str, object]] = {
        "P": {}, "A": {"parent": "P", "role": "sub"}, "B": {"parent": "P", "role": "sub"},
    }  # fmt: skip
    drifts = [one for one in find_all(series, facts) if one.code == "drift"]
    assert [one.meter for one in drifts] == (["P"] if found else [])


def dismissal(finding: Finding) -> Dismissal:
    return Dismissal(
        finding.code, finding.meter, finding.first, finding.last, finding.fingerprint,
        "王工", datetime(2025, 1, 2, tzinfo=UTC), "检修停电",
    )  # fmt: skip


def test_a_dismissed_finding_stays_away_until_its_data_change() -> None:
    values = clean()
    values[4000] = 5000
    (spike,) = find(values)
    said = (dismissal(spike),)
    assert find_standing((spike,), said) == ((), ())
    elsewhere = values.copy()
    elsewhere[100] += 1
    assert find_standing(tuple(find(elsewhere)), said) == ((), ())
    values[4000] = 5001
    changed = tuple(find(values))
    assert find_standing(changed, said) == (changed, said)
    assert changed[0].id == spike.id


def test_dismissals_come_back_from_their_file(tmp_path: Path) -> None:
    finding = Finding("表 1", BEGIN, END, "spike", 1, "9", "ab")
    file = tmp_path / "dismissals.csv"
    file.write_text(render_dismissals([dismissal(finding)]), encoding="utf-8")
    findings = Findings()
    assert read_dismissals(file, findings) == (dismissal(finding),)
    assert findings.all() == ()


def test_faults_of_dismissals_name_the_cell(tmp_path: Path) -> None:
    good = dismissal(Finding("M", BEGIN, END, "spike", 1, "9", "ab"))
    file = tmp_path / "dismissals.csv"
    text = render_dismissals([good, replace(good, who=""), replace(good, code="ghost")])
    file.write_text(text.replace("2025-01-02T00:00:00+00:00", "2025-01-02", 1), encoding="utf-8")
    findings = Findings()
    assert read_dismissals(file, findings) == ()
    told = {
        (fault.place.row, fault.place.column)
        for fault in findings.all()
        if fault.code == "quality.bad-dismissal"
    }
    assert told == {(2, "when"), (3, "who"), (4, "code")}
    file.write_text("code,meter\n", encoding="utf-8")
    assert read_dismissals(file, findings) == ()
    assert "metering.missing-column" in {fault.code for fault in findings.all()}


def test_a_strange_column_of_dismissals_is_told(tmp_path: Path) -> None:
    file = tmp_path / "dismissals.csv"
    file.write_text("code,meter,first,last,fingerprint,who,when,why,note\n", encoding="utf-8")
    findings = Findings()
    assert read_dismissals(file, findings) == ()
    assert [fault.code for fault in findings.all()] == ["quality.strange-column"]
