"""The follow-up of measures: what the register says of each beside what it was to save, and by when."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from django.db.models import QuerySet

from lingtan.errors import LingtanError, Place, fault
from lingtan_web.audit.services import Actor, recorded
from lingtan_web.dossiers.models import RegisterRow
from lingtan_web.parks.models import Park
from lingtan_web.process.models import MeasureTarget, Plan

REGISTER = "measures"
IMPLEMENTED = "implemented"
LARGEST = Decimal(10) ** 12


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure: its row in the register, its target, and how the two compare (None: not known)."""

    key: str
    name: str
    owner: str
    status: str
    started: str
    saved: Decimal | None
    planned: Decimal | None
    due: date | None

    @property
    def lacking(self) -> Decimal | None:
        """Planned less saved, never below zero; None where either is not known."""
        if self.saved is None or self.planned is None:
            return None
        return max(self.planned - self.saved, Decimal(0))

    @property
    def planned_text(self) -> str:
        """What is planned, as a person would write it; blank where it is not known."""
        return "" if self.planned is None else f"{self.planned.normalize():f}"

    @property
    def is_done(self) -> bool:
        """Whether it works."""
        return self.status == IMPLEMENTED

    def is_late(self, today: date) -> bool:
        """Whether it should work by now and does not."""
        return self.due is not None and self.due < today and not self.is_done


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums over the measures for which the number is known, and how many those are."""

    planned: Decimal
    planned_known: int
    saved: Decimal
    saved_known: int
    all: int


def find_measures(plan: Plan) -> list[Measure]:
    """The measures of the year's dossier in its order (two queries)."""
    targets = {one.key: one for one in plan.targets.all()}
    rows = _rows(plan.park, plan.year).order_by("position").values_list("cells", flat=True)
    return [_measure(cells, targets.get(_text(cells, "measure"))) for cells in rows]


def _rows(park: Park, year: int) -> QuerySet[RegisterRow]:
    return RegisterRow.objects.filter(dossier__park=park, dossier__year=year, register=REGISTER)


def _text(cells: object, column: str) -> str:
    return str(cells.get(column) or "").strip() if isinstance(cells, dict) else ""


def _measure(cells: object, target: MeasureTarget | None) -> Measure:
    return Measure(
        key=_text(cells, "measure"), name=_text(cells, "name"), owner=_text(cells, "owner"),
        status=_text(cells, "status"), started=_text(cells, "start_date"),
        saved=_number(_text(cells, "verified_reduction_tco2e")),
        planned=target.planned_tco2e if target else None, due=target.due if target else None,
    )  # fmt: skip


def _number(text: str) -> Decimal | None:
    """A cell as a number; None where it is blank or not one (the grid of the register says so)."""
    try:
        number = Decimal(text.replace(",", ""))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def compute_totals(measures: Iterable[Measure]) -> Totals:
    """What is planned and what is saved, with how many measures stand behind each sum."""
    listed = list(measures)
    planned = [one.planned for one in listed if one.planned is not None]
    saved = [one.saved for one in listed if one.saved is not None]
    return Totals(sum(planned, Decimal(0)), len(planned), sum(saved, Decimal(0)), len(saved), len(listed))


def set_target(actor: Actor, *, plan: Plan, key: str, planned: str, due: date | None) -> MeasureTarget:
    """What a measure is to save and by when; blank takes it away.

    LingtanError: no such measure in the register, or a number that is none.
    """
    if not any(one.key == key for one in find_measures(plan)):
        raise LingtanError([fault("process.unknown-measure", Place(column="key"), given=key[:60])])
    number = _checked(planned)
    details = {"planned_tco2e": str(number) if number is not None else None, "due": str(due) if due else None}
    with recorded(actor, "measure.target-set", park=plan.park, subject=key, details=details):
        target, _ = MeasureTarget.objects.select_for_update().get_or_create(plan=plan, key=key)
        target.planned_tco2e, target.due = number, due
        target.save()
    return target


def _checked(given: str) -> Decimal | None:
    if not given:
        return None
    number = _number(given)
    if number is None or not 0 <= number < LARGEST or number != round(number, 4):
        raise LingtanError([fault("process.not-a-saving", Place(column="planned"), given=given[:40])])
    return number
