"""Settings of listeners and pollers: strict, every fault at once, paths beside the file."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from lingtan.documents import load_shipped, parse_document
from lingtan.errors import LingtanError
from lingtan_live.payloads import Shape, Source, build_reader
from lingtan_live.settings import load_listening, load_polling

LISTEN = """
broker: {host: broker.local, client_id: park-1, username: u, password_file: secret.txt}
sources:
  - topic: park/{park}/meter/{meter}/energy
    payload: {time: t, zone: Asia/Shanghai, values: {v: "{park}-{meter}"}}
dead_letters: letters
"""
POLL = """
devices:
  - {name: D1, host: 10.0.0.1, map: simulated-meter, meters: {energy: M1}}
  - {name: D2, host: 10.0.0.2, map: simulated-meter, meters: {energy: M2, export: M3}}
"""


def write(folder: Path, text: str) -> Path:
    file = folder / "settings.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def listen_codes(folder: Path, text: str) -> list[str]:
    with pytest.raises(LingtanError) as caught:
        load_listening(write(folder, text))
    return [fault.code for fault in caught.value.faults]


def poll_codes(folder: Path, text: str) -> list[str]:
    with pytest.raises(LingtanError) as caught:
        load_polling(write(folder, text))
    return [fault.code for fault in caught.value.faults]


def test_a_listener(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("geheim\n", encoding="utf-8")
    settings = load_listening(write(tmp_path, LISTEN))
    assert settings.dead_letters == tmp_path / "letters"
    assert settings.broker.read_password() == "geheim"
    assert settings.most_held == 1000


def test_no_more_is_held_than_the_broker_sends(tmp_path: Path) -> None:
    text = LISTEN.replace("username: u", "receive_maximum: 20")
    assert load_listening(write(tmp_path, text)).most_held == 20


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("{meter}/energy", "{meter}x/energy", "live.source-bad"),
        ("Asia/Shanghai", "Asia/Nowhere", "live.source-bad"),
        ('"{park}-{meter}"', '"{enterprise}"', "live.source-bad"),
        ("client_id: park-1, ", "", "document.missing-key"),
        ("client_id", "clientid", "document.unknown-key"),
        ("time: t,", "time: t, decimals: 10,", "document.bad-value"),
        ("time: t,", "time: t, time_format: epoch,", "document.bad-value"),
        ("{v:", "{v: x, v:", "document.duplicate-key"),
        ("dead_letters: letters", "", "document.missing-key"),
    ],
)
def test_what_is_wrong_with_a_listener(tmp_path: Path, old: str, new: str, code: str) -> None:
    assert old in LISTEN
    assert code in listen_codes(tmp_path, LISTEN.replace(old, new))


def test_every_source_that_is_wrong_is_named_with_its_line(tmp_path: Path) -> None:
    text = LISTEN.replace("{meter}/energy", "{meter}/#/x").replace(
        "dead_letters", "  - {topic: '#', payload: {time: t, values: {v: '{meter}'}}}\ndead_letters"
    )
    with pytest.raises(LingtanError) as caught:
        load_listening(write(tmp_path, text))
    assert [(fault.code, fault.place.row) for fault in caught.value.faults] == [
        ("live.source-bad", 4),
        ("live.source-bad", 6),
    ]


def test_a_poller(tmp_path: Path) -> None:
    plan = load_polling(write(tmp_path, POLL))
    assert plan.settings.interval_seconds == 900
    assert list(plan.maps) == ["simulated-meter"]


@pytest.mark.parametrize(
    ("old", "new", "codes"),
    [
        ("name: D2", "name: D1", ["live.device-repeated"]),
        ("energy: M2", "energy: M1", ["live.device-repeated"]),
        ("export: M3", "energie: M3", ["live.map-value-unknown"]),
        ("simulated-meter", "no-such-map", ["live.map-unknown"]),
        ("devices:", "interval_seconds: 7\ndevices:", ["document.bad-value"]),  # does not divide an hour
        ("devices:", "interval_seconds: 7200\ndevices:", ["document.bad-value"]),
        ("host: 10.0.0.1", "host: 10.0.0.1, port: 0", ["document.bad-value"]),
        ("host: 10.0.0.1", "host: 10.0.0.1, unit: 256", ["document.bad-value"]),
    ],
)
def test_what_is_wrong_with_a_poller(tmp_path: Path, old: str, new: str, codes: list[str]) -> None:
    assert old in POLL
    assert poll_codes(tmp_path, POLL.replace(old, new)) == codes


@pytest.mark.parametrize("interval", [1, 60, 300, 900, 3600])
def test_intervals_that_divide_an_hour(tmp_path: Path, interval: int) -> None:
    text = f"interval_seconds: {interval}\n{POLL}"
    assert load_polling(write(tmp_path, text)).settings.interval_seconds == interval


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    for load in (load_listening, load_polling):
        with pytest.raises(LingtanError) as caught:
            load(tmp_path / "none.yaml")  # type: ignore[operator]
        assert [fault.code for fault in caught.value.faults] == ["document.unreadable"]


def test_every_limit_says_where_it_comes_from() -> None:
    for name, entry in load_shipped("live", "limits.yaml").items():
        assert entry["basis"] in ("standard", "inferred", "precedent", "operator-set"), name
        assert entry["value"] > 0 and entry["unit"] and entry["source"], name


def test_the_settings_of_the_page_can_be_loaded(tmp_path: Path) -> None:
    page = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "live-readings.md"
    listen, poll = re.findall(r"```yaml\n(.*?)```", page.read_text("utf-8"), re.S)
    assert len(load_listening(write(tmp_path, listen)).sources) == 2
    text = poll.replace("maps/my-meter.yaml", "simulated-meter")
    assert load_polling(write(tmp_path, text)).settings.devices[0].meters["export"] == "E001-EL-OUT"


def test_the_shapes_of_the_page_are_shapes() -> None:
    page = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "live-readings.md"
    shapes = re.findall(r"\| `(\{[^`]*values: [^`]*\}\})` \|$", page.read_text("utf-8"), re.M)
    assert len(shapes) == 3
    for shape in shapes:
        document, faults = parse_document(shape.encode(), "shape")
        assert document is not None and not faults
        build_reader(Source(topic="a/{meter}", payload=Shape.model_validate(document.data)))
