"""The Modbus poller against simulated devices on loopback, with a clock that tests set."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from threading import Event

import pytest

from lingtan.errors import Fault
from lingtan_live.clocks import Clock, find_next_instant
from lingtan_live.limits import limit
from lingtan_live.modbus import ModbusPoller
from lingtan_live.polling import PollCounts, PollWatch, poll
from lingtan_live.readings import MemorySink, Reading
from lingtan_live.registers import load_map
from lingtan_live.settings import Device, Polling, PollPlan
from lingtan_live.simulate.__main__ import count
from lingtan_live.simulate.modbus import SimulatedDevice, write_number
from lingtan_live.simulate.truth import Meters

BEGIN = datetime(2026, 3, 1, 12, tzinfo=UTC)
QUARTER = timedelta(minutes=15)
MAP = load_map("simulated-meter", Path())


class SetClock:
    """A time of day that moves only when somebody waits for it, or says so."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def wait(self, _stop: Event, seconds: float) -> bool:
        self.now += timedelta(seconds=seconds)
        return False

    @property
    def clock(self) -> Clock:
        return Clock(now=lambda: self.now, wait=self.wait)


@pytest.fixture
def devices() -> Iterator[list[SimulatedDevice]]:
    made = [SimulatedDevice() for _ in range(2)]
    for device in made:
        device.start()
        count(device, 0)
    yield made
    for device in made:
        device.stop()


def plan(
    devices: Sequence[SimulatedDevice], values: Sequence[str] = ("energy",), *, gap: int = 0
) -> PollPlan:
    settings = Polling(
        timeout_seconds=0.5,
        retries=0,
        devices=[
            Device(
                name=f"D{number}",
                host="127.0.0.1",
                port=device.port,
                map="m",
                meters={value: f"M{number}-{value}" for value in values},
                gap=gap,
            )
            for number, device in enumerate(devices)
        ],
    )
    return PollPlan(settings, {"m": MAP})


@pytest.fixture
def poller(devices: list[SimulatedDevice]) -> Iterator[ModbusPoller]:
    made = ModbusPoller(plan(devices), clock=SetClock(BEGIN).clock)
    yield made
    made.close()


def codes(faults: Sequence[Fault]) -> list[tuple[str, str]]:
    return [(fault.place.file, fault.code) for fault in faults]


def test_all_values_of_a_device_at_the_instant(devices: list[SimulatedDevice]) -> None:
    poller = ModbusPoller(plan(devices[:1], tuple(MAP.values)), clock=SetClock(BEGIN).clock)
    found = poller.read(BEGIN)
    poller.close()
    step_zero = Decimal(Meters().hundredths(0, 0))
    assert {reading.meter: reading.value for reading in found.readings} == {
        "M0-energy": step_zero / 100,
        "M0-export": 0,
        "M0-reactive_energy": step_zero * 3 / 1000,
        "M0-power": Decimal("37.5"),
        "M0-temperature": Decimal("21.5"),
    }
    assert {reading.at for reading in found.readings} == {BEGIN}
    assert devices[0].questions == 2  # five values, two functions


def test_a_silent_device_does_not_stop_the_others_and_comes_back(
    devices: list[SimulatedDevice], poller: ModbusPoller
) -> None:
    assert len(poller.read(BEGIN).readings) == 2
    devices[0].stop()
    rounds = [poller.read(BEGIN) for _ in range(3)]
    for found in rounds:
        assert [reading.meter for reading in found.readings] == ["M1-energy"]
        assert found.silent == ("D0",)
    assert [codes(found.faults) for found in rounds] == [[("D0", "live.device-unreachable")], [], []]
    devices[0].start()
    count(devices[0], 9)
    found = poller.read(BEGIN)
    values = {reading.meter: reading.value for reading in found.readings}
    assert values["M0-energy"] == Decimal(Meters().hundredths(0, 9)) / 100
    assert codes(found.faults) == [("D0", "live.device-back")]
    assert found.faults[0].context["missed"] == "3"
    assert poller.read(BEGIN).faults == ()


