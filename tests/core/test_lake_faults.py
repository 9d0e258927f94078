"""What can happen to a lake on disk: each thing is named, nothing is a traceback, nothing is lost."""

from __future__ import annotations

import errno
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pyarrow.parquet as pq
import pytest
from lake_parts import WHEN, frame, held, stored_files

from lingtan.errors import LingtanError
from lingtan.metering.lake import Lake, open_lake, spilling
from lingtan.metering.lake.manifest import connect
from lingtan.metering.lake.merging import Rows
from lingtan.metering.lake.records import Meter
from lingtan.metering.lake.segments import write_segment

ROWS = [("A", at, at * 10) for at in range(200)] + [("B", 1, 1), ("B", 1, 2)]


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    lake = open_lake(tmp_path / "lake", create=True)
    lake.add(frame(ROWS), source="s", when=WHEN)
    lake.add(frame([("A", 900, 1), ("C", 900, 2)]), source="late", when=WHEN)
    return lake


def codes(work: Callable[[], object]) -> list[str]:
    with pytest.raises(LingtanError) as caught:
        work()
    for found in caught.value.faults:
        assert "{" not in "".join(str(words) for words in found.as_dict().values() if isinstance(words, str))
        assert found.words("zh").what
    return [found.code for found in caught.value.faults]


def checked(lake: Lake) -> list[str]:
    return sorted(found.code for found in lake.check())


def file_of(lake: Lake, kind: str) -> Path:
    (file,) = (lake.folder / "buckets").glob(f"*-{kind}-*")
    return file


def change_manifest(lake: Lake, statement: str, *values: object) -> None:
    with sqlite3.connect(lake.folder / "manifest.sqlite") as connection:
        connection.execute(statement, values)
    connection.close()
    lake._known = None


def test_a_sound_lake_has_no_faults(lake: Lake) -> None:
    assert lake.check() == ()
    assert {name.split("-")[1] for name in stored_files(lake.folder)} == {"base", "conflict", "late"}


def test_no_lake_there(tmp_path: Path) -> None:
    assert codes(lambda: open_lake(tmp_path)) == ["lake.not-found"]
    assert codes(lambda: open_lake(tmp_path / "nowhere")) == ["lake.not-found"]
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    assert codes(lambda: open_lake(tmp_path / "file" / "lake", create=True)) == ["lake.not-written"]


@pytest.mark.parametrize("content", [b"no database", b"", b"SQLite format 3\x00" + b"\x07" * 5000])
def test_a_damaged_manifest(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "buckets").mkdir()
    (tmp_path / "manifest.sqlite").write_bytes(content)
    assert codes(lambda: open_lake(tmp_path)) == ["lake.damaged-manifest"]


def test_pages_of_the_manifest_overwritten(lake: Lake) -> None:
    file = lake.folder / "manifest.sqlite"
    raw = bytearray(file.read_bytes())
    raw[4096 * 2 : 4096 * 3] = b"\xff" * 4096
    file.write_bytes(raw)
    lake._known = None
    try:
        found = checked(lake)
    except LingtanError as error:
        found = [fault.code for fault in error.faults]
    assert "lake.damaged-manifest" in found


def test_a_lake_of_another_version(lake: Lake) -> None:
    change_manifest(lake, "UPDATE lake SET value = '2' WHERE key = 'format'")
    assert codes(lambda: open_lake(lake.folder)) == ["lake.other-format"]
    assert codes(lake.buckets) == ["lake.other-format"]


@pytest.mark.parametrize("kind", ["base", "conflict", "late"])
def test_a_file_that_is_gone(lake: Lake, kind: str) -> None:
    file_of(lake, kind).unlink()
    assert checked(lake) == ["lake.missing-file"]
    assert codes(lambda: held(lake)) == ["lake.missing-file"]


