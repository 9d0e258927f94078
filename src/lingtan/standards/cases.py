"""The cases that stand beside each rule, run through the functions that assessments use."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction

from lingtan.errors import Fault, Place, fault
from lingtan.expressions import ExpressionError
from lingtan.quantities import exactly
from lingtan.standards.compiling import CompiledEdition, CompiledFormula, Where, compile_edition
from lingtan.standards.facts import facts
from lingtan.standards.records import Case, Edition, Gate, Indicator
from lingtan.standards.scoring import score_indicator
from lingtan.trace import Value, plain


class _LackingError(KeyError):
    """A name that a case should give a value for."""


@dataclass(slots=True)
class _Given:
    """Names as a case has them: given values, parameters, and terms that follow from these."""

    compiled: CompiledEdition
    case: Case
    values: dict[str, Value] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.values = {name: parameter.value for name, parameter in self.compiled.edition.parameters.items()}
        for name, given in self.case.given.items():
            self.values[name] = self._as_kind(name, given)

    def _as_kind(self, name: str, given: Decimal | bool | str | None) -> Value:
        fact = facts().get(name)
        if fact and fact.type == "date" and isinstance(given, str):
            return date.fromisoformat(given)
        return given

    def __call__(self, name: str) -> Value:
        if name not in self.values:
            term = self.compiled.terms.get(name)
            if term is None or term.registers:
                raise _LackingError(name)
            self.values[name] = self.value(term)
        return self.values[name]

    def value(self, formula: CompiledFormula) -> Value:
        """The value of a formula, in its declared unit."""
        value = formula.expression.compute(self)
        return value * formula.scale if isinstance(value, Decimal) else value


@exactly
def run_cases(edition: Edition, *, where: Where | None = None) -> tuple[Fault, ...]:
    """Every case of `edition` that does not come out as it says, as faults.

    `where` places them in files. EditionError if the edition's formulas cannot be read.
    """
    compiled = compile_edition(edition)
    found: list[Fault] = []

    def place(kind: str, name: str, key: str) -> Place:
        return where(kind, name, key) if where else Place(edition.id, kind, column=f"{name}.{key}")

    for gate in edition.gates:
        found.extend(_run(compiled, gate, place("gates", gate.id, "cases"), gate.id))
    for indicator in edition.indicators:
        found.extend(_run(compiled, indicator, place("indicators", indicator.code, "cases"), indicator.code))
    return tuple(found)


def _run(compiled: CompiledEdition, subject: Gate | Indicator, place: Place, name: str) -> Iterable[Fault]:
    for case in subject.cases:
        context = {"case": case.name, "name": name}
        for unknown in sorted(set(case.given) - _usable(compiled)):
            yield fault("edition.case-unknown-name", place, given=unknown, **context)
        try:
            yield from _compare(_outcome(compiled, subject, case), case, place, context)
        except _LackingError as error:
            yield fault("edition.case-lacks-name", place, lacking=error.args[0], **context)
        except (ExpressionError, ValueError) as error:
            yield fault("edition.case-bad-value", place, reason=error, **context)


def _usable(compiled: CompiledEdition) -> set[str]:
    return {*facts(), *compiled.edition.parameters, *compiled.terms}


Outcome = Mapping[str, Fraction | bool | None]


def _outcome(compiled: CompiledEdition, subject: Gate | Indicator, case: Case) -> Outcome:
    given = _Given(compiled, case)
    if isinstance(subject, Gate):
        passed = given.value(compiled.gates[subject.id])
        return {"passed": passed if isinstance(passed, bool) else None, "missing": passed is None}
    condition = compiled.applies.get(subject.code)
    if condition and given.value(condition) is False:
        return {"applies": False}
    value = given.value(compiled.indicators[subject.code])
    aim = compiled.targets.get(subject.code)
    target = given.value(aim) if aim else None
    scored = score_indicator(
        subject,
        value if isinstance(value, Decimal) else None,
        target=target if isinstance(target, Decimal) else None,
        comparison=compiled.edition.comparison,
    )
    return {
        "applies": True,
        "value": None if scored.value is None else Fraction(scored.value),
        "earned": scored.earned,
        "passed": scored.passed,
        "missing": scored.value is None or (aim is not None and target is None),
    }


def _compare(outcome: Outcome, case: Case, place: Place, context: Mapping[str, str]) -> Iterable[Fault]:
    expected: dict[str, Decimal | bool] = {"applies": case.applies} if "applies" in outcome else {}
    if case.applies:
        expected["missing"] = case.missing
        for what in ("value", "earned", "passed"):
            wanted = getattr(case, what)
            if wanted is not None:
                expected[what] = wanted
    for what, wanted in expected.items():
        found = outcome.get(what)
        if not _is_as_expected(found, wanted):
            words = {"what": what, "expected": plain(wanted), "found": _plain(found)}
            yield fault("edition.case-failed", place, **words, **context)


def _is_as_expected(found: Fraction | bool | None, wanted: Decimal | bool) -> bool:
    """Equal; or, where the value has no end in decimals, equal to as many digits as were written."""
    if isinstance(wanted, bool) or found is None or isinstance(found, bool):
        return found is wanted
    if found == Fraction(wanted):
        return True
    exponent = wanted.as_tuple().exponent
    digits = -exponent if isinstance(exponent, int) and exponent < 0 else 0
    return digits >= SHOWN_DIGITS and round(found, digits) == Fraction(wanted)


SHOWN_DIGITS = 4  # a rounded expectation is taken only with at least so many decimals


def _plain(found: Fraction | bool | None) -> str:
    if found is None or isinstance(found, bool):
        return str(plain(found))
    value = Decimal(found.numerator) / Decimal(found.denominator)
    return f"{value.normalize():f}"