def test_a_device_that_is_too_slow_is_silent_and_its_late_answer_is_nobodys(
    devices: list[SimulatedDevice], poller: ModbusPoller
) -> None:
    devices[0].delay_seconds = 0.8  # beyond the timeout of 0.5
    assert poller.read(BEGIN).silent == ("D0",)
    devices[0].delay_seconds = 0
    count(devices[0], 5)
    found = {reading.meter: reading.value for reading in poller.read(BEGIN).readings}
    assert found["M0-energy"] == Decimal(Meters().hundredths(0, 5)) / 100


def test_one_address_a_device_lacks_does_not_cost_the_others(devices: list[SimulatedDevice]) -> None:
    del devices[0].holding[3]  # half of `export`, in one block with `energy`
    poller = ModbusPoller(plan(devices[:1], ("energy", "export")), clock=SetClock(BEGIN).clock)
    found = poller.read(BEGIN)
    again = poller.read(BEGIN)
    poller.close()
    assert [reading.meter for reading in found.readings] == ["M0-energy"]
    assert [(fault.code, fault.place.column) for fault in found.faults] == [
        ("live.register-refused", "export")
    ]
    assert found.faults[0].context["exception"] == "2"  # illegal data address
    assert again.faults == ()  # known, so not said again


def test_no_value_no_number_and_too_large_are_findings(devices: list[SimulatedDevice]) -> None:
    device = devices[0]
    device.set_holding({0: [0xFFFF, 0xFFFF], 4: [0xFFFF] * 4})  # 2^64 thousandths are more than 2^53
    device.set_input({100: write_number(float("nan"), ">f")})
    poller = ModbusPoller(
        plan([device], ("energy", "power", "reactive_energy", "temperature")), clock=SetClock(BEGIN).clock
    )
    found = poller.read(BEGIN)
    poller.close()
    assert [reading.meter for reading in found.readings] == ["M0-temperature"]
    assert sorted(fault.code for fault in found.faults) == [
        "live.register-blank",
        "live.register-not-a-number",
        "live.value-too-large",
    ]


@pytest.mark.parametrize("late", [0, 1])
def test_what_comes_late_does_not_stand_for_the_instant(devices: list[SimulatedDevice], late: int) -> None:
    after = BEGIN + timedelta(seconds=limit("late_seconds") + late)
    poller = ModbusPoller(plan(devices[:1]), clock=SetClock(after).clock)
    found = poller.read(BEGIN)
    poller.close()
    assert len(found.readings) == 1 - late
    assert codes(found.faults) == [("D0", "live.poll-late")] * late


@pytest.mark.parametrize(
    ("after", "interval", "instant"),
    [
        ("2026-03-01T12:00:00+00:00", 900, "2026-03-01T12:15:00+00:00"),
        ("2026-03-01T12:14:59.999+00:00", 900, "2026-03-01T12:15:00+00:00"),
        ("2026-03-01T20:07:00+08:00", 3600, "2026-03-01T13:00:00+00:00"),
        ("2026-03-01T12:00:00.5+00:00", 1, "2026-03-01T12:00:01+00:00"),
    ],
)
def test_instants_are_whole_multiples(after: str, interval: int, instant: str) -> None:
    found = find_next_instant(datetime.fromisoformat(after), interval)
    assert found == datetime.fromisoformat(instant)


class Flaky:
    """A store that fails at some of its calls."""

    def __init__(self, failing: set[int], error: Exception) -> None:
        self.failing, self.error, self.calls, self.kept = failing, error, 0, MemorySink()

    def store(self, readings: Sequence[Reading]) -> None:
        self.calls += 1
        if self.calls in self.failing:
            raise self.error
        self.kept.store(readings)


