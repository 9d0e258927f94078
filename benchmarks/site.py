"""A site under load: `make bench`, or `python -m benchmarks.site --parks 200 --enterprises 100`.

A site of its own is filled (200 parks with 100 enterprises each, every park with a frozen version and
the results of the example park), served as `lingtan serve` serves it, on PostgreSQL to 50 people at
once and on SQLite to 10. Each person opens the pages of parks of their own, one after the other.
Printed: requests per second and the 95th percentile per page, beside the page `/healthz` (one `SELECT 1`,
the named peer: what server, gate and database cost without a page); and the queries of each page at
two sizes of site, which must be equal and at most thirty.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path

from tests.web.sites import Site, build_site

MOST_QUERIES = 30
PAGES = {
    "health": "/healthz",
    "home": "/",
    "work": "/my-work/",
    "result": "/parks/{park}/results/{result}/",
    "indicators": "/parks/{park}/results/{result}/indicators/",
    "missing": "/parks/{park}/results/{result}/missing/",
    "inventory": "/parks/{park}/results/{result}/inventory/",
    "explain": "/parks/{park}/results/{result}/explain/C1.1",
    "dossier": "/parks/{park}/dossier/2024/",
    "grid": "/parks/{park}/dossier/2024/registers/enterprises/",
    "evidence": "/parks/{park}/dossier/2024/evidence/",
    "process": "/parks/{park}/process/",
    "people": "/parks/{park}/people/",
    "log": "/parks/{park}/log/",
}


@dataclass
class Person:
    """Who opens pages: a signed-in session and a park of their own."""

    cookie: str
    park: str
    result: int


@dataclass
class Times:
    """Seconds of each page, and answers that were not what they should be."""

    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    wrong: list[tuple[str, int]] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, page: str, seconds: float, status: int) -> None:
        """Take in one answer."""
        with self.lock:
            self.seconds[page].append(seconds)
            if status != 200:
                self.wrong.append((page, status))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--parks", type=int, default=200)
    parser.add_argument("--enterprises", type=int, default=100)
    parser.add_argument("--seconds", type=float, default=20.0)
    given = parser.parse_args()
    for kind, people in (("postgresql", 50), ("sqlite", 10)):
        with tempfile.TemporaryDirectory() as folder, build_site(Path(folder) / "home", kind) as site:
            _measure(site, kind, people, given)


def _measure(site: Site, kind: str, people: int, given: argparse.Namespace) -> None:
    size = f"{given.parks} parks, {given.parks * given.enterprises} enterprises"
    print(f"\n== {kind}: {people} people at once, {size}", flush=True)
    few = _fill(site, parks=2, enterprises=5, people=2)
    queries = _count(site, few[0])
    persons = _fill(site, parks=given.parks, enterprises=given.enterprises, people=people)
    more = _count(site, persons[-1])
    site.start("--workers", "2")
    times, begun = Times(), time.perf_counter()
    threads = [
        threading.Thread(target=_open, args=(site.port, one, times, begun + given.seconds)) for one in persons
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    _tell(times, time.perf_counter() - begun, queries, more)


def _open(port: int, person: Person, times: Times, until: float) -> None:
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    names = list(PAGES)
    turn = hash(person.cookie) % len(names)  # people are at different pages
    while time.perf_counter() < until:
        page = names[turn % len(names)]
        turn += 1
        begun = time.perf_counter()
        address = PAGES[page].format(park=person.park, result=person.result)
        connection.request("GET", address, headers={"Cookie": person.cookie})
        answer = connection.getresponse()
        answer.read()
        times.add(page, time.perf_counter() - begun, answer.status)
    connection.close()


def _tell(times: Times, seconds: float, few: dict[str, int], many: dict[str, int]) -> None:
    answers = sum(map(len, times.seconds.values()))
    peer = _percentile(times.seconds["health"], 0.5)
    print(f"{answers / seconds:.0f} requests/s over {seconds:.0f} s; wrong answers: {times.wrong[:5]}")
    print(f"{'page':12}{'n':>7}{'median ms':>11}{'p95 ms':>9}{'x health':>10}{'queries':>16}")
    for page, found in times.seconds.items():
        median = _percentile(found, 0.5)
        print(
            f"{page:12}{len(found):>7}{median * 1000:>11.0f}{_percentile(found, 0.95) * 1000:>9.0f}"
            f"{median / peer:>10.1f}{few[page]:>8}{many[page]:>8}"
        )
    grown = {page for page in PAGES if few[page] != many[page]}
    assert not grown, f"queries grow with the site: {grown}"
    assert max(many.values()) <= MOST_QUERIES, many


def _percentile(values: list[float], share: float) -> float:
    ranked = sorted(values)
    return ranked[min(len(ranked) - 1, int(share * len(ranked)))] if ranked else float("nan")


def _fill(site: Site, *, parks: int, enterprises: int, people: int) -> list[Person]:
    done = _inside(site, "fill", str(parks), str(enterprises), str(people))
    return [Person(**one) for one in json.loads(done)]


def _count(site: Site, person: Person) -> dict[str, int]:
    found: dict[str, int] = json.loads(_inside(site, "count", person.cookie, person.park, str(person.result)))
    return found


def _inside(site: Site, *arguments: str) -> str:
    """A step in a process that has the site's own settings; what it prints last."""
    command = [sys.executable, "-m", "benchmarks.site_inside", *arguments]
    variables = {**site.environment(), "DJANGO_SETTINGS_MODULE": "lingtan_web.settings"}
    done = subprocess.run(command, env=variables, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr[-2000:])
    return done.stdout.strip().splitlines()[-1]


if __name__ == "__main__":
    main()
