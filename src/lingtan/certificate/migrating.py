"""A dry run of certified parks under another edition: who would keep, gain or lose stars, and why.

Before is what the result in the bundle states; after is the same dossier under the other edition, as of the
same day. Nothing is decided by it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from lingtan.assessment import Assessment, assess
from lingtan.certificate.bundle import RESULT, check_sound
from lingtan.certificate.unpacking import unpacked
from lingtan.certificate.words import Outcome
from lingtan.errors import Fault, LingtanError, Place, fault
from lingtan.standards.records import Edition

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
    """An indicator that earns or is judged otherwise; None where an edition has no points or does not know.

    `is_new`: the old edition has none of it; `is_gone`: the other one has none.
    """

    id: str
    code: str
    zh: str
    en: str
    kind: str
    before: Decimal | None
    after: Decimal | None
    passed_before: bool | None
    passed_after: bool | None
    is_new: bool = False
    is_gone: bool = False

    @property
    def change(self) -> Decimal:
        """Points more (or less)."""
        return (self.after or Decimal(0)) - (self.before or Decimal(0))

    @property
    def is_lost(self) -> bool:
        """Whether its pass line, once reached, is not reached now or not known to be."""
        return self.passed_after is not True and self.passed_before is True and not self.is_gone


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


@dataclass(frozen=True, slots=True)
class _Old:
    """An indicator as the result in the bundle states it."""

    code: str
    zh: str
    en: str
    kind: str
    earned: Decimal | None
    passed: bool | None


@dataclass(frozen=True, slots=True)
class _Stated:
    """What is compared of the result in the bundle; gates and indicators by their ids."""

    edition: str
    stars: int | None
    score: Decimal | None
    gates: Mapping[str, bool | None]
    indicators: Mapping[str, _Old]
    missing: frozenset[str]


def migrate(file: Path, edition: Edition) -> Migration:
    """The park of a bundle under `edition`. LingtanError where the bundle is not sound or not complete."""
    bundle = check_sound(file)
    with unpacked(file, bundle) as found:
        before = _read_stated(found.stated, Place(file.name, RESULT))
        result = assess(found.dossier, edition, on=found.on)
    moves = _find_indicators(before.indicators, result)
    return Migration(
        park=result.park,
        park_name=result.park_zh,
        edition=before.edition,
        stars_before=before.stars,
        stars_after=result.stars,
        score_before=before.score,
        score_after=result.score,
        outcome=_find_outcome(before.stars, result.stars, edition),
        gates=tuple(_find_gates(before.gates, result)),
        indicators=tuple(sorted(moves, key=lambda one: (one.change, one.id))),
        asked=tuple(dict.fromkeys(one.datum for one in result.missing if one.datum not in before.missing)),
        why_not_more=result.withheld,
        lacking=bundle.withheld,
    )


def _read_stated(said: Mapping[str, Any], place: Place) -> _Stated:
    """LingtanError where the result has another shape: a bundle by itself is signed by no one."""
    try:
        return _Stated(
            str(said["edition"]),
            None if said["stars"] is None else int(said["stars"]),
            _decimal(said["score"]),
            {str(one["id"]): one["passed"] for one in said["gates"]},
            {
                str(one["id"]): _Old(
                    str(one["code"]),
                    str(one["name"]),
                    str(one["name_en"]),
                    str(one["kind"]),
                    _decimal(one["earned"]),
                    one["passed"],
                )
                for one in said["indicators"]
            },
            frozenset(str(one["datum"]) for one in said["missing"]),
        )
    except (LookupError, TypeError, ValueError, ArithmeticError) as error:
        reason = f"{type(error).__name__}: {error}"
        raise LingtanError([fault("certificate.bundle-unreadable", place, reason=reason)]) from None


def _find_outcome(before: int | None, after: int | None, edition: Edition) -> Outcome:
    if not any(award.stars for award in edition.awards):
        return "unstarred"
    then, now = before or 0, after or 0
    return "keeps" if now == then else "gains" if now > then else "loses"


def _find_gates(before: Mapping[str, bool | None], result: Assessment) -> Iterator[GateMove]:
    """Gates whose answer differs, and new ones that are not passed."""
    for gate in result.gates:
        is_new = gate.id not in before
        if (is_new and gate.passed is not True) or (not is_new and before[gate.id] != gate.passed):
            yield GateMove(gate.id, gate.zh, gate.en, before.get(gate.id), gate.passed, is_new)


def _find_indicators(before: Mapping[str, _Old], result: Assessment) -> Iterator[IndicatorMove]:
    """Indicators by their id: those that moved, those that are new, those that are gone."""
    for one in result.indicators:
        old = before.get(one.id)
        earned, passed = (old.earned, old.passed) if old else (None, None)
        if old is None or earned != one.earned or passed != one.passed:
            yield IndicatorMove(
                one.id, one.code, one.zh, one.en, one.kind, earned, one.earned, passed, one.passed, not old
            )
    for gone in before.keys() - {one.id for one in result.indicators}:
        old = before[gone]
        yield IndicatorMove(
            gone, old.code, old.zh, old.en, old.kind, old.earned, None, old.passed, None, is_gone=True
        )


def _decimal(value: Any) -> Decimal | None:
    return None if value is None else Decimal(str(value))


def export_migration(found: Migration) -> dict[str, Any]:
    """For machines: exact decimals as strings, null where not known."""
    plain = {**asdict(found), "why_not_more": [one.as_dict() for one in found.why_not_more]}
    plain["indicators"] = [
        {**asdict(one), "change": one.change, "is_lost": one.is_lost} for one in found.indicators
    ]
    return {name: _plain(value) for name, value in plain.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, Mapping):
        return {name: _plain(one) for name, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, list | tuple) else value
