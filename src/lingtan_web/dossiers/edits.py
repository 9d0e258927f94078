"""What a grid sends: cells that change, rows that come and go. Checked here, before anything is looked up."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from lingtan.dossier.cells import LONGEST_CELL
from lingtan.dossier.findings import shown
from lingtan.dossier.registers import Register
from lingtan.errors import Fault, LingtanError, Place, fault

MOST_EDITS = 2_000  # of a batch; the grid sends 500
LONGEST_HEADING = 120
_MARK = re.compile(r"[0-9a-f]{16}")

Kind = Literal["cell", "add", "remove"]


@dataclass(frozen=True, slots=True)
class Edit:
    """One edit. `old` and `new` are of a cell; `cells` are of a row that comes, or as it was seen to go."""

    kind: Kind
    mark: str
    column: str = ""
    old: str = ""
    new: str = ""
    cells: Mapping[str, str] | None = None


def read_edits(register: Register, given: object) -> list[Edit]:
    """The edits of a batch. LingtanError with every one that is not an edit of this register."""
    if not isinstance(given, list) or len(given) > MOST_EDITS:
        raise LingtanError([fault("dossiers.bad-batch", limit=MOST_EDITS)])
    faults: list[Fault] = []
    edits = [edit for one in given if (edit := _read(register, one, faults))]
    if faults:
        raise LingtanError(faults[:20])
    return edits


def _read(register: Register, given: Any, faults: list[Fault]) -> Edit | None:
    kind = given.get("kind") if isinstance(given, dict) else None
    mark = given.get("row") if isinstance(given, dict) else None
    if kind not in ("cell", "add", "remove") or not isinstance(mark, str) or not _MARK.fullmatch(mark):
        faults.append(fault("dossiers.bad-edit", Place(sheet=register.name), given=shown(given)))
        return None
    if kind == "cell":
        column, old, new = (given.get(name) for name in ("column", "old", "new"))
        if not isinstance(column, str) or not isinstance(old, str):
            faults.append(fault("dossiers.bad-edit", Place(sheet=register.name), given=shown(given)))
            return None
        cells = _cells(register, {column: new}, faults)
        return None if cells is None else Edit("cell", mark, column, old, cells.get(column, ""))
    cells = _cells(register, given.get("cells"), faults)
    return None if cells is None else Edit(kind, mark, cells=cells)


def _cells(register: Register, given: Any, faults: list[Fault]) -> dict[str, str] | None:
    """Cells by column, blank ones left out; None with a fault for what no cell can hold."""
    if not isinstance(given, dict) or len(given) > 4 * len(register.columns) + 100:
        faults.append(fault("dossiers.bad-edit", Place(sheet=register.name), given=shown(given)))
        return None
    cells = {}
    for column, text in given.items():
        place = Place(sheet=register.name, column=shown(column))
        if not isinstance(text, str) or not 0 < len(column) <= LONGEST_HEADING:
            faults.append(fault("dossiers.bad-edit", place, given=shown(given)))
            return None
        if len(text) > LONGEST_CELL:
            faults.append(fault("dossier.cell-too-long", place, length=len(text), limit=LONGEST_CELL))
            return None
        cells[column] = plain(text)
    return {column: text for column, text in cells.items() if text}


def plain(text: str) -> str:
    """The text of a cell as it is kept: lines parted by line feeds, nothing a database cannot hold."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "\ufffd")
    return text.encode("utf-8", "replace").decode("utf-8").strip()
