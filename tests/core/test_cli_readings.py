"""The commands of readings: what people and machines get, and what bad input gets."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from lingtan.cli import main

HEAD = "meter_id,at,value\n"


def run(*arguments: object) -> int:
    with pytest.raises(SystemExit) as left:
        main([str(argument) for argument in arguments])
    return int(left.value.code or 0)


def out(capsys: pytest.CaptureFixture[str]) -> Any:
    return json.loads(capsys.readouterr().out)


@pytest.fixture
def export(tmp_path: Path) -> Path:
    """A day of two meters as a platform exports them, in local time, GBK."""
    rows = "".join(
        f"{meter},2024/3/1 {hour:02d}:00,{10 * hour if meter == '甲' else 5}\n"
        for meter in ("甲", "乙")
        for hour in range(24)
    )
    file = tmp_path / "导出.csv"
    file.write_bytes(("表号,时间,用电量(kWh)\n" + rows).encode("gb18030"))
    return file


def test_energy_of_a_bare_file(export: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("readings", "energy", export, "--timezone", "Asia/Shanghai", "--by", "year", "--json") == 0
    assert {row["meter"]: row["quantity"] for row in out(capsys)} == {"乙": "120", "甲": "2760"}


def test_energy_by_the_hour_to_a_file(export: Path, tmp_path: Path) -> None:
    target = tmp_path / "hours.csv"
    assert run("readings", "energy", export, "--timezone", "Asia/Shanghai", "--by", "hour", "--only", "甲",
               "-o", target) == 0  # fmt: skip
    lines = target.read_text(encoding="utf-8-sig").splitlines()
    assert len(lines) == 1 + 8784
    assert "甲,2024-03-01T07:00:00+08:00,70.0,kWh,1.0,0.0" in lines


def test_a_file_without_offsets_needs_a_zone(export: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("readings", "energy", export) == 2
    assert "metering.time-without-offset" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("readings", "energy", "absent.csv"), "dossier.not-found"),
        (("readings", "check", "EXPORT", "--timezone", "Mars/Crater"), "metering.unknown-timezone"),
        (("readings", "dismiss", "EXPORT", "x", "--who", "a", "--why", "b"), "metering.time-without-offset"),
        (("readings", "correct", "M", "2024-03-01", "--lake", "L", "--action", "remove", "--who", "a",
          "--why", "b"), "metering.bad-correction"),
        (("readings", "correct", "M", "2024-03-01T00:00Z", "--lake", "L", "--action", "replace", "--who", "a",
          "--why", "b", "--value", "x"), "metering.bad-correction"),
        (("readings", "correct", "M", "2024-03-01T00:00Z", "--lake", "L", "--action", "remove", "--who", "a",
          "--why", "b"), "lake.not-found"),
    ],
)  # fmt: skip
def test_bad_input_gets_a_fault_and_no_traceback(
    arguments: tuple[str, ...], code: str, export: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = [
        str(export) if one == "EXPORT" else str(export.parent / one) if one == "L" else one
        for one in arguments
    ]
    assert run(*given) == 2
    told = capsys.readouterr().err
    assert code in told and "Traceback" not in told


def test_import_shows_first_and_stores_then(
    export: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lake = tmp_path / "lake"
    rows = tmp_path / "rows.csv"
    line = ("readings", "import", export, "--lake", lake, "--timezone", "Asia/Shanghai")
    assert run(*line, "--dry-run", "--rows", rows) == 0
    shown = capsys.readouterr().out
    assert "仅预览" in shown and "甲" in shown and "Asia/Shanghai" in shown
    assert not lake.exists()
    assert len(rows.read_text(encoding="utf-8-sig").splitlines()) == 1 + 48
    assert run(*line, "--json") == 0
    (stored,) = out(capsys)["stored"]
    assert (stored["new"], stored["equal"]) == (48, 0)
    assert run(*line, "--json") == 0
    (again,) = out(capsys)["stored"]
    assert (again["new"], again["equal"]) == (0, 48)
    assert run("readings", "check", lake, "--json") == 0
    facts = out(capsys)
    assert (facts["meters"], facts["faults"]) == (2, [])


def test_a_lake_alone_needs_a_register(
    export: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lake = tmp_path / "lake"
    assert run("readings", "import", export, "--lake", lake, "--timezone", "Asia/Shanghai", "--json") == 0
    capsys.readouterr()
    assert run("readings", "energy", lake) == 2
    assert "metering.register-needed" in capsys.readouterr().err


def test_what_is_no_metering_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "weather.csv"
    file.write_text("timestamp_utc,degC\n2024-01-01 00:00:00,3\n2024-01-01 01:00:00,4\n", encoding="utf-8")
    assert run("readings", "check", file) == 2
    assert "metering.nothing-metered" in capsys.readouterr().err


def park(folder: Path, rows: str, readings: str, **more: str) -> Path:
    (folder / "registers").mkdir(parents=True)
    (folder / "readings").mkdir()
    (folder / "park.yaml").write_text("id: p\nname_zh: 园\nreporting: {year: 2024}\n", encoding="utf-8")
    head = "meter,carrier,role,parent,quantity,unit,interval_minutes\n"
    (folder / "registers" / "meters.csv").write_text(head + rows, encoding="utf-8")
    (folder / "readings" / "r.csv").write_text(HEAD + readings, encoding="utf-8")
    for name, text in more.items():
        (folder / "readings" / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


def hourly(meter: str, values: dict[int, str]) -> str:
    return "".join(
        f"{meter},2024-01-{1 + n // 24:02d}T{n % 24:02d}:00:00+08:00,{v}\n" for n, v in values.items()
    )


def test_balance(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = "A,electricity,supply,,interval,kWh,60\nB,electricity,sub,A,interval,kWh,60\n"
    folder = park(tmp_path / "p", rows, hourly("A", {0: "10"}) + hourly("B", {0: "7"}))
    assert run("readings", "balance", folder, "--json") == 0
    (balance,) = out(capsys)["balances"]
    assert (balance["residual"], balance["share"], balance["children"]) == ("3", 0.3, ["B"])
    folder = park(tmp_path / "q", rows, hourly("A", {0: "10"}) + hourly("B", {0: "11"}))
    assert run("readings", "balance", folder) == 1
    assert "tree.children-exceed" in capsys.readouterr().err


def test_a_finding_is_dismissed_and_comes_back(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    values = {n: f"{50 + n % 24 + n % 7 / 10:.1f}" for n in range(24 * 20)} | {100: "900"}
    folder = park(tmp_path / "p", "A,electricity,supply,,interval,kWh,60\n", hourly("A", values))
    assert run("readings", "dismiss", folder, "0" * 12, "--who", "a", "--why", "b") == 2
    assert "metering.no-such-finding" in capsys.readouterr().err
    run("readings", "check", folder, "--json")
    (spike,) = [one for one in out(capsys)["findings"] if one["code"] == "quality.spike"]
    assert (spike["measure"], spike["zh"]["what"].count("900")) == ("900", 1)
    assert run("readings", "dismiss", folder, spike["id"], "--who", "王工", "--why", "检修") == 0
    capsys.readouterr()
    run("readings", "check", folder, "--json")
    after = out(capsys)
    assert after["dismissed"] == 1
    assert not [one for one in after["findings"] if one["code"] == "quality.spike"]
    values[100] = "901"
    (folder / "readings" / "r.csv").write_text(HEAD + hourly("A", values), encoding="utf-8")
    run("readings", "check", folder, "--json")
    back = out(capsys)
    assert [one["id"] for one in back["findings"] if one["code"] == "quality.spike"] == [spike["id"]]
    assert "quality.dismissal-outdated" in {one["code"] for one in back["faults"]}


def test_a_correction_in_a_lake_counts(
    export: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lake = tmp_path / "lake"
    assert run("readings", "import", export, "--lake", lake, "--timezone", "Asia/Shanghai", "--json") == 0
    assert run("readings", "correct", "乙", "2024-03-01T03:00+08:00", "--lake", lake, "--action", "replace",
               "--value", "7.5", "--who", "王工", "--why", "抄错", "--json") == 0  # fmt: skip
    rows = "甲,electricity,supply,,interval,kWh,60\n乙,electricity,supply,,interval,kWh,60\n"
    folder = park(tmp_path / "p", rows, "")
    (folder / "readings" / "r.csv").unlink()
    capsys.readouterr()
    assert run("readings", "energy", folder, "--readings", lake, "--by", "year", "--json") == 0
    assert {row["meter"]: row["quantity"] for row in out(capsys)} == {"乙": "122.5", "甲": "2760"}


def test_listening_stops_in_order_when_asked(tmp_path: Path) -> None:
    """A broker that is not there: the command keeps trying, says so, and ends at SIGTERM with its counts."""
    settings = tmp_path / "listen.yaml"
    settings.write_text(
        "broker: {host: 127.0.0.1, port: 9, client_id: t}\nsources: [{topic: 'a/{meter}', payload: "
        "{time: t, values: {v: '{meter}'}}}]\ndead_letters: dead\n",
        encoding="utf-8",
    )
    command = [
        sys.executable,
        "-m",
        "lingtan.cli",
        "readings",
        "listen",
        settings,
        "--lake",
        tmp_path / "lake",
        "--json",
    ]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=tmp_path, text=True
    )
    time.sleep(4)
    os.kill(process.pid, signal.SIGTERM)
    answer, told = process.communicate(timeout=30)
    assert process.returncode == 0 and "Traceback" not in told
    assert json.loads(answer)


def test_polling_refuses_wrong_settings(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settings = tmp_path / "poll.yaml"
    settings.write_text("devices: 3\n", encoding="utf-8")
    assert run("readings", "poll", settings, "--lake", tmp_path / "lake") == 2
    assert "Traceback" not in capsys.readouterr().err


def test_cost_of_a_day_under_the_shanghai_tariff(
    export: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    prices = tmp_path / "prices.yaml"
    prices.write_text("months: [{month: 2024-03, floating: 0.65, fixed: 0.08}]\n", encoding="utf-8")
    line = ("readings", "cost", export, "--timezone", "Asia/Shanghai", "--tariff", "sh-two-part", "--json")
    assert run(*line, "--prices", prices) == 0
    (first, *_) = [one for one in out(capsys)["meters"] if one["meter"] == "甲"]
    (march,) = [bill for bill in first["bills"] if bill["month"] == "2024-03"]
    # ten times the hour: valley 0-6 and 22-24 h, flat 6-8, 11-18 and 21-22 h, peak 8-11 and 18-21 h;
    # 0.65 x 0.5 + 0.08, 0.65 + 0.08, 0.65 x 1.6 + 0.08
    found = {one["period"]: (one["quantity"], float(one["price"])) for one in march["lines"]}
    assert found == {"valley": ("600", 0.405), "flat": ("1320", 0.73), "peak": ("840", 1.12)}
    assert march["total"] == "2147.40"  # 243.00 + 963.60 + 940.80
    assert march["missing"] == 31 * 24 - 24
    assert run(*line) == 0
    (first, *_) = [one for one in out(capsys)["meters"] if one["meter"] == "甲"]
    assert {bill["total"] for bill in first["bills"] if bill["month"] == "2024-03"} == {None}


def test_a_tariff_that_is_not_known(export: Path, capsys: pytest.CaptureFixture[str]) -> None:
    line = ("readings", "cost", export, "--timezone", "Asia/Shanghai", "--tariff", "sh-two-parts")
    assert run(*line) == 2
    assert "sh-two-part" in capsys.readouterr().err
