"""The door of the Modbus poller: settings, a store, a stop."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Event

from lingtan.errors import Fault, LingtanError, fault
from lingtan_live.clocks import Clock, find_next_instant
from lingtan_live.limits import limit
from lingtan_live.modbus import ModbusPoller, Round
from lingtan_live.readings import Reading, Sink
from lingtan_live.settings import PollPlan


@dataclass(slots=True)
class PollCounts:
    """What was polled so far. `missed`: answers of a device that did not come, each instant one."""

    rounds: int = 0
    readings: int = 0
    missed: int = 0
    held: int = 0
    dropped: int = 0


@dataclass(frozen=True, slots=True)
class PollWatch:
    """Who is told: `progress` after each instant, `report` of each fault that is new."""

    progress: Callable[[PollCounts], None] = lambda counts: None
    report: Callable[[Fault], None] = lambda fault: None


def poll(
    plan: PollPlan,
    sink: Sink,
    stop: Event,
    *,
    watch: PollWatch | None = None,
    clock: Clock | None = None,
) -> PollCounts:
    """Read all devices at every whole interval into `sink` until `stop`; what came in.

    While the store fails, readings are held in memory and offered again at the next instant: a
    device keeps no history. Those held are lost if this process ends before the store is back.
    """
    clock, watch = clock or Clock(), watch or PollWatch()
    poller = ModbusPoller(plan, clock=clock)
    keeper = _Keeper(sink, watch.report)
    last = datetime.min.replace(tzinfo=UTC)
    try:
        while True:
            # later than the last one, even if the clock was set back: no instant is read twice
            last = find_next_instant(max(clock.now(), last), plan.settings.interval_seconds)
            if not clock.wait_until(last, stop):
                break
            keeper.take(poller.read(last))
            watch.progress(keeper.counts)
        keeper.store()
    finally:
        poller.close()
    return keeper.counts


class _Keeper:
    """Holds readings until they are stored."""

    def __init__(self, sink: Sink, report: Callable[[Fault], None]) -> None:
        self.counts = PollCounts()
        self._sink, self._report = sink, report
        self._held: deque[Reading] = deque()

    def take(self, found: Round) -> None:
        """Take the readings of an instant, and store all in hand."""
        for one in found.faults:
            self._report(one)
        self.counts.rounds += 1
        self.counts.missed += len(found.silent)
        self._held.extend(found.readings)
        self.store()

    def store(self) -> None:
        """Store what is in hand; if that fails, say so and keep it, but never without end."""
        if not self._held:
            return
        try:
            self._sink.store(list(self._held))
        except OSError as error:
            self._report(fault("live.store-failed", reason=error))
            self._drop_oldest()
        except (LingtanError, ValueError) as error:
            self._report(fault("live.not-stored", reason=error))
            self.counts.dropped += len(self._held)
            self._held.clear()
        else:
            self.counts.readings += len(self._held)
            self._held.clear()
        self.counts.held = len(self._held)

    def _drop_oldest(self) -> None:
        surplus = len(self._held) - limit("held_readings")
        if surplus <= 0:
            return
        for _ in range(surplus):
            self._held.popleft()
        self.counts.dropped += surplus
        self._report(fault("live.readings-dropped", count=surplus, limit=limit("held_readings")))
