"""The MQTT subscriber against a Mosquitto of our own: sessions, acknowledgement, refusals, stops."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from paho.mqtt import publish
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.reasoncodes import ReasonCode

from lingtan.errors import Fault
from lingtan_live.dead_letters import DeadLetters, read_letters
from lingtan_live.intake import Counts, Intake
from lingtan_live.listening import Watch, listen
from lingtan_live.mqtt import Delivery, MqttSubscriber
from lingtan_live.payloads import Shape, Source
from lingtan_live.readings import MemorySink, Reading, Sink
from lingtan_live.settings import Batch, Broker, Listening, build_readers
from lingtan_live.simulate.broker import BINARY, LocalBroker
from lingtan_live.simulate.mqtt import Sending, build_message, send
from lingtan_live.simulate.truth import Meters, find_truth

needs_broker = pytest.mark.skipif(BINARY is None, reason="mosquitto is not installed")
SOURCE = Source(topic="park/{park}/meter/{meter}/energy", payload=Shape(time="t", values={"v": "{meter}"}))
METERS = Meters(3)


@dataclass
class Heard:
    """What a listener in a thread has said."""

    stop: Event
    faults: list[Fault] = field(default_factory=list)
    connected: int = 0
    counts: Counts = field(default_factory=Counts)

    def codes(self) -> list[str]:
        return [fault.code for fault in self.faults]


class Gate:
    """A store that fails until it is opened."""

    def __init__(self) -> None:
        self.is_open, self.tries, self.kept = False, 0, MemorySink()

    def store(self, readings: Sequence[Reading]) -> None:
        self.tries += 1
        if not self.is_open:
            raise OSError("no space left")
        self.kept.store(readings)


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[LocalBroker]:
    folder = tmp_path / "broker"
    folder.mkdir()
    made = LocalBroker(folder)
    made.start()
    yield made
    made.kill()


def settings(port: int, folder: Path, *, batch: Batch | None = None, **more: Any) -> Listening:
    return Listening(
        broker=Broker(port=port, client_id="test", longest_wait_seconds=0.3, **more),
        sources=[SOURCE],
        batch=batch or Batch(messages=100, seconds=0.1),
        dead_letters=folder / "dead-letters",
    )


@contextmanager
def listening(asked: Listening, sink: Sink) -> Iterator[Heard]:
    heard = Heard(Event())

    def connect() -> None:
        heard.connected += 1

    watch = Watch(report=heard.faults.append, connected=connect)

    def work() -> None:
        heard.counts = listen(asked, sink, heard.stop, watch=watch)

    thread = Thread(target=work)
    thread.start()
    try:
        yield heard
    finally:
        heard.stop.set()
        thread.join(30)
        assert not thread.is_alive()


def wait(is_done: Callable[[], object]) -> None:
    until = time.monotonic() + 30
    while not is_done():
        assert time.monotonic() < until, "waited in vain"
        time.sleep(0.02)


def subscribe_and_leave(asked: Listening) -> None:
    """Make the session at the broker, so that it keeps what comes while nobody listens."""
    with listening(asked, MemorySink()) as heard:
        wait(lambda: heard.connected)


@needs_broker
@pytest.mark.parametrize("protocol", ["5", "3.1.1"])
def test_what_was_sent_while_nobody_listened_is_there_afterwards(
    broker: LocalBroker, tmp_path: Path, protocol: str
) -> None:
    asked = settings(broker.port, tmp_path, protocol=protocol, receive_maximum=20)
    subscribe_and_leave(asked)
    assert send(Sending(100, METERS, port=broker.port)) == 100
    broker.stop()
    broker.start()  # the session is on disk
    sink = MemorySink()
    with listening(asked, sink) as heard:
        wait(lambda: len(sink.readings) == 100)
    assert sink.readings == dict.fromkeys(find_truth(METERS, 100), 1)
    assert (heard.counts.messages, heard.counts.letters, heard.faults) == (100, 0, [])


@needs_broker
def test_nothing_is_acknowledged_before_it_is_stored(broker: LocalBroker, tmp_path: Path) -> None:
    asked, gate = settings(broker.port, tmp_path), Gate()
    with listening(asked, gate) as heard:
        wait(lambda: heard.connected)
        send(Sending(10, METERS, port=broker.port))
        wait(lambda: gate.tries)
    assert "live.store-failed" in heard.codes()  # and it was stopped with all in hand
    sink = MemorySink()
    with listening(asked, sink):
        wait(lambda: len(sink.readings) == 10)
    assert sink.readings == dict.fromkeys(find_truth(METERS, 10), 1)


@needs_broker
def test_a_store_that_is_back_gets_everything_without_a_new_connection(
    broker: LocalBroker, tmp_path: Path
) -> None:
    gate = Gate()
    with listening(settings(broker.port, tmp_path), gate) as heard:
        wait(lambda: heard.connected)
        send(Sending(10, METERS, port=broker.port))
        wait(lambda: gate.tries)
        gate.is_open = True
        wait(lambda: len(gate.kept.readings) == 10)
    assert (heard.connected, set(heard.codes())) == (1, {"live.store-failed"})


@needs_broker
def test_a_store_that_fails_holds_back_the_broker(broker: LocalBroker, tmp_path: Path) -> None:
    gate = Gate()
    asked = settings(broker.port, tmp_path, receive_maximum=5)
    letters = DeadLetters(asked.dead_letters)
    intake: Intake[Delivery] = Intake(build_readers(asked), gate, letters)
    connected, stop = Event(), Event()
    subscriber = MqttSubscriber(asked, intake, Watch(connected=connected.set))
    thread = Thread(target=lambda: subscriber.run(stop))
    thread.start()
    connected.wait(30)
    send(Sending(50, METERS, port=broker.port))
    wait(lambda: gate.tries >= 2)
    held = len(intake)
    gate.is_open = True
    wait(lambda: len(gate.kept.readings) == 50)
    stop.set()
    thread.join(30)
    assert held == 5


@needs_broker
def test_a_stop_stores_what_is_in_hand(broker: LocalBroker, tmp_path: Path) -> None:
    sink = MemorySink()
    asked = settings(broker.port, tmp_path, batch=Batch(messages=1000, seconds=3600))
    letters = DeadLetters(asked.dead_letters)
    intake: Intake[Delivery] = Intake(build_readers(asked), sink, letters)
    connected, stop = Event(), Event()
    thread = Thread(target=lambda: MqttSubscriber(asked, intake, Watch(connected=connected.set)).run(stop))
    thread.start()
    connected.wait(30)
    send(Sending(7, METERS, port=broker.port))
    wait(lambda: len(intake) == 7)
    assert sink.readings == {}
    stop.set()
    thread.join(30)
    assert sink.readings == dict.fromkeys(find_truth(METERS, 7), 1)
    with listening(asked, sink) as heard:  # and it was acknowledged: nothing comes again
        wait(lambda: heard.connected)
        time.sleep(0.3)
    assert heard.counts.messages == 0


@needs_broker
def test_bad_messages_do_not_block_the_good_ones(broker: LocalBroker, tmp_path: Path) -> None:
    sink = MemorySink()
    with listening(settings(broker.port, tmp_path), sink) as heard:
        wait(lambda: heard.connected)
        topic, good = build_message(Sending(1, METERS), 0)
        bodies = [b"", b"\xff\xff", b"[" * 60_000, b"x" * 300_000, good, b'{"t": 1, "v": NaN}', good]
        for qos in (0, 1, 2):  # QoS 0 must not be acknowledged, QoS 2 arrives as QoS 1
            messages = [{"topic": topic, "payload": body, "qos": qos} for body in bodies]
            publish.multiple(messages, hostname="127.0.0.1", port=broker.port)
        wait(lambda: sum(sink.readings.values()) == 6)
        publish.single("park/p/meter/Z/energy", good, qos=1, hostname="127.0.0.1", port=broker.port)
        wait(lambda: len(sink.readings) == 2)
    assert (heard.counts.letters, heard.counts.messages, heard.faults) == (15, 22, [])
    assert len(list(read_letters(tmp_path / "dead-letters"))) == 15


@needs_broker
def test_a_broker_that_is_away_is_waited_for(broker: LocalBroker, tmp_path: Path) -> None:
    broker.stop()
    sink = MemorySink()
    with listening(settings(broker.port, tmp_path), sink) as heard:
        wait(lambda: "live.broker-unreachable" in heard.codes())
        broker.start()
        wait(lambda: heard.connected == 1)
        broker.stop()
        wait(lambda: "live.broker-lost" in heard.codes())
        broker.start()
        wait(lambda: heard.connected == 2)
        send(Sending(5, METERS, port=broker.port))
        wait(lambda: len(sink.readings) == 5)
    assert sink.readings == dict.fromkeys(find_truth(METERS, 5), 1)
    assert (heard.connected, heard.counts.messages, heard.counts.letters) == (2, 5, 0)


@needs_broker
def test_a_broker_that_does_not_want_us_says_why(tmp_path: Path) -> None:
    folder = tmp_path / "broker"
    folder.mkdir()
    broker = LocalBroker(folder, more="allow_anonymous false")
    broker.start()
    (tmp_path / "password").write_text("wrong\n", encoding="utf-8")
    try:
        asked = settings(broker.port, tmp_path, username="u", password_file=tmp_path / "password")
        with listening(asked, MemorySink()) as heard:
            wait(lambda: "live.broker-refused" in heard.codes())
    finally:
        broker.kill()
    refused = next(fault for fault in heard.faults if fault.code == "live.broker-refused")
    assert "authori" in refused.words("en").what


def test_a_subscription_that_is_not_allowed_is_said(tmp_path: Path) -> None:
    asked, heard = settings(1, tmp_path), Heard(Event())
    intake: Intake[Delivery] = Intake(build_readers(asked), MemorySink(), DeadLetters(tmp_path))
    subscriber = MqttSubscriber(asked, intake, Watch(report=heard.faults.append))
    refusal = ReasonCode(PacketTypes.SUBACK, "Not authorized")
    subscriber._hear_subscribed(subscriber._client, None, 1, [refusal], None)
    assert [(fault.code, fault.context["topic"]) for fault in heard.faults] == [
        ("live.subscription-refused", "park/+/meter/+/energy")
    ]


@needs_broker
def test_an_answer_of_an_earlier_connection_is_never_given_on_a_later_one(
    broker: LocalBroker, tmp_path: Path
) -> None:
    """A broker that lost the session numbers packets from 1 again: an old answer would hit a new message."""
    asked, gate = settings(broker.port, tmp_path), Gate()
    with listening(asked, gate) as heard:
        wait(lambda: heard.connected)
        send(Sending(5, METERS, port=broker.port))
        wait(lambda: gate.tries)
        broker.kill()
        for file in broker.folder.glob("mosquitto.db*"):
            file.unlink()
        broker.start()
        wait(lambda: heard.connected == 2)
        send(Sending(5, Meters(3, begin=METERS.begin.replace(year=2025)), port=broker.port))
        time.sleep(0.5)
    # stopped with ten in hand, none acknowledged; the broker has the five of the new session still
    sink = MemorySink()
    with listening(asked, sink):
        wait(lambda: len(sink.readings) == 5)
    assert {reading.at.year for reading in sink.readings} == {2025}


@needs_broker
def test_several_readings_of_a_message(broker: LocalBroker, tmp_path: Path) -> None:
    shape = Shape(rows="rows", fields={"id": "meter"}, time="t", values={"v": "{id}"})
    asked = settings(broker.port, tmp_path).model_copy(
        update={"sources": [Source(topic="park/demo/meter/+/energy", payload=shape)]}
    )
    sink = MemorySink()
    with listening(asked, sink) as heard:
        wait(lambda: heard.connected)
        assert send(Sending(10, METERS, port=broker.port, readings_each=25)) == 10
        wait(lambda: len(sink.readings) == 250)
    assert set(sink.readings) == set(find_truth(METERS, 250))


@needs_broker
def test_a_sender_can_be_stopped(broker: LocalBroker) -> None:
    stop = Event()

    def halt(sent: int) -> None:
        if sent == 50:
            stop.set()

    assert 50 <= send(Sending(100_000, METERS, port=broker.port), stop, progress=halt) < 1000
    broker.stop()
    stop = Event()
    thread = Thread(target=lambda: send(Sending(1, METERS, port=broker.port), stop))
    thread.start()
    stop.set()
    thread.join(30)
    assert not thread.is_alive()
