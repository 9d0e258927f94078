"""Reports per second: `make bench`, or `python -m benchmarks.reports --enterprises 50,100,200,400`.

An invented park of so many enterprises, each with five carriers a month; its inventory report in every
format, each in a process of its own, so that its peak of memory can be read. The typesetting of a PDF runs
in a child, whose peak comes on top. Then the same content by named peers in the same run, where they are on
the machine: LibreOffice makes a PDF of the Word file, WeasyPrint of the web page (without its scripts).
Last, the share of reports in `lingtan demo`.
"""

from __future__ import annotations

import argparse
import csv
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import lingtan as lt

EDITION = "sh-seesa-zctp-2024"
ON = date(2025, 6, 30)
SIZES = (50, 100, 200, 400)
KIND = "inventory"
CARRIERS = {  # carrier: use, unit, a month's quantity
    "electricity": ("purchased", "MWh", 120),
    "natural_gas": ("combustion", "10^4 Nm3", 3),
    "diesel": ("combustion", "t", 2),
    "gasoline": ("combustion", "t", 1),
    "heat": ("purchased", "GJ", 300),
}
PARK = """\
id: bench
name_zh: 测速园区
name_en: Park for measuring
note: 虚构 invented
location: {country: CN, province: 上海, city: 上海, grid: 华东, latitude: 31.2, longitude: 121.5}
reporting: {year: 2024, editions: [sh-seesa-zctp-2024]}
profile: {electricity_equal_value_kgce_per_kwh: 0.302}
"""