@pytest.mark.parametrize("kind", ["base", "conflict", "late"])
def test_one_byte_changed(lake: Lake, kind: str) -> None:
    file = file_of(lake, kind)
    raw = bytearray(file.read_bytes())
    raw[len(raw) // 2] ^= 1
    file.write_bytes(raw)
    assert checked(lake) == ["lake.other-hash"]


def test_a_file_that_is_no_parquet(lake: Lake) -> None:
    file_of(lake, "base").write_bytes(b"PAR1 nothing PAR1")
    assert checked(lake) == ["lake.other-hash"]
    assert codes(lambda: held(lake)) == ["lake.unreadable-file"]
    assert codes(lambda: lake.compact(WHEN)) == ["lake.unreadable-file"]


def forge(lake: Lake, change: Callable[[pl.DataFrame], pl.DataFrame], kind: str = "base") -> None:
    """Another content under the old name, its hash recorded: only a look inside finds it."""
    from hashlib import sha256

    file = file_of(lake, kind)
    pq.write_table(change(pl.read_parquet(file)).to_arrow(), file)
    digest = sha256(file.read_bytes()).hexdigest()
    change_manifest(lake, "UPDATE segments SET sha256 = ? WHERE file = ?", digest, file.name)


@pytest.mark.parametrize(
    ("kind", "change", "found"),
    [
        ("base", lambda t: t.reverse(), ["lake.not-ordered"]),
        ("base", lambda t: pl.concat([t[:5], t[4:5], t[6:]]), ["lake.not-ordered"]),
        ("late", lambda t: t.reverse(), ["lake.not-ordered"]),
        ("conflict", lambda t: t.reverse(), ["lake.not-ordered"]),
        ("base", lambda t: t[:-1], ["lake.other-figures"]),
        ("base", lambda t: t[:0], ["lake.other-figures"]),
        ("base", lambda t: t.with_columns(value=-pl.col("value") - 5), ["lake.other-figures"]),
        ("base", lambda t: t.with_columns(meter=pl.lit(77, pl.Int32)), ["lake.strange-meter"]),
        ("base", lambda t: t.with_columns(meter=pl.lit(1 << 10, pl.Int32)), ["lake.strange-meter"]),
        ("base", lambda t: t.drop("value"), ["lake.unreadable-file"]),
    ],
)
def test_nothing_inside_a_file_is_taken_on_trust(
    lake: Lake, kind: str, change: Callable[[pl.DataFrame], pl.DataFrame], found: list[str]
) -> None:
    forge(lake, change, kind)
    assert checked(lake) == found


def test_unsorted_rows_are_never_written(tmp_path: Path) -> None:
    rows = Rows(np.array([5, 3], np.int64), np.array([1, 2], np.int64))
    for kind in ("base", "late", "conflict"):
        with pytest.raises(AssertionError):
            write_segment(tmp_path, 0, kind, rows, {0: Meter(0, "A", 0)})  # type: ignore[arg-type]
    assert list(tmp_path.iterdir()) == []


def test_orphans_are_named_and_removed_at_the_next_opening(lake: Lake) -> None:
    (lake.folder / "buckets" / ".writing-x").write_bytes(b"half")
    (lake.folder / "buckets" / "0000-base-old.parquet").write_bytes(b"whole, but never recorded")
    (lake.folder / "work" / "import-dead").mkdir(parents=True)
    (lake.folder / "work" / "import-dead.lock").touch()
    (lake.folder / "work" / "import-bare").mkdir()
    before = held(lake)
    assert checked(lake) == ["lake.orphan-file", "lake.orphan-file"]
    again = open_lake(lake.folder)
    assert again.check() == ()
    assert list((lake.folder / "work").iterdir()) == []
    assert held(again) == before


def test_a_living_import_is_not_swept(lake: Lake) -> None:
    with lake.open_import("long", WHEN) as work:
        work.add(frame([("D", 1, 1)]))
        other = open_lake(lake.folder)
        assert len(list((lake.folder / "work").iterdir())) == 2
        other.add(frame([("E", 1, 1)]), source="meanwhile", when=WHEN)
        assert other.check() == ()
    assert {("D", 1, 1), ("E", 1, 1)} < set(held(lake))


def test_a_second_writer_waits_and_is_told(lake: Lake) -> None:
    impatient = open_lake(lake.folder, patience=0.05)
    with connect(lake.folder, 1.0) as connection:
        connection.execute("BEGIN IMMEDIATE")
        add = lambda: impatient.add(frame([("D", 1, 1)]), source="s", when=WHEN)  # noqa: E731
        assert codes(add) == ["lake.other-writer"]
        before = held(impatient)
        assert impatient.check() == ()
        assert held(open_lake(lake.folder, create=True, patience=0.05)) == before
    assert held(impatient) == before
    assert impatient.add(frame([("D", 1, 1)]), source="s", when=WHEN).new == 1


def test_writers_of_several_processes_follow_one_another(lake: Lake) -> None:
    script = (
        "import sys\nfrom pathlib import Path\nfrom lake_parts import WHEN, frame\n"
        "from lingtan.metering.lake import open_lake\nlake = open_lake(Path(sys.argv[1]))\n"
        "for at in range(12): lake.add(frame([(sys.argv[2], at, at)]), source=sys.argv[2], when=WHEN)\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parent)}
    running = [
        subprocess.Popen([sys.executable, "-c", script, lake.folder, name], env=environment)
        for name in ("X", "Y")
    ]
    assert [process.wait(60) for process in running] == [0, 0]
    rows = set(held(lake))
    assert {(name, at, at) for name in ("X", "Y") for at in range(12)} < rows
    assert lake.check() == ()
    assert len(lake.imports()) == 26


@pytest.mark.parametrize("call", ["fsync", "write", "replace", "spill"])
def test_a_disk_that_refuses(lake: Lake, monkeypatch: pytest.MonkeyPatch, call: str) -> None:
    def refuse(*_: object, **__: object) -> object:
        raise OSError(errno.ENOSPC, "No space left on device")

    before, files = held(lake), stored_files(lake.folder)
    with monkeypatch.context() as patch:
        if call == "fsync":
            patch.setattr(os, "fsync", refuse)
        elif call == "replace":
            patch.setattr(Path, "replace", refuse)
        else:
            opened = Path.open
            patch.setattr(spilling, "IN_MEMORY", 3 if call == "spill" else 2_000_000)
            patch.setattr(
                Path,
                "open",
                lambda p, mode="r", *a, **k: (refuse if "w" in mode else opened)(p, mode, *a, **k),
            )
        add = lambda: lake.add(frame([("D", at, 1) for at in range(9)]), source="s", when=WHEN)  # noqa: E731
        assert codes(add) == ["lake.not-written"]
        assert codes(lambda: lake.compact(WHEN)) == ["lake.not-written"]
    assert held(lake) == before
    assert files <= stored_files(lake.folder)
    assert lake.add(frame([("D", 1, 1)]), source="s", when=WHEN).new == 1
    assert lake.check() == ()


def test_a_manifest_that_cannot_grow(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = sqlite3.connect

    def full(*arguments: object, **more: object) -> sqlite3.Connection:
        connection = opened(*arguments, **more)  # type: ignore[call-overload]
        connection.execute(f"PRAGMA max_page_count = {connection.execute('PRAGMA page_count').fetchone()[0]}")
        return connection  # type: ignore[no-any-return]

    before = held(lake)
    many = frame([(f"new {number}", 1, 1) for number in range(400)])
    with monkeypatch.context() as patch:
        patch.setattr(sqlite3, "connect", full)
        assert codes(lambda: lake.add(many, source="s", when=WHEN)) == ["lake.not-written"]
    assert held(lake) == before
    assert lake.add(many, source="s", when=WHEN).new == 400


def test_a_manifest_that_calls_a_file_unsorted(lake: Lake) -> None:
    change_manifest(lake, "UPDATE segments SET ordered = 0 WHERE kind = 'base'")
    assert checked(lake) == ["lake.not-ordered"]


def test_a_folder_sync_that_fails_records_nothing(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    synced = os.fsync

    def refuse(handle: int) -> None:
        if os.path.isdir(f"/proc/self/fd/{handle}"):  # noqa: PTH112
            raise OSError(errno.EIO, "Input/output error")
        synced(handle)

    before = held(lake)
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", refuse)
        assert codes(lambda: lake.compact(WHEN)) == ["lake.not-written"]
    assert held(lake) == before


def test_when_needs_an_offset(lake: Lake) -> None:
    with pytest.raises(ValueError, match="offset"):
        lake.compact(WHEN.replace(tzinfo=None))


def test_a_snapshot_is_of_one_moment(lake: Lake) -> None:
    before = lake.snapshot()
    lake.add(frame([("0", at, at) for at in range(90)]), source="s", when=WHEN)  # sorts before A
    after = lake.snapshot()
    assert after.generation == before.generation + 1
    assert before.buckets[0].meters == before.meters
    assert after.buckets[0].meters == after.meters
    assert [meter.meter for meter in after.meters] == ["0", "A", "B", "C"]
    assert replace(after, generation=0) == replace(lake.snapshot(), generation=0)
