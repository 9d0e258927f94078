"""What a formula is once it is read: a tree of a few kinds of parts, and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

from lingtan.errors import Place
from lingtan.trace import Origin, Value

Lookup = Callable[[str], Value]
Compute = Callable[[Lookup], Value]
Span = tuple[int, int]
Kind = Literal["number", "text", "yes_no", "date", "period", "unknown"]


class ExpressionError(ValueError):
    """A formula that cannot be read, or whose parts do not fit together.

    `position` counts characters of the formula from 0.
    """

    def __init__(self, message_zh: str, message_en: str, position: int = 0) -> None:
        self.message_zh = message_zh
        self.message_en = message_en
        self.position = position
        super().__init__(f"at character {position + 1}: {message_en}")


class RowLike(Protocol):
    """What an aggregate needs of a row (see `dossier.records.Row`)."""

    @property
    def key(self) -> str: ...
    @property
    def values(self) -> Mapping[str, object]: ...
    def at(self, column: str) -> Place: ...
    def origin(self, column: str) -> Origin: ...
    def text(self, column: str) -> str: ...


@dataclass(frozen=True, slots=True)
class Constant:
    """0, 1, a text, yes, no or unknown (None)."""

    value: Value
    span: Span


@dataclass(frozen=True, slots=True)
class Name:
    """A fact, parameter, term, or within an aggregate a column."""

    name: str
    span: Span


@dataclass(frozen=True, slots=True)
class Negation:
    """`not x` or `-x`."""

    operator: str
    operand: Part
    span: Span


@dataclass(frozen=True, slots=True)
class Logic:
    """Several operands joined by `and`, or by `or`."""

    operator: str
    operands: tuple[Part, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """`first`, then from left to right each (operator, operand); operators are + - or * /."""

    first: Part
    rest: tuple[tuple[str, Part], ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Comparison:
    """`left operator right`."""

    operator: str
    left: Part
    right: Part
    span: Span


@dataclass(frozen=True, slots=True)
class Membership:
    """`item in (option, ...)`."""

    item: Part
    options: tuple[Part, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Choice:
    """`if condition then one else other`."""

    condition: Part
    then: Part
    otherwise: Part
    span: Span


@dataclass(frozen=True, slots=True)
class Call:
    """A function of the white list with its arguments."""

    function: str
    arguments: tuple[Part, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Aggregate:
    """sum, count, share or mean over the rows of a register."""

    function: str
    register: str
    value: Part | None
    weight: Part | None
    where: Part | None
    of: Part | None
    span: Span


@dataclass(frozen=True, slots=True)
class Declared:
    """What a name stands for: kind, unit of a number, words of a choice.

    `unit_column`: the unit stands in that column of the row, so only numbers of the same row with the
    same unit column compare.
    """

    kind: Kind
    unit: str = "1"
    choices: tuple[str, ...] = ()
    unit_column: str = ""


Part = Constant | Name | Negation | Logic | Arithmetic | Comparison | Membership | Choice | Call | Aggregate


def children(part: Part) -> tuple[Part, ...]:
    """The parts right below `part`, as written from left to right."""
    match part:
        case Negation(operand=operand):
            return (operand,)
        case Logic(operands=operands):
            return operands
        case Arithmetic(first=first, rest=rest):
            return (first, *(operand for _, operand in rest))
        case Comparison(left=left, right=right):
            return (left, right)
        case Membership(item=item, options=options):
            return (item, *options)
        case Choice(condition=condition, then=then, otherwise=otherwise):
            return (condition, then, otherwise)
        case Call(arguments=arguments):
            return arguments
        case Aggregate(value=value, weight=weight, where=where, of=of):
            return tuple(below for below in (value, weight, where, of) if below is not None)
    return ()


def walk_parts(part: Part) -> Iterator[Part]:
    """`part` and everything below it, as written from left to right."""
    yield part
    for below in children(part):
        yield from walk_parts(below)


def names_in(part: Part) -> tuple[str, ...]:
    """Names of `part` outside aggregates, each once, as written from left to right."""
    found: dict[str, None] = {}
    stack = [part]
    while stack:
        here = stack.pop()
        if isinstance(here, Name):
            found[here.name] = None
        elif not isinstance(here, Aggregate):
            stack.extend(reversed(children(here)))
    return tuple(found)


Rows = Callable[[str], Sequence[RowLike] | None]
Columns = Callable[[str], Mapping[str, Declared]]


def no_columns(register: str) -> Mapping[str, Declared]:
    """Columns when nothing is declared: cells have unit 1 in the trace."""
    return {}


@dataclass(frozen=True, slots=True)
class Clause:
    """A part of an aggregate on its own: its text, the names it uses, and its value for a row."""

    part: Part
    text: str
    names: tuple[str, ...]
    compute: Compute


@dataclass(frozen=True, slots=True)
class Query:
    """An aggregate made ready: its clauses; `product` is value times weight of a mean."""

    aggregate: Aggregate
    text: str
    value: Clause | None
    product: Clause | None
    weight: Clause | None
    where: Clause | None
    of: Clause | None


@dataclass(frozen=True, slots=True)
class Expression:
    """A formula, read.

    `names`: names outside aggregates, and dotted names anywhere: facts, parameters, terms.
    `registers`: register → bare names used in its aggregates: columns, or, where the register
    has no such column, outer names (`outer_names` tells them apart).
    `compute` gives the value from a lookup of names; it refuses aggregates.
    """

    text: str
    tree: Part = field(repr=False, compare=False)
    names: tuple[str, ...] = field(compare=False)
    registers: Mapping[str, tuple[str, ...]] = field(compare=False)
    queries: tuple[Query, ...] = field(repr=False, compare=False)
    compute: Compute = field(repr=False, compare=False)

    def outer_names(self, columns: Callable[[str], Container[str]]) -> tuple[str, ...]:
        """All names that are no columns, given the columns of each register."""
        bare = (n for register, used in self.registers.items() for n in used if n not in columns(register))
        return tuple(dict.fromkeys((*self.names, *bare)))
