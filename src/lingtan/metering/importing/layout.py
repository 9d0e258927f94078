"""Which layout a table has, and what each of its columns is used as."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from lingtan.metering.importing.headings import Heading, is_blank_word, is_clock, is_date, is_number
from lingtan.metering.importing.naming import Naming
from lingtan.metering.importing.records import ImportOptions, Layout
from lingtan.metering.importing.words import has_role, load_words, says

DAY_MINUTES = 1440
_LABEL = re.compile(
    r"(\d{1,2})[:：时点](\d{2})?(?:分|[:：]\d{2}(?:\.0+)?)?(?:\s*[-–~至]\s*\d{1,2}[:：]\d{2})?"
)
_ORDINAL = re.compile(r"[PpVvRr第]?0*(\d{1,4})[点个]?")
_COUNTS = (24, 48, 96, 144, 288, 1440)
_FEWEST_LABELS = 12
_OTHER = ("unit", "multiplier", "total")

FindMeter = Callable[[str], str | None]


@dataclass(frozen=True, slots=True)
class Roles:
    """Columns by index. `times` is one column, or date and time of day; `meter` -1: none.

    `values` maps a column to its meter (wide) or to minutes into the day (matrix).
    `stamps_reason`: what the labels or names say of stamps, as (convention, reason).
    """

    layout: Layout
    times: tuple[int, ...]
    meter: int = -1
    values: tuple[int, ...] = ()
    meters: tuple[str, ...] = ()
    minutes: tuple[int, ...] = ()
    unit: int = -1
    multiplier: int = -1
    unknown: tuple[int, ...] = ()
    stamps: tuple[str, str] | None = None


def find_roles(
    heading: Heading,
    sample: Sequence[Sequence[str]],
    naming: Naming,
    options: ImportOptions,
    *,
    has_own_meter: bool = False,
) -> Roles | str:
    """The roles of the columns, or the code of the fault that says what is lacking.

    `sample` are rows of data as text. `has_own_meter`: sheet or file is named like a meter.
    """
    names = heading.names
    columns = [[row[i] if i < len(row) else "" for row in sample] for i in range(len(names))]
    labels = find_labels(names)
    times, says_stamps = _times(names, columns, labels)
    if not times:
        return "metering.no-time-column"
    taken = set(times)
    meter = _first(names, "meter", taken)
    others = {role: _first(names, role, taken | {meter}) for role in _OTHER}
    roles = Roles(
        "long", times, meter, unit=others["unit"], multiplier=others["multiplier"], stamps=says_stamps
    )
    if labels and len(times) == 1:
        stamps, minutes = label_minutes(labels)
        return replace(roles, layout="matrix", values=tuple(labels), minutes=minutes, stamps=stamps)
    rest = [i for i in range(len(names)) if i not in taken | {meter, *others.values()} and names[i]]
    free = [index for index in rest if _is_numeric(columns[index])]
    if meter < 0 and not options.meter:
        named = [i for i in rest if not naming.is_open and naming.find(names[i])]
        wide = _wide(roles, heading, sorted({*free, *named}), naming.find)
        if isinstance(wide, str) or wide.values or not has_own_meter:
            return wide
    value = _value(names, rest, free, options)
    return "metering.missing-column" if value is None else replace(roles, values=(value,))


def _wide(roles: Roles, heading: Heading, free: list[int], find_meter: FindMeter) -> Roles | str:
    """A column per meter; columns of numbers that are no meter's are told."""
    found: dict[int, str] = {}
    for index in free:
        top, name = heading.tops[index], heading.names[index]
        if says(name, "reactive"):
            continue
        meter = find_meter(name) or (find_meter(f"{top} {name}") or find_meter(top) if top else None)
        if meter is not None and meter not in found.values():
            found[index] = meter
    if not free:
        return "import.no-values"
    unknown = tuple(index for index in free if index not in found)
    return replace(roles, layout="wide", values=tuple(found), meters=tuple(found.values()), unknown=unknown)


def _first(names: Sequence[str], role: str, taken: set[int]) -> int:
    return next((i for i, name in enumerate(names) if i not in taken and name and has_role(name, role)), -1)


