"""The trial of live input: broker and subscriber stopped, killed and started while messages flow.

Broker and subscriber are processes, the sender is a thread; afterwards the lake is compared with
what was sent. For tests and benchmarks; everything is on loopback and in one folder.
"""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from threading import Event, Thread

from lingtan_live.lakes import LakeSink
from lingtan_live.listening import Watch, listen
from lingtan_live.readings import Reading
from lingtan_live.settings import load_listening
from lingtan_live.simulate.broker import LocalBroker
from lingtan_live.simulate.mqtt import Sending, send
from lingtan_live.simulate.truth import Meters, find_truth

BLOWS = ("kill subscriber", "stop broker", "kill both", "kill broker", "stop subscriber", "stop broker")
_PATIENCE = 120.0  # seconds without a step forward, then the trial has failed

_SETTINGS = """\
broker: {{port: {port}, client_id: lingtan-trial, longest_wait_seconds: 1}}
sources:
  - topic: park/{{park}}/meter/{{meter}}/energy
    payload: {{time: t, values: {{v: "{{meter}}"}}}}
dead_letters: dead-letters
"""


@dataclass(frozen=True, slots=True)
class Trial:
    """How many messages, of how many meters, and what is done to broker and subscriber meanwhile.

    The blows are spread evenly over the sending. `changes`: see `LocalBroker`. After it lost the broker the
    sender sends again what a killed one may have forgotten: `changes` queued since it last saved, what
    the subscriber had in hand (Mosquitto does not count these as changes), and those on the way.
    """

    messages: int
    meters: Meters = field(default_factory=lambda: Meters(100))
    blows: tuple[str, ...] = BLOWS
    changes: int = 1000
    on_the_way: int = 200
    down_seconds: float = 0.5


@dataclass(frozen=True, slots=True)
class Outcome:
    """`missing`, `extra`: readings that are not in the lake, or there and never sent; none is right.

    `rows` are those of the lake, conflicting ones included; `offered` what the lake was handed, so
    with the ones delivered more than once.
    """

    sent: int
    rows: int
    missing: int
    extra: int
    letters: int
    offered: int
    seconds: float


def run_trial(trial: Trial, folder: Path, *, tell: Callable[[str], None] = lambda line: None) -> Outcome:
    """Run it in `folder` (empty); what the lake holds at the end, against the truth."""
    return _Run(trial, folder, tell).run()


class _Run:
    def __init__(self, trial: Trial, folder: Path, tell: Callable[[str], None]) -> None:
        self._trial, self._folder, self._tell = trial, folder, tell
        (folder / "broker").mkdir()
        self._broker = LocalBroker(folder / "broker", trial.changes)
        self._settings = folder / "listen.yaml"
        self._settings.write_text(_SETTINGS.format(port=self._broker.port), encoding="utf-8")
        self._subscriber: subprocess.Popen[bytes] | None = None
        self._sent = 0

    def run(self) -> Outcome:
        begin = time.monotonic()
        try:
            self._broker.start()
            self._start_subscriber()
            self._wait(lambda: (self._folder / "ready").exists(), lambda: 0)
            self._send_under_blows()
            self._wait(lambda: self._rows() >= self._trial.messages, self._rows)
            self._stop_subscriber(signal.SIGTERM)
        finally:
            self._stop_subscriber(signal.SIGKILL)
            self._broker.kill()
        return self._compare(time.monotonic() - begin)

    def _send_under_blows(self) -> None:
        trial, stop = self._trial, Event()
        sending = Sending(
            trial.messages,
            trial.meters,
            port=self._broker.port,
            on_the_way=trial.on_the_way,
            again=trial.changes + load_listening(self._settings).broker.receive_maximum + trial.on_the_way,
        )
        sender = Thread(target=lambda: send(sending, stop, progress=self._note))
        sender.start()
        try:
            for number, blow in enumerate(trial.blows, start=1):
                at = trial.messages * number // (len(trial.blows) + 1)
                self._wait(lambda at=at: self._sent >= at, lambda: self._sent)  # type: ignore[misc]
                self._strike(blow)
            self._wait(lambda: not sender.is_alive(), lambda: self._sent)
        finally:
            stop.set()
            sender.join()

    def _strike(self, blow: str) -> None:
        self._tell(f"{self._sent:>8} {blow}")
        how, what = blow.split()
        if what in ("subscriber", "both"):
            self._stop_subscriber(signal.SIGKILL if how == "kill" else signal.SIGTERM)
        if what in ("broker", "both"):
            (self._broker.kill if how == "kill" else self._broker.stop)()
        time.sleep(self._trial.down_seconds)
        if what in ("broker", "both"):
            self._broker.start()
        if what in ("subscriber", "both"):
            self._start_subscriber()

    def _note(self, sent: int) -> None:
        self._sent = sent

    def _start_subscriber(self) -> None:
        command = [sys.executable, "-m", "lingtan_live.simulate.trial", str(self._settings)]
        self._subscriber = subprocess.Popen(command)

    def _stop_subscriber(self, how: signal.Signals) -> None:
        if self._subscriber is not None:
            self._subscriber.send_signal(how)
            self._subscriber.wait(timeout=60)
            self._subscriber = None

    def _wait(self, is_done: Callable[[], bool], step: Callable[[], int]) -> None:
        """Wait as long as steps go forward; TimeoutError if they stand still."""
        last, since = step(), time.monotonic()
        while not is_done():
            now = step()
            if now != last:
                last, since = now, time.monotonic()
            elif time.monotonic() - since > _PATIENCE:
                raise TimeoutError(f"nothing more came at {now} of {self._trial.messages}")
            time.sleep(0.1)

    def _rows(self) -> int:
        from lingtan.metering.lake import open_lake

        lake = self._folder / "lake"
        return sum(receipt.new for receipt, _ in open_lake(lake).imports()) if lake.exists() else 0

    def _compare(self, seconds: float) -> Outcome:
        from lingtan.metering.lake import open_lake

        lake = open_lake(self._folder / "lake")
        found = list(read_lake(self._folder / "lake"))
        truth = set(find_truth(self._trial.meters, self._trial.messages))
        letters = self._folder / "dead-letters"
        return Outcome(
            sent=self._sent,
            rows=len(found),
            missing=len(truth - set(found)),
            extra=len(set(found) - truth),
            letters=sum(len(file.read_bytes().splitlines()) for file in letters.glob("*.jsonl")),
            offered=sum(receipt.rows for receipt, _ in lake.imports()),
            seconds=seconds,
        )


def read_lake(folder: Path) -> Iterator[Reading]:
    """Every reading of a lake, as often as it is in it."""
    from lingtan.metering.lake import open_lake

    lake = open_lake(folder)
    for bucket in lake.buckets():
        meters = {meter.code: meter for meter in bucket.meters}
        for code, at, value in lake.read(bucket).iter_rows():
            meter = meters[code]
            yield Reading(meter.meter, at, _exact(value, meter.exponent))
    for name, at, value, exponent in lake.conflicts().iter_rows():
        yield Reading(name, at, _exact(value, exponent))


def _exact(value: int, exponent: int) -> Decimal:
    return Decimal(value).scaleb(exponent)


def _listen(file: Path) -> None:
    """The process that is killed: a subscriber that stores in the lake beside its settings."""
    stop = Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    watch = Watch(connected=lambda: (file.parent / "ready").touch())
    listen(load_listening(file), LakeSink(file.parent / "lake", "trial"), stop, watch=watch)


if __name__ == "__main__":
    _listen(Path(sys.argv[1]))
