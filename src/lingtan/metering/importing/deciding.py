"""What the data say where nobody has: order in the day, kind of reading, begin or end of interval."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import time, timedelta

import polars as pl

from lingtan.metering.importing.clock import DAY_MS
from lingtan.metering.importing.words import load_words

_MINUTE_MS = 60_000


def find_midnight_last(local: pl.Series, meter: pl.Series) -> bool:
    """Whether each day's row 00:00 stands last in its day, under the same date.

    It does if rows 00:00 come one step before the end of the day they name, and none a step after
    the day before.
    """
    frame = pl.DataFrame({"local": local, "meter": meter}).drop_nulls()
    forward = pl.col("local") - pl.col("local").shift(1).over("meter")
    frame = frame.with_columns(forward.alias("forward")).drop_nulls()
    step = frame.filter(pl.col("forward") > pl.duration())["forward"].mode().min()
    midnight = frame.filter(pl.col("local").dt.time() == time(0, 0))["forward"]
    if not isinstance(step, timedelta) or midnight.is_empty():
        return False
    return (midnight == step - timedelta(days=1)).any() and not (midnight == step).any()


def find_steps(sample: pl.DataFrame) -> dict[int, int]:
    """The commonest step of each meter's readings in minutes."""
    steps = (
        sample.unique(["meter", "at"])
        .sort("meter", "at")
        .select(
            "meter", (pl.col("at") - pl.col("at").shift(1).over("meter")).dt.total_minutes().alias("step")
        )
        .filter(pl.col("step") > 0)
        .group_by("meter", "step")
        .len()
        .sort("len", "step", descending=[True, False])
        .group_by("meter", maintain_order=True)
        .first()
    )
    return dict(zip(steps["meter"], steps["step"], strict=True))


def find_registers(sample: pl.DataFrame) -> set[int]:
    """Meters whose readings rise and hardly ever fall, over long stretches: cumulative registers."""
    limits = load_words().limits
    ordered = sample.unique(["meter", "at"]).sort("meter", "at")
    rise = pl.col("value") - pl.col("value").shift(1).over("meter")
    facts = (
        ordered.with_columns(rise.alias("rise"))
        .group_by("meter")
        .agg(
            pl.len().alias("count"),
            (pl.col("rise") < 0).sum().alias("falls"),
            (pl.col("rise") > 0).sum().alias("rises"),
            pl.col("value").min().alias("least"),
            pl.col("rise").filter(pl.col("rise") > 0).median().alias("usual"),
        )
    )
    falls = float(limits.falls_share.value) / 100
    chosen = facts.filter(
        (pl.col("count") >= int(limits.steady_values.value))
        & (pl.col("falls") <= pl.col("count") * falls)
        & (pl.col("rises") * 4 >= pl.col("count"))
        & (pl.col("least") >= 0)
    )
    return set(chosen["meter"].to_list())


def find_stamps(first: Sequence[int], last: Sequence[int], step: int) -> str | None:
    """`begin` or `end` from the times of day (ms) at which series begin and end; None: not to be told."""
    step_ms = step * _MINUTE_MS
    pairs = list(zip(first, last, strict=True))
    if not pairs or step_ms <= 0 or DAY_MS % step_ms:
        return None
    ends = sum(begin == step_ms and end == 0 for begin, end in pairs)
    begins = sum(begin == 0 and end == DAY_MS - step_ms for begin, end in pairs)
    if ends * 2 > len(pairs):
        return "end"
    return "begin" if begins * 2 > len(pairs) else None


def find_folds(twice: pl.DataFrame) -> pl.DataFrame:
    """`row, fold`: of times a clock shows twice, which of the two, where the order of rows tells.

    It tells if a meter's times rise, go back once, and rise again to the same times.
    """
    rows: dict[int, int] = {}
    day = pl.col("local").dt.date().alias("day")
    keyed = twice.with_columns(day).sort("meter", "row", maintain_order=True)
    for group in keyed.partition_by("meter", "day", maintain_order=True):
        local, number = group["local"].to_list(), group["row"].to_list()
        turns = [i for i in range(1, len(local)) if local[i] <= local[i - 1]]
        if len(turns) == 1 and set(local[: turns[0]]) == set(local[turns[0] :]):
            rows |= {row: int(index >= turns[0]) for index, row in enumerate(number)}
    return pl.DataFrame(
        {"row": list(rows), "fold": list(rows.values())}, schema={"row": pl.Int64, "fold": pl.Int8}
    )


def find_mark(cells: Sequence[str]) -> str | None:
    """The decimal mark of values as text; None if thousands and decimals cannot be told apart."""
    text = pl.Series(cells, dtype=pl.String).str.strip_chars()
    both = text.filter(text.str.contains(",", literal=True) & text.str.contains(".", literal=True))
    if len(both):
        last = both.str.contains(r",\d*$")
        return "," if last.all() else "."
    commas = text.filter(text.str.contains(r"^[+-]?\d+(,\d+)+"))
    if commas.is_empty() or text.str.contains(r"\d\.\d").any():
        return "."
    if (commas.str.count_matches(",") > 1).any():
        return "."
    return None if commas.str.contains(r"^[+-]?[1-9]\d{0,2},\d{3}$").all() else ","
