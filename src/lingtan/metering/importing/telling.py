"""What the cells of a table give rise to: faults at their first row, counts of what is left out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

import polars as pl

from lingtan.dossier.findings import Findings, shown
from lingtan.errors import Place
from lingtan.metering.importing.cells import Table
from lingtan.metering.importing.preparing import Prepared
from lingtan.metering.importing.survey import Survey
from lingtan.metering.importing.verdicts import CODE, FAULTS, VERDICTS
from lingtan.metering.limits import load_limits

_SHOWN_NAMES = 5


@dataclass(frozen=True, slots=True)
class Teller:
    """Tells `findings` what a survey of `table` found."""

    prepared: Prepared
    survey: Survey
    table: Table
    findings: Findings

    @property
    def place(self) -> Place:
        """The table as a whole."""
        return Place(self.table.file, self.table.sheet)

    def place_of(self, column: int, row: int = 0) -> Place:
        return Place(
            self.place.file, self.place.sheet, row, shown(self.prepared.recipe.heading.names[column])
        )

    def say_meter(self, meter: str, facts: Mapping[str, Any], row: Any, quantity: str) -> None:
        place = self.place_of(facts["column"])
        if facts["negative"]:
            at = Place(place.file, place.sheet, facts["negative_row"], place.column)
            self.findings.add("import.negative", at, meter=meter, count=facts["negative"])
        if facts["zeros"] and row is not None and row.values.get("zero_means_missing"):
            self.findings.add("import.zeros", place, meter=meter, count=facts["zeros"])
        multiple = float(load_limits().clip_multiple.value)
        mean = facts["size"] / facts["count"]
        if (
            quantity != "cumulative"
            and facts["at_most"] > 1
            and mean
            and facts["most"] >= multiple * mean * (1 - 1e-6)
        ):
            value = f"{facts['most']:.12g}"
            self.findings.add("import.clipped", place, meter=meter, count=facts["at_most"], value=value)
        if row is None and not facts["unit"]:
            self.findings.count("import.no-unit", self.place, meter=meter)

    def say_left_out(self) -> dict[str, int]:
        """Counts by verdict; a fault per verdict and column, at its first row."""
        counts: dict[str, int] = {"blank": self.survey.blank} if self.survey.blank else {}
        for row in self.survey.left():
            verdict = VERDICTS[cast(int, row["verdict"])]
            counts[verdict] = counts.get(verdict, 0) + cast(int, row["count"])
            self._say_left(verdict, row)
        return counts

    def _say_left(self, verdict: str, row: Mapping[str, Any]) -> None:
        is_time = CODE[verdict] in range(CODE["bad-time"], CODE["bad-value"])
        roles = self.prepared.recipe.roles
        column = roles.times[0] if is_time and roles.layout != "matrix" else row["column"]
        if verdict in ("unknown-meter", "bad-meter"):
            column = roles.meter if roles.meter >= 0 else column
        place = self.place_of(column, row["row"])
        example = shown(row["stamp"] if is_time else row["raw"])
        context: dict[str, object] = {"count": row["count"], "example": example}
        if verdict == "unknown-meter":
            context = self._unknown()
        elif verdict == "bad-meter":
            context["example"] = shown(row["name"])
        elif verdict in ("other-unit", "wrong-unit", "primary"):
            context["unit"] = row["unit"]
        elif verdict in ("no-such-time", "exists-twice"):
            context["zone"] = self.prepared.recipe.clock.zone
        elif verdict == "future":
            context["today"] = self.prepared.options.today
        if verdict == "bad-value" and example.startswith("="):
            self.findings.add("dossier.formula-not-calculated", place, given=example)
        self.findings.add(FAULTS[verdict], place, **context)

    def _unknown(self) -> dict[str, object]:
        names = list(self.prepared.recipe.naming.unknown)
        more = " …" if len(names) > _SHOWN_NAMES else ""
        return {"count": len(names), "meters": ", ".join(map(shown, names[:_SHOWN_NAMES])) + more}

    def say_repeats(self) -> pl.DataFrame:
        repeats = self.survey.repeats()
        for differ, code in ((False, "import.repeated"), (True, "import.conflict")):
            some = repeats.filter(pl.col("differ") == differ)
            if some.is_empty():
                continue
            first = some.sort("row").row(0, named=True)
            place = Place(self.place.file, self.place.sheet, first["row"])
            meter = self.prepared.recipe.naming.ids[first["meter"]]
            self.findings.add(
                code, place, count=some.height, meter=meter, at=f"{first['at']:%Y-%m-%d %H:%M} UTC"
            )
        return repeats
