"""lingtan readings listen | poll: live readings into a lake, until stopped."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from typing import Annotated

import typer

from lingtan.cli.importing import DossierOption, LakeFolder
from lingtan.cli.reading import AsJson, read
from lingtan.cli.show import print_faults, print_json, say, tell
from lingtan.errors import Fault
from lingtan.metering.register import meter_rows

Settings = Annotated[Path, typer.Argument(help="设置文件 .yaml Settings, .yaml")]


def register(group: typer.Typer) -> None:
    """Add the commands to the group `readings`."""
    group.command("listen")(listen)
    group.command("poll")(poll)


def listen(settings: Settings, lake: LakeFolder, dossier: DossierOption = None, json: AsJson = False) -> int:
    """接收 MQTT 读数，存入读数湖，直到停止。Take readings off an MQTT broker until stopped."""
    from lingtan_live.lakes import LakeSink
    from lingtan_live.listening import Watch
    from lingtan_live.listening import listen as take
    from lingtan_live.settings import load_listening

    wanted = load_listening(settings)
    known = meter_rows(read(dossier)).keys() if dossier else None
    tell("接收中，Ctrl-C 停止 listening, Ctrl-C stops")
    with _stopping() as stop:
        counts = take(
            wanted, LakeSink(lake, source=settings.name), stop, known=known, watch=Watch(report=_tell)
        )
    return _answer(counts, json)


def poll(settings: Settings, lake: LakeFolder, json: AsJson = False) -> int:
    """按时读取 Modbus TCP 表计，存入读数湖，直到停止。Read Modbus TCP meters on time until stopped."""
    from lingtan_live.lakes import LakeSink
    from lingtan_live.polling import PollWatch
    from lingtan_live.polling import poll as ask
    from lingtan_live.settings import load_polling

    plan = load_polling(settings)
    tell("读取中，Ctrl-C 停止 polling, Ctrl-C stops")
    with _stopping() as stop:
        counts = ask(plan, LakeSink(lake, source=settings.name), stop, watch=PollWatch(report=_tell))
    return _answer(counts, json)


@contextmanager
def _stopping() -> Iterator[Event]:
    """An event that Ctrl-C and an orderly end of the process set: what is in hand is stored first."""
    stop = Event()
    before = {one: signal.signal(one, lambda *_: stop.set()) for one in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)


def _tell(found: Fault) -> None:
    print_faults([found], quiet=True)


def _answer(counts: object, json: bool) -> int:
    import dataclasses

    facts = dataclasses.asdict(counts)  # type: ignore[call-overload]
    if json:
        print_json(
            {key: value if isinstance(value, (int, str)) else str(value) for key, value in facts.items()}
        )
    else:
        say("  ".join(f"{key} {value}" for key, value in facts.items()))
    return 0