@dataclass(frozen=True, slots=True)
class Made:
    """A file: seconds to set it, pages (0 where it has none), MB before, at the peak, of a child on top."""

    seconds: float
    pages: int
    before: float
    peak: float
    child: float
    bytes: int


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--enterprises", default=",".join(map(str, SIZES)))
    parser.add_argument("--one", nargs=3, metavar=("PARK", "FORMAT", "FILE"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        print_one(Path(given.one[0]), given.one[1], Path(given.one[2]))
        return
    sizes = [int(size) for size in given.enterprises.split(",")]
    print(f"{'enterprises':>11} {'format':>6} {'seconds':>8} {'pages':>6} {'pages/s':>8} "
          f"{'MB before':>10} {'MB peak':>8} {'MB more':>8} {'MB child':>9} {'file MB':>8}")  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        for size in sizes:
            park = build_park(Path(folder) / f"park-{size}", size)
            print_sizes(park, size, Path(folder))
        print_peers(Path(folder), sizes[len(sizes) // 2])
    print_demo()


def build_park(folder: Path, enterprises: int) -> Path:
    """The dossier on disk."""
    (folder / "registers").mkdir(parents=True)
    (folder / "park.yaml").write_text(PARK, "utf-8")
    ids = [f"E{number:04d}" for number in range(enterprises)]
    head = ("enterprise", "name", "role", "above_scale", "key_enterprise")
    rows = [(id, f"测速企业第{id}号有限公司", "tenant", "yes", "no") for id in ids]
    write_table(folder / "registers" / "enterprises.csv", head, rows)
    head = ("period", "enterprise", "carrier", "use", "quantity", "unit", "source")
    months = [f"2024-{month:02d}" for month in range(1, 13)]
    activity = [
        (month, id, carrier, use, f"{quantity + number % 7}.{number % 10}", unit, "bill")
        for number, id in enumerate(ids)
        for month in months
        for carrier, (use, unit, quantity) in CARRIERS.items()
    ]
    write_table(folder / "registers" / "energy_activity.csv", head, activity)
    return folder


def write_table(file: Path, head: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    """A register."""
    with file.open("w", newline="", encoding="utf-8") as sink:
        csv.writer(sink).writerows([head, *rows])


def print_sizes(park: Path, size: int, folder: Path) -> None:
    """One line per format."""
    for format in ("pdf", "docx", "xlsx", "html"):
        made = make(park, format, folder / f"report-{size}.{format}")
        rate = f"{made.pages / made.seconds:8.1f}" if made.pages else f"{'':8}"
        memory = f"{made.before:10.0f} {made.peak:8.0f} {made.peak - made.before:8.0f} {made.child:9.0f}"
        head = f"{size:11} {format:>6} {made.seconds:8.2f} {made.pages or '':>6} {rate}"
        print(f"{head} {memory} {made.bytes / 1e6:8.1f}", flush=True)


def make(park: Path, format: str, file: Path) -> Made:
    """The report of `park` in a process of its own."""
    words = [sys.executable, "-m", "benchmarks.reports", "--one", str(park), format, str(file)]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    seconds, before, peak, child = map(float, done.stdout.split())
    return Made(seconds, count_pages(file), before, peak, child, file.stat().st_size)


def print_one(park: Path, format: str, file: Path) -> None:
    """Seconds of setting; memory in MB before it, at its peak, and of its largest child (0 without)."""
    from lingtan.reports.documents.building import build_report
    from lingtan.reports.results import compute_results
    from lingtan.reports.writing import WRITERS, Setting

    dossier = lt.read_dossier(park)
    results = compute_results(dossier, [lt.load_edition(EDITION)], on=ON)
    report = build_report(results, KIND)
    tasks = keep_tasks()
    before = memory()
    started = time.perf_counter()
    WRITERS[format](report, file, Setting(format), lambda done, of: None)  # type: ignore[index, arg-type]
    seconds = time.perf_counter() - started
    print(seconds, before, memory(), max(map(measure_child, tasks), default=0.0))


def memory() -> float:
    """The highest memory of this process so far, MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def keep_tasks() -> list[tuple[list[str], bytes]]:
    """From now on, every command that PDF starts, with what it is given."""
    from lingtan.reports.formats.pdf import writing

    tasks: list[tuple[list[str], bytes]] = []
    run = subprocess.run

    def kept(words: list[str], **options: Any) -> Any:
        tasks.append((words, options["input"]))
        return run(words, **options)

    writing.subprocess = SimpleNamespace(run=kept)  # type: ignore[assignment]
    return tasks


def measure_child(task: tuple[list[str], bytes]) -> float:
    """The peak of a command run again, MB, by a small process: a child of ours would start with our own."""
    words, given = task
    small = (
        "import resource, subprocess, sys; "
        "subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, check=True); "
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024)"
    )
    done = subprocess.run([sys.executable, "-c", small, *words], input=given, capture_output=True, check=True)
    return float(done.stdout)


def count_pages(file: Path) -> int:
    """Pages of a PDF, 0 of anything else."""
    if file.suffix != ".pdf":
        return 0
    import pikepdf

    with pikepdf.open(file) as pdf:
        return len(pdf.pages)


def print_peers(folder: Path, size: int) -> None:
    """The PDF against what others make of the same content, whole processes each."""
    park = folder / f"park-{size}"
    made: list[Made] = []
    own = timed(lambda: made.append(make(park, "pdf", folder / "own.pdf")))
    seconds, pages = made[0].seconds, made[0].pages
    print(f"\nPDF of {size} enterprises, {pages} pages: {seconds:.2f} s; the whole process {own:.2f} s")
    for name, way in (("LibreOffice", by_libreoffice), ("WeasyPrint", by_weasyprint)):
        taken = way(folder, size)
        if taken is None:
            print(f"{name}: not on this machine")
        else:
            theirs, count = taken
            ratio = (theirs / count) / (seconds / pages)
            print(f"{name}: {theirs:.2f} s, {count} pages; per page {ratio:.1f} times ours")


def timed(work: Callable[[], object]) -> float:
    """Seconds of one call."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def by_libreoffice(folder: Path, size: int) -> tuple[float, int] | None:
    """Seconds and pages of the Word file by LibreOffice; None without it."""
    program = shutil.which("soffice")
    if program is None:
        return None
    words = [program, "--headless", f"-env:UserInstallation=file://{folder}/profile", "--convert-to", "pdf",
             "--outdir", str(folder / "libreoffice"), str(folder / f"report-{size}.docx")]  # fmt: skip

    def run() -> None:
        subprocess.run(words, check=True, capture_output=True)

    run()  # makes the profile
    return timed(run), count_pages(folder / "libreoffice" / f"report-{size}.pdf")


def by_weasyprint(folder: Path, size: int) -> tuple[float, int] | None:
    """Seconds and pages of the web page by WeasyPrint; None without it."""
    program = shutil.which("weasyprint") or os.environ.get("WEASYPRINT")
    if program is None:
        return None
    text = (folder / f"report-{size}.html").read_text("utf-8")
    plain = folder / "plain.html"
    plain.write_text(re.sub(r"<script.*?</script>", "", text, flags=re.DOTALL), "utf-8")
    target = folder / "weasyprint.pdf"
    taken = timed(lambda: subprocess.run([program, str(plain), str(target)], check=True, capture_output=True))
    return taken, count_pages(target)


def print_demo() -> None:
    """How much of the whole demo the reports take."""
    with tempfile.TemporaryDirectory() as folder:
        words = [sys.executable, "-m", "lingtan.cli", "demo", "-o", folder]
        whole = timed(lambda: subprocess.run(words, check=True, capture_output=True))
        bare = timed(lambda: subprocess.run([*words, "--no-reports"], check=True, capture_output=True))
    share = 1 - bare / whole
    print(f"\nlingtan demo: {whole:.2f} s, without reports {bare:.2f} s; reports {share:.0%} of it")


if __name__ == "__main__":
    main()
