"""A million draws of a 500-line inventory: `python -m benchmarks.uncertainty --draws 1000000`.

Generated: 400 enterprises with bought electricity and 100 rows of burnt fuel of ten kinds, one year, default
factors and shipped uncertainties: 532 uncertain inputs. Measured in one run, in turn, each in a process of
its own: `compute_uncertainty` with four totals, their contributions, data quality and percentiles; beside it
the same arithmetic written out in NumPy in the block that suits it best, once keeping its totals for
`np.percentile`, once with means and deviations alone. Mean and deviation of each total must agree within
five standard errors, or the run fails. Seconds (by the clock, and of the processor, on which the ratio
rests) include neither imports nor the inventory; memory is what was added to both.
"""

from __future__ import annotations

import argparse
import math
import multiprocessing
import resource
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np

import lingtan as lt
from lingtan.dossier.records import Dossier, Location, Park, Profile, Reporting, Row
from lingtan.dossier.registers import registers
from lingtan.errors import Place
from lingtan.inventory.uncertainty import Uncertainty, compute_uncertainty
from lingtan.periods import read_period

POWER, FUEL = 400, 100
FUELS = ("anthracite", "bituminous", "lignite", "coke", "crude_oil",
         "fuel_oil", "gasoline", "diesel", "kerosene", "lpg")  # fmt: skip
EMPTY = ("process_activity", "fugitive_gases", "waste_treatment", "green_electricity", "certificates")
BLOCKS = (512, 1024, 2048, 4096, 8192)
NAMES = ("scope1_tco2e", "scope2_location_tco2e", "scope2_market_tco2e", "gross_tco2e")
SEED = 20240101


@dataclass
class Run:
    """Seconds by the clock and of the processor, memory added in MB; mean, deviation, ends of each total."""

    seconds: float
    cpu: float
    added: float
    totals: list[tuple[float, ...]]


def main() -> None:
    """Measure in turn, print one line per way."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--draws", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    best = min(BLOCKS, key=lambda block: apart(bare, 100_000, block, True).cpu)
    ways: dict[str, tuple[Callable[..., Run], tuple[Any, ...]]] = {
        "lingtan": (lingtan, ()),
        "NumPy": (bare, (best, True)),
        "NumPy, no percentiles": (bare, (best, False)),
    }
    runs: dict[str, list[Run]] = {name: [] for name in ways}
    for _ in range(options.rounds):
        for name, (way, more) in ways.items():
            runs[name].append(apart(way, options.draws, *more))
    print_runs(runs, options.draws, best)


def print_runs(runs: Mapping[str, list[Run]], draws: int, block: int) -> None:
    """Medians of the rounds, and the ratio to NumPy round by round."""
    print(f"{draws:,} draws, {POWER + FUEL} lines, NumPy in blocks of {block}")
    heads = ("seconds", "CPU s", "added MB", "gross t", "sd t", "2.5 %", "97.5 %")
    print(f"{'way':>22} " + " ".join(f"{head:>11}" for head in heads))
    mine = runs["lingtan"]
    for name, found in runs.items():
        seconds = statistics.median(run.seconds for run in found)
        cpu = statistics.median(run.cpu for run in found)
        added = max(run.added for run in found)
        numbers = (seconds, cpu, added, *found[0].totals[-1])
        print(f"{name:>22} " + " ".join(f"{number:>11.2f}" for number in numbers))
        check(mine[0], found[0], draws)
    for name in list(runs)[1:]:
        ratios = [one.cpu / other.cpu for one, other in zip(mine, runs[name], strict=True)]
        print(
            f"lingtan / {name}: {min(ratios):.2f} … {max(ratios):.2f}, median {statistics.median(ratios):.2f}"
        )


def check(one: Run, other: Run, draws: int) -> None:
    """Fail where two ways do not agree within five standard errors of their difference."""
    for mine, its in zip(one.totals, other.totals, strict=True):
        error = 5 * its[1] * math.sqrt(2 / draws)
        limits = (
            error,
            error,
            3 * error,
            3 * error,
        )  # the density at the ends is a good third of the middle's
        assert all(abs(a - b) < limit for a, b, limit in zip(mine, its, limits, strict=False))


def apart(work: Callable[..., Run], *arguments: Any) -> Run:
    """The result of `work` in a new process, so that its memory is its own."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(work, arguments)


