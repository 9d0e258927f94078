"""Live readings in the lake: exact, once, and what cannot be stored now or ever."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from lingtan.errors import LingtanError
from lingtan_live.lakes import LakeSink, find_exponents
from lingtan_live.readings import Reading
from lingtan_live.simulate.trial import read_lake
from lingtan_live.simulate.truth import Meters, find_truth

BEGIN = datetime(2026, 3, 1, tzinfo=UTC)


def sink(folder: Path) -> LakeSink:
    return LakeSink(folder, "test", now=lambda: BEGIN)


def reading(value: str, meter: str = "M", ms: int = 0) -> Reading:
    return Reading(meter, BEGIN + timedelta(milliseconds=ms), Decimal(value))


def test_values_are_exact_whatever_their_places(tmp_path: Path) -> None:
    values = ["0", "-0.5", "1.230", "1E+5", "0.000000001", "9007199.25"]
    readings = [reading(value, ms=index) for index, value in enumerate(values)]
    for one in readings:  # each by itself: the exponent of the meter gets finer on the way
        sink(tmp_path / "lake").store([one])
    assert sorted(read_lake(tmp_path / "lake")) == readings


def test_twice_is_once_and_order_does_not_matter(tmp_path: Path) -> None:
    truth = list(find_truth(Meters(7), 200))
    lake = sink(tmp_path / "lake")
    lake.store(truth[100:])
    lake.store(truth)
    lake.store(truth[:50] + truth[:50])
    assert sorted(read_lake(tmp_path / "lake")) == sorted(truth)


def test_different_values_of_one_instant_are_both_kept(tmp_path: Path) -> None:
    lake = sink(tmp_path / "lake")
    lake.store([reading("1")])
    lake.store([reading("2.5")])
    assert sorted(read_lake(tmp_path / "lake")) == [reading("1"), reading("2.5")]


def test_exponents_are_the_coarsest_that_hold_all_values_of_a_meter() -> None:
    readings = [reading("1.20"), reading("1.25"), reading("100", "N"), reading("0.0", "O")]
    assert find_exponents(readings) == {"M": -2, "N": 0, "O": 0}


def test_what_the_lake_never_takes_is_a_refusal(tmp_path: Path) -> None:
    lake = sink(tmp_path / "lake")
    with pytest.raises(ValueError, match="too many digits"):
        lake.store([reading("9007199254740991"), reading("0.000001", ms=1)])
    with pytest.raises(LingtanError):
        lake.store([Reading("M", datetime(2200, 1, 1, tzinfo=UTC), Decimal(1))])
    with pytest.raises(ValueError, match="not a value"):
        lake.store([reading("NaN")])


def test_a_lake_that_cannot_be_written_now_is_no_refusal(tmp_path: Path) -> None:
    (tmp_path / "lake").write_text("a file is in the way", encoding="utf-8")
    with pytest.raises(OSError, match=r"lake"):
        sink(tmp_path / "lake").store([reading("1")])
