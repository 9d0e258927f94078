"""park.yaml as a form: every key with its words and its text, read back by the core's own reader."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lingtan.dossier.cells import plain_number
from lingtan.dossier.findings import Findings
from lingtan.dossier.park_files import HEADINGS, park_keys, park_rows, read_park_sheet
from lingtan.dossier.records import Park
from lingtan.errors import DossierError, Fault, Place, has_errors

_OWN = ("confirmed_empty", "boundary_confirmed")  # set where registers and boundary are shown
_LONG = ("note",)
_FIXED = ("id", "reporting.year")  # the park's address and the dossier's year
_GROUPS = (
    ("id", "园区", "The park"),
    ("location", "位置", "Location"),
    ("reporting", "报告与标准", "Reporting and editions"),
    ("profile", "园区概况数据", "Figures of the park"),
    ("responsible", "负责人", "Responsible people"),
)


@dataclass(frozen=True, slots=True)
class Field:
    """One key of the form; `evidence` is the text of its evidence ids, None where it takes none."""

    key: str
    zh: str
    en: str
    text: str
    about_zh: str = ""
    about_en: str = ""
    example: str = ""
    is_required: bool = False
    is_long: bool = False
    is_fixed: bool = False
    evidence: str | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Keys that belong together."""

    zh: str
    en: str
    fields: tuple[Field, ...]


def first_profile(slug: str, name_zh: str, name_en: str, year: int) -> dict[str, Any]:
    """The park.yaml of an empty dossier."""
    park = Park.model_validate(
        {"id": slug, "name_zh": name_zh, "name_en": name_en, "reporting": {"year": year}}
    )
    return profile_data(park)


def profile_data(park: Park) -> dict[str, Any]:
    """A park as JSON keeps it: exact numbers as text."""
    data: dict[str, Any] = park.model_dump(mode="json", exclude_defaults=True)
    return data


def read_profile(profile: Mapping[str, Any]) -> Park:
    """The park of a dossier."""
    return Park.model_validate(profile)


def profile_groups(profile: Mapping[str, Any]) -> tuple[Group, ...]:
    """The form, filled in."""
    texts = profile_texts(profile)
    fields = [_field(key, texts) for key in _keys(texts) if key not in _OWN]
    return tuple(
        Group(zh, en, tuple(field for field in fields if _group_of(field.key) == name))
        for name, zh, en in _GROUPS
    )


def profile_texts(profile: Mapping[str, Any]) -> dict[str, str]:
    """The text of each key that is filled in, as the sheet `park` of a workbook has it."""
    rows = park_rows(read_profile(profile))
    return {key: value if isinstance(value, str) else plain_number(value) for key, value in rows}


def _keys(texts: Mapping[str, str]) -> list[str]:
    """The keys a person fills in, the people there are, and one more."""
    people = {int(key.split(".")[1]) for key in texts if key.startswith("responsible.")}
    more = range(2, max(people, default=0) + 2)
    names = [f"responsible.{number}.{part}" for number in more for part in ("role", "name", "email")]
    return [*park_keys(), *names]


def _field(key: str, texts: Mapping[str, str]) -> Field:
    known = park_keys().get(key) or park_keys()[f"responsible.1.{key.rpartition('.')[2]}"]
    zh, en = known.zh, known.en
    if key not in park_keys():
        number = key.split(".")[1]
        zh, en = zh.replace("1", number), en.replace("1", number)
    takes_evidence = key.startswith("profile.")
    evidence = texts.get(f"profile_evidence.{key.removeprefix('profile.')}", "") if takes_evidence else None
    about_zh, _, about_en = known.about.partition(" / ")
    return Field(
        key, zh, en, texts.get(key, ""), about_zh, about_en or about_zh, known.example,
        is_required=known.is_required, is_long=known.is_list or key in _LONG, is_fixed=key in _FIXED,
        evidence=evidence,
    )  # fmt: skip


def _group_of(key: str) -> str:
    head = key.partition(".")[0]
    return head if head in {name for name, _, _ in _GROUPS} else "id"


def read_form(profile: Mapping[str, Any], given: Mapping[str, str]) -> tuple[Park, tuple[Fault, ...]]:
    """The park that the form says, with notes. DossierError with every key that cannot be read.

    Keys that the form does not have (and those that are fixed) stay as they are.
    """
    texts = profile_texts(profile)
    allowed = {key for key in _keys(texts) if key not in (*_FIXED, *_OWN)}
    allowed |= {f"profile_evidence.{key[8:]}" for key in allowed if key.startswith("profile.")}
    merged = {**texts, **{key: text for key, text in given.items() if key in allowed}}
    findings = Findings()
    grid = [list(HEADINGS), *([key, text] for key, text in merged.items() if text.strip())]
    park = read_park_sheet(grid, Place(sheet="park"), findings)
    faults = tuple(Fault(one.code, Place(column=one.place.column), one.context) for one in findings.all())
    if park is None or has_errors(faults):
        raise DossierError(faults)
    return park, faults
