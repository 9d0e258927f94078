"""What to listen to and what to poll, from strict YAML files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import Field, field_validator

from lingtan.documents import Document, Record, read_document, validate
from lingtan.errors import Fault, LingtanError, fault
from lingtan_live.payloads import Reader, Source, build_reader
from lingtan_live.registers import RegisterMap, load_map

_HOUR_SECONDS = 3600


class Broker(Record):
    """Where the broker is, and the session it keeps for us.

    `receive_maximum`: messages in hand that are not acknowledged yet. MQTT 5 tells the broker; for
    3.1.1 it must be what the broker allows (Mosquitto: `max_inflight_messages`, 20).
    """

    host: str = "127.0.0.1"
    port: int = Field(default=1883, ge=1, le=65535)
    client_id: str = Field(min_length=1)
    protocol: Literal["5", "3.1.1"] = "5"
    username: str = ""
    password_file: Path | None = None
    tls: bool = False
    ca_file: Path | None = None
    keepalive_seconds: int = Field(default=60, ge=5, le=3600)
    session_days: int = Field(default=30, ge=1, le=365)
    receive_maximum: int = Field(default=2000, ge=1, le=65535)
    longest_wait_seconds: float = Field(default=30, gt=0)

    def read_password(self) -> str | None:
        """The password out of its file, without blanks around it; OSError if it cannot be read."""
        return None if self.password_file is None else self.password_file.read_text("utf-8").strip()


class Batch(Record):
    """When what is in hand is stored: at so many messages, or so long after the first of them."""

    messages: int = Field(default=1000, ge=1)
    seconds: float = Field(default=1.0, gt=0)


class Listening(Record):
    """A broker, what to subscribe to, and where messages go that cannot be used."""

    broker: Broker
    sources: list[Source] = Field(min_length=1)
    batch: Batch = Batch()
    dead_letters: Path

    @property
    def most_held(self) -> int:
        """Messages to store at once: never more than the broker sends without an answer."""
        return min(self.batch.messages, self.broker.receive_maximum)


def load_listening(file: Path) -> Listening:
    """The settings of a listener; LingtanError with every fault of the file.

    Paths in it are relative to its folder.
    """
    document = _read(file)
    settings, faults = validate(document, Listening)
    if settings is None:
        raise LingtanError(faults)
    faults = source_faults(document, settings)
    if faults:
        raise LingtanError(faults)
    broker = settings.broker.model_copy(
        update={
            name: file.parent / path
            for name in ("password_file", "ca_file")
            if (path := getattr(settings.broker, name)) is not None
        }
    )
    return settings.model_copy(update={"dead_letters": file.parent / settings.dead_letters, "broker": broker})


def source_faults(document: Document, settings: Listening) -> list[Fault]:
    """Templates, paths and zones of the sources that cannot be."""
    faults = []
    for index, source in enumerate(settings.sources):
        try:
            build_reader(source)
        except ValueError as error:
            faults.append(fault("live.source-bad", document.place(("sources", index)), reason=error))
    return faults


def build_readers(settings: Listening) -> tuple[Reader, ...]:
    """The sources of settings that were checked, prepared."""
    return tuple(build_reader(source) for source in settings.sources)


def _read(file: Path) -> Document:
    document, faults = read_document(file)
    if document is None:
        raise LingtanError(faults)
    return document


class Device(Record):
    """A Modbus device: where it is, its map, and which of its values is the reading of which meter.

    `map` is a file (relative to the settings) or the name of a map of ours. `gap`: see `build_blocks`.
    """

    name: str = Field(min_length=1)
    host: str = Field(min_length=1)
    port: int = Field(default=502, ge=1, le=65535)
    unit: int = Field(default=1, ge=0, le=255)
    map: str = Field(min_length=1)
    meters: dict[str, str] = Field(min_length=1)
    gap: int = Field(default=0, ge=0, le=124)


class Polling(Record):
    """Devices, and how often they are read: at whole multiples of the interval, which divides an hour."""

    interval_seconds: int = Field(default=900, ge=1, le=3600)
    timeout_seconds: float = Field(default=3, gt=0, le=60)
    retries: int = Field(default=1, ge=0, le=5)
    at_once: int = Field(default=8, ge=1, le=64)
    devices: list[Device] = Field(min_length=1)

    @field_validator("interval_seconds")
    @classmethod
    def _divides_an_hour(cls, seconds: int) -> int:
        if _HOUR_SECONDS % seconds:
            raise ValueError("must divide an hour")
        return seconds


@dataclass(frozen=True, slots=True)
class PollPlan:
    """The settings of a poller with the maps its devices name."""

    settings: Polling
    maps: Mapping[str, RegisterMap]


def load_polling(file: Path) -> PollPlan:
    """The settings of a poller and the maps they name; LingtanError with every fault of the files."""
    document = _read(file)
    settings, faults = validate(document, Polling)
    if settings is None:
        raise LingtanError(faults)
    maps: dict[str, RegisterMap] = {}
    for name in sorted({device.map for device in settings.devices}):
        try:
            maps[name] = load_map(name, file.parent)
        except LingtanError as error:
            faults.extend(error.faults)
    faults += [*_repeated(document, settings), *_unknown_values(document, settings, maps)]
    if faults:
        raise LingtanError(faults)
    return PollPlan(settings, maps)


def _repeated(document: Document, settings: Polling) -> Iterator[Fault]:
    """Names of devices, and meters, that stand twice."""
    seen: set[tuple[str, str]] = set()
    for index, device in enumerate(settings.devices):
        for what, name in (("device", device.name), *(("meter", meter) for meter in device.meters.values())):
            if (what, name) in seen:
                place = document.place(("devices", index))
                yield fault("live.device-repeated", place, what=what, name=name)
            seen.add((what, name))


def _unknown_values(
    document: Document, settings: Polling, maps: Mapping[str, RegisterMap]
) -> Iterator[Fault]:
    """Values that the map of a device lacks."""
    for index, device in enumerate(settings.devices):
        known = maps[device.map].values if device.map in maps else device.meters
        for value in device.meters:
            if value not in known:
                place = document.place(("devices", index, "meters", value))
                names = "、".join(known)
                yield fault("live.map-value-unknown", place, device=device.name, value=value, known=names)
