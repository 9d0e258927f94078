"""What a statement would say now, from the findings that hold."""

from __future__ import annotations

from typing import Any

from lingtan.standards import load_edition
from lingtan_web.reviews.queries.facts import Case
from lingtan_web.reviews.queries.sampling import find_twice
from lingtan_web.reviews.rules.findings import Finding, Subject, find_result
from lingtan_web.reviews.rules.verified import Verified, compute_verified, find_value


def find_verified(case: Case) -> Verified:
    """Score and stars by the evaluators' values, as far as findings are there."""
    edition = load_edition(case.submission.edition)
    return compute_verified(edition, case.subjects, find_result(case.plain_findings))


def build_content(case: Case) -> dict[str, Any]:
    """Everything a statement says but its conclusion: what was reviewed, found, and what it comes to."""
    verified, held = find_verified(case), find_result(case.plain_findings)
    result, version = case.round.result, case.round.version
    return {
        "park": case.submission.park.slug,
        "park_name": case.submission.park.name_zh,
        "year": case.submission.year,
        "number": case.submission.number,
        "edition": result["edition"],
        "edition_name": result["edition_name"],
        "edition_sha256": result["edition_sha256"],
        "version": version.number,
        "fingerprint": version.fingerprint,
        "result_sha256": case.round.result_sha256,
        "on": result["on"],
        "body": case.mandate.body.name_zh if case.mandate else "",
        "evaluators": [one.by.name or one.by.email for one in case.independence if one.is_free],
        "visits": [{"number": one.number, "day": one.day.isoformat()} for one in case.visits],
        "twice": list(find_twice(case)),
        "findings": [_line(subject, held.get(subject.code), verified) for subject in case.subjects],
        "park_score": result["score"],
        "park_stars": result["stars"],
        "score": None if verified.score is None else str(verified.score),
        "stars": verified.stars,
        "stage": verified.stage,
        "stage_name": verified.stage_zh,
    }


def _line(subject: Subject, finding: Finding | None, verified: Verified) -> dict[str, Any]:
    earned = verified.earned.get(subject.code)
    return {
        "code": subject.code,
        "name": subject.zh,
        "name_en": subject.en,
        "unit": subject.unit,
        "park_value": subject.value,
        "value": find_value(subject, finding),
        "verdict": finding.verdict.value if finding else None,
        "reasons": finding.reasons if finding else "",
        "reference": finding.reference if finding else "",
        "park_earned": str(subject.earned),
        "earned": None if earned is None else str(earned),
        "passed": verified.passed.get(subject.code),
    }
