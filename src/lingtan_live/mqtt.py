"""The MQTT subscriber: a persistent session, and no acknowledgement before storing.

One thread does it all in turn (receive, store, acknowledge), so that nothing is ever acknowledged
on a connection it did not come by: after a lost session the broker gives the same packet number to
another message.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from threading import Event
from typing import TYPE_CHECKING, Any

from lingtan.errors import Fault, fault
from lingtan_live.clocks import Clock
from lingtan_live.intake import Counts, Intake
from lingtan_live.settings import Listening

if TYPE_CHECKING:
    from paho.mqtt.client import Client, MQTTMessage

_FIRST_WAIT = 0.2
_TICK = 0.05  # how soon a stop, or a batch that is due, is seen
_RETRY_SECONDS = 2.0  # after a store that failed
_DAY_SECONDS = 86_400


@dataclass(frozen=True, slots=True)
class Delivery:
    """What acknowledging needs: the connection a message came by, and its packet number.

    The number is 0 for QoS 0, which wants no acknowledgement.
    """

    connection: int
    packet: int


@dataclass(frozen=True, slots=True)
class Watch:
    """Who is told: `connected` when subscribed, `progress` after each store, `report` of each fault.

    Faults reported are those of connection and store; those of messages stand in the dead letters.
    """

    progress: Callable[[Counts], None] = lambda counts: None
    report: Callable[[Fault], None] = lambda fault: None
    connected: Callable[[], None] = lambda: None


class MqttSubscriber:
    """Takes messages off a broker into an intake until it is told to stop."""

    def __init__(
        self, settings: Listening, intake: Intake[Delivery], watch: Watch, *, clock: Clock | None = None
    ) -> None:
        self._settings, self._intake = settings, intake
        self._watch, self._clock = watch, clock or Clock()
        self._connection = 0
        self._due: float | None = None
        self._not_before = 0.0
        self._wait = _FIRST_WAIT
        self._client = self._build_client()

    def run(self, stop: Event) -> None:
        """Listen until `stop`; then store and acknowledge what is in hand, and leave the session."""
        while not stop.is_set():
            if self._connect():
                self._serve(stop)
            else:
                self._store_if_due()
            if not stop.is_set():
                stop.wait(self._wait)
                self._wait = min(self._wait * 2, self._settings.broker.longest_wait_seconds)
        self._finish()

    def _connect(self) -> bool:
        self._connection += 1
        broker = self._settings.broker
        try:
            if broker.protocol == "5":
                self._client.connect(
                    broker.host,
                    broker.port,
                    broker.keepalive_seconds,
                    clean_start=False,
                    properties=_session(broker.session_days * _DAY_SECONDS, broker.receive_maximum),
                )
            else:
                self._client.connect(broker.host, broker.port, broker.keepalive_seconds)
        except (OSError, ValueError) as error:
            self._watch.report(
                fault("live.broker-unreachable", host=broker.host, port=broker.port, reason=error)
            )
            return False
        return True

    def _serve(self, stop: Event) -> None:
        """Receive until the connection ends; what is in hand stays for the next one."""
        while not stop.is_set():
            if self._client.loop(_TICK) != 0:
                self._report_broker("live.broker-lost")
                return
            self._store_if_due()

    def _store_if_due(self) -> None:
        if self._due is None:
            return
        now, is_full = self._clock.monotonic(), len(self._intake) >= self._settings.most_held
        if now >= self._due or (is_full and now >= self._not_before):
            self._store()

    def _store(self) -> bool:
        """Store, then acknowledge; if the store fails, try again after a while."""
        try:
            deliveries = self._intake.store()
        except OSError as error:
            self._watch.report(fault("live.store-failed", reason=error))
            self._due = self._not_before = self._clock.monotonic() + _RETRY_SECONDS
            return False
        self._due = None
        for delivery in deliveries:
            if delivery.packet and delivery.connection == self._connection and self._client.is_connected():
                self._client.ack(delivery.packet, 1)
        self._watch.progress(self._intake.counts)
        return True

    def _finish(self) -> None:
        if len(self._intake):
            self._store()
        until = self._clock.monotonic() + 5
        while self._client.want_write() and self._client.is_connected():
            if self._clock.monotonic() > until or self._client.loop(_TICK) != 0:
                break
        self._client.disconnect()

    def _take(self, _client: Client, _userdata: Any, message: MQTTMessage) -> None:
        try:
            topic = message.topic
        except UnicodeDecodeError:
            topic = ""
        if self._due is None:
            self._due = self._clock.monotonic() + self._settings.batch.seconds
        delivery = Delivery(self._connection, message.mid if message.qos else 0)
        self._intake.take(topic, bytes(message.payload), delivery, self._clock.now())

    def _greet(self, client: Client, _userdata: Any, _flags: Any, reason: Any, _properties: Any) -> None:
        """The broker has answered: subscribe (a session it kept does not mind), or say why not."""
        if reason.is_failure:
            broker = self._settings.broker
            self._watch.report(
                fault("live.broker-refused", host=broker.host, port=broker.port, reason=reason)
            )
            return
        self._wait = _FIRST_WAIT
        filters = dict.fromkeys(reader.topic.subscription for reader in self._intake.readers)
        client.subscribe([(name, 1) for name in filters])

    def _hear_subscribed(self, _client: Client, _userdata: Any, _mid: int, reasons: Any, _props: Any) -> None:
        for reader, reason in zip(self._intake.readers, reasons, strict=False):
            if reason.is_failure:
                topic = reader.topic.subscription
                self._watch.report(fault("live.subscription-refused", topic=topic, reason=reason))
        self._watch.connected()

    def _report_broker(self, code: str, **context: object) -> None:
        broker = self._settings.broker
        self._watch.report(fault(code, host=broker.host, port=broker.port, **context))

    def _build_client(self) -> Client:
        from paho.mqtt import client as paho
        from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion

        broker, is_5 = self._settings.broker, self._settings.broker.protocol == "5"
        client = paho.Client(
            CallbackAPIVersion.VERSION2,
            client_id=broker.client_id,
            clean_session=None if is_5 else False,
            protocol=MQTTProtocolVersion.MQTTv5 if is_5 else MQTTProtocolVersion.MQTTv311,
            manual_ack=True,
        )
        if broker.username:
            client.username_pw_set(broker.username, broker.read_password())
        if broker.tls:
            client.tls_set(None if broker.ca_file is None else str(broker.ca_file))
        client.on_connect, client.on_message = self._greet, self._take
        client.on_subscribe = self._hear_subscribed
        return client


def _session(seconds: int, receive_maximum: int) -> Any:
    from paho.mqtt.packettypes import PacketTypes
    from paho.mqtt.properties import Properties

    properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
    properties.SessionExpiryInterval = seconds
    properties.ReceiveMaximum = receive_maximum
    return properties
