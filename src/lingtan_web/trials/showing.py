"""What pages and files say of a trial: its lines, the most urgent first, and why in a few words."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Case, Count, IntegerField, QuerySet, Value, When

from lingtan.assessment.naming import name_data
from lingtan.certificate.words import OutcomeText, find_outcomes
from lingtan.errors import Language
from lingtan.texts import number
from lingtan_web.languages import current_language, say
from lingtan_web.trials.models import Trial, TrialLine

REASONS = 3
"""So many reasons stand in a line; the page of the park has them all."""
COLUMNS = (
    "certificate", "park", "park_name", "edition_before", "stars_granted", "stars_before", "stars_after",
    "score_before", "score_after", "outcome", "reasons_zh", "reasons_en",
)  # fmt: skip
_SIDES = {
    (False, False): ("", ""), (True, False): ("（新增）", " (new)"), (False, True): ("（取消）", " (gone)"),
}  # fmt: skip
_ANSWERS = {True: ("通过", "met"), False: ("不通过", "not met"), None: ("不明", "not known")}


@dataclass(frozen=True, slots=True)
class Counted:
    """How many certificates an outcome has."""

    outcome: str
    words: OutcomeText
    count: int


class Shown:
    """A line of a trial on a page."""

    def __init__(self, line: TrialLine) -> None:
        self.line, self.certificate = line, line.certificate
        self.found: Mapping[str, Any] = line.found or {}
        self.words = find_outcomes()[line.outcome]  # type: ignore[index] # one of the choices

    @property
    def is_amended(self) -> bool:
        """Whether the stars granted are others than those computed from what was handed in."""
        return bool(self.found) and (self.found["stars_before"] or 0) != self.certificate.stars

    @property
    def reasons(self) -> list[str]:
        """The first few reasons in the language of the page."""
        return list(find_reasons(self.line, current_language()))[:REASONS]

    @property
    def gates(self) -> list[tuple[str, str, str, bool]]:
        """Gates judged otherwise: name, before, after, and whether it is met now."""
        found = []
        for one in self.found.get("gates", ()):
            before = ("新增", "new") if one["is_new"] else _ANSWERS[one["before"]]
            after = say(*_ANSWERS[one["after"]])
            found.append((say(one["zh"], one["en"]), say(*before), after, one["after"] is True))
        return found

    @property
    def moves(self) -> list[tuple[Mapping[str, Any], bool]]:
        """Indicators that moved, the largest loss first, and whether points are gone."""
        return [(one, Decimal(one["change"]) < 0) for one in self.found.get("indicators", ())]

    @property
    def asked(self) -> str:
        """Data that only the new edition asks for, in words."""
        return name_data(self.found.get("asked", ()), current_language())


def find_lines(trial: Trial, outcome: str | None = None) -> QuerySet[TrialLine]:
    """The lines of a trial (of one outcome), the most urgent first."""
    places = [When(outcome=one, then=Value(place)) for place, one in enumerate(find_outcomes())]
    lines = TrialLine.objects.filter(trial=trial).select_related("certificate__park")
    if outcome is not None:
        lines = lines.filter(outcome=outcome)
    place = Case(*places, output_field=IntegerField())
    return lines.order_by(place, "certificate__number")


def count_outcomes(trial: Trial) -> list[Counted]:
    """How many certificates would lose, gain, keep, …; outcomes that none has are left out."""
    rows = TrialLine.objects.filter(trial=trial).order_by().values_list("outcome").annotate(many=Count("pk"))
    found = dict(rows)
    return [Counted(one, words, found[one]) for one, words in find_outcomes().items() if one in found]


def find_reasons(line: TrialLine, language: Language) -> Iterator[str]:
    """Why, in short sentences: gates, pass lines lost, points lost, data newly asked for, or faults."""
    zh = language == "zh"
    for one in line.faults:
        yield str(one[language]["what"])
    found = line.found or {}
    for one in found.get("gates", ()):
        if one["after"] is not True:
            yield f"{one[language]}{'：' if zh else ': '}{_ANSWERS[one['after']][not zh]}"
    moves = found.get("indicators", ())
    for one in moves:
        if one["is_lost"]:
            yield f"{one['code']} {one[language]}{'：不再合格' if zh else ': pass line lost'}"
    for one in moves:
        change = Decimal(one["change"])
        if change and not one["is_lost"]:
            why = _SIDES[one["is_new"], one["is_gone"]][not zh]
            yield f"{one['code']} {one[language]}{why} {change:+.2f}{' 分' if zh else ' points'}"
    if asked := found.get("asked", ()):
        yield f"{'需补充：' if zh else 'newly asked for: '}{name_data(asked, language)}"


def find_rows(trial: Trial) -> Iterator[dict[str, str | int | None]]:
    """A line per certificate for a spreadsheet; `COLUMNS` names its columns."""
    for line in find_lines(trial).iterator(chunk_size=500):
        found, made = line.found or {}, line.certificate
        values = (
            made.number, made.park.slug, made.park.name_zh, found.get("edition"), made.stars,
            found.get("stars_before"), found.get("stars_after"), _score(found, "score_before"),
            _score(found, "score_after"), line.outcome,
            "；".join(find_reasons(line, "zh")), "; ".join(find_reasons(line, "en")),
        )  # fmt: skip
        yield dict(zip(COLUMNS, values, strict=True))


def _score(found: Mapping[str, Any], name: str) -> str | None:
    score = found.get(name)
    return None if score is None else number(Decimal(score), 4)


def write_json(trial: Trial) -> Iterator[str]:
    """For machines, park by park: as `lingtan certificate migrate --json`, each with its certificate."""
    head = {
        "edition": trial.edition,
        "edition_sha256": trial.sha256,
        "asked_at": trial.at.isoformat(),
        "certificates": trial.total,
        "counts": {one.outcome: one.count for one in count_outcomes(trial)},
    }
    yield json.dumps(head, ensure_ascii=False)[:-1] + ', "parks": ['
    faults, before = [], "\n"
    for line in find_lines(trial).iterator(chunk_size=500):
        number = line.certificate.number
        faults += [{"certificate": number, **one} for one in line.faults]
        if line.found:
            yield before + json.dumps({"certificate": number, **line.found}, ensure_ascii=False)
            before = ",\n"
    yield f'\n], "faults": {json.dumps(faults, ensure_ascii=False)}}}\n'
