"""Live input measured: `python -m benchmarks.live [--messages 200000]`.

Steady: messages of QoS 1 from a sender through a Mosquitto of our own into the lake, nothing going
wrong. Trial: the same while broker and subscriber are stopped and killed; the lake is compared with
what was sent. Then payloads and pushes parsed per second, and Modbus questions per second.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from lingtan_live.modbus import ModbusPoller
from lingtan_live.payloads import Shape, Source, build_reader
from lingtan_live.push import parse_push
from lingtan_live.registers import load_map
from lingtan_live.settings import Device, Polling, PollPlan
from lingtan_live.simulate.__main__ import count
from lingtan_live.simulate.broker import BINARY
from lingtan_live.simulate.modbus import SimulatedDevice
from lingtan_live.simulate.mqtt import Sending, build_message
from lingtan_live.simulate.push import build_pushes
from lingtan_live.simulate.trial import Trial, run_trial
from lingtan_live.simulate.truth import Meters

NOW = datetime.now(UTC)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=200_000)
    messages = parser.parse_args().messages
    print_parsing()
    print_modbus()
    if BINARY is None:
        sys.exit("mosquitto is not installed: MQTT not measured")
    print_trial("steady", Trial(messages, blows=()))
    print_trial("trial", Trial(messages))


def print_trial(name: str, trial: Trial) -> None:
    """One run: messages per second from the start of all to the last one in the lake, and what is wrong."""
    with tempfile.TemporaryDirectory() as folder:
        found = run_trial(trial, Path(folder), tell=lambda line: print(line, file=sys.stderr))
    rate = found.rows / found.seconds
    print(
        f"{name}: {found.sent} messages in {found.seconds:.1f} s ({rate:,.0f}/s), {len(trial.blows)} blows; "
        f"in the lake {found.rows}, missing {found.missing}, not sent {found.extra}, "
        f"delivered again {found.offered - found.rows}, set aside {found.letters}"
    )


def print_parsing(readings: int = 50_000) -> None:
    """Payloads of one reading, and pushes of a thousand."""
    shape = Shape(time="t", values={"v": "{meter}"})
    reader = build_reader(Source(topic="park/{park}/meter/{meter}/energy", payload=shape))
    messages = [build_message(Sending(readings), number) for number in range(readings)]
    begin = time.perf_counter()
    for topic, payload in messages:
        reader.parse(reader.topic.match(topic) or {}, payload, NOW)
    print(f"payloads of one reading: {readings / (time.perf_counter() - begin):,.0f} messages/s parsed")
    bodies = list(build_pushes(Meters(100), readings, 1000))
    begin = time.perf_counter()
    for body in bodies:
        parse_push(body, received=NOW)
    print(f"pushes of 1,000 readings: {readings / (time.perf_counter() - begin):,.0f} readings/s parsed")


def print_modbus(questions: int = 2000) -> None:
    """One device, one question an instant; then eight devices at once."""
    for number in (1, 8):
        devices = [SimulatedDevice() for _ in range(number)]
        for device in devices:
            device.start()
            count(device, 0)
        settings = Polling(
            devices=[
                Device(name=f"D{port}", host="127.0.0.1", port=port, map="m", meters={"energy": f"M{port}"})
                for port in (device.port for device in devices)
            ]
        )
        poller = ModbusPoller(PollPlan(settings, {"m": load_map("simulated-meter", Path())}))
        at, rounds = datetime.now(UTC), questions // number
        begin = time.perf_counter()
        got = sum(len(poller.read(at).readings) for _ in range(rounds))
        seconds = time.perf_counter() - begin
        print(f"Modbus, {number} simulated device(s): {got / seconds:,.0f} questions/s")
        poller.close()
        for device in devices:
            device.stop()


if __name__ == "__main__":
    main()
