"""Simulators run by their words, and their truth is what they say."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lingtan_live.push import parse_push
from lingtan_live.simulate.__main__ import main
from lingtan_live.simulate.broker import BINARY, LocalBroker, find_port
from lingtan_live.simulate.truth import Meters


@given(st.integers(0, 500), st.integers(0, 500))
def test_registers_only_rise(meter: int, step: int) -> None:
    rise = Meters().hundredths(meter, step + 1) - Meters().hundredths(meter, step)
    assert 7 <= rise <= 67


def test_no_reading_comes_twice() -> None:
    readings = [Meters(7).reading(number) for number in range(700)]
    assert len({(reading.meter, reading.at) for reading in readings}) == 700


def test_bodies_of_pushes(capsys: pytest.CaptureFixture[str]) -> None:
    main(["push", "--readings", "25", "--at-once", "10", "--meters", "4"])
    bodies = capsys.readouterr().out.splitlines()
    pushes = [parse_push(body.encode(), received=datetime.now(UTC)) for body in bodies]
    assert [len(push.readings) for push in pushes] == [10, 10, 5]


@pytest.mark.skipif(BINARY is None, reason="mosquitto is not installed")
def test_messages_are_sent_from_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    broker = LocalBroker(tmp_path)
    broker.start()
    main(["mqtt", "--port", str(broker.port), "--messages", "50", "--meters", "5"])
    broker.kill()
    assert capsys.readouterr().out.startswith("50 messages")


def test_a_device_is_served_from_the_command_line(capsys: pytest.CaptureFixture[str]) -> None:
    port = find_port()
    main(["modbus", "--port", str(port), "--seconds", "1"])
    assert f"127.0.0.1:{port}" in capsys.readouterr().out


def test_help_and_wrong_words() -> None:
    for words, code in ((["--help"], 0), ([], 2), (["mqtt", "--messages", "many"], 2)):
        command = [sys.executable, "-m", "lingtan_live.simulate", *words]
        assert subprocess.run(command, capture_output=True, check=False).returncode == code


def test_the_network_is_loaded_only_where_it_is_used() -> None:
    code = "import lingtan_live.listening, lingtan_live.polling, lingtan_live.push, sys, json;"
    code += "print(json.dumps([n for n in ('paho', 'pymodbus', 'numba') if n in sys.modules]))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert json.loads(done.stdout) == []
