"""The uncertainty of the emission totals of an inventory."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from lingtan.dossier.records import Dossier
from lingtan.errors import Fault, LingtanError, fault
from lingtan.factors import Registry, load_registry
from lingtan.inventory.records import Inventory, Line
from lingtan.inventory.uncertainty.algebra import NoSlopeError, Reading
from lingtan.inventory.uncertainty.defaults import Defaults, Spread, load_defaults
from lingtan.inventory.uncertainty.grading import grade_lines, score_line
from lingtan.inventory.uncertainty.inputs import Inputs
from lingtan.inventory.uncertainty.propagate import SlopedLine, propagate
from lingtan.inventory.uncertainty.records import TotalUncertainty, Uncertainty
from lingtan.inventory.uncertainty.slopes import Sloped, Slopes
from lingtan.trace import Node

TOTALS = (
    "scope1_tco2e",
    "scope2_location_tco2e",
    "scope2_market_tco2e",
    "gross_tco2e",
    "emissions_tco2",
    "emissions_tco2e",
)
LEAST_DRAWS = 1000


def compute_uncertainty(  # noqa: PLR0913 keyword-only, each a choice of its own
    inventory: Inventory,
    dossier: Dossier,
    *,
    registry: Registry | None = None,
    given: Mapping[str, Spread] | None = None,
    defaults: Defaults | None = None,
    draws: int = 0,
    seed: int = 1,
) -> Uncertainty:
    """Standard deviations, contributions and data quality of the totals of `inventory`, in tCO2e.

    `dossier` says where each activity came from. `given` has uncertainties by name of input (a cell
    like `energy_activity[…].quantity`, a factor id, `meters[…].energy`, `gwp.AR6.…`); what it lacks has
    the default of its kind. `draws` above 0 simulates besides, from `seed`, 0 or above. LingtanError: a
    name in `given` that is no input, numbers that cannot be used, too few draws.
    """
    inputs = Inputs(dossier, registry or load_registry(), defaults or load_defaults(), given or {})
    work = _prepare(inventory, inputs, draws)
    totals = {name: work.total(name) for name in TOTALS if name in inventory.totals}
    if draws:
        totals = _simulated(inventory, work, totals, draws=draws, seed=seed)
    return Uncertainty(
        method=inventory.method,
        year=inventory.year,
        totals=totals,
        inputs=tuple(inputs.found[key] for key in sorted(inputs.found)),
        seed=seed if draws else None,
        faults=_faults(totals.values()),
    )


def _prepare(inventory: Inventory, inputs: Inputs, draws: int) -> _Work:
    """The lines, read; refuses what was asked for and cannot be used, all at once where it can be told."""
    work = _Work(inventory, inputs)
    faults = inputs.refuse_spreads()
    if draws and draws < LEAST_DRAWS:
        faults.append(fault("uncertainty.draws", draws=draws, least=LEAST_DRAWS))
    if not faults:
        work.read_lines()
        faults = inputs.refuse_names()
    if faults:
        raise LingtanError(faults)
    return work


@dataclass(slots=True)
class _Work:
    """Every line of the totals with its slopes; None where it has none."""

    inventory: Inventory
    inputs: Inputs
    sloped: dict[int, Sloped | None] = field(default_factory=dict)
    lines: dict[int, Line] = field(default_factory=dict)

    def read_lines(self) -> None:
        """The slopes of every line that counts in a total."""
        self.lines = {id(line.node): line for line in self.inventory.lines}
        reading = Reading(Slopes(self.inputs))
        for name in TOTALS:
            for node in self.nodes(name):
                if id(node) not in self.sloped:
                    self.sloped[id(node)] = _read(reading, node)

    def nodes(self, name: str) -> list[Node]:
        """The nodes of the lines that a total is the sum of."""
        stack = [self.inventory.totals[name]] if name in self.inventory.totals else []
        found: list[Node] = []
        while stack:
            node = stack.pop()
            if id(node) in self.lines:
                found.append(node)
            else:
                stack.extend(child for _, child in reversed(node.inputs))
        return found

    def known(self, name: str) -> list[tuple[Node, SlopedLine]]:
        """Nodes and lines of a total that have slopes."""
        pairs = ((node, self.sloped[id(node)]) for node in self.nodes(name))
        return [(node, SlopedLine(node.name, sloped)) for node, sloped in pairs if sloped is not None]

    def total(self, name: str) -> TotalUncertainty:
        """One total."""
        node = self.inventory.totals[name]
        value = node.value if isinstance(node.value, Decimal) else None
        unknown = tuple(sorted({n.name for n in self.nodes(name) if self.sloped[id(n)] is None}))
        known = self.known(name)
        bare = TotalUncertainty(name, node.unit, value, None, None, unknown=unknown, gaps=node.gaps)
        if value is None and not known:
            return bare
        found = propagate([line for _, line in known], self.inputs.found)
        return self._graded(
            replace(
                bare,
                deviation=found.deviation,
                independent=found.independent,
                lines=found.lines,
                inputs=found.inputs,
                without=found.without,
            ),
            known,
        )

    def _graded(self, total: TotalUncertainty, known: list[tuple[Node, SlopedLine]]) -> TotalUncertainty:
        """Data quality of the total and of each of its sources."""
        scored = [score_line(line, self.inputs.found, self.inputs.defaults) for _, line in known]
        by_source = defaultdict(list)
        for (node, _), one in zip(known, scored, strict=True):
            by_source[self.lines[id(node)].source].append(one)
        return replace(
            total,
            grade=grade_lines(total.name, scored, self.inputs.defaults),
            sources=tuple(
                grade_lines(name, by_source[name], self.inputs.defaults) for name in sorted(by_source)
            ),
        )


def _read(reading: Reading[Sloped], node: Node) -> Sloped | None:
    try:
        return reading.read(node)
    except NoSlopeError:
        return None


def _simulated(
    inventory: Inventory, work: _Work, totals: Mapping[str, TotalUncertainty], *, draws: int, seed: int
) -> dict[str, TotalUncertainty]:
    """The totals that are known, drawn; a total without unknown lines by its own rule."""
    from lingtan.inventory.uncertainty.simulate import simulate  # NumPy only where something is drawn

    nodes = {
        name: [node for node, _ in work.known(name)] if total.unknown else [inventory.totals[name]]
        for name, total in totals.items()
        if total.deviation is not None
    }
    drawn = simulate(nodes, work.inputs, draws=draws, seed=seed)
    return {name: replace(total, simulated=drawn.get(name)) for name, total in totals.items()}


def _faults(totals: Iterable[TotalUncertainty]) -> tuple[Fault, ...]:
    """What was left out, each name once."""
    listed = list(totals)
    without = sorted({name for total in listed for name in total.without})
    unknown = sorted({name for total in listed for name in total.unknown})
    codes = [("uncertainty.input-without", without), ("uncertainty.line-unknown", unknown)]
    return tuple(fault(code, name=name) for code, names in codes for name in names)
