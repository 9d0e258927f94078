"""Why the next award is withheld, in words people can act on."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_FLOOR, Decimal
from fractions import Fraction

from lingtan.assessment.naming import name_data
from lingtan.assessment.records import GateResult
from lingtan.assessment.standing import Judged, Standing, Unmet, as_decimal, count_passed, find_unmet
from lingtan.errors import Fault, fault
from lingtan.standards.records import Award
from lingtan.trace import Gap

KINDS = {
    "constraint": ("约束性", "constraint"),
    "guiding": ("引导性", "guiding"),
    "core": ("核心", "core"),
    "mandatory": ("必选", "mandatory"),
}


def find_withheld(standing: Standing, gates: Sequence[GateResult], given: Award | None) -> tuple[Fault, ...]:
    """The reasons that keep the park from the award above the one given (none above: empty)."""
    awards = standing.edition.awards
    above = awards.index(given) + 1 if given else 0
    if above >= len(awards):
        return ()
    say = _Words(standing, {gate.id: gate for gate in gates}, awards[above])
    return tuple(say(unmet) for unmet in find_unmet(awards[above], standing))


class _Words:
    """The fault that says why one condition of an award does not hold."""

    def __init__(self, standing: Standing, gates: dict[str, GateResult], award: Award) -> None:
        self._standing = standing
        self._gates = gates
        self._award = award

    def __call__(self, unmet: Unmet) -> Fault:
        if unmet.kind.startswith("gate"):
            return self._gate(unmet)
        if unmet.kind == "score-too-low":
            return self._score(unmet)
        if unmet.kind == "group-unmet":
            return self._group(unmet)
        return self._indicator(unmet)

    def _gate(self, unmet: Unmet) -> Fault:
        gate = self._gates[unmet.of]
        return fault(
            f"assessment.{unmet.kind}",
            name=gate.zh,
            name_en=gate.en,
            reason=gate.reason_zh,
            reason_en=gate.reason_en,
            **_lacking(gate.missing),
        )

    def _indicator(self, unmet: Unmet) -> Fault:
        judged = next(j for j in self._standing.judged if j.indicator.code == unmet.of)
        indicator = judged.indicator
        kind_zh, kind_en = KINDS[indicator.kind]
        return fault(
            f"assessment.{unmet.kind}",
            **self._award_names,
            code=indicator.code,
            name=indicator.zh,
            name_en=indicator.en,
            kind=kind_zh,
            kind_en=kind_en,
            value=shown(judged.value),
            unit=indicator.unit,
            limit=shown(_limit(judged)),
            needed=shown(unmet.needed),
            source=indicator.values_source,
            **_lacking(judged.gaps),
        )

    def _score(self, unmet: Unmet) -> Fault:
        score = as_decimal(self._standing.score or Fraction(0))
        needed = unmet.needed or Decimal(0)
        words = {"score": shown(score), "needed": shown(needed), "short": shown(needed - score)}
        return fault("assessment.score-too-low", **self._award_names, **words)

    def _group(self, unmet: Unmet) -> Fault:
        level = next(level for level in self._standing.edition.levels if level.code == unmet.of)
        passed = count_passed(self._standing, unmet.of)
        names = {"name": level.zh, "name_en": level.en}
        return fault("assessment.group-unmet", **names, passed=passed, needed=shown(unmet.needed))

    @property
    def _award_names(self) -> dict[str, str]:
        return {"award": self._award.zh, "award_en": self._award.en}


def _limit(judged: Judged) -> Decimal | None:
    """The pass line, or the target, that the value had to reach."""
    if judged.indicator.pass_at is not None:
        return judged.indicator.pass_at
    targets = [node.value for label, node in judged.node.inputs if label == "target"]
    return targets[0] if targets and isinstance(targets[0], Decimal) else None


def _lacking(gaps: Sequence[Gap]) -> dict[str, str]:
    data = [gap.datum for gap in gaps]
    return {"missing": name_data(data, "zh"), "missing_en": name_data(data, "en")}


def shown(value: Decimal | None, digits: int = 4) -> str:
    """A number for people: rounded down to `digits` places so that a miss never looks like a hit."""
    if value is None:
        return "—"
    text = f"{value.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_FLOOR):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
