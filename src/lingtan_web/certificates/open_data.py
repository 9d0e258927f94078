"""The register as open data: a line per certificate, safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import chain

from lingtan.certificate.lifecycle.records import Decided, Life, Replaced
from lingtan.texts import visible
from lingtan_web.certificates.models import Certificate
from lingtan_web.certificates.queries import find_lives, stands_on
from lingtan_web.certificates.showing import find_since

LICENCE = ("CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/")
COLUMNS = (
    "number", "park", "park_name_zh", "park_name_en", "edition", "stars", "valid_from", "valid_until",
    "state", "state_since", "replaced_by",
)  # fmt: skip
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
Row = dict[str, str | int | None]


def find_rows(day: date) -> Iterator[Row]:
    """Every certificate ever issued, in the order of issue, as it stands on `day`."""
    for one, life in find_lives(Certificate.objects.select_related("park").order_by("status_index")):
        yield _row(one, life, day)


def _row(one: Certificate, life: Life, day: date) -> Row:
    since = find_since(life, day)
    by = [event.by for event in life.events if isinstance(event, Decided | Replaced) and event.by]
    values = (
        one.number, one.park.slug, visible(one.park.name_zh), visible(one.park.name_en), one.edition,
        one.stars, one.valid_from.isoformat(), one.valid_until.isoformat(), stands_on(life, day),
        since.isoformat() if since else None, by[-1] if by else None,
    )  # fmt: skip
    return dict(zip(COLUMNS, values, strict=True))


def write_csv(columns: Iterable[str], rows: Iterable[Row]) -> Iterator[str]:
    """Lines of a CSV file in UTF-8 with its mark; no cell is read as a formula."""
    yield "\ufeff"
    for cells in chain([tuple(columns)], (tuple(row.values()) for row in rows)):
        line = io.StringIO()
        csv.writer(line).writerow([_harmless(cell) for cell in cells])
        yield line.getvalue()


def _harmless(cell: str | int | None) -> str | int:
    if isinstance(cell, str) and cell.lstrip().startswith(_FORMULA):
        return "'" + cell
    return "" if cell is None else cell


def write_json(rows: Iterable[Row], *, publisher: str, day: date) -> Iterator[str]:
    """The same as JSON, with who publishes it, of which day it is, and its licence."""
    name, address = LICENCE
    head = {"publisher": publisher, "as_of": day.isoformat(), "licence": name, "licence_address": address}
    yield json.dumps(head, ensure_ascii=False)[:-1] + ', "certificates": ['
    for count, row in enumerate(rows):
        yield (",\n" if count else "\n") + json.dumps(row, ensure_ascii=False)
    yield "\n]}\n"
