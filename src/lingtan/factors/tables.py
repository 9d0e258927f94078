"""Small tables beside the factors: kinds, regions, equipment types."""

from __future__ import annotations

import csv
import difflib
import unicodedata
from collections.abc import Mapping
from functools import cache

import lingtan_data
from lingtan.errors import FactorError, fault
from lingtan.factors.records import Equipment, FactorKind, Region


def read_table(name: str) -> list[dict[str, str]]:
    """The rows of a shipped table `factors/tables/<name>.csv`."""
    file = lingtan_data.path("factors", "tables", f"{name}.csv")
    with file.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def split(cell: str) -> tuple[str, ...]:
    """The parts of a cell that holds several, separated by semicolons."""
    return tuple(part for part in cell.split(";") if part)


def folded(text: str) -> str:
    """`text` without case, width, spaces and hyphens, for comparing names that people type."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return "".join(letter for letter in plain if letter not in " -_‐‑–—·\t\u3000")


@cache
def factor_kinds() -> Mapping[str, FactorKind]:
    """Every kind of factor by id."""
    return {
        row["id"]: FactorKind(
            row["id"],
            row["zh"],
            row["en"],
            "yearly" if row["ages"] == "yearly" else "document",
            split(row["units"]),
            row["about"],
        )
        for row in read_table("kinds")
    }


@cache
def regions() -> Mapping[str, Region]:
    """Every region by id. Which grid a province belongs to is our reading (basis `inferred`)."""
    return {
        row["id"]: Region(row["id"], row["zh"], row["en"], row["parent"], split(row["aliases"]))
        for row in read_table("regions")
    }


@cache
def _region_names() -> Mapping[str, str]:
    names: dict[str, str] = {}
    for region in regions().values():
        for name in (region.id, region.zh, region.en, *region.aliases):
            names.setdefault(folded(name), region.id)
    return names


@cache
def place_chain(place: str) -> tuple[str, ...]:
    """Region ids from `place` (id or name, `上海`, `上海市`, `CN-SH`, `GB`) outwards to `world`.

    FactorError `factor.unknown-place` if nothing has that name.
    """
    found = _region_names().get(folded(place))
    if found is None:
        near = difflib.get_close_matches(folded(place), _region_names(), n=3)
        meant = [regions()[_region_names()[name]] for name in near] or list(regions().values())
        hint = ", ".join(f"{region.zh} {region.id}" for region in meant)
        raise FactorError([fault("factor.unknown-place", where=place, hint=hint)])
    chain = [found]
    while regions()[chain[-1]].parent:
        chain.append(regions()[chain[-1]].parent)
    return tuple(chain)


@cache
def equipment() -> Mapping[str, Equipment]:
    """Types of equipment by id: refrigeration and switchgear (IPCC 2006, volume 3, tables 7.9, 8.2, 8.3)."""
    return {
        row["id"]: Equipment(row["id"], row["zh"], row["en"], split(row["aliases"]))
        for row in read_table("equipment")
    }


@cache
def find_equipment(text: str) -> Equipment | None:
    """The equipment type that `text` names (id, Chinese or English name, alias); None if no one does."""
    wanted = folded(text)
    for one in equipment().values():
        if wanted in {folded(name) for name in (one.id, one.zh, one.en, *one.aliases)}:
            return one
    return None
