"""An edition made ready for the assessment: formulas read, units inferred, scales found.

The same work finds the faults of formulas when an edition is checked.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache

from lingtan.dossier.registers import registers
from lingtan.errors import EditionError, Fault, Place, fault
from lingtan.expressions import Declared, Expression, ExpressionError, infer, parse
from lingtan.quantities import UnitError, scale
from lingtan.standards.facts import columns, facts
from lingtan.standards.freezing import compute_sha256
from lingtan.standards.records import Edition, Gate, Indicator, Sourced, Term

Where = Callable[[str, str, str], Place]  # kind of entry, its name or id, field → place


_LOST_FILES = frozenset(("parameters.yaml", "terms.yaml"))


@dataclass(frozen=True, slots=True)
class CompiledFormula:
    """A formula ready to be evaluated; its value times `scale` is in the declared unit.

    `names`: facts, parameters and terms it uses directly; `declared`: kind and declared unit.
    """

    expression: Expression
    declared: Declared
    scale: Decimal
    names: tuple[str, ...]

    @property
    def registers(self) -> tuple[str, ...]:
        """Registers it uses directly."""
        return tuple(self.expression.registers)


@dataclass(frozen=True, slots=True)
class CompiledEdition:
    """Every formula of an edition: terms by name, gates by id, the rest by indicator code.

    `applies` and `targets` have only the indicators with such a formula.
    """

    edition: Edition
    terms: Mapping[str, CompiledFormula]
    gates: Mapping[str, CompiledFormula]
    indicators: Mapping[str, CompiledFormula]
    applies: Mapping[str, CompiledFormula]
    targets: Mapping[str, CompiledFormula]


@dataclass(slots=True)
class Compiler:
    """Reads the formulas of one edition; every fault goes to `faults`.

    `broken`: names of entries and of whole files that could not be read; what uses them is not judged.
    """

    parameters: Mapping[str, Sourced]
    raw_terms: Mapping[str, Term]
    where: Where
    broken: Collection[str] = ()
    faults: list[Fault] = field(default_factory=list)
    terms: dict[str, CompiledFormula] = field(default_factory=dict)
    _open: list[str] = field(default_factory=list)
    _failed: set[str] = field(default_factory=set)

    def term(self, name: str) -> CompiledFormula | None:
        """A term with everything it rests on; None (and faults) if it cannot be read."""
        if name in self.terms or name in self._failed:
            return self.terms.get(name)
        if name in self._open:
            chain = " → ".join([*self._open[self._open.index(name) :], name])
            self.faults.append(fault("edition.cycle", self.where("terms", name, "formula"), chain=chain))
            self._failed.add(name)
            return None
        self._open.append(name)
        term = self.raw_terms[name]
        found = self.formula(term.formula, self.where("terms", name, "formula"), unit=term.unit)
        self._open.pop()
        if found is None or name in self._failed:
            self._failed.add(name)
            return None
        self.terms[name] = found
        return found

    def formula(self, text: str, place: Place, *, unit: str = "", kind: str = "") -> CompiledFormula | None:
        """A formula that gives `kind` (any if empty), a number in `unit`; None (and faults) if not."""
        try:
            expression = parse(text)
            names = expression.outer_names(columns)
            declared = {name: self.declared(name) for name in names}
            unknown = [name for name, found in declared.items() if found is None]
            unknown += [register for register in expression.registers if not columns(register)]
            if unknown:
                self.faults.extend(self._unknown(name, expression, place) for name in unknown)
                return None
            found = infer(expression, {n: d for n, d in declared.items() if d}, columns=columns)
        except ExpressionError as error:
            self.faults.append(_formula_fault(error, text, place))
            return None
        return self._fitted(expression, found, names, place, unit=unit, kind=kind)

    def _fitted(  # noqa: PLR0913
        self,
        expression: Expression,
        found: Declared,
        names: tuple[str, ...],
        place: Place,
        *,
        unit: str,
        kind: str,
    ) -> CompiledFormula | None:
        if kind and found.kind not in (kind, "unknown"):
            self.faults.append(fault(f"edition.not-{kind.replace('_', '-')}", place, formula=expression.text))
            return None
        if found.kind != "number" or found.unit == "any":
            declared = Declared("number", unit or "1") if found.kind == "number" else found
            return CompiledFormula(expression, declared, Decimal(1), names)
        try:
            factor = scale(found.unit, unit or "1")
        except UnitError:
            self.faults.append(fault("edition.unit", place, found=found.unit, declared=unit or "1"))
            return None
        return CompiledFormula(expression, Declared("number", unit or "1"), factor, names)

    def declared(self, name: str) -> Declared | None:
        """What a name stands for; None if there is no such name."""
        if name in self.raw_terms:
            found = self.term(name)
            return found.declared if found else Declared("unknown")
        if name in self.parameters:
            return Declared("number", self.parameters[name].unit)
        fact = facts().get(name)
        if fact is not None:
            return fact.declared
        is_lost = name in self.broken or ("." not in name and not _LOST_FILES.isdisjoint(self.broken))
        return Declared("unknown") if is_lost else None

    def _unknown(self, name: str, expression: Expression, place: Place) -> Fault:
        used = {register: set(names) for register, names in expression.registers.items()}
        known = {*facts(), *self.parameters, *self.raw_terms}
        for register, names in used.items():
            known |= set(columns(register)) if name in names else set()
        if name in used:
            known = set(registers())
        near = difflib.get_close_matches(name, sorted(known), n=1)
        code = "edition.unknown-register" if name in used else "edition.unknown-name"
        return fault(
            code,
            place,
            name=name,
            hint_zh=f"是否应为 {near[0]}" if near else "检查拼写，或在 terms.yaml、parameters.yaml 中定义",
            hint_en=f"meant perhaps {near[0]}"
            if near
            else "check the spelling, or define it in terms.yaml or parameters.yaml",
        )


def _formula_fault(error: ExpressionError, text: str, place: Place) -> Fault:
    return fault(
        "edition.formula",
        place,
        formula=" ".join(text.split())[:200],
        position=error.position + 1,
        reason_zh=error.message_zh,
        reason_en=error.message_en,
    )


def compile_gate(compiler: Compiler, gate: Gate) -> CompiledFormula | None:
    """The formula of a gate, which gives yes or no."""
    return compiler.formula(gate.formula, compiler.where("gates", gate.id, "formula"), kind="yes_no")


def compile_indicator(compiler: Compiler, indicator: Indicator) -> dict[str, CompiledFormula]:
    """The formulas of an indicator by field: formula, applies_when, target."""
    found: dict[str, CompiledFormula | None] = {}

    def at(name: str) -> Place:
        return compiler.where("indicators", indicator.code, name)

    found["formula"] = compiler.formula(indicator.formula, at("formula"), unit=indicator.unit, kind="number")
    if indicator.applies_when:
        found["applies_when"] = compiler.formula(indicator.applies_when, at("applies_when"), kind="yes_no")
    if indicator.target is not None:
        found["target"] = compiler.formula(indicator.target, at("target"), unit=indicator.unit, kind="number")
    return {name: formula for name, formula in found.items() if formula is not None}


def compile_edition(edition: Edition) -> CompiledEdition:
    """Every formula of `edition` ready to be evaluated; kept by the hash of its content.

    EditionError with all faults if a formula cannot be read (editions that were loaded have none).
    """
    return _compiled(_BySha(edition, edition.sha256 or compute_sha256(edition)))


@dataclass(frozen=True, slots=True)
class _BySha:
    edition: Edition = field(compare=False)
    sha256: str


@lru_cache(maxsize=64)
def _compiled(keyed: _BySha) -> CompiledEdition:
    edition = keyed.edition

    def where(kind: str, name: str, key: str) -> Place:
        return Place(file=edition.id, sheet=kind, column=f"{name}.{key}")

    compiler = Compiler(edition.parameters, edition.terms, where)
    for name in edition.terms:
        compiler.term(name)
    gates = {gate.id: compile_gate(compiler, gate) for gate in edition.gates}
    indicators = {i.code: compile_indicator(compiler, i) for i in edition.indicators}
    if compiler.faults:
        raise EditionError(compiler.faults)
    return CompiledEdition(
        edition=edition,
        terms=compiler.terms,
        gates={name: formula for name, formula in gates.items() if formula},
        indicators={code: found["formula"] for code, found in indicators.items()},
        applies={code: f["applies_when"] for code, f in indicators.items() if "applies_when" in f},
        targets={code: f["target"] for code, f in indicators.items() if "target" in f},
    )


def find_register_users(edition: Edition) -> dict[str, tuple[str, ...]]:
    """Register → codes of indicators and ids of gates that rest on it, directly or through terms."""
    compiled = compile_edition(edition)
    users: dict[str, dict[str, None]] = {}
    roots = [(gate_id, [formula]) for gate_id, formula in compiled.gates.items()]
    for code, formula in compiled.indicators.items():
        others = [compiled.applies.get(code), compiled.targets.get(code)]
        roots.append((code, [formula, *(other for other in others if other)]))
    for user, formulas in roots:
        for register in _registers_of(compiled, formulas):
            users.setdefault(register, {})[user] = None
    return {register: tuple(names) for register, names in sorted(users.items())}


def _registers_of(compiled: CompiledEdition, formulas: list[CompiledFormula]) -> set[str]:
    found: set[str] = set()
    seen: set[str] = set()
    stack = list(formulas)
    while stack:
        formula = stack.pop()
        found |= set(formula.registers)
        for name in formula.names:
            if name in compiled.terms and name not in seen:
                seen.add(name)
                stack.append(compiled.terms[name])
    return found
