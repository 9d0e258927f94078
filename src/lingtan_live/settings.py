"""What to listen to and what to poll, from strict YAML files."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field

from lingtan.documents import Document, Record, read_document, validate
from lingtan.errors import Fault, LingtanError, fault
from lingtan_live.payloads import Reader, Source, build_reader


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
