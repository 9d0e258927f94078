"""Messages in hand: parsed when they come, stored together, acknowledged only then."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Generic, TypeVar

from lingtan.errors import Fault, LingtanError, Place, fault
from lingtan_live.dead_letters import DeadLetters, Letter
from lingtan_live.limits import limit
from lingtan_live.payloads import Parsed, Reader
from lingtan_live.readings import Reading, Sink

Token = TypeVar("Token")


@dataclass(slots=True)
class Counts:
    """What has come in so far. `unknown` has the messages of each meter nobody registered."""

    messages: int = 0
    readings: int = 0
    blanks: int = 0
    letters: int = 0
    unknown: dict[str, int] = field(default_factory=dict)
    unknown_unlisted: int = 0
    codes: dict[str, int] = field(default_factory=dict)
    stores: int = 0


@dataclass(slots=True)
class _Held(Generic[Token]):
    topic: str
    payload: bytes
    received: datetime
    token: Token
    parsed: Parsed


class Intake(Generic[Token]):
    """Takes messages, and stores them together. `known` are the registered meters; None: all are.

    A message has a token of the caller's (what it needs to acknowledge it).
    """

    def __init__(
        self,
        readers: Sequence[Reader],
        sink: Sink,
        letters: DeadLetters,
        *,
        known: Collection[str] | None = None,
    ) -> None:
        self.counts = Counts()
        self.readers, self._sink, self._letters = tuple(readers), sink, letters
        self._known = None if known is None else frozenset(known)
        self._held: list[_Held[Token]] = []

    def __len__(self) -> int:
        """Messages in hand."""
        return len(self._held)

    def take(self, topic: str, payload: bytes, token: Token, received: datetime) -> None:
        """Take one message in hand; whatever is in it, this does not fail."""
        try:
            parsed = self._sort_out(self._parse(topic, payload, received))
        except Exception as error:  # our own bug: kept with the message, or it would come back for ever
            parsed = Parsed(faults=(fault("live.reader-failed", reason=repr(error)[:200]),))
        self._held.append(_Held(topic, payload, received, token, parsed))

    def store(self) -> list[Token]:
        """Store what is in hand; the tokens that may now be acknowledged.

        OSError if it cannot be stored now: all of it stays in hand, and can be tried again.
        """
        held = self._held
        refused = self._store_readings(held)
        letters = [
            Letter(one.topic, one.payload, one.received, (*one.parsed.faults, *refused.get(index, ())))
            for index, one in enumerate(held)
            if one.parsed.faults or index in refused
        ]
        if letters:
            self._letters.write(letters)
        self._count([one for index, one in enumerate(held) if index not in refused], letters)
        self.counts.messages += len(held)
        self._held = []
        return [one.token for one in held]

    def _parse(self, topic: str, payload: bytes, received: datetime) -> Parsed:
        if len(payload) > limit("payload_bytes"):
            refusal = fault("live.payload-too-large", size=len(payload), limit=limit("payload_bytes"))
            return Parsed(faults=(refusal,))
        for reader in self.readers:
            names = reader.topic.match(topic)
            if names is not None:
                return reader.parse(names, payload, received)
        return Parsed(faults=(fault("live.topic-not-expected"),))

    def _sort_out(self, parsed: Parsed) -> Parsed:
        """Readings of meters nobody registered are set aside with the message."""
        if self._known is None or all(reading.meter in self._known for reading in parsed.readings):
            return parsed
        kept = tuple(reading for reading in parsed.readings if reading.meter in self._known)
        strangers = sorted({r.meter for r in parsed.readings} - self._known)
        faults = tuple(fault("live.unknown-meter", Place(column=meter), meter=meter) for meter in strangers)
        return Parsed(kept, (*parsed.faults, *faults), parsed.blanks)

    def _store_readings(self, held: Sequence[_Held[Token]]) -> dict[int, tuple[Fault, ...]]:
        """Store all at once; if the store refuses, message by message. The refused, by index."""
        readings = [reading for one in held for reading in one.parsed.readings]
        if not readings or self._offer(readings) is None:
            return {}
        refused: dict[int, tuple[Fault, ...]] = {}
        for index, one in enumerate(held):
            reason = self._offer(one.parsed.readings)
            if reason is not None:
                refused[index] = (fault("live.not-stored", reason=reason),)
        return refused

    def _offer(self, readings: Sequence[Reading]) -> str | None:
        """Why the store will never take them, or None if it did; OSError rises: it may later."""
        try:
            self._sink.store(readings)
        except (LingtanError, ValueError) as error:
            return str(error)
        return None

    def _count(self, stored: Sequence[_Held[Token]], letters: Sequence[Letter]) -> None:
        counts = self.counts
        counts.stores += 1
        counts.letters += len(letters)
        counts.readings += sum(len(one.parsed.readings) for one in stored)
        counts.blanks += sum(one.parsed.blanks for one in stored)
        for one in (one for letter in letters for one in letter.faults):
            counts.codes[one.code] = counts.codes.get(one.code, 0) + 1
            if one.code == "live.unknown-meter":
                self._count_unknown(one.context["meter"])

    def _count_unknown(self, meter: str) -> None:
        if meter in self.counts.unknown or len(self.counts.unknown) < limit("unknown_meters"):
            self.counts.unknown[meter] = self.counts.unknown.get(meter, 0) + 1
        else:
            self.counts.unknown_unlisted += 1


def store_letters(
    letters: Sequence[tuple[str, bytes, datetime]], intake: Intake[int], *, at_once: int = 1000
) -> Counts:
    """Parse letters again, once their topic, shape or meter is known, and store what is good now.

    What is still bad is set aside again. OSError if the store cannot be written.
    """
    for number, (topic, payload, received) in enumerate(letters, start=1):
        intake.take(topic, payload, number, received)
        if len(intake) >= at_once:
            intake.store()
    intake.store()
    return intake.counts
