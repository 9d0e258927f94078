"""A dry run of certified parks under another edition: who would keep, gain or lose stars, and why.

Before is what the result in the bundle states; after is the same dossier under the other edition, as of the
same day. Nothing is decided by it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

from lingtan.assessment import Assessment, assess
from lingtan.certificate.bundle import check_sound
from lingtan.certificate.unpacking import unpacked
from lingtan.errors import Fault
from lingtan.standards.records import Edition

Outcome = Literal["keeps", "gains", "loses", "unstarred"]
"""`unstarred`: the other edition gives no stars at all."""
OUTCOMES: tuple[Outcome, ...] = ("keeps", "gains", "loses", "unstarred")


@dataclass(frozen=True, slots=True)
class GateMove:
    """A basic requirement judged otherwise. None: not known; `is_new`: the old edition has none of it."""

    id: str
    zh: str
    en: str
    before: bool | None
    after: bool | None
    is_new: bool


@dataclass(frozen=True, slots=True)
class IndicatorMove:
    """An indicator that earns or is judged otherwise; None where an edition has none of it, or no points."""

    id: str
    code: str
    zh: str
    en: str
    kind: str
    before: Decimal | None
    after: Decimal | None
    passed_before: bool | None
    passed_after: bool | None

    @property
    def change(self) -> Decimal:
        """Points more (or less)."""
        return (self.after or Decimal(0)) - (self.before or Decimal(0))

    @property
    def is_lost(self) -> bool:
        """Whether its pass line, once reached, is not reached now or not known to be."""
        return self.passed_after is not True and self.passed_before is True


@dataclass(frozen=True, slots=True)
class Migration:
    """A park under both editions. `asked`: data that only the other one misses; `lacking`: files withheld."""

    park: str
    park_name: str
    edition: str
    stars_before: int | None
    stars_after: int | None
    score_before: Decimal | None
    score_after: Decimal | None
    outcome: Outcome
    gates: tuple[GateMove, ...]
    indicators: tuple[IndicatorMove, ...]
    asked: tuple[str, ...]
    why_not_more: tuple[Fault, ...]
    lacking: tuple[str, ...]


def migrate(file: Path, edition: Edition) -> Migration:
    """The park of a bundle under `edition`. LingtanError where the bundle is not sound or not complete."""
    bundle = check_sound(file)
    with unpacked(file, bundle) as found:
        result = assess(found.dossier, edition, on=found.on)
    stated = found.stated
    return Migration(
        park=result.park,
        park_name=result.park_zh,
        edition=str(stated["edition"]),
        stars_before=stated["stars"] and int(stated["stars"]),
        stars_after=result.stars,
        score_before=_decimal(stated["score"]),
        score_after=result.score,
        outcome=_find_outcome(stated["stars"], result.stars, edition),
        gates=tuple(_find_gates(stated["gates"], result)),
        indicators=tuple(sorted(_find_indicators(stated["indicators"], result), key=lambda one: one.change)),
        asked=tuple(_find_asked(stated["missing"], result)),
        why_not_more=result.withheld,
        lacking=bundle.withheld,
    )


def _find_outcome(before: Any, after: int | None, edition: Edition) -> Outcome:
    if not any(award.stars for award in edition.awards):
        return "unstarred"
    then, now = int(before or 0), after or 0
    return "keeps" if now == then else "gains" if now > then else "loses"


def _find_gates(stated: Sequence[Mapping[str, Any]], result: Assessment) -> Iterator[GateMove]:
    """Gates whose answer differs, and new ones that are not passed."""
    before = {one["id"]: one["passed"] for one in stated}
    for gate in result.gates:
        is_new = gate.id not in before
        if (is_new and gate.passed is not True) or (not is_new and before[gate.id] != gate.passed):
            yield GateMove(gate.id, gate.zh, gate.en, before.get(gate.id), gate.passed, is_new)


def _find_indicators(stated: Sequence[Mapping[str, Any]], result: Assessment) -> Iterator[IndicatorMove]:
    """Indicators by their id: those that moved, those that are new, those that are gone."""
    before = {one["id"]: one for one in stated}
    for one in result.indicators:
        old = before.pop(one.id, None)
        earned = _decimal(old["earned"]) if old else None
        passed = old["passed"] if old else None
        if old is None or earned != one.earned or passed != one.passed:
            yield IndicatorMove(
                one.id, one.code, one.zh, one.en, one.kind, earned, one.earned, passed, one.passed
            )
    for old in before.values():
        yield IndicatorMove(
            old["id"], old["code"], old["name"], old["name_en"], old["kind"],
            _decimal(old["earned"]), None, old["passed"], None,
        )  # fmt: skip


def _find_asked(stated: Sequence[Mapping[str, Any]], result: Assessment) -> Iterator[str]:
    known = {one["datum"] for one in stated}
    yield from dict.fromkeys(one.datum for one in result.missing if one.datum not in known)


def _decimal(value: Any) -> Decimal | None:
    return None if value is None else Decimal(str(value))


def export_migration(found: Migration) -> dict[str, Any]:
    """For machines: exact decimals as strings, null where not known."""
    plain = {**asdict(found), "why_not_more": [one.as_dict() for one in found.why_not_more]}
    plain["indicators"] = [{**asdict(one), "change": one.change} for one in found.indicators]
    return {name: _plain(value) for name, value in plain.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, Mapping):
        return {name: _plain(one) for name, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, list | tuple) else value
