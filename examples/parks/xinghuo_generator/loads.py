"""Hourly shapes, in whole numbers only.

A shape is: hour of the day × kind of day × month × a day's and an hour's chance, all in per
mille. Chance is the raw output of NumPy's SFC64 (whose bits do not change between versions);
there is no floating point anywhere, so every machine makes the same readings.
"""

from __future__ import annotations

import zlib

import numpy as np

from xinghuo_generator.calendar_2024 import HOURS, day_kinds, months_of_hours

SEED = 20240101

# per mille of the peak, hours 0..23
_FLAT = (1000,) * 24
_OFFICE = (230, 220, 220, 220, 220, 230, 270, 420, 760, 940, 1000, 980,
           900, 960, 1000, 990, 960, 850, 620, 480, 400, 330, 280, 250)  # fmt: skip
_ASSEMBLY = (420, 410, 400, 400, 400, 420, 500, 690, 900, 980, 1000, 990,
             930, 980, 1000, 990, 970, 900, 800, 740, 700, 620, 520, 450)  # fmt: skip
_MACHINING = (260, 230, 220, 220, 220, 260, 560, 830, 960, 1000, 1000, 960,
              850, 970, 1000, 990, 960, 900, 880, 870, 850, 760, 520, 330)  # fmt: skip
_CLEANROOM = (900, 895, 890, 890, 890, 895, 910, 935, 965, 985, 995, 1000,
              990, 995, 1000, 1000, 990, 975, 960, 945, 935, 925, 915, 905)  # fmt: skip
_WAREHOUSE = (620, 600, 590, 590, 620, 700, 800, 860, 900, 940, 960, 980,
              960, 980, 1000, 990, 970, 960, 930, 890, 840, 780, 700, 650)  # fmt: skip
_PUBLIC = (780, 780, 770, 760, 740, 620, 420, 480, 720, 800, 820, 820,
           800, 810, 820, 810, 800, 820, 930, 1000, 980, 930, 860, 800)  # fmt: skip
_COOLING = (560, 540, 520, 510, 510, 520, 580, 680, 800, 880, 940, 980,
            990, 1000, 1000, 990, 960, 900, 830, 770, 720, 670, 620, 590)  # fmt: skip

# per mille: working day, weekend, holiday, Spring Festival
_DAYS = {
    "office": (1000, 380, 330, 300), "assembly": (1000, 620, 480, 360), "machining": (1000, 420, 300, 240),
    "cleanroom": (1000, 965, 940, 870), "continuous": (1000, 985, 960, 820), "flat": (1000, 1000, 1000, 995),
    "warehouse": (1000, 870, 800, 620), "public": (1000, 900, 880, 860), "cooling": (1000, 900, 850, 700),
    "heating": (1000, 870, 780, 600),
}  # fmt: skip

# per mille by month: comfort cooling and heating in Shanghai, clean rooms with little season
_MONTHS = {
    "office": (960, 940, 820, 760, 800, 920, 1000, 1000, 900, 780, 800, 930),
    "assembly": (930, 930, 900, 890, 910, 960, 1000, 1000, 960, 910, 900, 930),
    "machining": (960, 950, 940, 930, 940, 970, 1000, 1000, 970, 940, 940, 960),
    "cleanroom": (930, 930, 935, 945, 960, 980, 1000, 1000, 980, 955, 940, 930),
    "continuous": (990, 990, 985, 985, 985, 990, 1000, 1000, 990, 985, 985, 990),
    "flat": (960, 960, 965, 975, 985, 995, 1000, 1000, 990, 980, 970, 960),
    "warehouse": (820, 820, 830, 870, 910, 960, 1000, 1000, 960, 900, 850, 820),
    "public": (1000, 970, 930, 900, 880, 870, 880, 890, 900, 940, 980, 1000),
    "cooling": (260, 260, 300, 420, 620, 830, 1000, 1000, 800, 520, 340, 270),
    "heating": (1000, 980, 850, 700, 580, 500, 470, 460, 510, 620, 780, 950),
}
_HOURS = {
    "office": _OFFICE, "assembly": _ASSEMBLY, "machining": _MACHINING, "cleanroom": _CLEANROOM,
    "continuous": _FLAT, "flat": _FLAT, "warehouse": _WAREHOUSE, "public": _PUBLIC, "cooling": _COOLING,
    "heating": _CLEANROOM,
}  # fmt: skip

# Photovoltaics: full-load hours by month. The year's 957 h are those of a 5.9 MW plant in
# Shanghai Lingang (published mean yield 956.6 kWh/kWp); their split over the months is invented.
PV_FULL_LOAD_HOURS = (61, 66, 86, 94, 99, 80, 100, 96, 82, 76, 59, 58)
_PV_WINTER = (0, 0, 0, 0, 0, 0, 0, 60, 260, 500, 720, 900,
              1000, 960, 820, 600, 330, 80, 0, 0, 0, 0, 0, 0)  # fmt: skip
_PV_SUMMER = (0, 0, 0, 0, 0, 40, 150, 330, 530, 720, 870, 970,
              1000, 980, 900, 770, 600, 410, 210, 60, 0, 0, 0, 0)  # fmt: skip


def chance(name: str, count: int, spread: int) -> np.ndarray:
    """`count` whole numbers around 1000, evenly between 1000 - spread and 1000 + spread."""
    raw = np.random.SFC64([SEED, zlib.crc32(name.encode())]).random_raw(count)
    return 1000 - spread + ((raw >> np.uint64(40)) % np.uint64(2 * spread + 1)).astype(np.int64)


def load(name: str, shape: str, total: int, *, unit: int = 1) -> np.ndarray:
    """Hourly values of 2024 that sum to `total`, each a multiple of `unit` (total as well)."""
    hours = np.tile(np.array(_HOURS[shape], dtype=np.int64), 366)
    kinds = np.repeat(np.array(_DAYS[shape], dtype=np.int64)[day_kinds()], 24)
    months = np.array(_MONTHS[shape], dtype=np.int64)[months_of_hours() - 1]
    daily = np.repeat(chance(f"{name}/day", 366, 30), 24)
    hourly = chance(f"{name}/hour", HOURS, 15)
    weight = hours * kinds // 1000 * months // 1000 * daily // 1000 * hourly // 1000
    return spread(weight, total, unit=unit)


def generation(name: str, peak_kw: int) -> np.ndarray:
    """Hourly PV generation in kWh: the year's full-load hours, cloudy and clear days by chance."""
    values = np.zeros(HOURS, dtype=np.int64)
    months = months_of_hours()
    clouds = np.repeat(_clouds(), 24) * chance(f"{name}/pv", HOURS, 40) // 1000
    for month, full_load in enumerate(PV_FULL_LOAD_HOURS, start=1):
        at = months == month
        curve = _PV_SUMMER if 4 <= month <= 9 else _PV_WINTER
        sun = np.tile(np.array(curve, dtype=np.int64), int(at.sum()) // 24)
        values[at] = spread(sun * clouds[at], peak_kw * full_load)
    return values


def _clouds() -> np.ndarray:
    """One sky for the whole park: a third of the days clear, a third mixed, a third dull."""
    day = (chance("sky", 366, 400) - 600) * 1000 // 800
    return np.where(day < 330, 240 + day // 3, np.where(day < 660, 520 + day // 3, 900 + day // 10))


def spread(weight: np.ndarray, total: int, *, unit: int = 1) -> np.ndarray:
    """`total` over the hours in proportion to `weight`, in multiples of `unit`, summing exactly."""
    steps = total // unit
    reached = weight.cumsum() * steps // weight.sum()
    return np.diff(reached, prepend=0) * unit
