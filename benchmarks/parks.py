"""Parks assessed per second: `make bench`, or `python -m benchmarks.parks --sizes 1,10,100`.

Parks are copies of ten enterprises of the example park (registers and evidence list, no readings),
each in a folder of its own. Measured in one run: reading, inventory with ledger, assessment under
the SEESA edition; cost per park against that of ten parks; and the same files read by Python's csv
module alone, the named peer for reading. Then the whole example park with its readings, once.
"""

from __future__ import annotations

import argparse
import csv
import shutil
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import lingtan as lt
from lingtan.assessment import compute_groundwork
from lingtan.metering import compute_metering

EXAMPLE = Path(__file__).resolve().parents[1] / "examples" / "parks" / "xinghuo"
EDITION = lt.load_edition("sh-seesa-zctp-2024")
ON = date(2025, 6, 30)
ENTERPRISES = {f"E{number:03d}" for number in range(10)}
LEAST = 20  # parks measured at the least: small runs are repeated and averaged
COPIES = 100  # folders on disk; larger runs go round them
SIZES = (1, 10, 100, 1000)


@dataclass
class Times:
    """Seconds spent in the steps of one run."""

    reading: float = 0.0
    computing: float = 0.0
    assessing: float = 0.0
    peer: float = 0.0

    def add(self, other: Times) -> None:
        """Take in the seconds of another run."""
        for name in vars(other):
            setattr(self, name, getattr(self, name) + getattr(other, name))

    def divide(self, runs: int) -> None:
        """The mean of so many runs."""
        for name in vars(self):
            setattr(self, name, getattr(self, name) / runs)

    @property
    def total(self) -> float:
        """All steps, the peer aside."""
        return self.reading + self.computing + self.assessing


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default=",".join(map(str, SIZES)), help="numbers of parks")
    sizes = [int(size) for size in parser.parse_args().sizes.split(",")]
    with tempfile.TemporaryDirectory() as folder:
        parks = build_parks(Path(folder), min(COPIES, max(sizes)))
        cold = run(parks, 1)
        print(f"first park, nothing loaded yet: {cold.total:.2f} s")
        print_sizes(parks, sizes)
    print_example()


def print_sizes(parks: list[Path], sizes: list[int]) -> None:
    """One line per number of parks; cost per park against ten parks."""
    run(parks, 10)  # everything that is loaded once, is loaded
    ten = run(parks, 10).total / 10
    print(f"{'parks':>6} {'seconds':>8} {'parks/s':>8} {'ms/park':>8} {'x ten':>6} {'reading':>8} "
          f"{'computing':>10} {'assessing':>10} {'reading / csv module':>21}")  # fmt: skip
    for size in sizes:
        repeats = max(1, LEAST // size)
        times = run(parks, size)
        for _ in range(repeats - 1):
            times.add(run(parks, size))
        times.divide(repeats)
        each = times.total / size
        shares = [part / times.total for part in (times.reading, times.computing, times.assessing)]
        print(
            f"{size:>6} {times.total:>8.2f} {size / times.total:>8.1f} {each * 1000:>8.1f} {each / ten:>6.2f}"
            f" {shares[0]:>8.0%} {shares[1]:>10.0%} {shares[2]:>10.0%} {times.reading / times.peer:>21.1f}"
        )


def run(parks: list[Path], size: int) -> Times:
    """Assess `size` parks, one after the other."""
    times = Times()
    for number in range(size):
        park = parks[number % len(parks)]
        dossier, times.reading = timed(lambda park=park: lt.read_dossier(park), times.reading)
        ground, times.computing = timed(lambda d=dossier: compute_groundwork(d, on=ON), times.computing)
        _, times.assessing = timed(
            lambda d=dossier, g=ground: lt.assess(d, EDITION, on=ON, groundwork=g), times.assessing
        )
        _, times.peer = timed(lambda park=park: read_bare(park), times.peer)
    return times


def timed(work: Callable[[], object], before: float) -> tuple[object, float]:
    """The result of `work`, and its seconds added to `before`."""
    begin = time.perf_counter()
    result = work()
    return result, before + time.perf_counter() - begin


def read_bare(park: Path) -> int:
    """The peer: every cell of every register as text, by the csv module, nothing checked."""
    cells = 0
    for file in sorted((park / "registers").glob("*.csv")):
        with file.open(newline="", encoding="utf-8-sig") as lines:
            cells += sum(len(row) for row in csv.reader(lines))
    return cells


def build_parks(folder: Path, count: int) -> list[Path]:
    """Ten enterprises of the example park, `count` times."""
    first = folder / "park-0"
    (first / "registers").mkdir(parents=True)
    for file in sorted((EXAMPLE / "registers").glob("*.csv")):
        copy_rows(file, first / "registers" / file.name)
    for name in ("park.yaml", "boundary.geojson"):
        shutil.copy(EXAMPLE / name, first / name)
    shutil.copytree(EXAMPLE / "evidence", first / "evidence")
    others = [folder / f"park-{number}" for number in range(1, count)]
    for other in others:
        shutil.copytree(first, other)
    return [first, *others]


def copy_rows(source: Path, target: Path) -> None:
    """Rows of the ten enterprises, and rows of the park as a whole."""
    with source.open(newline="", encoding="utf-8-sig") as lines:
        header, *rows = list(csv.reader(lines))
    owned = ("enterprise", "from", "to", "owner", "outlet")
    places = [index for index, name in enumerate(header) if name in owned]
    kept = [row for row in rows if all(is_kept(row[index]) for index in places)]
    with target.open("w", newline="", encoding="utf-8") as lines:
        csv.writer(lines).writerows([header, *kept])


def is_kept(name: str) -> bool:
    """Whether an id is blank or of one of the ten enterprises (`E003`, `DA-E003`)."""
    return not name or name.split("-")[-1] in ENTERPRISES


def print_example() -> None:
    """The whole example park with its readings, second run."""
    for _ in range(2):
        begin = time.perf_counter()
        dossier = lt.read_dossier(EXAMPLE)
        read = time.perf_counter()
        metering = compute_metering(dossier)
        metered = time.perf_counter()
        ground = compute_groundwork(dossier, on=ON, metering=metering)
        lt.assess(dossier, EDITION, on=ON, groundwork=ground)
        end = time.perf_counter()
    rows = sum(len(register) for register in dossier.rows.values())
    meters = len(metering.meters)
    readings = sum(energy.present for energy in metering.meters)
    print(
        f"whole example park: {end - begin:.2f} s = reading {rows} rows {read - begin:.2f} s, "
        f"{readings} readings of {meters} meters {metered - read:.2f} s, rest {end - metered:.2f} s"
    )


if __name__ == "__main__":
    main()
