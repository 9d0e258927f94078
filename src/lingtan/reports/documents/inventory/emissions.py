"""Chapter 6: totals, emissions by source and by enterprise, energy."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lingtan.inventory.records import Member
from lingtan.inventory.sums import SourceSum
from lingtan.reports.charts import (
    build_energy_chart,
    build_enterprise_chart,
    build_scope_chart,
    build_source_chart,
)
from lingtan.reports.documents.bench import Bench
from lingtan.reports.documents.inventory.method import ordered_sources
from lingtan.reports.documents.layout import (
    Cell,
    build_heading,
    build_paragraph,
    build_pictures,
    build_row,
    build_table,
)
from lingtan.reports.records import Amount, Block, Reference, Row, RowLook
from lingtan.reports.rounding import amount, count

EMISSIONS = ("scope1_tco2e", "scope2_location_tco2e", "scope2_market_tco2e", "gross_tco2e")
APART = ("biogenic_tco2", "non_kyoto_tco2e")
ENERGY = (
    "energy_tce_calorific", "energy_tce_equal_value", "nonfossil_tce_equal_value", "electricity_mwh",
    "electricity_tce_calorific", "purchased_electricity_mwh", "own_renewable_mwh", "members_energy_tce",
    "inventoried_energy_tce",
)  # fmt: skip
_PARTS = ("scope1_tco2e", "over_fence_tco2e", "received_tco2e", "passed_on_tco2e", "scope2_location_tco2e")


def build_emissions(bench: Bench) -> Iterator[Block]:
    """What the park emitted: the same number three ways, and what stands apart."""
    words = bench.words
    yield build_heading(words, "inventory.emissions")
    yield build_heading(words, "inventory.totals_head", level=2)
    gross, scope1, scope2 = (
        total(bench, name, unit=True) for name in ("gross_tco2e", "scope1_tco2e", "scope2_location_tco2e")
    )
    yield build_paragraph(words, "inventory.totals_intro", gross=gross, scope1=scope1, scope2=scope2)
    yield build_table(words, "inventory.totals", "4l 1.6r 0.9l 1.6l", _totals(bench))
    if bench.results.inventory.missing:
        yield build_paragraph(words, "inventory.totals_partial", look="callout",
                              table=Reference("inventory-missing"))  # fmt: skip
    inventory, language = bench.results.inventory, words.language
    yield from build_pictures("inventory", build_scope_chart(inventory, language=language))
    yield build_heading(words, "inventory.by_source_head", level=2)
    yield from _by_source(bench)
    yield from build_pictures("inventory", build_source_chart(inventory, language=language))
    yield build_heading(words, "inventory.by_enterprise_head", level=2)
    yield from _by_enterprise(bench)
    names = {member.enterprise: bench.names.enterprise(member.enterprise) for member in inventory.members}
    yield from build_pictures(
        "inventory",
        build_enterprise_chart(inventory, names=names, language=language),
        build_energy_chart(inventory, names=names, language=language),
    )
    yield build_paragraph(
        words, "inventory.lines_intro", many=_lines(bench), annex=Reference("inventory-annex")
    )


def _lines(bench: Bench) -> Amount:
    return count(len(bench.results.inventory.lines), path="inventory/lines")


def total(bench: Bench, name: str, *, unit: bool = False, formula: str = "") -> Amount:
    """A total of the inventory; with its unit behind it where no column names one."""
    node = bench.results.inventory.totals[name]
    shown = node.unit if unit else ""
    return amount(node.value, node.unit, path=f"inventory/totals/{name}", shown_unit=shown, formula=formula)


def _totals(bench: Bench) -> list[Row]:
    rows = []
    for group, names in (("emissions", EMISSIONS), ("apart", APART), ("energy", ENERGY)):
        rows.append(build_row(bench.words.text(f"inventory.totals_{group}"), look="group"))
        rows += [_total_row(bench, name) for name in names if name in bench.results.inventory.totals]
    return rows


def _total_row(bench: Bench, name: str) -> Row:
    node = bench.results.inventory.totals[name]
    state = "unknown" if node.value is None else "partial" if node.gaps else "whole"
    said = bench.words.text(f"inventory.state_{state}")
    look: RowLook = "total" if name == "gross_tco2e" else "body"
    return build_row(bench.labels.total(name), total(bench, name), bench.unit(node.unit), said, look=look)


def _by_source(bench: Bench) -> Iterator[Block]:
    """Emissions of scope 1 and of both views of scope 2; energy handed on inside is in no total."""
    words = bench.words
    counted = [
        (index, one)
        for index, one in ordered_sources(bench)
        if one.scope in ("1", "2") and one.view != "none"
    ]
    if not counted:
        yield build_paragraph(words, "inventory.by_source_none")
        return
    rows = [_source_row(bench, index, one) for index, one in counted]
    rows.append(_sum_row(bench, ("scope1_tco2e", "scope2_location_tco2e", "scope2_market_tco2e")))
    yield build_paragraph(words, "inventory.by_source_intro")
    yield build_table(words, "inventory.by_source", "2.4l 1.2l 0.8r 1.5r 1.6r 1.6r", rows)


def _source_row(bench: Bench, index: int, one: SourceSum) -> Row:
    path = f"inventory/sources/{index}"
    emissions = amount(one.emissions, "tCO2e", path=f"{path}/emissions_tco2e")
    cells: list[Cell] = [
        emissions if one.scope == "1" else None,
        emissions if one.scope == "2" and one.view in ("both", "location") else None,
        emissions if one.scope == "2" and one.view in ("both", "market") else None,
    ]
    view = bench.labels.view(one.view) if one.scope == "2" else "—"
    return build_row(bench.labels.source(one.source), view, count(one.lines, path=f"{path}/lines"), *cells)


def _sum_row(bench: Bench, names: Sequence[str]) -> Row:
    totals = bench.results.inventory.totals
    formulas = ["=SUM({above})" if totals[name].value is not None else "" for name in names]
    sums = [total(bench, name, formula=formula) for name, formula in zip(names, formulas, strict=True)]
    return build_row(bench.words.text("inventory.sum"), None, None, *sums, look="total")


def _by_enterprise(bench: Bench) -> Iterator[Block]:
    words, members = bench.words, bench.results.inventory.members
    yield build_paragraph(words, "inventory.by_enterprise_intro")
    if not members:
        yield build_paragraph(words, "inventory.by_enterprise_none")
        return
    rows = [_member(bench, member) for member in members]
    internal = total(bench, "internal_transfers_tco2e")
    rows.append(build_row(words.text("inventory.internal"), None, None, None, None, internal, None))
    rows.append(_park_row(bench))
    yield build_table(words, "inventory.by_enterprise", "2.8l 1.3r 1.3r 1.3r 1.3r 1.3r 1.3r", rows,
                      note=words.runs("inventory.by_enterprise_note"))  # fmt: skip


def _member(bench: Bench, member: Member) -> Row:
    path = f"inventory/members/{bench.results.inventory.members.index(member)}"
    parts = [amount(getattr(member, name), "tCO2e", path=f"{path}/{name}") for name in _PARTS]
    energy = amount(member.energy_tce, "tce", path=f"{path}/energy_tce")
    return build_row(bench.names.enterprise(member.enterprise), *parts, energy)


def _park_row(bench: Bench) -> Row:
    """The park below its members: scope 2 is what came over the fence."""
    above = "=SUM({above})"
    return build_row(
        bench.words.text("inventory.park"),
        total(bench, "scope1_tco2e", formula=above),
        total(bench, "scope2_location_tco2e", formula=above),
        None,
        None,
        total(bench, "scope2_location_tco2e"),
        total(bench, "members_energy_tce", formula=above),
        look="total",
    )
