"""Which of the evidence listed is there, as registered, valid and open."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from lingtan.dossier.records import Row
from lingtan.reports.results import Results

State = Literal["here", "absent", "changed", "confidential", "unnamed", "expired"]


@dataclass(frozen=True, slots=True)
class Attached:
    """A row of the list of evidence, the state of its file, and whether that goes into the package."""

    id: str
    file: str
    state: State
    row: Row

    @property
    def is_packed(self) -> bool:
        """Whether the file is there and may be seen by all who get the package."""
        return self.state in ("here", "changed", "expired")


def find_attached(results: Results) -> list[Attached]:
    """Every row of the list in its order."""
    rows = results.dossier.rows.get("evidence", ())
    return [Attached(row.text("id"), row.text("file"), _state(row, results), row) for row in rows]


def _state(row: Row, results: Results) -> State:
    file, valid_to = row.text("file"), row.values.get("valid_to")
    if row.values.get("confidential") is True:
        return "confidential"
    if not file:
        return "unnamed"
    found = results.dossier.evidence_files.get(file)
    if found is None:
        return "absent"
    if row.text("sha256").lower() not in ("", found):
        return "changed"
    if isinstance(valid_to, date) and valid_to < results.assessment.on:
        return "expired"
    return "here"


def find_unlisted(results: Results) -> tuple[str, ...]:
    """Ids that registers name and the list does not have."""
    faults = (one for one in results.dossier.faults if one.code == "dossier.evidence-unknown")
    return tuple(dict.fromkeys(one.context["id"] for one in faults))


def find_unreferenced(results: Results) -> Iterator[str]:
    """Files in the folder of evidence that the list does not name."""
    listed = {row.text("file") for row in results.dossier.rows.get("evidence", ())}
    return (name for name in sorted(results.dossier.evidence_files) if name not in listed)