def memory() -> float:
    """The most this process has used, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3


def lingtan(draws: int) -> Run:
    """The whole analysis."""
    dossier = build_park()
    inventory = lt.compute_inventory(dossier)
    before = memory()
    begin, cpu = time.perf_counter(), time.process_time()
    found = compute_uncertainty(inventory, dossier, draws=draws, seed=SEED)
    seconds, cpu = time.perf_counter() - begin, time.process_time() - cpu
    drawn = [found.totals[name].simulated for name in NAMES]
    totals = [(one.mean, one.deviation, one.p2_5, one.p97_5) for one in drawn if one]
    return Run(seconds, cpu, memory() - before, totals)


def build_park() -> Dossier:
    """Rows as they are read from a register."""
    rows: dict[str, tuple[Row, ...]] = dict.fromkeys(registers(), ())
    power = [energy_row(f"P{n:03d}", "electricity", "purchased", "MWh", 100 + 7 * n) for n in range(POWER)]
    fuel = [energy_row(f"F{n // 10:03d}", FUELS[n % 10], "combustion", "t", 5 + n) for n in range(FUEL)]
    rows["energy_activity"] = (*power, *fuel)
    where = {"location": Location(province="上海"), "reporting": Reporting(year=2024), "profile": Profile()}
    park = Park(id="p", name_zh="测试园区", confirmed_empty=EMPTY, **where)
    return Dossier("p", park, rows)


def energy_row(enterprise: str, carrier: str, use: str, unit: str, quantity: int) -> Row:
    """One row of the year."""
    cells = {"enterprise": enterprise, "carrier": carrier, "use": use, "unit": unit, "source": "bill"}
    values = {**dict.fromkeys(registers()["energy_activity"].columns), **cells}
    values |= {"period": read_period("2024"), "quantity": Decimal(quantity)}
    key = f"2024/{enterprise}/{carrier}/{use}"
    return Row("energy_activity", key, values, Place("", "energy_activity", 2))


class Peer:
    """Means and deviations of the inputs in the order in which NumPy takes them."""

    def __init__(self, found: Uncertainty) -> None:
        by_name = {one.name: one for one in found.inputs}
        power = [name for name in by_name if name.endswith("/purchased].quantity")]
        fuel = [
            f"energy_activity[2024/F{n // 10:03d}/{FUELS[n % 10]}/combustion].quantity" for n in range(FUEL)
        ]
        chain = [f"cn.gbt32151_34_2024.{fuel}.{part}" for part in ("ncv", "cc", "ox") for fuel in FUELS]
        grid = [name for name in by_name if name.startswith("grid.") and "prov" in name]
        residual = [name for name in by_name if name.startswith("grid.") and name not in grid]
        ordered = [by_name[name] for name in (*power, *fuel, *chain, *grid, *residual)]
        assert len(ordered) == len(by_name) == POWER + FUEL + 3 * len(FUELS) + 2
        means = np.array([float(one.value or 0) for one in ordered])[:, None]
        variances = np.log1p(np.array([one.deviation or 0 for one in ordered]) ** 2)[:, None]
        self.scale, self.shift = np.sqrt(variances), np.log(means) - variances / 2
        self.kind = np.arange(FUEL) % len(FUELS)

    def draw(self, random: np.random.Generator, out: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        """A block of the four totals."""
        random.standard_normal(out=out)
        out *= self.scale
        out += self.shift
        np.exp(out, out=out)
        power, fuel, factors = out[:POWER], out[POWER : POWER + FUEL], out[POWER + FUEL : -2]
        chains = factors[:10] * factors[10:20] * factors[20:] * (44 / 12)
        scope1 = (fuel * chains[self.kind]).sum(axis=0)
        location = (power * out[-2]).sum(axis=0)
        market = power.sum(axis=0) * out[-1]
        return np.stack([scope1, location, market, scope1 + location])


def bare(draws: int, block: int, keep: bool) -> Run:
    """The same in NumPy."""
    dossier = build_park()
    peer = Peer(compute_uncertainty(lt.compute_inventory(dossier), dossier))
    before = memory()
    begin, cpu = time.perf_counter(), time.process_time()
    random = np.random.Generator(np.random.PCG64(SEED + 1))
    kept = np.empty((len(NAMES), draws if keep else 0))
    inputs = np.empty((len(peer.scale), block))
    sums, squares, shift = np.zeros(len(NAMES)), np.zeros(len(NAMES)), None
    for first in range(0, draws, block):
        found = peer.draw(random, inputs)[:, : draws - first]
        shift = found[:, :1].copy() if shift is None else shift
        apart = found - shift
        sums += apart.sum(axis=1)
        squares += (apart * apart).sum(axis=1)
        if keep:
            kept[:, first : first + block] = found
    means = sums / draws
    deviations = np.sqrt((squares - draws * means**2) / (draws - 1))
    ends = np.percentile(kept, (2.5, 97.5), axis=1) if keep else np.empty((0, len(NAMES)))
    assert shift is not None
    seconds, cpu = time.perf_counter() - begin, time.process_time() - cpu
    totals = [tuple(map(float, column)) for column in np.vstack([means + shift[:, 0], deviations, ends]).T]
    return Run(seconds, cpu, memory() - before, totals)


if __name__ == "__main__":
    main()
