"""Chapter 3: the conventions of the method in words, and the sources that were found."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lingtan.inventory.methods import Choice, Flag, Number, Word, Words, load_method
from lingtan.inventory.sums import SourceSum, sum_by_source
from lingtan.reports.documents.bench import Bench
from lingtan.reports.documents.layout import Cell, build_heading, build_paragraph, build_row, build_table
from lingtan.reports.records import Block, Row, Table
from lingtan.reports.rounding import amount, count

CONVENTIONS = (
    "gas_coverage", "gwp_set", "fuel_path", "combustion_other_gases", "electricity_kind", "market_kind",
    "green_instruments", "export", "nonfossil_export_at_zero", "heat_place", "reference_enthalpy",
    "energy_mode", "feedstock_in_energy", "offsets",
)  # fmt: skip
ASKED = (
    "energy_activity", "process_activity", "electronics_gases", "fugitive_gases", "waste_treatment",
    "wastewater", "transfers", "leases", "cogeneration",
)  # fmt: skip

SOURCE_ORDER = (
    "combustion", "mobile_combustion", "conversion", "process", "electronics", "fugitive_gases", "waste",
    "biological_treatment", "wastewater", "electricity", "heat", "internal",
)  # fmt: skip


def ordered_sources(bench: Bench) -> list[tuple[int, SourceSum]]:
    """The sums by source, direct emissions first, each with its place in the result."""
    placed = enumerate(sum_by_source(bench.results.inventory))
    return sorted(placed, key=lambda item: SOURCE_ORDER.index(item[1].source))


def build_method(bench: Bench) -> Iterator[Block]:
    """Conventions with their basis, sources by scope, registers without a row."""
    words, method = bench.words, load_method(bench.results.inventory.method)
    yield build_heading(words, "inventory.method")
    name = words.pick(method.zh, method.en)
    yield build_paragraph(words, "inventory.method_intro", method=name, id=method.id)
    yield build_heading(words, "inventory.conventions_head", level=2)
    yield build_conventions(bench)
    yield build_heading(words, "inventory.sources_head", level=2)
    yield from _sources(bench)
    yield build_paragraph(words, "inventory.supplied_intro")
    yield build_table(words, "inventory.supplied", "2l 1r 3l", [_supplied(bench, name) for name in ASKED])


def build_conventions(bench: Bench) -> Table:
    """Each convention of the method as a sentence, with its basis."""
    method = load_method(bench.results.inventory.method)
    rows = []
    for name in CONVENTIONS:
        choice: Choice = getattr(method, name)
        label = bench.words.text(f"method.{name}")
        rows.append(build_row(label, say_choice(bench, name, choice), bench.labels.basis(choice.basis)))
    return build_table(bench.words, "inventory.conventions", "1.4l 5l 1l", rows)


def say_choice(bench: Bench, name: str, choice: Choice) -> str:
    """A convention of the method as a sentence."""
    match choice:
        case Word() | Flag():
            return bench.words.text(f"method.{name}_{choice.value.lower()}")
        case Words():
            return bench.comma.join(bench.words.text(f"method.{name}_{value}") for value in choice.value)
        case Number():
            return bench.words.text(f"method.{name}_value", value=f"{choice.value:f}", unit=choice.unit)
    raise TypeError(f"{name} is no convention that is told")


def _sources(bench: Bench) -> Iterator[Block]:
    words, labels = bench.words, bench.labels
    rows = []
    for index, one in ordered_sources(bench):
        path = f"inventory/sources/{index}"
        rows.append(
            build_row(
                labels.source(one.source),
                labels.scope(one.scope),
                labels.view(one.view) if one.scope == "2" else "—",
                count(one.lines, path=f"{path}/lines"),
                amount(one.emissions, "tCO2e", path=f"{path}/emissions_tco2e"),
            )
        )
    if rows:
        yield build_paragraph(words, "inventory.sources_intro")
        yield build_table(
            words,
            "inventory.sources",
            "2.4l 1.6l 1.6l 1r 1.5r",
            rows,
            note=words.runs("inventory.sources_note"),
        )
    else:
        yield build_paragraph(words, "inventory.sources_none")


def _supplied(bench: Bench, register: str) -> Row:
    dossier = bench.results.dossier
    rows: Sequence[object] = dossier.rows.get(register, ())
    state = "filled" if rows else "empty" if register in dossier.park.confirmed_empty else "lacking"
    many: Cell = count(len(rows), path=f"registers/{register}") if rows else None
    return build_row(bench.labels.register(register), many, bench.words.text(f"inventory.supplied_{state}"))
