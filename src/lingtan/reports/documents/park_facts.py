"""What the park says of itself: identity, people, figures of the profile, enterprises, boundary."""

from __future__ import annotations

from decimal import Decimal

from lingtan.dossier.records import Dossier
from lingtan.dossier.records import Row as DossierRow
from lingtan.dossier.registers import registers
from lingtan.reports.documents.cover import facts_table
from lingtan.reports.documents.desk import Desk
from lingtan.reports.records import Block, Paragraph, Row, Runs, Table
from lingtan.reports.rounding import amount, count, full
from lingtan.standards import facts


def build_identity(desk: Desk) -> Table:
    """Name, industry, place and boundary of the park."""
    park = desk.results.dossier.park
    location = park.location
    many = count(len(desk.results.enterprises), path="registers/enterprises")
    country = "" if location.country == "CN" and desk.words.language == "zh" else location.country
    parts = (country, location.province, location.city, location.district)
    where = " ".join(dict.fromkeys(part for part in parts if part))
    pairs: list[tuple[str, Runs]] = [
        (desk.text("park.name"), (desk.pick(park.name_zh, park.name_en),)),
        (desk.text("park.industry"), (park.characteristic_industry or _not_given(desk),)),
        (desk.text("park.location"), (where,)),
        (desk.text("park.grid"), (location.grid or _not_given(desk),)),
        (desk.text("park.boundary"), (say_boundary(desk.results.dossier, desk),)),
        (desk.text("park.enterprises"), (many,)),
    ]
    return facts_table("park-identity", pairs)


def _not_given(desk: Desk) -> str:
    return desk.text("park.not_given")


def say_boundary(dossier: Dossier, desk: Desk) -> str:
    """Whether a boundary was handed in and confirmed."""
    given = "given" if dossier.boundary is not None else "lacking"
    confirmed = {True: "confirmed", False: "unconfirmed", None: "not_said"}[dossier.park.boundary_confirmed]
    return desk.text(f"park.boundary_{given}", confirmed=desk.text(f"park.boundary_{confirmed}"))


def build_people(desk: Desk) -> Block:
    """Who is responsible; that nobody is named."""
    people = desk.results.dossier.park.responsible
    if not people:
        return Paragraph(desk.runs("park.no_people"))
    columns = desk.columns("park.people_columns", "2", "1.4", "2.4")
    rows = tuple(Row(((one.role,), (one.name,), (one.email or "—",))) for one in people)
    return Table("people", desk.text("park.people_table"), columns, rows)


def build_profile(desk: Desk) -> Table:
    """Figures of the park as a whole, with unit and evidence; a dash where nothing was handed in."""
    park = desk.results.dossier.park
    columns = desk.columns("park.profile_columns", "3.4", "1.4>", "1", "1.4")
    rows = []
    for name in type(park.profile).model_fields:
        value: Decimal | None = getattr(park.profile, name)
        called, unit = _profile_name(name, desk)
        path = f"park/profile/{name}"
        shown = full(value, path=path) if "per_kwh" in name else amount(value, unit, path=path)
        evidence = park.profile_evidence.get(name, "") or "—"
        rows.append(Row(((called,), (shown,), (desk.unit(unit) or "—",), (evidence,))))
    note = desk.runs("park.profile_note")
    return Table("profile", desk.text("park.profile_table"), columns, tuple(rows), note)


def _profile_name(name: str, desk: Desk) -> tuple[str, str]:
    fact = facts().get(f"profile.{name}")
    if fact is None:
        return desk.text(f"park.{name}"), desk.text(f"park.{name}_unit")
    return desk.pick(fact.zh, fact.en), fact.unit


def build_enterprises(desk: Desk) -> tuple[Block, ...]:
    """How many enterprises there are, and each of them; a confidential one without its details."""
    rows = desk.results.enterprises
    if not rows:
        return (Paragraph(desk.runs("park.no_enterprises")),)
    many = count(len(rows), path="registers/enterprises")
    intro = Paragraph(desk.runs("park.enterprises_intro", many=many))
    columns = desk.columns("park.enterprises_columns", "3.2", "1.1", "1", "1", "1", "1")
    body = tuple(Row(tuple((cell,) for cell in _enterprise(row, desk))) for row in rows.values())
    note = desk.runs("park.enterprises_note")
    return intro, Table("enterprises", desk.text("park.enterprises_table"), columns, body, note)


def _enterprise(row: DossierRow, desk: Desk) -> tuple[str, ...]:
    name = desk.names.enterprise(row.key)
    if desk.names.is_confidential(row.key):
        return (name, *([desk.text("park.confidential")] * 5))
    return (
        name,
        say_choice("enterprises", "role", row, desk),
        row.text("industry_code") or "—",
        say_yes_no(row, "in_characteristic_industry", desk),
        say_yes_no(row, "above_scale", desk),
        say_yes_no(row, "key_enterprise", desk),
    )


def say_yes_no(row: DossierRow, column: str, desk: Desk) -> str:
    """是, 否, or a dash where the cell is blank."""
    value = row.values.get(column)
    if not isinstance(value, bool):
        return "—"
    return desk.text("verdicts.yes" if value else "verdicts.no")


def say_choice(register: str, column: str, row: DossierRow, desk: Desk) -> str:
    """The words of a choice, a dash where the cell is blank."""
    chosen = row.text(column)
    found = registers()[register].columns[column].choices.get(chosen)
    return (desk.pick(*found) if found else chosen) or "—"
