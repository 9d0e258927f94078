"""Pushed readings: stored once however often they are sent, told one by one where they are not."""

import json
import shutil
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import polars as pl
import pytest
from django.conf import settings as site
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.web.api_parts import START, Program, push, reading, register_meters
from tests.web.conftest import World

from lingtan.errors import catalogue
from lingtan.metering.lake import open_lake, read_bucket
from lingtan_live.limits import limit
from lingtan_web.api.models import Usage
from lingtan_web.audit.models import Entry
from lingtan_web.parks.models import Park
from lingtan_web.readings.lakes import folder_of, freeze_readings, lake_of
from lingtan_web.readings.models import AnsweredPush
from lingtan_web.storage import path_of

PATH = "/parks/alpha/readings"


@pytest.fixture
def program(world: World) -> Program:
    register_meters(world, ("E001-EL", "E001"), ("E002-EL", "E002"))
    return Program(world.park, "readings:write")


def stored(park: Park) -> set[tuple[str, datetime, Decimal]]:
    """What the lake holds."""
    lake = open_lake(folder_of(park))
    found = set()
    for bucket in lake.buckets():
        meters = {meter.code: meter for meter in bucket.meters}
        for code, at, value in read_bucket(bucket).iter_rows():
            meter = meters[code]
            found.add((meter.meter, at, Decimal(value).scaleb(meter.exponent)))
    return found


def test_a_push_is_stored_exactly(world: World, program: Program) -> None:
    one, two = reading(value="184213.370"), reading("E002-EL", 15, 7)
    answer = program.post(PATH, push(one, two, {**one, "value": None, "at": reading(minute=30)["at"]}))
    assert answer.status_code == 200, answer.content
    assert answer.json() == {
        "key": "k-1", "stored": 2, "equal": 0, "conflicts": 0, "blank": 1, "refused": 0, "faults": [],
    }  # fmt: skip
    at = [datetime.fromisoformat(item["at"]).astimezone(UTC) for item in (one, two)]
    assert stored(world.alpha) == {("E001-EL", at[0], Decimal("184213.37")), ("E002-EL", at[1], Decimal(7))}
    details = Entry.objects.get(act="readings.pushed").details
    assert details == {"stored": 2, "equal": 0, "conflicts": 0, "blank": 1, "refused": 0}


def test_unknown_meters_and_bad_readings_are_told_and_the_others_stored(
    world: World, program: Program
) -> None:
    bad = [
        {**reading(), "meter": "E009"},
        {**reading(), "at": "2024-01-01T00:00:00"},
        {**reading(), "value": "x"},
    ]
    answer = program.post(PATH, push(bad[0], reading(), *bad[1:])).json()
    assert (answer["stored"], answer["refused"]) == (1, 3)
    assert [(one["index"], one["code"]) for one in answer["faults"]] == [
        (0, "live.unknown-meter"), (2, "live.time-without-offset"), (3, "live.value-not-a-number"),
    ]  # fmt: skip


def test_of_many_faults_the_first_are_told_and_all_are_counted(program: Program) -> None:
    most = limit("push_faults")
    items = [{**reading(minute=minute), "meter": "E009"} for minute in range(most + 1)]
    answer = program.post(PATH, push(*items)).json()
    assert (answer["refused"], len(answer["faults"])) == (most + 1, most)
    assert program.post(PATH, push(*items[:-1], key="k-2")).json()["refused"] == most


def test_the_same_key_gives_the_same_answer_or_a_conflict(world: World, program: Program) -> None:
    first = program.post(PATH, push(reading()))
    again = program.post(PATH, push(reading()))
    assert (again.status_code, again.json()) == (200, first.json())
    assert Entry.objects.filter(act="readings.pushed").count() == 1
    other = program.post(PATH, push(reading(value="2")))
    assert other.status_code == 409
    assert [one["code"] for one in other.json()["faults"]] == ["api.key-used-otherwise"]
    assert {value for _, _, value in stored(world.alpha)} == {Decimal("1.5")}
    fresh = program.post(PATH, push(reading(), key="k-2")).json()
    assert (fresh["stored"], fresh["equal"]) == (0, 1)
    conflict = program.post(PATH, push(reading(value="2"), key="k-3")).json()
    assert (conflict["stored"], conflict["conflicts"]) == (1, 1)


