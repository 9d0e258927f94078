"""Corrections: beside the originals, applied when read, the later decision wins."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lake_parts import START, WHEN, Triple, fingerprint, frame, held, moment

from lingtan.errors import LingtanError
from lingtan.metering.lake import Bucket, Correction, Lake, open_lake

ROWS: list[Triple] = [("A", 0, 100), ("A", 1, 110), ("A", 2, 120), ("A", 3, 130), ("B", 1, 7)]
Action = tuple[str, int, int | None, str | None, str | None]


def correction(
    action: str,
    at: int,
    value: str | None = None,
    after: str | None = None,
    *,
    until: int | None = None,
    hours: int = 0,
    meter: str = "A",
) -> Correction:
    return Correction(
        meter,
        moment(at),
        action,  # type: ignore[arg-type]
        "王工",
        WHEN + timedelta(hours=hours),
        "现场核对",
        None if value is None else Decimal(value),
        None if after is None else Decimal(after),
        None if until is None else moment(until),
    )


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    lake = open_lake(tmp_path / "lake", create=True)
    lake.add(frame(ROWS), source="s", when=WHEN)
    return lake


def of_a(lake: Lake) -> list[tuple[int, int]]:
    return [(at, value) for meter, at, value in held(lake) if meter == "A"]


@pytest.mark.parametrize(
    ("made", "left"),
    [
        ([correction("replace", 1, "115")], [(0, 100), (1, 115), (2, 120), (3, 130)]),
        ([correction("add", 9, "200")], [(0, 100), (1, 110), (2, 120), (3, 130), (9, 200)]),
        ([correction("remove", 1)], [(0, 100), (2, 120), (3, 130)]),
        ([correction("remove", 1, until=3)], [(0, 100), (3, 130)]),
        ([correction("remove", 7)], [(0, 100), (1, 110), (2, 120), (3, 130)]),
        ([correction("replace", 1, "1"), correction("replace", 1, "2", hours=1)],
         [(0, 100), (1, 2), (2, 120), (3, 130)]),
        ([correction("replace", 1, "1"), correction("remove", 0, until=9, hours=1)], []),
        ([correction("replace", 1, "1", hours=1), correction("remove", 0, until=9)], [(1, 1)]),
        ([correction("remove", 0, until=9), correction("restore", 1, until=3, hours=1)],
         [(1, 110), (2, 120)]),
        ([correction("replace", 1, "1"), correction("restore", 1, hours=1)],
         [(0, 100), (1, 110), (2, 120), (3, 130)]),
        ([correction("add", 9, "1"), correction("restore", 9, hours=1)],
         [(0, 100), (1, 110), (2, 120), (3, 130)]),
        ([correction("replace", 1, "5", meter="B")], [(0, 100), (1, 110), (2, 120), (3, 130)]),
    ],
)  # fmt: skip
def test_corrections_are_applied_when_read(
    lake: Lake, made: list[Correction], left: list[tuple[int, int]]
) -> None:
    for one in made:
        lake.record_correction(one)
    assert of_a(lake) == left
    assert held(lake, corrected=False) == sorted(ROWS)
    assert lake.check() == ()


def test_a_register_goes_on_over_an_exchange(lake: Lake) -> None:
    # between the readings 110 and 5 (= 120 − 115 on the new register) the old one ended at 113
    lake.record_correction(correction("exchange", 2, "113", "0"))
    assert of_a(lake) == [(0, 100), (1, 110), (2, 233), (3, 243)]
    lake.record_correction(correction("exchange", 3, "125", "30"))
    assert of_a(lake) == [(0, 100), (1, 110), (2, 233), (3, 130 + 113 + 95)]
    assert held(lake)[-1] == ("B", 1, 7)
    (bucket,) = lake.buckets()
    assert bucket.breaks == ()


@pytest.mark.parametrize(("final", "initial"), [(None, "0"), ("113", None), (None, None)])
def test_an_exchange_with_an_unknown_reading_is_a_break(
    lake: Lake, final: str | None, initial: str | None
) -> None:
    lake.record_correction(correction("exchange", 2, final, initial))
    (bucket,) = lake.buckets()
    code = next(meter.code for meter in bucket.meters if meter.meter == "A")
    assert bucket.breaks == ((code, START + 2 * 900_000),)
    assert of_a(lake) == [(0, 100), (1, 110), (2, 120), (3, 130)]
    lake.record_correction(correction("exchange", 2, "113", "0", hours=1))  # found in the papers
    assert lake.buckets()[0].breaks == ()
    assert of_a(lake)[2] == (2, 233)
    lake.record_correction(correction("restore", 2, hours=2))  # it was another meter
    assert of_a(lake)[2] == (2, 120)


def test_a_correction_decides_a_conflict(lake: Lake) -> None:
    lake.add(frame([("A", 1, 111)]), source="t", when=WHEN)
    assert (1, 110) not in of_a(lake)
    lake.record_correction(correction("replace", 1, "111"))
    assert of_a(lake)[1] == (1, 111)
    assert lake.conflicts()["value"].to_list() == [110, 111]
    lake.record_correction(correction("restore", 1, hours=1))
    assert [at for at, _ in of_a(lake)] == [0, 2, 3]


def test_a_finer_value_makes_the_meter_finer(lake: Lake) -> None:
    lake.record_correction(correction("replace", 1, "110.25"))
    assert of_a(lake) == [(0, 10000), (1, 11025), (2, 12000), (3, 13000)]
    assert {meter.meter: meter.exponent for meter in lake.meters()} == {"A": -2, "B": 0}
    assert held(lake)[-1] == ("B", 1, 7)
    lake.compact(WHEN)
    assert of_a(lake) == [(0, 10000), (1, 11025), (2, 12000), (3, 13000)]
    assert lake.check() == ()


@pytest.mark.parametrize(("value", "exponent"), [("110", 0), ("1.1E+2", 0), ("110.500", -1), ("0", 0)])
def test_trailing_zeros_make_nothing_finer(lake: Lake, value: str, exponent: int) -> None:
    lake.record_correction(correction("replace", 1, value))
    assert lake.meters()[0].exponent + lake.meters()[1].exponent == exponent


def test_late_data_do_not_undo_a_correction(lake: Lake) -> None:
    lake.record_correction(correction("add", 4, "140"))
    lake.record_correction(correction("remove", 5, until=7))
    lake.add(frame([("A", 4, 999), ("A", 5, 150), ("A", 6, 160), ("A", 7, 170)]), source="late", when=WHEN)
    for _ in range(2):
        assert of_a(lake)[-2:] == [(4, 140), (7, 170)]
        lake.compact(WHEN)


def test_twice_is_once_and_order_does_not_matter(lake: Lake, tmp_path: Path) -> None:
    other = open_lake(tmp_path / "other", create=True)
    other.add(frame(ROWS), source="s", when=WHEN)
    made = [correction("replace", 1, "1.5"), correction("exchange", 2, "3"), correction("remove", 3, until=5)]
    for one in [*made, made[0]]:
        lake.record_correction(one)
    for one in reversed(made):
        other.record_correction(one)
    assert len(lake.corrections()) == 3
    assert set(lake.corrections()) == set(made)
    assert held(lake) == held(other)
    for each in (lake, other):
        each.compact(WHEN)
    assert fingerprint(lake) == fingerprint(other)


@pytest.mark.parametrize(
    ("made", "code"),
    [
        (correction("remove", 1, meter="C"), "lake.unknown-meter"),
        (replace(correction("remove", 1), who=" "), "lake.unsigned-correction"),
        (replace(correction("remove", 1), why=""), "lake.unsigned-correction"),
        (correction("replace", 1), "lake.bad-correction"),
        (correction("add", 1), "lake.bad-correction"),
        (correction("remove", 1, "5"), "lake.bad-correction"),
        (correction("restore", 1, "5"), "lake.bad-correction"),
        (correction("replace", 1, "5", "6"), "lake.bad-correction"),
        (correction("replace", 1, "5", until=3), "lake.bad-correction"),
        (correction("remove", 1, until=1), "lake.bad-correction"),
        (correction("replace", 1, "NaN"), "lake.bad-correction"),
        (correction("replace", 1, "Infinity"), "lake.bad-correction"),
        (correction("replace", 1, "9007199254740992"), "lake.bad-correction"),
        (correction("replace", 1, "0.0000000001"), "lake.bad-correction"),
        (replace(correction("remove", 1), at=datetime(2025, 1, 1)), "lake.bad-correction"),
        (replace(correction("remove", 1), at=moment(-10_000_000)), "lake.bad-correction"),
        (correction("replace", 1, "9007199254740991.5"), "lake.too-fine"),
    ],
)
def test_what_is_no_correction_is_not_recorded(lake: Lake, made: Correction, code: str) -> None:
    if code == "lake.too-fine":  # with six decimals of the meter it leaves the room of int64
        lake.add(frame([("A", 9, 1)]), -6, source="fine", when=WHEN)
    before = held(lake)
    with pytest.raises(LingtanError) as caught:
        lake.record_correction(made)
    assert [f.code for f in caught.value.faults] == [code]
    assert lake.corrections() == ()
    assert held(lake) == before


def test_values_stored_that_leave_no_room_for_a_finer_correction(lake: Lake) -> None:
    lake.add(frame([("A", 9, 2**53)]), source="s", when=WHEN)
    lake.record_correction(correction("replace", 1, "1.5"))
    assert (9, 2**53 * 10) in of_a(lake)
    with pytest.raises(LingtanError) as caught:
        lake.record_correction(correction("replace", 1, "1.00005"))
    assert [f.code for f in caught.value.faults] == ["lake.too-fine"]


def apply_by_hand(rows: list[Triple], made: list[Correction]) -> list[Triple]:
    """One instant after the other, one correction after the other."""
    found = []
    instants = {at for _, at, _ in rows} | {int((c.at - moment(0)).total_seconds()) // 900 for c in made}
    for at in sorted(instants):
        original = next((value for _, place, value in rows if place == at), None)
        value: int | None = original
        for c in sorted(made, key=lambda c: (c.when, c.id)):
            end = c.until or c.at + timedelta(milliseconds=1)
            if not c.at <= moment(at) < end:
                continue
            if c.action in ("replace", "add"):
                value = int(c.value or 0)
            elif c.action == "remove":
                value = None
            elif c.action == "restore":
                value = original
        if value is not None:
            found.append(("A", at, value))
    return found


@st.composite
def decisions(draw: st.DrawFn) -> Correction:
    action = draw(st.sampled_from(["replace", "add", "remove", "restore"]))
    at, hours = draw(st.integers(0, 12)), draw(st.integers(0, 99))
    if action in ("replace", "add"):
        return correction(action, at, str(draw(st.integers(0, 50))), hours=hours)
    length = draw(st.none() | st.integers(1, 6))
    return correction(action, at, until=None if length is None else at + length, hours=hours)


@settings(max_examples=40, deadline=None)
@given(
    st.dictionaries(st.integers(0, 12), st.integers(0, 50), min_size=1),
    st.lists(decisions(), max_size=6, unique_by=lambda c: c.when),
)
def test_corrections_by_the_rule(
    tmp_path_factory: pytest.TempPathFactory, values: dict[int, int], made: list[Correction]
) -> None:
    lake = open_lake(tmp_path_factory.mktemp("lake"), create=True)
    rows = [("A", at, value) for at, value in values.items()]
    lake.add(frame(rows), source="s", when=WHEN)
    for one in made:
        lake.record_correction(one)
    assert held(lake) == apply_by_hand(rows, made)


def test_buckets_with_corrections_can_be_sent_elsewhere(lake: Lake) -> None:
    import pickle

    from lingtan.metering.lake import read_bucket

    lake.record_correction(correction("replace", 1, "115"))
    (bucket,) = lake.buckets()
    sent: Bucket = pickle.loads(pickle.dumps(bucket))
    assert read_bucket(sent).equals(read_bucket(bucket))