def _times(
    names: Sequence[str], columns: list[list[str]], labels: dict[int, str]
) -> tuple[tuple[int, ...], tuple[str, str] | None]:
    """Columns of the stamps, and what their name says of what a stamp marks."""
    for role in ("begin", "end"):
        index = _first(names, role, set())
        if index >= 0 and _looks(columns[index], is_date):
            return (index,), (role, "name")
    days = [i for i, cells in enumerate(columns) if i not in labels and _looks(cells, is_date)]
    bare = [
        i for i in days if not any(re.search(r"\d[T\s]+\S*\d[:：时]|\d{8}\d", cell) for cell in columns[i])
    ]
    clock = next(
        (
            i
            for i, cells in enumerate(columns)
            if i not in days and i not in labels and has_role(names[i], "clock") and _looks(cells, is_clock)
        ),
        None,
    )
    if bare and clock is not None and bare[0] == days[0]:
        return (bare[0], clock), None
    for role in ("time", "date"):
        index = _first(names, role, set(labels))
        if index >= 0:
            return (index,), None
    return (tuple(days[:1]), None) if days else ((), None)


def _looks(cells: Sequence[str], test: Callable[[str], bool]) -> bool:
    filled = [cell for cell in cells if cell.strip()]
    return bool(filled) and sum(map(test, filled)) * 2 > len(filled)


def _is_numeric(cells: Sequence[str]) -> bool:
    filled = [cell for cell in cells if not is_blank_word(cell)]
    return not filled or _looks(filled, lambda cell: _may_be_number(cell) and not is_date(cell))


def _may_be_number(cell: str) -> bool:
    """A number, or what Excel leaves where one should be (a formula never calculated, `#REF!`)."""
    return is_number(cell) or cell.startswith(("=", "#"))


def _value(names: Sequence[str], rest: list[int], free: list[int], options: ImportOptions) -> int | None:
    """The column of values: the one named by the option, by a usual name, or the only one left."""
    if options.value is not None:
        return next((i for i, name in enumerate(names) if name == options.value), None)
    usual = [i for i in rest if has_role(names[i], "value")]
    if usual:
        return next((i for i in usual if i in free), usual[0])
    telling = [
        i
        for i in free
        if not says(names[i], "reactive")
        and any(says(names[i], what) for what in ("interval", "cumulative", "power"))
    ]
    if telling:
        return telling[0]
    return free[0] if len(free) == 1 else None


def find_labels(names: Sequence[str]) -> dict[int, str]:
    """Columns whose names are times of a day or their numbers, if there are enough; else none."""
    clocks = {i: name.strip() for i, name in enumerate(names) if _LABEL.fullmatch(name.strip())}
    if len(clocks) >= _FEWEST_LABELS:
        return clocks
    ordinals = {i: name.strip() for i, name in enumerate(names) if _ORDINAL.fullmatch(name.strip())}
    return ordinals if len(ordinals) in _COUNTS else {}


def label_minutes(labels: dict[int, str]) -> tuple[tuple[str, str] | None, tuple[int, ...]]:
    """What the labels say of stamps, and for each its minutes into the day.

    Numbers (`P1` … `P96`, 0 … 23) are the intervals of the day in their order. A label 0:00 after
    the others is the end of the day.
    """
    texts = list(labels.values())
    if not _LABEL.fullmatch(texts[0]):
        numbers = [int(match[1]) for text in texts if (match := _ORDINAL.fullmatch(text))]
        step = DAY_MINUTES // len(numbers)
        return ("begin", "labels"), tuple((number - min(numbers)) * step for number in numbers)
    clocks = [(int(match[1]), int(match[2] or 0)) for text in texts if (match := _LABEL.fullmatch(text))]
    minutes = [hour * 60 + minute for hour, minute in clocks]
    if minutes[-1] == 0 and len(minutes) > 1:
        minutes[-1] = DAY_MINUTES
    if any(re.search("[-–~至]", text) for text in texts):
        return ("begin", "labels"), tuple(minutes)
    if DAY_MINUTES in minutes and 0 not in minutes:
        return ("end", "labels"), tuple(minutes)
    return (("begin", "labels") if 0 in minutes else None), tuple(minutes)


def value_words() -> tuple[str, ...]:
    """The usual names of a column of values, for messages."""
    return load_words().names["value"]
