"""Hours of other areas of China from the shipped table of rows."""

from __future__ import annotations

import csv
import re
from datetime import date
from itertools import groupby
from typing import Any, Literal

import lingtan_data
from lingtan.documents import Record, load_record
from lingtan.metering.tariffs.records import ALL_MONTHS, Tariff
from lingtan.trace import Basis

_YEAR = re.compile(r"[\[〔](\d{4})[\]〕]")
_WHOLE_DAY = "00:00-24:00"
_TAKES_FROM = {"sharp": ["peak"], "deep": ["valley"]}
_EARLIEST = date(2021, 1, 1)  # for a row without document: the year of the oldest document of the table


class RowFacts(Record):
    """What holds for every row of the table."""

    zone: str
    calendar: Literal["cn"]
    basis: Basis
    source: str
    review_by: date


def load_rows() -> tuple[Tariff, ...]:
    """One undated tariff per area and document, as `cn_hours.csv` has them; not checked.

    A flat row of the whole day is what no other row has; sharp hours are of the peak, deep ones of
    the valley, and hours of named holidays go before all others. Rows that a calendar cannot decide
    are conditions: those that name months hold in them, others are left out.
    """
    facts = load_record(RowFacts, "tariffs", "cn_hours.yaml")
    with lingtan_data.path("tariffs", "cn_hours.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return tuple(_tariff(list(group), facts) for _, group in groupby(rows, key=lambda row: row["tariff"]))


def _tariff(rows: list[dict[str, str]], facts: RowFacts) -> Tariff:
    first = rows[0]
    document = first["document"] or "not found"
    year = _YEAR.search(document)
    version = {
        "id": first["tariff"],
        "valid_from": date(int(year[1]), 1, 1) if year else _EARLIEST,
        "dated": False,
        "basis": facts.basis,
        "source": facts.source,
        "hours": [{
            "document": document,
            "basis": facts.basis,
            "source": facts.source,
            "rules": [_rule(row) for row in rows if not _is_undecided(row)],
        }],
        "conditions": [_condition(row) for row in rows if row["condition"]],
    }  # fmt: skip
    return Tariff.model_validate({
        "id": first["tariff"],
        "zh": f"{first['area']} {document if year else '文号不详'}",
        "en": f"{first['tariff'].removeprefix('cn-')}, hours only",
        "area": first["area"],
        "zone": facts.zone,
        "calendar": facts.calendar,
        "applies_to": {"zh": "执行分时电价的工商业用户", "en": "Industry and commerce by time of use"},
        "review_by": facts.review_by,
        "versions": [version],
    })  # fmt: skip


def _condition(row: dict[str, str]) -> str:
    return f"{row['period']} {row['hours']}: {row['condition']}"


def _is_undecided(row: dict[str, str]) -> bool:
    return bool(row["condition"]) and not row["months"]


def _rule(row: dict[str, str]) -> dict[str, Any]:
    period, days = row["period"], row["days"].split()
    over = ["sharp", "peak", "flat", "valley"] if days else _TAKES_FROM.get(period, [])
    return {
        "period": period,
        "hours": row["hours"].split(),
        "months": [int(month) for month in row["months"].split()] or ALL_MONTHS,
        "days": days,
        "over": over,
        "rest": period == "flat" and row["hours"] == _WHOLE_DAY,
    }
