"""kill -9 during an import: before or after, never between; the next import leaves the same bytes."""

from __future__ import annotations

import multiprocessing
import os
import random
import shutil
import signal
import threading
import time
from collections import Counter
from collections.abc import Iterator
from hashlib import sha256
from multiprocessing.process import BaseProcess
from pathlib import Path

import lake_victim
import pytest
from lake_parts import WHEN, fingerprint, frame, held

from lingtan.metering.lake import Lake, open_lake

CONTEXT = multiprocessing.get_context("forkserver")
CONTEXT.set_forkserver_preload(["polars", "pyarrow.parquet", "lingtan.metering.lake"])  # loaded once, before
DELIBERATE = [
    ("BEGIN IMMEDIATE", 2, True),
    ("replace", 1, False),
    ("replace", 1, True),
    ("replace", 7, False),
    ("replace", 7, True),
    ("fsync", 1, False),
    ("fsync", 5, True),
    ("COMMIT", 2, False),
    ("COMMIT", 2, True),
]


def content(lake: Lake) -> str:
    """A hash over all readings of one snapshot."""
    digest = sha256()
    for bucket in lake.buckets():
        table = lake.read(bucket)
        digest.update(repr(bucket.meters).encode())
        for name in ("meter", "at", "value"):
            digest.update(table[name].to_physical().to_numpy().tobytes())
    return digest.hexdigest()


class Stage:
    """A lake with a base and something late, before the import and after an undisturbed one."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.exits: Counter[int | None] = Counter()
        lake = open_lake(folder / "before", create=True)
        lake.add(frame([("M01", at, at) for at in range(2000)]), source="base", when=WHEN)
        lake.add(frame([("M01", 2000, 1), ("late", 1, 1)]), source="late", when=WHEN)
        self.before = content(lake)
        after = self.copy("after")
        child = self.start(after.folder)
        begin = time.perf_counter()
        child.join(60)
        self.seconds = time.perf_counter() - begin
        assert child.exitcode == 0
        counts = (after.folder / "counts").read_text("utf-8").splitlines()
        self.calls = {name: int(number) for name, number in (line.rsplit("=", 1) for line in counts)}
        self.after, self.fingerprint = content(after), fingerprint(after)
        assert self.before != self.after

    def copy(self, name: str) -> Lake:
        """The lake as it was before."""
        shutil.copytree(self.folder / "before", self.folder / name)
        return open_lake(self.folder / name)

    def start(self, folder: Path, *deadly: object) -> BaseProcess:
        """A child that imports; returned once it begins."""
        started = CONTEXT.Event()
        child = CONTEXT.Process(target=lake_victim.run, args=(folder, started, *deadly))
        child.start()
        assert started.wait(60)
        return child

    def try_kill(self, name: str, *deadly: object, delay: float | None = None) -> str:
        """Kill one import, read all the while; whether the lake was left "before" or "after"."""
        lake = self.copy(name)
        child = self.start(lake.folder, *deadly)
        killer = threading.Timer(delay or 60, os.kill, (child.pid, signal.SIGKILL))
        killer.start()
        seen = {content(lake)}
        while child.is_alive():
            seen.add(content(lake))
        killer.cancel()
        child.join()
        self.exits[child.exitcode] += 1
        left = content(open_lake(lake.folder))
        assert seen | {left} <= {self.before, self.after}, "a reader saw half an import"
        lake_victim.import_rows(lake.folder)
        assert fingerprint(lake) == self.fingerprint, "another import does not leave the same bytes"
        assert lake.check() == ()
        assert not any((lake.folder / "work").iterdir())
        shutil.rmtree(lake.folder)
        return "before" if left == self.before else "after"


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with pytest.MonkeyPatch.context() as patch:
        lake_victim.make_small(patch.setattr)
        yield Stage(tmp_path_factory.mktemp("stage"))


def test_what_the_import_stores(stage: Stage) -> None:
    lake = open_lake(stage.folder / "after")
    assert len(lake.buckets()) == 4
    assert lake.conflicts().height > 0
    assert ("late", 1, 1) in held(lake)
    assert stage.calls["preadv"] > 8  # rows waited on disk


@pytest.mark.parametrize(("call", "number", "after"), DELIBERATE)
def test_killed_at_a_chosen_point(stage: Stage, call: str, number: int, after: bool) -> None:
    assert stage.calls[call] >= number
    # The sweep before an import steps aside while a reader opens the manifest, and then asks one call less:
    # the chosen one may not come. Such an import was whole; it is not the one this test is about.
    for _ in range(5):
        killed = stage.exits[-signal.SIGKILL]
        left = stage.try_kill("chosen", call, number, after)
        if stage.exits[-signal.SIGKILL] > killed:
            break
        assert left == "after"
    assert stage.exits[-signal.SIGKILL] > killed, "the import was never killed"
    assert left == ("after" if (call, after) == ("COMMIT", True) else "before")


def test_killed_at_fifty_random_points(stage: Stage) -> None:
    draw = random.Random(20250301)
    points = [(draw.randint(1, stage.calls["any"]), draw.random() < 0.5) for _ in range(25)]
    left = [stage.try_kill(f"call-{n}", "any", number, after) for n, (number, after) in enumerate(points)]
    delays = [draw.uniform(0.0005, stage.seconds) for _ in range(25)]
    left += [stage.try_kill(f"time-{n}", delay=delay) for n, delay in enumerate(delays)]
    assert len(left) == 50
    assert set(stage.exits) <= {0, -signal.SIGKILL}
    assert stage.exits[-signal.SIGKILL] >= 25, "most imports were over before they were killed"
    assert Counter(left)["before"] >= 10
