"""Rows of the registers while they are made, and their CSV files."""

from __future__ import annotations

import csv
from pathlib import Path

from lingtan.dossier.registers import registers


class Tables:
    """Rows by register; a column the register does not declare is refused at once."""

    def __init__(self) -> None:
        self.rows: dict[str, list[dict[str, str]]] = {name: [] for name in registers()}

    def add(self, register: str, **cells: object) -> None:
        """One row; None and left-out columns are blank, True and False become yes and no."""
        unknown = cells.keys() - registers()[register].columns.keys()
        if unknown:
            raise KeyError(f"{register} has no column {sorted(unknown)}")
        self.rows[register].append({name: _text(cell) for name, cell in cells.items()})

    def write(self, folder: Path) -> None:
        """One CSV file per register, columns in the declared order, evidence.csv beside its files."""
        for name, rows in self.rows.items():
            place = folder / "evidence" if name == "evidence" else folder / "registers"
            place.mkdir(parents=True, exist_ok=True)
            with (place / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, list(registers()[name].columns), lineterminator="\n")
                writer.writeheader()
                writer.writerows(rows)


def _text(cell: object) -> str:
    if cell is None:
        return ""
    return ("no", "yes")[cell] if isinstance(cell, bool) else str(cell)


def shifted(whole: int, places: int) -> str:
    """A whole number with the decimal point moved `places` to the left: 1234567, 3 gives 1234.567."""
    text = f"{whole:0{places + 1}d}"
    return f"{text[:-places]}.{text[-places:]}".rstrip("0").rstrip(".")
