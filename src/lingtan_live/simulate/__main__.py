"""`python -m lingtan_live.simulate mqtt|modbus|push`: see `--help`."""

from __future__ import annotations

import argparse
import sys
import time
from datetime import UTC, datetime, timedelta
from threading import Event

from lingtan_live.simulate.modbus import SimulatedDevice, write_number
from lingtan_live.simulate.mqtt import Sending, send
from lingtan_live.simulate.push import build_pushes
from lingtan_live.simulate.truth import Meters


def main(words: list[str] | None = None) -> None:
    """Simulate as the words of the command line say."""
    asked = _build_parser().parse_args(words)
    try:
        asked.work(asked)
    except KeyboardInterrupt:
        return


def simulate_mqtt(asked: argparse.Namespace) -> None:
    """Send `messages` messages to a broker, all of them, then end."""
    sending = Sending(asked.messages, _meters(asked), asked.host, asked.port, asked.topic)
    sent = send(sending, Event(), progress=lambda sent: _tell(sent, asked.messages))
    print(f"{sent} messages answered by {asked.host}:{asked.port}")


def simulate_modbus(asked: argparse.Namespace) -> None:
    """Serve one device whose registers rise each second, until interrupted or for `seconds`."""
    device = SimulatedDevice(port=asked.port)
    device.start()
    print(f"127.0.0.1:{device.port}, unit {device.unit}, map simulated-meter", flush=True)
    step = 0
    try:
        while not asked.seconds or step < asked.seconds:
            count(device, step)
            step += 1
            time.sleep(1)
    finally:
        device.stop()


def count(device: SimulatedDevice, step: int) -> None:
    """Set the registers of the map `simulated-meter` to what they show at `step`."""
    energy = Meters().hundredths(0, step)
    reactive, temperature = write_number(energy * 3, ">Q"), write_number(215, ">h")
    device.set_holding({0: write_number(energy, ">I"), 2: write_number(0, ">I"), 4: reactive})
    device.set_input({100: write_number(37.5, ">f"), 102: temperature})


def simulate_push(asked: argparse.Namespace) -> None:
    """Write bodies of pushes, one a line."""
    for body in build_pushes(_meters(asked), asked.readings, asked.at_once):
        sys.stdout.write(body.decode() + "\n")


def _meters(asked: argparse.Namespace) -> Meters:
    """Meters whose readings end about now, as those of a gateway that was away."""
    steps = -(-(asked.messages if "messages" in asked else asked.readings) // asked.meters)
    quarter = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    return Meters(asked.meters, quarter - timedelta(seconds=900 * steps), 900)


def _tell(sent: int, messages: int) -> None:
    if sent % 1000 == 0 or sent == messages:
        print(f"{sent}/{messages}", file=sys.stderr)


def _build_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="lingtan_live.simulate", description="simulators on loopback")
    kinds = parser.add_subparsers(required=True)
    mqtt = kinds.add_parser("mqtt", help="send messages of simulated meters, QoS 1, until all are answered")
    mqtt.add_argument("--host", default="127.0.0.1")
    mqtt.add_argument("--port", type=int, default=1883)
    mqtt.add_argument("--topic", default="park/demo/meter/{meter}/energy")
    mqtt.add_argument("--messages", type=int, default=1000)
    mqtt.add_argument("--meters", type=int, default=10)
    mqtt.set_defaults(work=simulate_mqtt)
    modbus = kinds.add_parser("modbus", help="serve a device whose registers rise each second")
    modbus.add_argument("--port", type=int, default=5020)
    modbus.add_argument("--seconds", type=int, default=0, help="0: until interrupted")
    modbus.set_defaults(work=simulate_modbus)
    push = kinds.add_parser("push", help="write bodies of HTTP pushes, one a line")
    push.add_argument("--readings", type=int, default=100)
    push.add_argument("--at-once", type=int, default=50)
    push.add_argument("--meters", type=int, default=10)
    push.set_defaults(work=simulate_push)
    return parser


if __name__ == "__main__":
    main()