def test_the_header_may_repeat_the_key(program: Program) -> None:
    assert program.post(PATH, push(reading()), **{"Idempotency-Key": "k-1"}).status_code == 200
    answer = program.post(PATH, push(reading(), key="k-2"), **{"Idempotency-Key": "k-1"})
    assert (answer.status_code, answer.json()["faults"][0]["code"]) == (409, "api.key-differs")


def test_keys_of_two_senders_are_their_own(world: World, program: Program) -> None:
    program.post(PATH, push(reading()))
    enterprise = Program(world.enterprise)
    assert enterprise.post(PATH, push(reading(minute=15))).json()["stored"] == 1


def test_an_enterprise_pushes_for_its_own_meters(world: World, program: Program) -> None:
    answer = Program(world.enterprise).post(PATH, push(reading(), reading("E002-EL"))).json()
    assert (answer["stored"], answer["refused"]) == (1, 1)
    assert answer["faults"][0]["code"] == "live.unknown-meter"


def test_old_keys_are_forgotten(world: World, program: Program) -> None:
    program.post(PATH, push(reading()))
    days = timedelta(days=limit("push_days"))
    AnsweredPush.objects.update(at=timezone.now() - days + timedelta(minutes=1))
    program.post(PATH, push(reading(), key="k-2"))
    assert AnsweredPush.objects.count() == 2
    AnsweredPush.objects.filter(key="k-1").update(at=timezone.now() - days - timedelta(minutes=1))
    program.post(PATH, push(reading(), key="k-3"))
    assert sorted(AnsweredPush.objects.values_list("key", flat=True)) == ["k-2", "k-3"]


@settings(
    max_examples=25, deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)  # fmt: skip
@given(order=st.lists(st.sampled_from(["a", "b", "c", "d"]), min_size=1, max_size=10))
def test_any_order_and_number_of_repeats_comes_to_the_same(
    world: World, program: Program, order: list[str]
) -> None:
    AnsweredPush.objects.all().delete()
    Usage.objects.all().delete()
    shutil.rmtree(folder_of(world.alpha), ignore_errors=True)
    bodies = {
        key: json.dumps(push(*(reading(minute=15 * (n + i)) for i in range(3)), key=key)).encode()
        for n, key in enumerate("abcd")
    }
    answers: dict[str, Any] = {}
    for key in order:
        answer = program.post(PATH, bodies[key])
        assert answer.status_code == 200
        assert answers.setdefault(key, answer.json()) == answer.json()
    expected = {item["at"] for key in set(order) for item in json.loads(bodies[key])["readings"]}
    assert {at for _, at, _ in stored(world.alpha)} == {datetime.fromisoformat(at) for at in expected}
    assert sum(answer["stored"] for answer in answers.values()) == len(expected)


GOOD = '{"meter": "E001-EL", "at": "2026-01-01T00:00:00+08:00", "value": %s}'
HOSTILE: list[tuple[bytes, str]] = [
    (b"", "live.payload-not-json"),
    (b"\xff\xfe", "live.payload-not-utf8"),
    (b"[" * 200_000, "live.payload-too-deep"),
    (b'{"a":' * 50 + b"1" + b"}" * 50, "live.payload-too-deep"),
    (b'{"key": "a", "key": "b", "readings": []}', "live.payload-duplicate-key"),
    (f'{{"key": "a", "readings": [{GOOD % "NaN"}]}}'.encode(), "live.payload-not-json"),
    (f'{{"key": "a", "readings": [{GOOD % "-Infinity"}]}}'.encode(), "live.payload-not-json"),
    (f'{{"key": "a", "readings": [{GOOD % ("9" * 5000)}]}}'.encode(), "live.value-not-a-number"),
    (b"null", "live.push-wrong-shape"),
    (b'{"key": "a", "readings": []}', "live.push-wrong-shape"),
    (b'{"key": "a b", "readings": [1]}', "live.push-key-bad"),
    (b'{"key": "a", "readings": [1], "x": 1}', "live.push-unknown-key"),
    (b"[" + b" " * limit("push_bytes") + b"]", "live.push-too-large"),
]


