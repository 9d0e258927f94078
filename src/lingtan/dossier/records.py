"""What a park hands in, as frozen records."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path

from pydantic import Field

from lingtan.documents import Record
from lingtan.errors import Fault, Place
from lingtan.periods import Period
from lingtan.trace import Origin

Cell = Decimal | str | bool | date | Period | None


def listed_in(text: str) -> tuple[str, ...]:
    """The parts of `EV001; EV002`, in order."""
    return tuple(part.strip() for part in text.split(";") if part.strip())


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a register.

    `values` has every declared column (None = blank): Decimal for number, count and year,
    bool for yes_no, date, Period, else str. `extra` keeps the user's further columns as text.
    `unread` keeps the text of cells that could not be read (their value is None).
    `key` is the readable key (`E001` or `2024-01/E001/electricity/purchased`); `place` says
    file or sheet and the row as people count it (header = 1).
    """

    register: str
    key: str
    values: Mapping[str, Cell]
    place: Place
    extra: Mapping[str, str] = field(default_factory=dict)
    unread: Mapping[str, str] = field(default_factory=dict)

    def at(self, column: str) -> Place:
        """The place of one cell."""
        return Place(self.place.file, self.place.sheet, self.place.row, column)

    def is_proven_by(self, listed: Collection[str]) -> bool:
        """Whether the row names evidence, and all of it is among `listed` (ids of the list of evidence)."""
        named = self.listed("evidence")
        return bool(named) and all(part in listed for part in named)

    def origin(self, column: str) -> Origin:
        """What a trace says of one cell: its name, its place, and the evidence its row names."""
        evidence = self.text("evidence")
        reference = f"{self.register}[{self.key}].{column}"
        return Origin("cell", reference, self.at(column), {"evidence": evidence} if evidence else {})

    def listed(self, column: str) -> tuple[str, ...]:
        """The parts of a cell that names several, divided by `;`."""
        return listed_in(self.text(column))

    def text(self, column: str) -> str:
        """The cell as text, empty if blank."""
        value = self.values.get(column)
        return "" if value is None else str(value)

    def number(self, column: str) -> Decimal | None:
        """The cell as a decimal, None if blank."""
        value = self.values.get(column)
        return value if isinstance(value, Decimal) else None


class Location(Record):
    """Where the park lies. `province` and `grid` choose the factors."""

    country: str = "CN"
    province: str = ""
    city: str = ""
    district: str = ""
    grid: str = ""
    latitude: Decimal | None = None
    longitude: Decimal | None = None
    timezone: str = "Asia/Shanghai"


class Person(Record):
    """Someone responsible: role in words, name, e-mail."""

    role: str
    name: str
    email: str = ""


class Reporting(Record):
    """The reporting year, and the editions and methods the park wants to be measured by."""

    year: int = Field(ge=1990, le=2100)
    editions: tuple[str, ...] = ()


class Profile(Record):
    """Numbers about the park as a whole; the unit is in the name, None is not known."""

    area_m2: Decimal | None = Field(default=None, ge=0)
    population_persons: Decimal | None = Field(default=None, ge=0)
    employees_persons: Decimal | None = Field(default=None, ge=0)
    industrial_value_added_wan_cny: Decimal | None = Field(default=None, ge=0)
    industrial_value_added_growth_3y_percent: Decimal | None = None
    industrial_output_wan_cny: Decimal | None = Field(default=None, ge=0)
    gross_domestic_product_wan_cny: Decimal | None = Field(default=None, ge=0)
    resource_recycling_value_added_wan_cny: Decimal | None = Field(default=None, ge=0)
    revenue_wan_cny: Decimal | None = Field(default=None, ge=0)
    low_carbon_research_wan_cny: Decimal | None = Field(default=None, ge=0)
    innovation_platforms_count: Decimal | None = Field(default=None, ge=0)
    electricity_equal_value_kgce_per_kwh: Decimal | None = Field(default=None, ge=0)


class Park(Record):
    """`park.yaml`: identity, location, profile, reporting year, editions, people.

    `confirmed_empty` names registers that are complete although they have no row:
    only there is "nothing" a zero.
    """

    id: str
    name_zh: str
    name_en: str = ""
    note: str = ""
    characteristic_industry: str = ""
    location: Location = Location()
    reporting: Reporting
    profile: Profile = Profile()
    profile_evidence: Mapping[str, str] = Field(default_factory=dict)
    responsible: tuple[Person, ...] = ()
    confirmed_empty: tuple[str, ...] = ()
    boundary_confirmed: bool | None = None


@dataclass(frozen=True, slots=True)
class Dossier:
    """Everything handed in, read and checked cell by cell.

    `rows` has every register name; `boundary` is the GeoJSON object; `readings` are the
    files or folders of readings (not loaded here); `faults` holds what reading found, from
    notes on forgiving reads to errors; `fingerprint` is the SHA-256 of the content, equal
    for folder, zip and workbook and for any order of rows. `origin` is where it was read
    from: evidence files and readings are taken from there when it is written elsewhere.
    """

    name: str
    park: Park
    rows: Mapping[str, tuple[Row, ...]]
    boundary: Mapping[str, object] | None = None
    readings: tuple[Path, ...] = ()
    evidence_files: Mapping[str, str] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()
    fingerprint: str = ""
    origin: Path | None = field(default=None, compare=False)

    def listed_evidence(self) -> frozenset[str]:
        """The ids in the list of evidence."""
        return frozenset(row.text("id") for row in self.rows.get("evidence", ()))

    def is_supplied(self, register: str) -> bool:
        """Whether the register has rows, or was confirmed to be empty."""
        return bool(self.rows.get(register)) or register in self.park.confirmed_empty
