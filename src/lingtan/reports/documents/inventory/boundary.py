"""Chapter 2: the fence, the enterprises within it, what is counted and what is not."""

from __future__ import annotations

from collections.abc import Iterator

from lingtan.dossier.records import Row as RegisterRow
from lingtan.inventory.methods import load_method
from lingtan.reports.documents.bench import Bench
from lingtan.reports.documents.layout import build_heading, build_paragraph, build_row, build_table
from lingtan.reports.records import Amount, Block, Listing, Row
from lingtan.reports.rounding import amount, count


def build_boundary(bench: Bench) -> Iterator[Block]:
    """Physical and organisational boundary, operational boundary, exclusions."""
    words = bench.words
    yield build_heading(words, "inventory.boundary")
    yield build_heading(words, "inventory.fence", level=2)
    yield from _fence(bench)
    yield from _enterprises(bench)
    yield build_heading(words, "inventory.operational", level=2)
    yield build_paragraph(words, "inventory.operational_intro", gwp=bench.results.inventory.gwp)
    yield build_table(words, "inventory.scopes", "1.2l 4l 1l", _scopes(bench))
    yield build_heading(words, "inventory.exclusions", level=2)
    yield build_paragraph(words, "inventory.exclusions_intro")
    yield Listing(tuple(words.runs(f"inventory.exclusion_{name}") for name in _exclusions(bench)))


def _fence(bench: Bench) -> Iterator[Block]:
    words, dossier = bench.words, bench.results.dossier
    drawn = "drawn" if dossier.boundary is not None else "not_drawn"
    yield build_paragraph(words, f"inventory.fence_{drawn}")
    confirmed = {True: "confirmed", False: "disputed", None: "unconfirmed"}[dossier.park.boundary_confirmed]
    yield build_paragraph(words, f"inventory.fence_{confirmed}")
    if dossier.park.profile.area_m2 is None:
        yield build_paragraph(words, "inventory.area_unknown")
    else:
        yield build_paragraph(words, "inventory.area", area=_area(bench))


def _area(bench: Bench) -> Amount:
    area = bench.results.dossier.park.profile.area_m2
    return amount(area, "m2", path="park/profile/area_m2", shown_unit="m2")


def _enterprises(bench: Bench) -> Iterator[Block]:
    words, rows = bench.words, bench.results.enterprises
    if not rows:
        yield build_paragraph(words, "inventory.enterprises_none")
        return
    many = count(len(rows), path="registers/enterprises")
    yield build_paragraph(words, "inventory.enterprises_intro", many=many)
    shown = [_enterprise(bench, id, row) for id, row in rows.items()]
    yield build_table(
        words,
        "inventory.enterprises",
        "1l 4l 1.3l 1.3l 1.5l 1.5l",
        shown,
        note=words.runs("inventory.covered"),
    )


def _enterprise(bench: Bench, id: str, row: RegisterRow) -> Row:
    if bench.names.is_confidential(id):
        return build_row("—", bench.names.enterprise(id), "—", "—", "—", "—")
    cells = ("role", "industry_code", "active_from", "active_to")
    return build_row(
        id, bench.names.enterprise(id), *(bench.labels.choice(row, name) or "—" for name in cells)
    )


def _scopes(bench: Bench) -> list[Row]:
    words = bench.words
    return [
        build_row(*(words.text(f"inventory.scope_{name}_{part}") for part in ("name", "content", "place")))
        for name in ("1", "2", "biogenic", "non_kyoto", "3")
    ]


def _exclusions(bench: Bench) -> list[str]:
    """What the method leaves out; the last two hold for every inventory of a park."""
    method = load_method(bench.results.inventory.method)
    burnt = [] if method.combustion_other_gases.holds else ["other_gases"]
    return [*burnt, "scope_3", "inside", "offsets", "landfill"]
