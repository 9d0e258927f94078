"""What every instrument must pass, whatever its kind: year, quantity, evidence, not twice."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Literal

from lingtan.dossier.records import Dossier, Row
from lingtan.errors import Fault, fault
from lingtan.instruments.rules import CancellationRules
from lingtan.trace import Gap, Node

ZERO = Decimal(0)
Step = Literal["own", "green", "credits"]


@dataclass(frozen=True, slots=True)
class Claim:
    """An instrument as handed in: `offered` in `unit`, and why it does not count (`refused`).

    `deducts` is no for an own reduction that the inventory shows already.
    """

    step: Step
    row: Row
    id: str
    offered: Decimal
    unit: str
    column: str
    refused: str = ""
    deducts: bool = True

    @property
    def node(self) -> Node:
        """The cell with the quantity."""
        origin = self.row.origin(self.column)
        return Node(origin.reference, self.offered, self.unit, origin=origin)


@dataclass(slots=True)
class Screening:
    """The claims of a year while they are judged, with faults and missing data."""

    dossier: Dossier
    rules: CancellationRules
    faults: list[Fault] = field(default_factory=list)
    missing: list[Gap] = field(default_factory=list)
    _evidence: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        self._evidence = self.dossier.listed_evidence()

    @property
    def year(self) -> int:
        """The reporting year."""
        return self.dossier.park.reporting.year

    def rows(self, register: str) -> list[Row]:
        """The rows of `register` in an order that rests on their content alone."""
        return sorted(self.dossier.rows.get(register, ()), key=content)

    def report(self, claim: Claim, code: str, column: str = "", **context: object) -> None:
        """Say `code` (of the family `ledger`) at the cell of `claim`."""
        place = claim.row.at(column or claim.column)
        words = {"id": claim.id, "offered": plain(claim.offered), "unit": claim.unit, "year": self.year}
        self.faults.append(fault(f"ledger.{code}", place, **{**words, **context}))

    def refuse(self, claim: Claim, code: str, column: str = "", **context: object) -> Claim:
        """`claim` refused for the reason `code`, which is reported."""
        self.report(claim, code, column, **context)
        return replace(claim, refused=f"ledger.{code}")

    def lack(self, row: Row, column: str) -> Gap:
        """The cell as a missing datum, asked of the row's enterprise or owner, else of the park."""
        asked_of = row.text("enterprise") or row.text("owner") or "park"
        gap = Gap(f"{row.register}[{row.key}].{column}", asked_of, row.at(column))
        self.missing.append(gap)
        return gap

    def has_evidence(self, claim: Claim) -> bool:
        """Whether the row names evidence, and all of it stands in the list of evidence."""
        return claim.row.is_proven_by(self._evidence)

    def claims(self, step: Step, register: str, columns: tuple[str, str, str]) -> list[Claim]:
        """A claim per row of `register`; `columns` name id, quantity and the unit of the quantity."""
        id_column, column, unit = columns
        return [
            Claim(step, row, row.text(id_column), row.number(column) or ZERO, unit, column)
            for row in self.rows(register)
        ]

    def prove(self, claim: Claim) -> Claim:
        """`claim`, refused if its quantity is blank or its evidence is lacking."""
        if claim.row.number(claim.column) is None:
            return self.ask(claim, claim.column)
        if self.has_evidence(claim):
            return claim
        self.lack(claim.row, "evidence")
        named = claim.row.text("evidence") or "-"
        return self.refuse(claim, "no-evidence", "evidence", named=named)

    def judge_cancelled(self, claim: Claim) -> Claim:
        """`claim`, refused unless it was cancelled for the reporting year."""
        year = claim.row.number("cancelled_year")
        if year is None:
            return self.refuse(claim, "not-cancelled", "cancelled_year")
        if year != self.year:
            return self.refuse(claim, "other-year", "cancelled_year", given=claim.row.text("cancelled_year"))
        return claim

    def ask(self, claim: Claim, column: str) -> Claim:
        """`claim` refused because its cell in `column` is blank, which is asked for."""
        self.lack(claim.row, column)
        return self.refuse(claim, "cell-blank", column, cell=column)


def content(row: Row) -> tuple[str, list[tuple[str, str]]]:
    """A sort key of a row that rests on its content alone, key first."""
    return row.key, sorted((name, str(value)) for name, value in row.values.items())


def judge_each(
    screening: Screening, claims: Iterable[Claim], judge: Callable[[Screening, Claim], Claim]
) -> list[Claim]:
    """Every claim judged; an id that comes a second time is refused."""
    seen: set[str] = set()
    found = []
    for claim in claims:
        found.append(screening.refuse(claim, "id-twice") if claim.id in seen else judge(screening, claim))
        seen.add(claim.id)
    return found


def plain(value: Decimal) -> str:
    """A number for the words of a fault: at most six decimals, no trailing zeros."""
    text = f"{value:.6f}"
    return text.rstrip("0").rstrip(".")
