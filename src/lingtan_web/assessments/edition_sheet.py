"""One assessment as the pages show it: small, in both languages, nothing left to look up or compute."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from lingtan.assessment.records import Assessment, GateResult, IndicatorResult, LevelResult, MissingDatum
from lingtan.assessment.withheld import KINDS
from lingtan.reports.documents.limits import target_node
from lingtan.reports.documents.sources import tidy, translate
from lingtan.standards.records import Award, Edition, Indicator
from lingtan.trace import Gap, plain
from lingtan_web.assessments.distance import find_distance
from lingtan_web.assessments.grouping import group_gaps, group_missing
from lingtan_web.assessments.naming import find_place, name_short
from lingtan_web.assessments.records import Said, export_distance
from lingtan_web.assessments.steps import points_left

Plain = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Judged:
    """A result, and what the edition declares."""

    result: IndicatorResult
    declared: Indicator


def build_edition_sheet(result: Assessment, edition: Edition) -> Plain:
    """Stars, the way to the next award, gates, levels with their indicators, missing data, bases."""
    return {
        **_head(result, edition),
        "awards": [_award(award, result) for award in edition.awards],
        "distance": export_distance(find_distance(result, edition)),
        "gates": [_gate(gate, edition) for gate in result.gates],
        "levels": _levels(result, edition),
        "missing": [_missing(same) for same in group_missing(result.missing)],
        "basis_count": dict(result.basis_count),
        "withheld": [fault.as_dict() for fault in result.withheld],
    }


def _head(result: Assessment, edition: Edition) -> Plain:
    return {
        "edition": edition.id,
        "name": said(edition.zh, edition.en),
        "issuer": edition.issuer,
        "complete": edition.complete,
        "remark": said(tidy(edition.remark_zh), tidy(edition.remark_en)),
        "sha256": edition.sha256,
        "method": edition.inventory_method,
        "total_points": plain(edition.total_points),
        "on": result.on.isoformat(),
        "software": result.software,
        "stars": result.stars,
        "most_stars": max((award.stars or 0 for award in edition.awards), default=0),
        "stage": result.stage,
        "score": plain(result.score),
    }


def said(zh: str, en: str) -> Plain:
    """A text in both languages for JSON."""
    return {"zh": zh, "en": en or zh}


def say_source(text: str) -> Plain:
    """A source or clause of an edition, translated where we have it."""
    return said(translate(text, "zh"), translate(text, "en"))


def _award(award: Award, result: Assessment) -> Plain:
    return {
        "id": award.id,
        "name": said(award.zh, award.en),
        "stars": award.stars,
        "from_score": plain(award.from_score),
        "is_given": award.id == result.stage,
        "basis": award.basis,
        "source": say_source(award.source),
    }


def _gate(gate: GateResult, edition: Edition) -> Plain:
    declared = next(one for one in edition.gates if one.id == gate.id)
    return {
        "id": gate.id,
        "name": said(gate.zh, gate.en),
        "passed": gate.passed,
        "reason": said(gate.reason_zh, gate.reason_en) if gate.passed is False else None,
        "missing": _gaps(gate.missing),
        "basis": declared.basis,
        "rule_basis": declared.rule_basis,
        "clause": say_source(declared.clause),
    }


def _gaps(gaps: Sequence[Gap]) -> list[Plain]:
    """What is lacking, cells of one column together."""
    return [_datum([(gap.datum, gap.asked_of) for gap in same]) for same in group_gaps(gaps)]


def _datum(pairs: Sequence[tuple[str, str]]) -> Plain:
    """Cells of one column: `data` with whom each is asked of."""
    once = list(dict.fromkeys(datum for datum, _ in pairs))
    place = find_place(once[0])
    return {
        "name": name_short(once[0], len(once))._asdict(),
        "count": len(once),
        "data": [{"datum": datum, "asked_of": asked_of} for datum, asked_of in dict.fromkeys(pairs)],
        "asked_of": list(dict.fromkeys(asked_of for _, asked_of in pairs)),
        "form": place.form,
        "register": place.register,
        "key": place.key if len(once) == 1 else "",
    }


def _levels(result: Assessment, edition: Edition) -> list[Plain]:
    """First-level indicators, the second-level ones of each, and theirs of the third."""
    by_code = {level.code: level for level in result.levels}
    judged = [
        _Judged(one, declared) for one, declared in zip(result.indicators, edition.indicators, strict=True)
    ]
    first = [level for level in edition.levels if not level.parent]
    return [
        {
            **_level(by_code[level.code], level.at_least),
            "indicators": _indicators(judged, level.code),
            "levels": [
                {
                    **_level(by_code[lower.code], lower.at_least),
                    "indicators": _indicators(judged, lower.code),
                }
                for lower in edition.levels
                if lower.parent == level.code
            ],
        }
        for level in first
    ]


def _level(level: LevelResult, at_least: int | None) -> Plain:
    return {
        "code": level.code,
        "name": said(level.zh, level.en),
        "points": plain(level.points),
        "earned": plain(level.earned),
        "passed": level.passed,
        "at_least": at_least,
    }


def _indicators(judged: Sequence[_Judged], level: str) -> list[Plain]:
    return [_indicator(one) for one in judged if one.declared.level2 == level]


def _indicator(one: _Judged) -> Plain:
    result, declared = one.result, one.declared
    target = target_node(result)
    return {
        "code": result.code,
        "id": result.id,
        "name": said(result.zh, result.en),
        "kind": result.kind,
        "kind_name": Said(*KINDS[result.kind])._asdict(),
        "direction": declared.direction,
        "value": plain(result.value),
        "unit": result.unit,
        "points": plain(result.points),
        "earned": plain(result.earned),
        "left": plain(points_left(result)),
        "passed": result.passed,
        "applies": result.applies,
        "inapplicable": said(declared.inapplicable_zh, declared.inapplicable_en),
        "missing": _gaps(result.missing),
        "none_at": plain(declared.score_none_at),
        "full_at": plain(declared.score_full_at),
        "pass_at": plain(declared.pass_at),
        "target": plain(target.value) if target else None,
        "has_target": target is not None,
        "basis": result.basis,
        "source": say_source(declared.values_source),
        "clause": say_source(declared.clause),
    }


def _missing(same: Sequence[MissingDatum]) -> Plain:
    first = same[0]
    return {
        **_datum([(one.datum, one.asked_of) for one in same]),
        "indicators": list(first.indicators),
        "gates": list(first.gates),
        "points": plain(first.points_at_stake),
        "could_change_stars": any(one.could_change_stars for one in same),
    }
