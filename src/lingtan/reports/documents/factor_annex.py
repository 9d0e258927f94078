"""因子附表: every factor and convention of the inventory, why it was chosen and what rests on it."""

from __future__ import annotations

from collections.abc import Iterator

from lingtan.factors import load_registry
from lingtan.factors.tables import factor_kinds
from lingtan.inventory.annex import UsedFactor
from lingtan.inventory.lines import number
from lingtan.inventory.methods import load_method
from lingtan.reports.documents.bench import Bench
from lingtan.reports.documents.inventory.annex import show_factor
from lingtan.reports.documents.inventory.factors import build_measured
from lingtan.reports.documents.inventory.method import build_conventions
from lingtan.reports.documents.layout import build_heading, build_paragraph, build_row, build_table
from lingtan.reports.records import Amount, Block, Row
from lingtan.reports.results import Results
from lingtan.reports.rounding import amount, count, full, load_rounding
from lingtan.reports.words import Words

Placed = tuple[int, UsedFactor]
_GWP, _PARAMETER, _OTHER = "gwp", "parameter", "other"


def build_factor_annex(results: Results, words: Words) -> tuple[Block, ...]:
    """Factors by what they measure, then conventions, changes of units, rounding."""
    bench = Bench(results, words)
    chapters = (_about, _factors, _measured, _method, _units, _rounding)
    return tuple(block for chapter in chapters for block in chapter(bench))


def _about(bench: Bench) -> Iterator[Block]:
    many = count(len(bench.results.factors), path="factors")
    yield build_heading(bench.words, "factor-annex.about")
    yield build_paragraph(bench.words, "factor-annex.about_text", many=many)
    yield build_paragraph(bench.words, "factor-annex.about_second_hand", look="callout")


def _factors(bench: Bench) -> Iterator[Block]:
    """Values by kind of factor, then where each is from and why it was chosen."""
    words, groups = bench.words, _grouped(bench)
    yield build_heading(words, "factor-annex.factors")
    if not groups:
        yield build_paragraph(words, "factor-annex.factors_none")
        return
    values, sources = [], []
    for kind, placed in groups.items():
        head = build_row(_kind_name(bench, kind), look="group")
        values += [head, *(_values(bench, *one) for one in placed)]
        sources += [head, *(_source(bench, one) for _, one in placed)]
    yield build_table(words, "factor-annex.values", "3.2l 1.9r 1.1l 0.8l 1.2l 0.8c 0.8r 1.5r", values)
    yield build_table(words, "factor-annex.sources", "2.6l 3.4l 3.4l", sources)


def _grouped(bench: Bench) -> dict[str, list[Placed]]:
    """By kind of the registry, in its order; the weightiest first within each."""
    found: dict[str, list[Placed]] = {}
    for place, one in enumerate(bench.results.factors):
        found.setdefault(_kind_of(one), []).append((place, one))
    order = [*factor_kinds(), _GWP, _OTHER, _PARAMETER]
    return {kind: found[kind] for kind in order if kind in found}


def _kind_of(one: UsedFactor) -> str:
    if one.kind == "parameter":
        return _PARAMETER
    if one.reference.startswith("gwp."):
        return _GWP
    known = {factor.id: factor.kind for factor in load_registry().list_factors()}
    return known.get(one.reference, _OTHER)


def _kind_name(bench: Bench, kind: str) -> str:
    if kind in factor_kinds():
        return bench.pick(factor_kinds()[kind].zh, factor_kinds()[kind].en)
    return bench.text(f"factor-annex.kind_{kind}")


def _values(bench: Bench, place: int, one: UsedFactor) -> Row:
    path = f"factors/{place}"
    return build_row(
        one.reference,
        full(one.value, path=f"{path}/value", unit=bench.unit(one.unit)),
        bench.labels.region(one.region) or "—",
        one.year or "—",
        bench.labels.basis(one.basis),
        bench.text("verdicts.yes") if one.second_hand else "—",
        count(one.lines, path=f"{path}/lines"),
        amount(one.emissions, "tCO2e", path=f"{path}/emissions"),
    )


def _source(bench: Bench, one: UsedFactor) -> Row:
    because = bench.pick(one.because, one.because_en)
    return build_row(one.reference, bench.say_source(one), because or bench.text("factor-annex.by_method"))


def _measured(bench: Bench) -> Iterator[Block]:
    yield build_heading(bench.words, "factor-annex.measured")
    yield from build_measured(bench)


def _method(bench: Bench) -> Iterator[Block]:
    """Conventions of the method, the set of warming potentials among them."""
    method = load_method(bench.results.inventory.method)
    yield build_heading(bench.words, "factor-annex.method")
    yield build_paragraph(bench.words, "factor-annex.method_text", gwp=method.gwp_set.value,
                          basis=bench.labels.basis(method.gwp_set.basis))  # fmt: skip
    yield build_conventions(bench)


def _units(bench: Bench) -> Iterator[Block]:
    """The changes of units that lines make, each once."""
    words = bench.words
    yield build_heading(words, "factor-annex.units")
    yield build_paragraph(words, "factor-annex.units_text")
    rows = [build_row(text, one) for text, one in _conversions(bench).items()]
    if rows:
        yield build_table(words, "factor-annex.conversions", "4l 1.6r", rows)
    else:
        yield build_paragraph(words, "factor-annex.conversions_none")


def _conversions(bench: Bench) -> dict[str, Amount]:
    found: dict[str, Amount] = {}
    for place, line in enumerate(bench.results.inventory.lines):
        for label, node in line.node.inputs:
            if label == "conversion" and node.note not in found:
                path = f"inventory/lines/{place}/trace/inputs/conversion/value"
                found[node.note] = show_factor(number(node), path=path, unit="")
    return found


def _rounding(bench: Bench) -> Iterator[Block]:
    """With how many digits numbers of a unit are printed."""
    words, table = bench.words, load_rounding()
    yield build_heading(words, "factor-annex.rounding")
    yield build_paragraph(words, "factor-annex.rounding_text", basis=bench.labels.basis(table.basis),
                          digits=str(table.otherwise))  # fmt: skip
    rows = [build_row(bench.unit_name(unit), str(digits)) for unit, digits in table.digits.items()]
    yield build_table(words, "factor-annex.digits", "3l 1r", rows)
