"""Monte Carlo: the arithmetic of the totals as a list of array operations, run block by block.

An input is lognormal with its value as mean and its standard deviation (docs/decisions/0009-uncertainty.md).
It is drawn where it is first needed and its array used again after the last use: memory does not grow with
the draws.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from lingtan.inventory.uncertainty.algebra import PLAIN, Reading
from lingtan.inventory.uncertainty.inputs import Inputs, Key
from lingtan.inventory.uncertainty.quantiles import Summary
from lingtan.inventory.uncertainty.records import Simulated
from lingtan.trace import Node

BLOCK = 4096  # draws at a time: an array of them stays in the processor's cache
Array = npt.NDArray[np.float64]
_UFUNCS: Mapping[str, np.ufunc] = {
    "+": np.add, "-": np.subtract, "*": np.multiply, "/": np.divide, "min": np.minimum, "max": np.maximum,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Register:
    """An array while the list is being made, by number."""

    number: int


Operand = Register | float


@dataclass(frozen=True, slots=True)
class Step:
    """One operation; `draw` makes exp(scale × z + shift) of standard normal z."""

    out: int
    operator: str
    one: Operand
    other: Operand

    @property
    def reads(self) -> tuple[int, ...]:
        """Numbers of the arrays it takes."""
        return tuple({part.number for part in (self.one, self.other) if isinstance(part, Register)})


@dataclass(slots=True)
class Recorder:
    """The algebra that writes operations down instead of doing them; numbers are folded."""

    inputs: Inputs
    steps: list[Step] = field(default_factory=list)
    _drawn: dict[tuple[Key, float], Operand] = field(default_factory=dict)

    def constant(self, value: float) -> Operand:
        """As it is."""
        return value

    def leaf(self, node: Node, value: float) -> Operand:
        """The draws of its inputs; the first carries the value, further ones are multipliers."""
        product: Operand = value
        for number, key in enumerate(self.inputs.find(node)):
            product = self._draw(key, value) if not number else self.apply("*", product, self._draw(key, 1.0))
        return product

    def _draw(self, key: Key, mean: float) -> Operand:
        """Lognormal of this mean, its sign kept; the mean itself where nothing is uncertain or known."""
        deviation = self.inputs.found[key].deviation
        if not deviation or not mean:
            return mean
        if (key, mean) not in self._drawn:
            variance = math.log1p(deviation**2)
            drawn: Operand = self._step("draw", math.sqrt(variance), math.log(abs(mean)) - variance / 2)
            self._drawn[key, mean] = drawn if mean > 0 else self.apply("*", -1.0, drawn)
        return self._drawn[key, mean]

    def apply(self, operator: str, one: Operand, other: Operand) -> Operand:
        """Write down one operation; two numbers make a number."""
        if isinstance(one, Register) or isinstance(other, Register):
            return self._step(operator, one, other)
        return PLAIN[operator](one, other)

    def total(self, values: Iterator[Operand]) -> Operand:
        """The sum as its parts come, numbers apart."""
        number = 0.0
        total: Operand | None = None
        for value in values:
            if isinstance(value, Register):
                total = value if total is None else self.apply("+", total, value)
            else:
                number += value
        if total is None:
            return number
        return self.apply("+", total, number) if number else total

    def _step(self, operator: str, one: Operand, other: Operand) -> Register:
        self.steps.append(Step(len(self.steps), operator, one, other))
        return Register(len(self.steps) - 1)


def simulate(
    totals: Mapping[str, Sequence[Node]], inputs: Inputs, *, draws: int, seed: int
) -> dict[str, Simulated]:
    """Each total, given as the nodes it is the sum of, over `draws` draws (PCG64 from `seed`)."""
    recorder = Recorder(inputs)
    reading = Reading(recorder)
    ends = {name: recorder.total(map(reading.read, nodes)) for name, nodes in totals.items()}
    moving = {name: end.number for name, end in ends.items() if isinstance(end, Register)}
    summaries = {name: Summary() for name in moving}
    program = Program.build(recorder.steps, tuple(moving.values()), BLOCK)
    generator = np.random.Generator(np.random.PCG64(seed))
    for begin in range(0, draws, BLOCK):
        found = program.run(generator, min(BLOCK, draws - begin))
        for (_, summary), array in zip(summaries.items(), found, strict=True):
            summary.add(array)
    still = {name: float(end) for name, end in ends.items() if not isinstance(end, Register)}
    fixed = {name: Simulated(draws, value, 0.0, value, value, value) for name, value in still.items()}
    return {name: fixed[name] if name in fixed else summaries[name].close() for name in totals}


def _soonest(steps: Sequence[Step]) -> list[Step]:
    """The same steps, each as soon as what it takes is there; draws stay in their order.

    A quantity drawn is then used by every total at once, and few arrays are alive at a time.
    """
    users: defaultdict[int, list[Step]] = defaultdict(list)
    for step in steps:
        for number in step.reads:
            users[number].append(step)
    lacking = {step.out: len(step.reads) for step in steps}
    ordered: list[Step] = []
    for drawn in (step for step in steps if step.operator == "draw"):
        ready = [drawn]
        while ready:
            ordered.append(ready.pop())
            for user in users[ordered[-1].out]:
                lacking[user.out] -= 1
                if not lacking[user.out]:
                    ready.append(user)
    return ordered


@dataclass(slots=True)
class Program:
    """Steps with their arrays; arrays are used again as soon as nobody needs what is in them."""

    steps: tuple[Step, ...]
    places: Mapping[int, int]
    ends: tuple[int, ...]
    buffers: Array

    @classmethod
    def build(cls, steps: Sequence[Step], ends: tuple[int, ...], block: int) -> Program:
        """Give every step an array that is free by then."""
        ordered = _soonest(steps)
        last = {number: step.out for step in ordered for number in step.reads}
        last.update(dict.fromkeys(ends, len(steps)))
        free: list[int] = []
        places: dict[int, int] = {}
        size = 0
        for step in ordered:
            free.extend(places[number] for number in step.reads if last[number] == step.out)
            if not free:
                free.append(size)
                size += 1
            places[step.out] = free.pop()
            if step.out not in last:
                free.append(places[step.out])
        return cls(tuple(ordered), places, ends, np.empty((size, block)))

    def run(self, generator: np.random.Generator, count: int) -> list[Array]:
        """One block of `count` draws: the arrays of the totals, good until the next block."""
        arrays = [row[:count] for row in self.buffers]
        for step in self.steps:
            out = arrays[self.places[step.out]]
            if step.operator == "draw":
                _draw(generator, out, step)
            else:
                one, other = self._operand(arrays, step.one), self._operand(arrays, step.other)
                _UFUNCS[step.operator](one, other, out=out)
        return [arrays[self.places[end]] for end in self.ends]

    def _operand(self, arrays: list[Array], part: Operand) -> Any:
        return arrays[self.places[part.number]] if isinstance(part, Register) else part


def _draw(generator: np.random.Generator, out: Array, step: Step) -> None:
    generator.standard_normal(out=out)
    scale: Any = step.one  # a draw has numbers, no registers
    shift: Any = step.other
    out *= scale
    out += shift
    np.exp(out, out)
