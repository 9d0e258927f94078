"""Carbon-free matching of a park: by the hour what the sun gave, over the year what contracts say too."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest
from inventory_parks import YEAR, energy, park, row

from lingtan.cli.app import main
from lingtan.dossier.reading import read_dossier
from lingtan.dossier.writing import write_dossier
from lingtan.inventory.matching import ParkMatching, compute_park_matching
from lingtan.metering import compute_metering

SUN = {11: 6, 12: 12, 13: 6}
"""kWh of solar power by hour of the day."""


def meter(name: str, role: str) -> object:
    return row("meters", 2, meter=name, enterprise="E001", carrier="electricity", role=role, unit="kWh",
               interval_minutes=60, quantity="interval")  # fmt: skip


def contract(mwh: object) -> object:
    return row("green_electricity", 2, contract="C1", period=YEAR, kind="direct_supply", technology="wind",
               settled_mwh=mwh, evidence="EV1")  # fmt: skip


def a_day(
    folder: Path, *, mwh: object = "0.1", leave_out: int = -1, source: str = "solar_electricity"
) -> Path:
    """A day: 10 kWh bought each hour but at noon (8), solar power as in SUN, 2 kWh of it sold at noon."""
    meters = [meter("S", "supply"), meter("G", "generation"), meter("X", "export")]
    own = energy(3, use="own_generation", carrier=source, quantity=1)
    path = write_dossier(park(energy(quantity=1), own, *meters, contract(mwh)), folder / "d")  # type: ignore[arg-type]
    lines = ["meter_id,at,value"]
    for hour in range(24):
        at = f"{YEAR}-05-01T{hour:02d}:00+08:00"
        lines.append(f"S,{at},{8 if hour == 12 else 10}")
        lines.append(f"X,{at},{2 if hour == 12 else 0}")
        if hour != leave_out:
            lines.append(f"G,{at},{SUN.get(hour, 0)}")
    (path / "readings").mkdir(exist_ok=True)
    (path / "readings" / "day.csv").write_text("\n".join(lines) + "\n", "utf-8")
    return path


def matched(path: Path) -> ParkMatching:
    dossier = read_dossier(path)
    found = compute_park_matching(dossier, compute_metering(dossier))
    assert found is not None
    return found


def test_by_hand(tmp_path: Path) -> None:
    found = matched(a_day(tmp_path)).matching
    # bought 23 x 10 + 8 = 238; made 24, sold 2: load 260 kWh, 22 of it carbon-free in its hour
    assert (found.load, found.free, found.matched, found.undated) == (260_000, 22_000, 22_000, 100_000)
    assert found.hourly_share == Decimal(22_000) / 260_000 or round(found.hourly_share or 0, 9) == Decimal(
        "0.084615385"
    )
    assert round(found.annual_share or 0, 9) == Decimal("0.469230769")  # (22 + 100) / 260
    assert found.left_out == 0


def test_contracts_count_over_the_year_only_and_never_beyond_the_load(tmp_path: Path) -> None:
    found = matched(a_day(tmp_path, mwh=5)).matching
    assert found.annual_share == 1
    assert round(found.hourly_share or 0, 9) == Decimal("0.084615385")


def test_an_hour_in_which_a_meter_was_not_read_is_left_out_and_counted(tmp_path: Path) -> None:
    found = matched(a_day(tmp_path, leave_out=0)).matching
    assert (found.left_out, found.load) == (1, 250_000)


def test_power_from_own_fuel_is_load_that_is_met_and_not_carbon_free(tmp_path: Path) -> None:
    found = matched(a_day(tmp_path, source="electricity"))
    assert (found.matching.load, found.matching.free) == (260_000, 0)
    assert "carbon.generation-not-free" in [one.code for one in found.refused]


def test_a_park_that_makes_no_power_matches_nothing_by_the_hour(tmp_path: Path) -> None:
    path = write_dossier(park(energy(quantity=1), meter("S", "supply"), contract("0.1")), tmp_path / "d")  # type: ignore[arg-type]
    lines = [f"S,{YEAR}-05-01T{hour:02d}:00+08:00,10" for hour in range(24)]
    (path / "readings").mkdir(exist_ok=True)
    (path / "readings" / "day.csv").write_text("\n".join(["meter_id,at,value", *lines]) + "\n", "utf-8")
    found = matched(path).matching
    assert (found.load, found.free, found.matched) == (240_000, 0, 0)
    assert found.hourly_share == 0
    assert round(found.annual_share or 0, 9) == Decimal("0.416666667")  # 100 / 240


def test_without_readings_there_is_no_share(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write_dossier(park(energy(quantity=1)), tmp_path / "d")
    dossier = read_dossier(path)
    assert compute_park_matching(dossier, compute_metering(dossier)) is None
    with pytest.raises(SystemExit) as left:
        main(["readings", "match", str(path)])
    assert not left.value.code
    assert "没有可用" in capsys.readouterr().out


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = str(a_day(tmp_path))
    with pytest.raises(SystemExit):
        main(["readings", "match", path, "--json"])
    found = json.loads(capsys.readouterr().out)
    assert (found["load_mwh"], found["hours"], found["meters"]) == ("0.26", 24, ["G", "S", "X"])
    with pytest.raises(SystemExit):
        main(["readings", "match", path])
    assert "8.46" in capsys.readouterr().out
