"""Payloads of strangers: any shape that settings describe, and whatever else arrives."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lingtan.errors import catalogue
from lingtan_live.limits import limit
from lingtan_live.payloads import Parsed, Shape, Source, build_reader
from lingtan_live.readings import Reading

RECEIVED = datetime(2026, 3, 1, 12, tzinfo=UTC)
NOON = datetime(2026, 3, 1, 4, tzinfo=UTC)  # 12:00 in Shanghai


def parse(payload: bytes | str | Any, *, topic: str = "p/M1", **shape: Any) -> Parsed:
    described: dict[str, Any] = {"time": "t", "values": {"v": "{meter}"}, **shape}
    reader = build_reader(Source(topic="p/{meter}", payload=Shape(**described)))
    names = reader.topic.match(topic)
    assert names is not None
    raw = payload if isinstance(payload, bytes) else payload.encode()
    return reader.parse(names, raw, RECEIVED)


def codes(parsed: Parsed) -> list[str]:
    return [fault.code for fault in parsed.faults]


def simple(parsed: Parsed) -> list[tuple[str, datetime, str]]:
    assert parsed.faults == ()
    return [(reading.meter, reading.at, str(reading.value)) for reading in parsed.readings]


def test_one_reading() -> None:
    assert simple(parse('{"t": "2026-03-01T12:00:00+08:00", "v": 184213.37}')) == [("M1", NOON, "184213.37")]


@pytest.mark.parametrize(
    ("time_format", "zone", "raw"),
    [
        ("iso", "", '"2026-03-01T04:00:00Z"'),
        ("iso", "", '"2026-03-01 12:00+0800"'),
        ("iso", "Asia/Shanghai", '"2026-03-01T12:00:00"'),
        ("iso", "Asia/Shanghai", '"2026-03-01T04:00:00Z"'),  # an offset that is there counts
        ("epoch_s", "", "1772337600"),  # date -u -d 2026-03-01T04:00 +%s
        ("epoch_s", "", '"1772337600.0004"'),
        ("epoch_ms", "", "1772337600000"),
        ("epoch_ms", "", "1.7723376e12"),
    ],
)
def test_the_same_instant_in_every_form(time_format: str, zone: str, raw: str) -> None:
    parsed = parse(f'{{"t": {raw}, "v": "1"}}', time_format=time_format, zone=zone)
    assert simple(parsed) == [("M1", NOON, "1")]


def test_instants_are_cut_to_the_millisecond() -> None:
    parsed = parse('{"t": "2026-03-01T04:00:00.0019999Z", "v": 1}')
    assert parsed.readings[0].at == NOON + timedelta(milliseconds=1)


def test_several_values_of_a_message_are_several_meters() -> None:
    parsed = parse(
        '{"ts": "2026-03-01T12:00:00+08:00", "energy": {"import": 5.5, "export": 0}, "p": [7, 8]}',
        time="ts",
        values={"energy.import": "{meter}-IN", "energy.export": "{meter}-OUT", "p.1": "{meter}-P2"},
    )
    assert simple(parsed) == [("M1-IN", NOON, "5.5"), ("M1-OUT", NOON, "0"), ("M1-P2", NOON, "8")]


def test_a_list_of_rows_with_the_meter_in_each_and_the_time_at_the_top() -> None:
    parsed = parse(
        '{"head": {"t": "2026-03-01T04:00:00Z"}, "a": {"b": [{"id": "A", "v": 1}, {"id": 77, "v": 2}]}}',
        rows="a.b",
        fields={"id": "id"},
        time="$.head.t",
        values={"v": "E1-{id}"},
    )
    assert simple(parsed) == [("E1-A", NOON, "1"), ("E1-77", NOON, "2")]


def test_an_object_whose_keys_are_meters() -> None:
    parsed = parse(
        '{"t": 1772337600, "values": {"A": 1.25, "B": "2"}}',
        rows="values",
        keys="id",
        time="$.t",
        time_format="epoch_s",
        values={"": "{id}"},
    )
    assert simple(parsed) == [("A", NOON, "1.25"), ("B", NOON, "2")]


def test_pairs_of_time_and_value() -> None:
    parsed = parse(
        "[[1772337600, 1], [1772338500, 2]]", time="0", time_format="epoch_s", values={"1": "{meter}"}
    )
    assert simple(parsed) == [("M1", NOON, "1"), ("M1", NOON + timedelta(minutes=15), "2")]


def test_a_list_of_values_is_a_series() -> None:
    parsed = parse('{"t": "2026-03-01T04:00:00Z", "v": [1, null, 3]}', step_seconds=900)
    assert simple(parsed) == [("M1", NOON, "1"), ("M1", NOON + timedelta(minutes=30), "3")]
    assert parsed.blanks == 1


def test_null_is_no_reading_and_no_fault() -> None:
    assert parse('{"t": "2026-03-01T04:00:00Z", "v": null}') == Parsed(blanks=1)


def test_values_are_exact_and_cut_where_told() -> None:
    raw = '{"t": "2026-03-01T04:00:00Z", "v": 0.1000000000000000055511151231257827}'
    assert simple(parse(raw))[0][2] == "0.100000000"
    assert simple(parse(raw, decimals=3))[0][2] == "0.100"
    halves = '{"t": "2026-03-01T04:00:00Z", "v": 2.5}'
    assert simple(parse(halves, decimals=0))[0][2] == "2"  # half to even


OBJECT = '{{"t": "2026-03-01T04:00:00Z", "v": {}}}'


@pytest.mark.parametrize(
    ("payload", "code"),
    [
        (b"\xff\xfe{}", "live.payload-not-utf8"),
        (b'{"t": "\xe6\x9c"}', "live.payload-not-utf8"),
        ("", "live.payload-not-json"),
        ("184213.37 kWh", "live.payload-not-json"),
        ("{'t': 1}", "live.payload-not-json"),
        ('{"t": 1} {"t": 2}', "live.payload-not-json"),
        (OBJECT.format("NaN"), "live.payload-not-json"),
        (OBJECT.format("-Infinity"), "live.payload-not-json"),
        ("[" * 100_000, "live.payload-too-deep"),
        ('{"a":' * 50_000 + "1" + "}" * 50_000, "live.payload-too-deep"),
        ('{"t": "2026-03-01T04:00:00Z", "v": 1, "v": 2}', "live.payload-duplicate-key"),
        ('{"v": 1}', "live.payload-field-missing"),
        ('{"t": "2026-03-01T04:00:00Z"}', "live.payload-field-missing"),
        ("7", "live.payload-field-missing"),
        ('"text"', "live.payload-field-missing"),
        (OBJECT.format("true"), "live.value-not-a-number"),
        (OBJECT.format('"12,5"'), "live.value-not-a-number"),
        (OBJECT.format('"١٢"'), "live.value-not-a-number"),  # digits, but not ours
        (OBJECT.format('"NaN"'), "live.value-not-a-number"),
        (OBJECT.format("[1]"), "live.value-not-a-number"),
        (OBJECT.format("9" * 100_000), "live.value-not-a-number"),
        (OBJECT.format("1e99999999999999999999"), "live.value-not-a-number"),
        (OBJECT.format("1e999999"), "live.value-too-large"),
        (OBJECT.format("-9007199254740992"), "live.value-too-large"),  # -2^53
        ('{"t": "yesterday", "v": 1}', "live.time-not-readable"),
        ('{"t": "2026-02-30T00:00:00Z", "v": 1}', "live.time-not-readable"),
        ('{"t": "2026-W09-7", "v": 1}', "live.time-not-readable"),
        ('{"t": 1772337600, "v": 1}', "live.time-not-readable"),
        ('{"t": "9999-12-31T23:59:59-23:00", "v": 1}', "live.time-not-readable"),
        ('{"t": "2026-03-01T12:00:00", "v": 1}', "live.time-without-offset"),
        ('{"t": "1999-12-31T23:59:59Z", "v": 1}', "live.time-implausible"),
        ('{"t": "2026-03-01T13:00:01Z", "v": 1}', "live.time-implausible"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_reason(payload: bytes | str, code: str) -> None:
    parsed = parse(payload)
    assert codes(parsed) == [code]
    assert parsed.readings == ()
    assert all(parsed.faults[0].words(language).what for language in ("zh", "en"))


@pytest.mark.parametrize(
    ("raw", "time_format"),
    [("1772337600000", "epoch_s"), ("1772337600", "epoch_ms"), ("1e999999", "epoch_s"), ("-1", "epoch_s")],
)
def test_seconds_taken_for_milliseconds_are_seen(raw: str, time_format: str) -> None:
    assert codes(parse(f'{{"t": {raw}, "v": 1}}', time_format=time_format)) == ["live.time-implausible"]


def test_limits_of_time_themselves_are_taken() -> None:
    ahead = RECEIVED + timedelta(minutes=limit("future_minutes"))
    for at in ("2000-01-01T00:00:00Z", ahead.isoformat()):
        assert len(parse(f'{{"t": "{at}", "v": 1}}').readings) == 1


@pytest.mark.parametrize("at", ["2025-03-30T02:30:00", "2025-10-26T02:30:00"])  # Berlin: never and twice
def test_an_hour_that_is_not_once_is_refused(at: str) -> None:
    assert codes(parse(f'{{"t": "{at}", "v": 1}}', zone="Europe/Berlin")) == ["live.time-ambiguous"]


def test_a_bad_row_does_not_spoil_the_others() -> None:
    rows = [{"t": "2026-03-01T04:00:00Z", "v": v} for v in (1, "x", 3)] + [{"t": 5, "v": 4}]
    parsed = parse(json.dumps(rows))
    assert [str(reading.value) for reading in parsed.readings] == ["1", "3"]
    assert [(f.code, f.place.row, f.place.column) for f in parsed.faults] == [
        ("live.value-not-a-number", 2, "v"),
        ("live.time-not-readable", 4, "t"),
    ]


def test_rows_that_are_none() -> None:
    assert codes(parse('{"rows": 5}', rows="rows", keys="id", values={"": "{id}"})) == [
        "live.payload-wrong-shape"
    ]
    assert codes(parse('{"t": "2026-03-01T04:00:00Z", "v": 1}', step_seconds=60)) == [
        "live.payload-wrong-shape"
    ]
    row = '{"t": "2026-03-01T04:00:00Z", "v": 1, "id": true}'
    assert codes(parse(row, fields={"id": "id"}, values={"v": "{id}"})) == ["live.payload-wrong-shape"]


@pytest.mark.parametrize("step", [0, 1])
def test_the_number_of_readings_is_limited(step: int) -> None:
    most = limit("readings_per_message")
    row = '{"t": "2026-03-01T04:00:00Z", "v": %s}'
    if step:
        bodies = [row % f"[{','.join('1' * count)}]" for count in (most, most + 1)]
    else:
        bodies = [f"[{','.join([row % 1] * count)}]" for count in (most, most + 1)]
    sent = [parse(body, step_seconds=step) for body in bodies]
    assert (len(sent[0].readings), codes(sent[0])) == (most, [])
    assert codes(sent[1]) == ["live.payload-too-many"]


@pytest.mark.parametrize("meter", ["", " A", "A\n", "A\u200b", "A" * 129, "\x00"])
def test_an_id_nobody_could_write_is_refused(meter: str) -> None:
    row = json.dumps({"t": "2026-03-01T04:00:00Z", "v": 1, "id": meter})
    assert codes(parse(row, fields={"id": "id"}, values={"v": "{id}"})) == ["live.meter-id-bad"]


def test_brackets_in_strings_are_no_depth() -> None:
    note = json.dumps("[" * 500 + '\\"')
    assert len(parse(f'{{"t": "2026-03-01T04:00:00Z", "v": 1, "note": {note}}}').readings) == 1


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from("tvabid"), inner, max_size=4),
    max_leaves=12,
)


@given(JSON.map(json.dumps).map(str.encode) | st.binary(max_size=60), st.booleans())
def test_whatever_arrives_is_readings_or_faults_with_words(payload: bytes, with_keys: bool) -> None:
    shape = {"keys": "id", "values": {"": "{id}"}, "time": "$.t"} if with_keys else {}
    parsed = parse(payload, **shape)
    for fault in parsed.faults:
        assert fault.code in catalogue()
        assert "{" not in fault.words("zh").mend
    for reading in parsed.readings:
        assert reading.value.is_finite() and reading.at.tzinfo is UTC


@given(st.decimals(-(10**12), 10**12, places=6), st.integers(0, 10**9))
def test_any_decimal_and_any_second_comes_back(value: Decimal, second: int) -> None:
    at = datetime(2000, 1, 1, tzinfo=UTC) + timedelta(seconds=second % 800_000_000)
    parsed = parse(json.dumps({"t": at.isoformat(), "v": str(value)}))
    assert parsed.readings == (Reading("M1", at, value),)
