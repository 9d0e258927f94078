"""The same kernel run by threads, by Spark in one process, and by a cluster that loses a worker."""

from __future__ import annotations

import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from lingtan.metering.grid import build_grid
from lingtan.metering.kernel import KINDS, MeterFacts, Setting, build_setting, compute_energy
from lingtan.metering.kernel.local import read_file, run_local
from lingtan.metering.kernel.spark import run_spark
from lingtan.periods import Period

GRID = build_grid(Period(2024, 1), Period(2024, 3), "Asia/Shanghai")
METERS, BUCKETS, QUARTERS = 8, 24, GRID.count * 4
HAS_SPARK = importlib.util.find_spec("pyspark") is not None and shutil.which("java") is not None
needs_spark = pytest.mark.skipif(not HAS_SPARK, reason="pyspark or Java not found: make cluster")


def write_bucket(file: Path, number: int) -> None:
    chance = np.random.default_rng(number)
    states = chance.integers(0, 400, (METERS, QUARTERS)).cumsum(axis=1) % 1_000_000
    kept = chance.random(states.size) > 0.02
    meter = np.repeat(np.arange(number * METERS, (number + 1) * METERS, dtype=np.int32), QUARTERS)
    at = np.tile(GRID.begin_ms + np.arange(QUARTERS, dtype=np.int64) * 900_000, METERS)
    columns = {"meter": meter[kept], "at": pa.array(at[kept], pa.timestamp("ms", "UTC"))}
    pq.write_table(pa.table({**columns, "value": states.ravel()[kept]}), file)


@pytest.fixture(scope="module")
def buckets(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("buckets")
    files = [folder / f"{number:03d}.parquet" for number in range(BUCKETS)]
    for number, file in enumerate(files):
        write_bucket(file, number)
    return files


@pytest.fixture(scope="module")
def setting() -> Setting:
    hours = np.arange(GRID.count)
    facts = MeterFacts(KINDS["cumulative"], 900_000, 1_000_000, intensity=0, price=0)
    return build_setting(
        GRID, [facts] * (METERS * BUCKETS), intensity=[hours % 700 + 1], prices=[hours % 9 + 1]
    )


def local(buckets: list[Path], setting: Setting) -> pl.DataFrame:
    return run_local(buckets, setting, read=read_file, rows=10**7)


def test_threads_give_what_one_table_gives_and_write_hours(
    buckets: list[Path], setting: Setting, tmp_path: Path
) -> None:
    told: list[tuple[int, int | None]] = []
    totals = run_local(
        buckets, setting, read=read_file, rows=0, hourly_to=tmp_path, report=lambda *one: told.append(one)
    )
    whole = compute_energy(pl.concat([read_file(file)[0] for file in buckets]), setting)
    assert totals.equals(whole.totals)
    assert told[-1] == (BUCKETS, BUCKETS) and len(told) == BUCKETS
    hours = pl.read_parquet(tmp_path / "*.parquet")
    assert hours.height == METERS * BUCKETS * GRID.count
    assert hours["energy"].sum() == totals["energy"].sum()


def test_totals_of_all_buckets_equal_sql(buckets: list[Path], setting: Setting) -> None:
    totals = local(buckets, setting)
    energy, rolled = totals["energy"].sum(), totals["rollovers"].sum()
    sql = f"""
        with steps as (select lead(value) over (partition by meter order by "at") - value as rise
                       from '{buckets[0].parent}/*.parquet')
        select sum(case when rise < 0 then rise + 1000000 else rise end)::bigint,
               count(*) filter (where rise < 0) from steps"""
    assert duckdb.sql(sql).fetchall() == [(energy, rolled)]


@pytest.fixture
def quiet_spark(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("SPARK_LOCAL_IP", "127.0.0.1")
    monkeypatch.setenv("PYSPARK_PYTHON", sys.executable)
    monkeypatch.delenv("SPARK_HOME", raising=False)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Spark's own Python code, not ours
        yield


def session(master: str) -> Any:
    from pyspark.sql import SparkSession

    quiet = {
        "spark.ui.enabled": "false",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.log.level": "ERROR",
        "spark.executor.memory": "512m",
        "spark.sql.shuffle.partitions": "8",
    }
    builder = SparkSession.builder.master(master).appName("lingtan-test")
    for name, value in quiet.items():
        builder = builder.config(name, value)
    return builder.getOrCreate()


@needs_spark
def test_spark_in_one_process_gives_identical_totals(
    buckets: list[Path], setting: Setting, quiet_spark: None
) -> None:
    spark = session("local[2]")
    try:
        assert run_spark(spark, buckets, setting, read=read_file, rows=10**7).equals(local(buckets, setting))
    finally:
        spark.stop()


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


class Cluster:
    """A standalone master and two workers on loopback, ended by their own process ids."""

    def __init__(self, folder: Path) -> None:
        import pyspark

        self.home = Path(pyspark.__file__).parent
        self.folder, self.port = folder, free_port()
        self.url = f"spark://127.0.0.1:{self.port}"
        self.master = self.start("master.Master", "--host", "127.0.0.1", "--port", str(self.port))
        wait_for(self.port)
        self.workers = [
            self.start("worker.Worker", "--host", "127.0.0.1", "--cores", "1", "--memory", "600m", self.url)
            for _ in range(2)
        ]

    def start(self, name: str, *arguments: str) -> subprocess.Popen[bytes]:
        command = [
            "java",
            "-cp",
            str(self.home / "jars" / "*"),
            "-Xmx256m",
            f"org.apache.spark.deploy.{name}",
        ]
        extra = ["--webui-port", str(free_port())]
        if "Worker" in name:
            extra += ["--work-dir", str(self.folder / f"work-{time.monotonic_ns()}")]
        log = (self.folder / f"{name}.log").open("ab")
        home = {"SPARK_HOME": str(self.home), "SPARK_LOCAL_IP": "127.0.0.1", "PYSPARK_PYTHON": sys.executable}
        environment = {**os.environ, **home, "SPARK_SCALA_VERSION": "2.13"}
        return subprocess.Popen(
            [*command, *extra, *arguments], stdout=log, stderr=log, env=environment, start_new_session=True
        )

    def stop(self) -> None:
        for process in (*self.workers, self.master):
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def wait_for(port: int) -> None:
    for _ in range(300):
        with socket.socket() as one:
            if one.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise AssertionError("the master did not come up")


@needs_spark
def test_a_cluster_that_loses_a_worker_gives_identical_totals(
    buckets: list[Path], setting: Setting, quiet_spark: None, tmp_path: Path
) -> None:
    cluster = Cluster(tmp_path)
    marks = tmp_path / "marks"
    marks.mkdir()

    def slowly(file: Path) -> Any:
        (marks / f"{file.stem}-{os.getpid()}").touch()
        time.sleep(0.3)
        return read_file(file)

    def kill_in_the_middle() -> None:
        for _ in range(2000):
            if len(list(marks.iterdir())) >= BUCKETS // 3:
                os.killpg(cluster.workers[0].pid, signal.SIGKILL)
                return
            time.sleep(0.05)

    spark = session(cluster.url)
    try:
        killer = threading.Thread(target=kill_in_the_middle, daemon=True)
        killer.start()
        totals = run_spark(spark, buckets, setting, read=slowly, rows=10**7)
        killer.join(timeout=60)
        assert cluster.workers[0].wait(timeout=10) == -signal.SIGKILL
        assert totals.equals(local(buckets, setting))
        begun = [mark.name for mark in marks.iterdir()]
        assert len({name.split("-")[1] for name in begun}) >= 2, "only one worker did the work"
    finally:
        spark.stop()
        cluster.stop()
