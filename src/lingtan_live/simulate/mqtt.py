"""A sender of MQTT messages that gives up none: it sends again until the broker has answered."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Event
from typing import TYPE_CHECKING, Any

from lingtan_live.readings import Reading
from lingtan_live.simulate.truth import Meters

if TYPE_CHECKING:
    from paho.mqtt.client import Client

_WAIT_SECONDS = 0.2


@dataclass(frozen=True, slots=True)
class Sending:
    """What to send and where: `messages` of `readings_each` readings, to `topic` (`{meter}` is filled).

    After a connection was lost, the last `again` messages that the broker had answered are sent once
    more, as a gateway does with its buffer: a broker that was killed may have forgotten them.
    """

    messages: int
    meters: Meters = field(default_factory=Meters)
    host: str = "127.0.0.1"
    port: int = 1883
    topic: str = "park/demo/meter/{meter}/energy"
    client_id: str = "lingtan-simulator"
    on_the_way: int = 20
    again: int = 0
    readings_each: int = 1


def build_message(sending: Sending, number: int) -> tuple[str, bytes]:
    """Topic and payload of the message `number`: one reading, or several of several meters."""
    first = number * sending.readings_each
    readings = [sending.meters.reading(first + index) for index in range(sending.readings_each)]
    rows = [_row(reading) for reading in readings]
    topic = sending.topic.replace("{meter}", readings[0].meter)
    return topic, json.dumps(rows[0] if len(rows) == 1 else {"rows": rows}).encode()


def _row(reading: Reading) -> dict[str, str]:
    return {"meter": reading.meter, "t": reading.at.isoformat(), "v": str(reading.value)}


def send(
    sending: Sending, stop: Event | None = None, *, progress: Callable[[int], None] = lambda sent: None
) -> int:
    """Send all, whatever happens to the broker; how many it has answered when this ends.

    Ends when all are answered, or at `stop`.
    """
    return _Sender(sending, stop or Event(), progress).run()


class _Sender:
    """One sender: numbers still to send, numbers on the way, and the last ones answered."""

    def __init__(self, sending: Sending, stop: Event, progress: Callable[[int], None]) -> None:
        self._sending, self._stop, self._progress = sending, stop, progress
        self._next = 0
        self._again: deque[int] = deque()
        self._on_the_way: dict[int, int] = {}
        self._last: deque[int] = deque(maxlen=sending.again)
        self._answered: set[int] = set()
        self._client = self._build_client()

    def run(self) -> int:
        while not self._stop.is_set() and not self._is_done():
            try:
                self._client.connect(self._sending.host, self._sending.port, 30, clean_start=True)
            except OSError:
                self._stop.wait(_WAIT_SECONDS)
                continue
            while not self._stop.is_set() and not self._is_done() and self._client.loop(0.05) == 0:
                self._fill()
            self._lose()
        self._client.disconnect()
        return len(self._answered)

    def _is_done(self) -> bool:
        return len(self._answered) == self._sending.messages and not self._again and not self._on_the_way

    def _fill(self) -> None:
        if not self._client.is_connected():
            return
        while len(self._on_the_way) < self._sending.on_the_way:
            if self._again:
                number = self._again.popleft()
            elif self._next < self._sending.messages:
                number, self._next = self._next, self._next + 1
            else:
                return
            topic, payload = build_message(self._sending, number)
            self._on_the_way[self._client.publish(topic, payload, qos=1).mid] = number

    def _lose(self) -> None:
        """The connection is gone: what was on the way, and the last ones answered, go again."""
        if self._is_done():
            return
        self._again.extend([*self._last, *self._on_the_way.values()])
        self._last.clear()
        self._on_the_way.clear()
        self._client = self._build_client()

    def _hear(self, _client: Client, _userdata: Any, packet: int, reason: Any, _properties: Any) -> None:
        number = self._on_the_way.pop(packet, None)
        if number is None:
            return
        if reason.is_failure:
            self._again.append(number)
            return
        self._answered.add(number)
        self._last.append(number)
        self._progress(len(self._answered))
        self._fill()

    def _build_client(self) -> Client:
        from paho.mqtt import client as paho
        from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion

        client = paho.Client(
            CallbackAPIVersion.VERSION2,
            client_id=self._sending.client_id,
            protocol=MQTTProtocolVersion.MQTTv5,
        )
        client.max_inflight_messages_set(max(self._sending.on_the_way, 1))
        client.on_publish = self._hear
        return client
