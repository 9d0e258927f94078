"""The supplier's own factors of a CHP plant: the emissions of its fuel between electricity and heat."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from lingtan.dossier.records import Row
from lingtan.errors import fault
from lingtan.inventory.activities import cell, cell_gap
from lingtan.inventory.allocation import allocate_cogeneration
from lingtan.inventory.amounts import in_unit, lacking
from lingtan.inventory.completeness import read_series
from lingtan.inventory.deliveries import Form
from lingtan.inventory.lines import Draft, multiply, number, on_grid, total
from lingtan.inventory.records import Line
from lingtan.inventory.setting import Setting
from lingtan.quantities import UnitError
from lingtan.trace import Gap, Node

REGISTER = "cogeneration"
FACTOR_PLACES = 18  # decimals of a factor, so that sums of what it gives stay exact
_UNITS: dict[Form, str] = {"electricity": "MWh", "heat": "GJ"}
_EFFICIENCIES = ("electricity_efficiency", "heat_efficiency", "electricity_reference", "heat_reference")


@dataclass(frozen=True, slots=True)
class Plant:
    """Factors (None: not known), outputs in MWh and GJ, and what is lacking to them."""

    factors: dict[Form, Node | None]
    outputs: dict[Form, Node]
    gaps: tuple[Gap, ...]


@dataclass(slots=True)
class Plants:
    """The plants of the year by enterprise; `draft` has what to say and what is lacking."""

    setting: Setting
    of: dict[str, Plant] = field(default_factory=dict)
    draft: Draft = field(default_factory=Draft)


def find_plants(setting: Setting, burnt: Iterable[Line], lacks: Iterable[Gap]) -> Plants:
    """`burnt`: the lines of combustion; `lacks`: what is lacking to them."""
    found = Plants(setting)
    rows: defaultdict[str, list[Row]] = defaultdict(list)
    for row in read_series(setting.dossier, REGISTER, setting.year, found.draft):
        rows[row.text("enterprise")].append(row)
    lines, gaps = list(burnt), list(lacks)
    for enterprise, own in sorted(rows.items()):
        emissions = [line for line in lines if line.enterprise == enterprise]
        open_ = [gap for gap in gaps if gap.asked_of == enterprise]
        found.of[enterprise] = _plant(found, enterprise, own, emissions, open_)
    return found


def _plant(
    found: Plants, enterprise: str, rows: Sequence[Row], burnt: Sequence[Line], lacks: Sequence[Gap]
) -> Plant:
    """Outputs of the year are added; half a series, or two methods, would give a factor that is wrong."""
    draft, name, first = found.draft, f"{REGISTER}[{enterprise}]", rows[0]
    gaps = [gap for gap in draft.gaps if gap.asked_of == enterprise]  # months lacking, a year and months
    said = {(row.text("method"), *(row.number(f"{one}_percent") for one in _EFFICIENCIES)) for row in rows}
    if len(said) > 1:
        draft.faults.append(fault("inventory.cogeneration-differs", rows[-1].at("method"), name=enterprise))
        gaps.append(cell_gap(rows[-1], "method"))
    if not burnt:
        draft.faults.append(fault("inventory.cogeneration-without-fuel", first.place, name=enterprise))
        gaps += lacks or [Gap(f"energy_activity[{enterprise}/combustion]", enterprise, first.place)]
    outputs: dict[Form, Node] = {form: _output(found, name, form, rows) for form in _UNITS}
    gaps += [gap for node in outputs.values() for gap in node.gaps]
    factors: dict[Form, Node | None] = dict.fromkeys(_UNITS)
    if not gaps:
        emissions = total(f"{name}.emissions", [line.node for line in burnt if line.scope == "1"], "tCO2e")
        shared = allocate_cogeneration(emissions, first.text("method"), _measures(first, outputs))
        draft.faults.extend(shared.faults)
        gaps += [gap for share in shared.shares.values() for gap in share.gaps]
        gaps += [cell_gap(first, "method")] if shared.faults else []
        factors = {form: _factor(name, form, shared.shares[form], outputs[form]) for form in _UNITS}
    draft.gaps.extend(gap for gap in gaps if gap not in draft.gaps)
    return Plant(factors, outputs, tuple(sorted({*gaps, *lacks})))


def _measures(row: Row, outputs: Mapping[Form, Node]) -> dict[str, Node]:
    """Outputs and efficiencies; one that the method needs and nobody gave is a gap of its cell."""
    measures: dict[str, Node] = dict(outputs.items())
    for name in _EFFICIENCIES:
        column = f"{name}_percent"
        known = row.number(column) is not None
        gap = cell_gap(row, column)
        measures[name] = cell(row, column, "percent") if known else lacking(gap.datum, "percent", gap)
    return measures


def _output(found: Plants, name: str, form: Form, rows: Sequence[Row]) -> Node:
    """The output of the year in the unit of its form; not known if a cell is blank or of another kind."""
    nodes, gaps = [], []
    for row in rows:
        column, unit = f"{form}_output", row.text(f"{form}_unit")
        if row.number(column) is None or not unit:
            gaps.append(cell_gap(row, column))
            continue
        try:
            nodes.append(in_unit(cell(row, column, unit), _UNITS[form]))
        except UnitError:
            words = {"what": f"{name}.{column}", "unit": unit, "needed": _UNITS[form]}
            found.draft.faults.append(
                fault("inventory.unit-of-another-kind", row.at(f"{form}_unit"), **words)
            )
            gaps.append(cell_gap(row, f"{form}_unit"))
    if gaps:
        return lacking(f"{name}.{form}_output", _UNITS[form], *gaps)
    return total(f"{name}.{form}_output", nodes, _UNITS[form])


def _factor(name: str, form: Form, share: Node, output: Node) -> Node | None:
    if share.value is None or output.value == Decimal(0):
        return None
    unit = f"tCO2e/{_UNITS[form]}"
    node = multiply(f"{name}.{form}", (("share", share),), unit, per=("output", output))
    return on_grid(node, FACTOR_PLACES)


def over_output(plants: Plants, handed: Iterable[tuple[str, Form, Node]]) -> None:
    """Tell of each plant that hands on more than it made."""
    sent: defaultdict[tuple[str, Form], Decimal] = defaultdict(Decimal)
    for sender, form, quantity in handed:
        sent[sender, form] += number(quantity)
    for (sender, form), amount in sorted(sent.items()):
        made = plants.of[sender].outputs[form]
        if made.value is not None and amount > number(made):
            words = {"name": sender, "handed": f"{amount:f}", "made": f"{made.value:f}", "unit": made.unit}
            plants.draft.faults.append(fault("inventory.cogeneration-over-output", **words))