@pytest.mark.parametrize(("body", "code"), HOSTILE, ids=[str(n) for n in range(len(HOSTILE))])
def test_hostile_bodies_are_refused_as_a_whole(
    world: World, program: Program, body: bytes, code: str
) -> None:
    answer = program.post(PATH, body)
    assert answer.status_code == 422
    assert [one["code"] for one in answer.json()["faults"]] == [code]
    assert lake_of(world.alpha) is None


def test_hostile_values_are_refused_one_by_one(program: Program) -> None:
    values = [
        "1e999",
        '"1e999"',
        "1e-999",
        '"０"',
        "true",
        "[]",
        "{}",
        '"' + "9" * 41 + '"',
        "9007199254740992",
    ]
    items = [GOOD % value for value in values]
    answer = program.post(PATH, f'{{"key": "a", "readings": [{",".join(items)}]}}'.encode()).json()
    assert [one["index"] for one in answer["faults"]] == [0, 1, 3, 4, 5, 6, 7, 8]
    assert answer["stored"] == 1  # 1e-999 is 0 to nine decimals


def test_a_body_beyond_all_limits_is_not_read(program: Program) -> None:
    answer = program.post(PATH, b" " * (site.DATA_UPLOAD_MAX_MEMORY_SIZE + 1))
    assert (answer.status_code, answer.json()) == (413, {"detail": "the body is too large"})
    assert program.post(PATH, b" " * limit("push_bytes")).status_code == 422


def test_what_a_lake_never_takes_is_told(world: World, program: Program) -> None:
    """live.not-stored: many digits before the point and nine after it are no whole number of 64 bits."""
    answer = program.post(PATH, push(reading(value="9007199254740991.123456789")))
    assert (answer.status_code, answer.json()["faults"][0]["code"]) == (422, "live.not-stored")
    assert not AnsweredPush.objects.exists()


def test_a_lake_that_cannot_be_written_says_try_again(world: World, program: Program) -> None:
    folder = folder_of(world.alpha)
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.write_text("not a folder")
    answer = program.post(PATH, push(reading()))
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "10")
    assert answer.json()["faults"][0]["code"] == "lake.not-written"
    assert not AnsweredPush.objects.exists() and not Entry.objects.filter(act="readings.pushed").exists()
    folder.unlink()
    assert program.post(PATH, push(reading())).json()["stored"] == 1  # the same push again


def test_a_push_waits_for_the_one_before_it(world: World, program: Program, monkeypatch: Any) -> None:
    from lingtan_web.readings import lakes

    monkeypatch.setattr(lakes, "PATIENCE", 0.1)
    with lakes.one_at_a_time(world.alpha):
        answer = program.post(PATH, push(reading()))
    assert (answer.status_code, answer.json()["faults"][0]["code"]) == (503, "lake.other-writer")
    assert program.post(PATH, push(reading())).status_code == 200


def test_a_version_takes_the_readings_of_its_year_along(world: World, program: Program) -> None:
    assert freeze_readings(world.alpha, 2026) == {}
    program.post(PATH, push(reading(value="-2.25"), reading("E002-EL", 0, "7"), reading("E002-EL", 15, "8")))
    year = timezone.localtime(START).year
    manifest = freeze_readings(world.alpha, year)
    assert sorted(manifest) == ["readings/live-0.parquet", "readings/live-2.parquet"]
    exact = pl.read_parquet(path_of(manifest["readings/live-2.parquet"]))
    assert exact.columns == ["meter_id", "at", "value"]
    assert exact["value"].to_list() == [Decimal("-2.25")]
    assert pl.read_parquet(path_of(manifest["readings/live-0.parquet"]))["value"].to_list() == [7, 8]
    assert freeze_readings(world.alpha, year) == manifest  # the same readings are the same bytes
    assert freeze_readings(world.alpha, year - 3) == {}


def test_words_of_the_interface() -> None:
    assert {code for code in catalogue() if code.startswith("api.")} >= {
        "api.bad-field", "api.key-used-otherwise", "api.key-differs",
    }  # fmt: skip
