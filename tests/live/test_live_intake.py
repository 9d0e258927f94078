"""Messages in hand: stored first, acknowledged then; what cannot be used is set aside, never lost."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from lingtan.errors import LingtanError, fault
from lingtan_live.dead_letters import DeadLetters, Letter, read_letters
from lingtan_live.intake import Intake, store_letters
from lingtan_live.limits import limit
from lingtan_live.payloads import Reader, Shape, Source, build_reader
from lingtan_live.readings import MemorySink, Reading, Sink

RECEIVED = datetime(2026, 3, 1, 12, tzinfo=UTC)
READER = build_reader(Source(topic="p/{meter}", payload=Shape(time="t", values={"v": "{meter}"})))


class Failing:
    """A store that fails as told: once for all, or for one meter."""

    def __init__(self, error: Exception, meter: str = "") -> None:
        self.error, self.meter = error, meter
        self.kept = MemorySink()

    def store(self, readings: Sequence[Reading]) -> None:
        if not self.meter or any(reading.meter == self.meter for reading in readings):
            raise self.error
        self.kept.store(readings)


def build(folder: Path, sink: Sink, known: set[str] | None = None, reader: Reader = READER) -> Intake[int]:
    return Intake([reader], sink, DeadLetters(folder), known=known)


def body(value: object = 1) -> bytes:
    return json.dumps({"t": "2026-03-01T04:00:00Z", "v": value}).encode()


def lines(folder: Path) -> list[dict[str, object]]:
    return [
        json.loads(line) for file in sorted(folder.glob("*")) for line in file.read_text("utf-8").splitlines()
    ]


def test_tokens_come_back_once_all_is_stored(tmp_path: Path) -> None:
    sink = MemorySink()
    intake = build(tmp_path, sink)
    for number in range(3):
        intake.take(f"p/M{number}", body(number), number, RECEIVED)
    assert (len(intake), sink.readings) == (3, {})
    assert intake.store() == [0, 1, 2]
    assert (len(intake), len(sink.readings), intake.counts.readings) == (0, 3, 3)
    assert intake.store() == []
    assert lines(tmp_path) == []


def test_a_message_that_cannot_be_used_is_on_disk_before_its_token_comes_back(tmp_path: Path) -> None:
    intake = build(tmp_path / "new" / "folder", MemorySink())
    intake.take("p/M1", b'{"t": \xff', 1, RECEIVED)
    intake.take("elsewhere", body(), 2, RECEIVED)
    intake.take("p/M2", body(), 3, RECEIVED)
    assert not (tmp_path / "new").exists()
    assert intake.store() == [1, 2, 3]
    first, second = lines(tmp_path / "new" / "folder")
    assert base64.b64decode(str(first["payload"])) == b'{"t": \xff'
    assert (first["topic"], first["codes"]) == ("p/M1", ["live.payload-not-utf8"])
    assert (first["received"], first["size"], first["whole"]) == ("2026-03-01T12:00:00+00:00", 7, True)
    assert second["codes"] == ["live.topic-not-expected"]
    assert intake.counts.letters == 2
    assert intake.counts.codes == {"live.payload-not-utf8": 1, "live.topic-not-expected": 1}


def test_good_rows_of_a_bad_message_are_stored_and_the_whole_message_kept(tmp_path: Path) -> None:
    sink = MemorySink()
    intake = build(tmp_path, sink)
    rows = [json.loads(body(1)), json.loads(body("x"))]
    intake.take("p/M1", json.dumps(rows).encode(), 1, RECEIVED)
    intake.store()
    assert [reading.value for reading in sink.readings] == [Decimal(1)]
    (letter,) = lines(tmp_path)
    assert letter["faults"][0]["row"] == 2  # type: ignore[index]


@pytest.mark.parametrize("surplus", [0, 1])
def test_a_payload_beyond_the_limit_is_not_read_but_kept(tmp_path: Path, surplus: int) -> None:
    intake = build(tmp_path, MemorySink())
    payload = body().ljust(limit("payload_bytes") + surplus)
    intake.take("p/M1", payload, 1, RECEIVED)
    intake.store()
    assert [letter["codes"] for letter in lines(tmp_path)] == [["live.payload-too-large"]] * surplus
    assert [kept for _, kept, _ in read_letters(tmp_path)] == [payload] * surplus


def test_of_a_huge_payload_the_beginning_size_and_hash_are_kept(tmp_path: Path) -> None:
    intake = build(tmp_path, MemorySink())
    most = limit("letter_bytes")
    intake.take("p/M1", b"x" * (most + 1), 1, RECEIVED)
    intake.store()
    (letter,) = lines(tmp_path)
    assert (letter["size"], letter["whole"]) == (most + 1, False)
    assert base64.b64decode(str(letter["payload"])) == b"x" * most
    assert list(read_letters(tmp_path)) == []


def test_while_the_store_fails_nothing_is_acknowledged_and_nothing_lost(tmp_path: Path) -> None:
    sink = MemorySink()
    failing = Failing(OSError("no space left"))
    intake = build(tmp_path, failing)
    intake.take("p/M1", body(), 1, RECEIVED)
    for _ in range(2):
        with pytest.raises(OSError, match="no space"):
            intake.store()
    assert len(intake) == 1
    intake._sink = sink
    intake.take("p/M2", body(), 2, RECEIVED)
    assert intake.store() == [1, 2]
    assert (len(sink.readings), intake.counts.messages) == (2, 2)


def test_while_letters_cannot_be_written_nothing_is_acknowledged(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    intake = build(tmp_path / "file", MemorySink())
    intake.take("p/M1", b"", 1, RECEIVED)
    with pytest.raises(OSError, match="file"):
        intake.store()
    assert len(intake) == 1


@pytest.mark.parametrize(
    "error", [ValueError("too many digits"), LingtanError([fault("live.value-too-large", given="9")])]
)
def test_what_the_store_never_takes_does_not_hold_up_the_rest(tmp_path: Path, error: Exception) -> None:
    failing = Failing(error, meter="M1")
    intake = build(tmp_path, failing)
    for number in range(3):
        intake.take(f"p/M{number}", body(), number, RECEIVED)
    assert intake.store() == [0, 1, 2]
    assert sorted(reading.meter for reading in failing.kept.readings) == ["M0", "M2"]
    assert [(one["topic"], one["codes"]) for one in lines(tmp_path)] == [("p/M1", ["live.not-stored"])]
    assert intake.counts.readings == 2


def test_unknown_meters_are_set_aside_counted_and_listed(tmp_path: Path) -> None:
    sink = MemorySink()
    intake = build(tmp_path, sink, known={"M1"})
    for number, meter in enumerate(("M1", "X", "Y", "X")):
        intake.take(f"p/{meter}", body(), number, RECEIVED)
    intake.store()
    assert [reading.meter for reading in sink.readings] == ["M1"]
    assert intake.counts.unknown == {"X": 2, "Y": 1}
    assert {tuple(letter["codes"]) for letter in lines(tmp_path)} == {("live.unknown-meter",)}  # type: ignore[arg-type]


def test_the_list_of_unknown_meters_has_an_end(tmp_path: Path) -> None:
    intake = build(tmp_path, MemorySink(), known=set())
    for number in range(limit("unknown_meters") + 2):
        intake.take(f"p/S{number}", body(), number, RECEIVED)
    intake.store()
    assert len(intake.counts.unknown) == limit("unknown_meters")
    assert intake.counts.unknown_unlisted == 2


def test_a_fault_of_ours_keeps_the_message_and_lets_the_others_pass(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError("a bug")

    intake = build(tmp_path, MemorySink())
    with monkeypatch.context() as patch:
        patch.setattr(Reader, "parse", fail)
        intake.take("p/M1", body(), 1, RECEIVED)
    intake.take("p/M2", body(), 2, RECEIVED)
    assert intake.store() == [1, 2]
    assert [letter["codes"] for letter in lines(tmp_path)] == [["live.reader-failed"]]


def test_letters_are_stored_once_their_meter_is_known(tmp_path: Path) -> None:
    intake = build(tmp_path / "letters", MemorySink(), known=set())
    intake.take("p/M1", body(7), 1, RECEIVED)
    intake.take("p/M2", b"broken", 2, RECEIVED)
    intake.store()
    sink = MemorySink()
    again = build(tmp_path / "again", sink, known={"M1"})
    counts = store_letters(list(read_letters(tmp_path / "letters")), again, at_once=1)
    assert [(reading.meter, reading.value) for reading in sink.readings] == [("M1", Decimal(7))]
    assert (counts.readings, counts.letters) == (1, 1)
    assert [letter["topic"] for letter in lines(tmp_path / "again")] == ["p/M2"]


def test_a_line_torn_by_a_kill_does_not_swallow_the_next(tmp_path: Path) -> None:
    letters = DeadLetters(tmp_path)
    one = Letter("p/1", b"a", RECEIVED, (fault("live.topic-not-expected"),))
    letters.write([one])
    file = tmp_path / "2026-03-01.jsonl"
    whole = file.read_bytes()
    for cut in range(len(whole)):
        file.write_bytes(whole[:cut])
        letters.write([Letter("p/2", b"b", RECEIVED, one.faults)])
        found = [topic for topic, _, _ in read_letters(tmp_path)]
        # without its newline alone, the first line is whole
        assert found == (["p/1", "p/2"] if cut == len(whole) - 1 else ["p/2"])


def test_letters_lie_by_day(tmp_path: Path) -> None:
    faults = (fault("live.topic-not-expected"),)
    days = [datetime(2026, 3, day, tzinfo=UTC) for day in (2, 1)]
    DeadLetters(tmp_path).write([Letter("t", b"", day, faults) for day in days])
    assert [file.name for file in sorted(tmp_path.iterdir())] == ["2026-03-01.jsonl", "2026-03-02.jsonl"]