def run(device: SimulatedDevice, sink: Flaky, rounds: int) -> tuple[PollCounts, list[Fault]]:
    """Poll so many instants; the device counts on after each."""
    stop, faults, step = Event(), [], 0

    def go_on(counts: PollCounts) -> None:
        nonlocal step
        step += 1
        count(device, step)
        if counts.rounds == rounds:
            stop.set()

    started = SetClock(BEGIN + timedelta(minutes=3))
    watch = PollWatch(progress=go_on, report=faults.append)
    return poll(plan([device]), sink, stop, watch=watch, clock=started.clock), faults


def expected(rounds: Sequence[int]) -> list[Reading]:
    """The reading of each round: the first instant is a quarter of an hour after `BEGIN`."""
    values = [Decimal(Meters().hundredths(0, step)) / 100 for step in rounds]
    return [
        Reading("M0-energy", BEGIN + QUARTER * (step + 1), v) for step, v in zip(rounds, values, strict=True)
    ]


def test_every_interval_is_read_and_stored(devices: list[SimulatedDevice]) -> None:
    sink = Flaky(set(), OSError())
    counts, faults = run(devices[0], sink, 4)
    assert sorted(sink.kept.readings) == expected(range(4))
    assert (counts.rounds, counts.readings, counts.missed, faults) == (4, 4, 0, [])


def test_while_the_store_fails_readings_are_held(devices: list[SimulatedDevice]) -> None:
    sink = Flaky({2, 3}, OSError("no space left"))
    counts, faults = run(devices[0], sink, 4)
    assert sorted(sink.kept.readings) == expected(range(4))
    assert (counts.readings, counts.held) == (4, 0)
    assert [fault.code for fault in faults] == ["live.store-failed"] * 2


def test_what_is_held_has_an_end_and_the_oldest_go_first(
    devices: list[SimulatedDevice], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lingtan_live.polling.limit", lambda name: 2)
    sink = Flaky({1, 2, 3}, OSError("no space left"))
    counts, faults = run(devices[0], sink, 4)
    assert sorted(sink.kept.readings) == expected([1, 2, 3])
    assert counts.dropped == 1
    assert [fault.code for fault in faults].count("live.readings-dropped") == 1


def test_what_the_store_refuses_is_said_and_not_held(devices: list[SimulatedDevice]) -> None:
    counts, faults = run(devices[0], Flaky({2}, ValueError("too many digits")), 3)
    assert (counts.readings, counts.dropped) == (2, 1)
    assert [fault.code for fault in faults] == ["live.not-stored"]


def test_a_clock_set_back_reads_no_instant_twice(devices: list[SimulatedDevice]) -> None:
    stop, clock, sink = Event(), SetClock(BEGIN), MemorySink()

    def set_back(counts: PollCounts) -> None:
        clock.now -= timedelta(minutes=20)
        if counts.rounds == 3:
            stop.set()

    poll(plan(devices[:1]), sink, stop, watch=PollWatch(progress=set_back), clock=clock.clock)
    assert sorted(reading.at for reading in sink.readings) == [BEGIN + QUARTER * n for n in (1, 2, 3)]


def test_devices_behind_one_address_are_asked_one_after_the_other() -> None:
    device = SimulatedDevice(unit=0)  # answers for every unit, as a gateway does
    device.start()
    count(device, 0)
    settings = Polling(
        devices=[
            Device(
                name=f"D{n}", host="127.0.0.1", port=device.port, unit=n, map="m", meters={"energy": f"M{n}"}
            )
            for n in (1, 2, 3)
        ]
    )
    poller = ModbusPoller(PollPlan(settings, {"m": MAP}), clock=SetClock(BEGIN).clock)
    found = poller.read(BEGIN)
    device.stop()
    silent = poller.read(BEGIN).silent
    poller.close()
    assert [reading.meter for reading in found.readings] == ["M1", "M2", "M3"]
    assert silent == ("D1", "D2", "D3")
