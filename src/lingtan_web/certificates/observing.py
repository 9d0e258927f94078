"""An exported assessment as the watch sees it: pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from lingtan.certificate.lifecycle.records import Life
from lingtan.certificate.lifecycle.rules import cure_ends, find_standing, lapses_on
from lingtan.certificate.lifecycle.watching import Observed, Sighting, watch
from lingtan.standards.records import Edition

INCIDENTS, COVERAGE = "no_grave_incident", "platform_coverage"
"""Ids of the gate on incidents and of the indicator of online coverage; an edition may have neither."""
_SHOWN = Decimal("0.01")
_BY_CALENDAR = frozenset(["surveillance_late", "not_cured"])


def observe(export: Mapping[str, Any], edition: Edition, certified_stars: int) -> Observed:
    """What the newest assessment says of a certified park; what is not known is not said to have failed.

    Stars count only where nothing that is missing could change them: a dossier half filled has not fallen.
    """
    failed = [one["id"] for one in export["gates"] if one["passed"] is False]
    lost = [one for one in export["indicators"] if _is_lost(one)]
    is_settled = not any(one["could_change_stars"] for one in export["missing"])
    coverage, least = _find_coverage(export, edition)
    return Observed(
        failed_gates=tuple(one for one in failed if one != INCIDENTS),
        grave_incidents=_count_incidents(export) if INCIDENTS in failed else 0,
        lost_constraints=tuple(one["code"] for one in lost if one["id"] != COVERAGE),
        coverage=coverage,
        least_coverage=least,
        stars=export["stars"] if is_settled else None,
        certified_stars=certified_stars,
    )


def _is_lost(one: Mapping[str, Any]) -> bool:
    return one["kind"] == "constraint" and one["applies"] is not False and _is_known_to_fail(one)


def _is_known_to_fail(one: Mapping[str, Any]) -> bool:
    return one["passed"] is False and not one["missing"]


def _count_incidents(export: Mapping[str, Any]) -> int:
    """As the gate counted them; one where it does not say."""
    gate = next(one for one in export["gates"] if one["id"] == INCIDENTS)
    counted = [one["value"] for one in gate["trace"]["inputs"] if one["label"] == "grave_incidents"]
    return int(Decimal(counted[0])) if counted and counted[0] is not None else 1


def _find_coverage(export: Mapping[str, Any], edition: Edition) -> tuple[Decimal | None, Decimal | None]:
    """Coverage and its pass line in per cent, to two places as they are shown."""
    found = next((one for one in export["indicators"] if one["id"] == COVERAGE), None)
    rule = next((one for one in edition.indicators if one.id == COVERAGE), None)
    if found is None or rule is None or found["value"] is None or rule.pass_at is None:
        return None, None
    # cut off, not rounded: what is short of its line is not shown as being on it
    return Decimal(found["value"]).quantize(_SHOWN, "ROUND_FLOOR"), rule.pass_at


def find_new(life: Life, observed: Observed, day: date, *, seen_on: date) -> Iterator[Sighting]:
    """Grounds for new cases on `day`: not those that were judged since they could be seen.

    `seen_on` is the day of the assessment: a case that was dismissed or suspended on what it says is not
    opened again before there is another.
    """
    standing = find_standing(life)
    late = lapses_on(life, standing) + timedelta(days=1)
    since = {"surveillance_late": late, "not_cured": cure_ends(life, standing) + timedelta(days=1)}
    for sighting in watch(life, observed, day):
        first = since[sighting.ground] if sighting.ground in _BY_CALENDAR else seen_on
        judged = [one for one in standing.cases.values() if one.ground == sighting.ground]
        if not any(one.opened_on >= first for one in judged):
            yield sighting
