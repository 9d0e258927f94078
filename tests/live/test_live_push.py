"""The shape of an HTTP push: hostile bodies, faults per item, the schema and the parser agree."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lingtan_live.limits import limit
from lingtan_live.push import PushAnswer, load_schema, parse_push
from lingtan_live.readings import Reading
from lingtan_live.simulate.push import build_pushes
from lingtan_live.simulate.truth import Meters, find_truth

RECEIVED = datetime(2026, 3, 1, 12, tzinfo=UTC)
GOOD = {"meter": "E001-EL", "at": "2026-03-01T12:00:00+08:00", "value": "184213.37"}


def body(*items: Any, key: Any = "k-1", **more: Any) -> bytes:
    return json.dumps({"key": key, "readings": list(items), **more}).encode()


def test_readings_are_taken_exactly() -> None:
    push = parse_push(body(GOOD, {**GOOD, "value": 5}), received=RECEIVED)
    at = datetime(2026, 3, 1, 4, tzinfo=UTC)
    assert push.readings == (Reading("E001-EL", at, Decimal("184213.37")), Reading("E001-EL", at, Decimal(5)))
    assert (push.key, push.faults, push.is_refused) == ("k-1", (), False)


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"\xff", "live.payload-not-utf8"),
        (b"", "live.payload-not-json"),
        (b"[" * 100_000, "live.payload-too-deep"),
        (b'{"key": "a", "key": "b", "readings": []}', "live.payload-duplicate-key"),
        (b"[]", "live.push-wrong-shape"),
        (b"null", "live.push-wrong-shape"),
        (json.dumps({"readings": [GOOD]}).encode(), "live.push-missing-key"),
        (json.dumps({"key": "a"}).encode(), "live.push-missing-key"),
        (body(GOOD, park="x"), "live.push-unknown-key"),
        (body(GOOD, key=""), "live.push-key-bad"),
        (body(GOOD, key="a" * 129), "live.push-key-bad"),
        (body(GOOD, key="a\n"), "live.push-key-bad"),
        (body(GOOD, key="键"), "live.push-key-bad"),
        (body(GOOD, key=7), "live.push-key-bad"),
        (body(), "live.push-wrong-shape"),
        (json.dumps({"key": "a", "readings": GOOD}).encode(), "live.push-wrong-shape"),
    ],
)
def test_a_push_of_another_form_is_refused_as_a_whole(raw: bytes, code: str) -> None:
    push = parse_push(raw, received=RECEIVED)
    assert [(index, fault.code) for index, fault in push.faults] == [(None, code)]
    assert push.is_refused and push.readings == () and push.key == ""


def test_all_faults_of_the_form_at_once() -> None:
    push = parse_push(b'{"kee": 1, "x": 2}', received=RECEIVED)
    assert sorted(fault.code for _, fault in push.faults) == [
        "live.push-missing-key",
        "live.push-missing-key",
        "live.push-unknown-key",
        "live.push-unknown-key",
    ]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"value": "1,5"}, "live.value-not-a-number"),
        ({"value": True}, "live.value-not-a-number"),
        ({"value": 2**53}, "live.value-too-large"),
        ({"at": "2026-03-01T12:00:00"}, "live.time-without-offset"),
        ({"at": 1772337600}, "live.time-not-readable"),
        ({"at": "2026-03-02T12:00:00Z"}, "live.time-implausible"),
        ({"meter": ""}, "live.meter-id-bad"),
        ({"meter": 5}, "live.meter-id-bad"),
        ({"meter": "E002-EL"}, "live.unknown-meter"),
        ({"unit": "MWh"}, "live.push-unknown-key"),
    ],
)
def test_a_bad_item_is_refused_by_its_number(change: dict[str, Any], code: str) -> None:
    push = parse_push(body(GOOD, {**GOOD, **change}, GOOD), received=RECEIVED, known=["E001-EL"])
    assert [(index, fault.code) for index, fault in push.faults] == [(1, code)]
    assert len(push.readings) == 2 and not push.is_refused


def test_items_that_are_none_and_keys_that_lack() -> None:
    push = parse_push(body(5, {"meter": "A"}, GOOD), received=RECEIVED)
    assert [(index, fault.code) for index, fault in push.faults] == [
        (0, "live.push-wrong-shape"),
        (1, "live.push-missing-key"),
        (1, "live.push-missing-key"),
    ]


def test_null_is_no_reading() -> None:
    push = parse_push(body({**GOOD, "value": None}), received=RECEIVED)
    assert (push.readings, push.faults, push.blanks) == ((), (), 1)


@pytest.mark.parametrize("surplus", [0, 1])
def test_the_size_is_limited(surplus: int) -> None:
    push = parse_push(body(GOOD).ljust(limit("push_bytes") + surplus), received=RECEIVED)
    assert [fault.code for _, fault in push.faults] == ["live.push-too-large"] * surplus


@pytest.mark.parametrize("surplus", [0, 1])
def test_the_number_of_readings_is_that_of_the_schema(surplus: int) -> None:
    most = load_schema()["properties"]["readings"]["maxItems"]
    push = parse_push(body(*[GOOD] * (most + surplus)), received=RECEIVED)
    assert [fault.code for _, fault in push.faults] == ["live.push-too-many"] * surplus
    assert len(push.readings) == most * (1 - surplus)


def test_the_schema_says_what_the_parser_does() -> None:
    schema = load_schema()
    reading = schema["$defs"]["reading"]
    assert reading["properties"]["meter"]["maxLength"] == limit("meter_id_length")
    assert set(reading["required"]) == set(reading["properties"])
    assert schema["additionalProperties"] is reading["additionalProperties"] is False
    assert set(schema["required"]) == set(schema["properties"])


def test_the_answer_names_every_item() -> None:
    push = parse_push(body(GOOD, {**GOOD, "value": "x"}, 5), received=RECEIVED)
    answer = PushAnswer(push, stored=1, equal=0, conflicts=0).as_dict()
    assert {name: answer[name] for name in ("key", "stored", "equal", "conflicts", "blank", "refused")} == {
        "key": "k-1",
        "stored": 1,
        "equal": 0,
        "conflicts": 0,
        "blank": 0,
        "refused": 2,
    }
    assert [(one["index"], one["code"]) for one in answer["faults"]] == [
        (1, "live.value-not-a-number"),
        (2, "live.push-wrong-shape"),
    ]
    json.dumps(answer)


def test_simulated_pushes_hold_every_reading_once() -> None:
    meters = Meters(7, begin=datetime(2026, 2, 1, tzinfo=UTC))
    pushes = [parse_push(raw, received=RECEIVED) for raw in build_pushes(meters, 100, 30)]
    assert len({push.key for push in pushes}) == 4
    assert [reading for push in pushes for reading in push.readings] == list(find_truth(meters, 100))
    assert not any(push.faults for push in pushes)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["key", "readings", "meter", "at", "value", "x"]), inner, max_size=4
        )
    ),
    max_leaves=12,
)


@given(JSON.map(json.dumps).map(str.encode) | st.binary(max_size=80))
def test_no_body_raises(raw: bytes) -> None:
    push = parse_push(raw, received=RECEIVED)
    json.dumps(PushAnswer(push, 0, 0, 0).as_dict())


def test_the_example_of_the_page_is_answered_as_the_page_says() -> None:
    page = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "live-readings.md"
    sent, answered = (
        json.loads(text) for text in re.findall(r"```json\n(.*?)```", page.read_text("utf-8"), re.S)
    )
    push = parse_push(json.dumps(sent).encode(), received=RECEIVED)
    answer = PushAnswer(push, stored=len(push.readings), equal=0, conflicts=0).as_dict()
    assert {name: answer[name] for name in answered if name != "faults"} == {
        name: value for name, value in answered.items() if name != "faults"
    }
    (fault,) = answer["faults"]
    assert [fault[name] for name in ("index", "code", "severity")] == [
        1,
        "live.value-not-a-number",
        "warning",
    ]
