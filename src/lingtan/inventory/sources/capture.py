"""Capture: what of a gas that arises is released, what may be taken off, and what must be said of it.

Taken off: CO2 from a source that scope 1 counts, stored for good; and other gases recovered, which are
counted where they are burnt. CO2 that was vented, sold or handed on, or stored for a time stays in.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from lingtan.errors import NOWHERE, FactorError, Fault, Place, fault
from lingtan.factors import find_gas
from lingtan.inventory.lines import ONE, ZERO, multiply, number
from lingtan.inventory.members.amounts import check_amount, in_unit, place_of
from lingtan.quantities import UnitError, add_up, exactly, normal_unit
from lingtan.trace import Gap, Node, gaps_of

Fate = Literal["stored", "transferred", "vented", "recovered"]
CO2 = "co2"


@dataclass(frozen=True, slots=True)
class Stream:
    """A gas that arises at a source, before anything is captured; `is_counted`: scope 1 has it."""

    name: str
    gas: str
    arising: Node
    is_counted: bool


@dataclass(frozen=True, slots=True)
class Capture:
    """What is captured from a stream, as a mass or as a share of what arises, and what becomes of it.

    `is_permanent` and `evidence` are asked of what is stored; None is not handed in.
    """

    stream: str
    amount: Node
    fate: Fate
    is_permanent: bool | None = None
    evidence: str = ""
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True)
class Released:
    """By stream: what counts as released, in the unit of what arises, and what was taken off of it.

    A gap on a node says that more might have been taken off, had it been handed in.
    """

    released: Mapping[str, Node]
    taken_off: Mapping[str, Node]
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class Potential:
    """A global warming potential with its horizon in years, which is never taken for granted."""

    gas: str
    years: int
    value: Node


@exactly
def weigh_gas(name: str, mass: Node, potential: Potential) -> Node:
    """`mass` of the gas of `potential` in tCO2e; the horizon is part of the name."""
    inputs = (("mass", mass), ("gwp", potential.value))
    return multiply(f"{name}.gwp{potential.years}[{potential.gas}]", inputs, "tCO2e")


@exactly
def compute_released(streams: Sequence[Stream], captures: Sequence[Capture]) -> Released:
    """What each stream releases, with every fault at once; a refused claim takes nothing off."""
    faults: list[Fault] = []
    taken: dict[str, Node] = {}
    released: dict[str, Node] = {}
    known = {stream.name: stream for stream in streams}
    for name in sorted({one.name for one in streams if one is not known[one.name]}):
        faults.append(fault("inventory.capture-twice", place_of(known[name].arising), stream=name))
    for capture in captures:
        if capture.stream not in known:
            faults.append(_say("inventory.capture-uncounted", capture))
    for stream in known.values():
        claims = _Claims(stream, faults, _gas_of(stream, faults))
        taken[stream.name] = claims.taken_off([one for one in captures if one.stream == stream.name])
        released[stream.name] = _rest(stream, taken[stream.name])
    return Released(released, taken, tuple(faults))


def _gas_of(stream: Stream, faults: list[Fault]) -> str:
    """The gas by its one name; one that nobody knows is told, and taken for CO2."""
    try:
        return find_gas(stream.gas).id
    except FactorError as error:
        faults.extend(Fault(one.code, place_of(stream.arising), one.context) for one in error.faults)
        return CO2


def _rest(stream: Stream, taken: Node) -> Node:
    inputs = (("arising", stream.arising), ("taken_off", taken))
    value = None if stream.arising.value is None else number(stream.arising) - number(taken)
    name, rule = f"{stream.name}.released", "arising - taken_off"
    return Node(name, value, stream.arising.unit, rule, inputs, gaps=gaps_of(stream.arising, taken))


def _say(code: str, capture: Capture, **context: object) -> Fault:
    place = place_of(capture.amount) if capture.place == NOWHERE else capture.place
    return fault(code, place, stream=capture.stream, **context)


@dataclass(slots=True)
class _Claims:
    """The claims on one stream, judged."""

    stream: Stream
    faults: list[Fault]
    gas: str
    gaps: list[Gap] = field(default_factory=list)

    def taken_off(self, captures: Sequence[Capture]) -> Node:
        """The sum of what may be taken off."""
        known = [(one, node) for one in captures if (node := self._amount(one)) is not None]
        parts = [node for one, node in known if self._is_taken_off(one, node)] if self._fits(known) else []
        inputs = tuple((f"n{index}", node) for index, node in enumerate(parts, 1))
        value, unit = add_up(number(part) for part in parts), self.stream.arising.unit
        gaps = tuple(sorted(set(self.gaps)))
        return Node(f"{self.stream.name}.taken_off", value, unit, "sum", inputs, gaps=gaps)

    def _amount(self, capture: Capture) -> Node | None:
        """The mass captured, in the unit of what arises; None if not known or refused."""
        what, given, arising = f"capture[{self.stream.name}]", capture.amount, self.stream.arising
        if given.value is None or arising.value is None:
            self.gaps.extend(given.gaps or (Gap(f"{what}.amount", "park", capture.place),))
            return None
        is_share = normal_unit(given.unit) in ("dimensionless", "percent")
        found = check_amount(given, what, most=_most(given) if is_share else None)
        found = found or check_amount(arising, self.stream.name)
        if found:
            self.faults.append(found)
            return None
        try:
            if is_share:
                return multiply(what, (("arising", arising), ("share", given)), arising.unit)
            return in_unit(given, arising.unit)
        except UnitError:
            words = {"what": what, "unit": given.unit, "needed": arising.unit}
            self.faults.append(fault("inventory.unit-of-another-kind", place_of(given), **words))
            return None

    def _fits(self, known: Sequence[tuple[Capture, Node]]) -> bool:
        """Whether no more is captured than arises; else the fault, and nothing is taken off."""
        captured = sum((number(node) for _, node in known), ZERO)
        if not known or captured <= number(self.stream.arising):
            return True
        words = {"captured": f"{captured:f}", "arising": f"{self.stream.arising.value:f}"}
        unit = self.stream.arising.unit
        self.faults.append(_say("inventory.capture-more-than-arises", known[0][0], **words, unit=unit))
        return False

    def _is_taken_off(self, capture: Capture, node: Node) -> bool:
        """Whether the claim holds; what must be said of it is said either way."""
        code = self._ground(capture)
        if code:
            self.faults.append(_say(code, capture, fate=capture.fate))
            return code == "inventory.capture-permanence"
        self.gaps.append(Gap(f"capture[{capture.stream}].is_permanent", "park", capture.place))
        return False

    def _ground(self, capture: Capture) -> str:
        """Why it is taken off or not, as a code; blank if that was not handed in."""
        if not self.stream.is_counted:
            return "inventory.capture-uncounted"
        if capture.fate == "vented":
            return "inventory.capture-vented"
        if capture.fate == "transferred" or (capture.fate == "recovered" and self.gas == CO2):
            return "inventory.capture-transferred"
        if capture.fate == "stored" and not (capture.is_permanent and capture.evidence):
            return "" if capture.is_permanent is None else "inventory.capture-not-permanent"
        return "inventory.capture-permanence"


def _most(share: Node) -> Decimal:
    return ONE if normal_unit(share.unit) == "dimensionless" else Decimal(100)
