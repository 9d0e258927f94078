"""One reason why an award is withheld, as runs: its numbers stay numbers of the result."""

from __future__ import annotations

from collections.abc import Mapping

from lingtan.errors import Fault, catalogue
from lingtan.reports.documents.desk import Desk
from lingtan.reports.documents.limits import find_award, find_indicator
from lingtan.reports.records import Run, Runs, Strong
from lingtan.reports.rounding import amount, full
from lingtan.reports.words import fill

SCORE_TOO_LOW = "assessment.score-too-low"
DIGITS = 4


def say_reason(fault: Fault, desk: Desk) -> Runs:
    """What, why and how to mend. How many points are short is in no result and left to the reader."""
    entry = catalogue()[fault.code]
    what, why, mend = entry.zh if desk.words.language == "zh" else entry.en
    values = _plain(fault, desk)
    numbers: Mapping[str, Run] = {**values, **_numbers(fault, desk)}
    is_score = fault.code == SCORE_TOO_LOW
    return desk.runs(
        "withheld.item",
        what=Strong(_begun(what.format_map(values))),
        why=_begun_runs(fill(why, numbers)),
        mend=desk.runs("withheld.find_points") if is_score else _begun_runs(fill(mend, numbers)),
    )


def _plain(fault: Fault, desk: Desk) -> dict[str, str]:
    """The words of the fault, in the language of the document and without confidential names."""
    values = {key: desk.names.clean(text) for key, text in fault.context.items()}
    if "unit" in values:
        values["unit"] = desk.unit(values["unit"])
    if "source" in values:
        values["source"] = desk.said(values["source"])
    return values


def _numbers(fault: Fault, desk: Desk) -> dict[str, Run]:
    """The numbers of the fault as they stand in the result and in the edition."""
    result, edition = desk.results.assessment, desk.results.edition
    award = edition.awards[min(find_award(result, edition) + 1, len(edition.awards) - 1)]
    if fault.code == SCORE_TOO_LOW:
        needed = full(award.from_score, path=f"edition/awards/{award.id}/from_score")
        return {"score": amount(result.score, "score", path="assessment/score"), "needed": needed}
    code = fault.context.get("code", "")
    one = next((one for one in result.indicators if one.code == code), None)
    if one is None:
        return {}
    found: dict[str, Run] = {}
    if one.value is not None:
        path = f"assessment/indicators/{code}/value"
        found["value"] = amount(one.value, one.unit, path=path, digits=DIGITS)
    if (limit := find_indicator(edition, code).pass_at) is not None:
        found["limit"] = full(limit, path=f"edition/indicators/{code}/pass_at")
    for place, condition in enumerate(award.conditions):
        if condition.indicator == one.id:
            path = f"edition/awards/{award.id}/conditions/{place}/at_least"
            found["needed"] = full(condition.at_least, path=path)
    return found


def _begun(text: str) -> str:
    """A sentence with its capital, unless it begins with a name that is not ours to change."""
    first = text.partition(" ")[0]
    return text[:1].upper() + text[1:] if first.isalpha() and first.isascii() else text


def _begun_runs(runs: Runs) -> Runs:
    first = runs[0] if runs else ""
    return (_begun(first), *runs[1:]) if isinstance(first, str) else runs
