"""The dossier at a glance: each register with its rows, its faults, and what still waits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from lingtan.dossier.registers import Register
from lingtan.errors import LingtanError
from lingtan.standards import load_edition
from lingtan.standards.compiling import find_register_users
from lingtan_web.dossiers.checking import Spot, count_severities
from lingtan_web.dossiers.models import WorkingDossier
from lingtan_web.dossiers.profiles import read_profile
from lingtan_web.dossiers.scopes import Scope

Users = tuple[tuple[str, str], ...]
"""Indicators by their codes, gates by their names: in Chinese and in English."""

State = Literal["filled", "empty", "missing", "optional"]


@dataclass(frozen=True, slots=True)
class Line:
    """A register: how many rows, how many faults, and which indicators wait for it."""

    register: Register
    rows: int
    errors: int
    warnings: int
    state: State
    users: Users

    @property
    def name_zh(self) -> str:
        """Its Chinese name."""
        return self.register.zh

    @property
    def name_en(self) -> str:
        """Its English name."""
        return self.register.en


@dataclass(frozen=True, slots=True)
class Overview:
    """Every register in scope; how many of those that indicators need are there; faults of the rest."""

    lines: tuple[Line, ...]
    needed: int
    supplied: int
    errors: int
    warnings: int
    others: tuple[Spot, ...]

    @property
    def percent(self) -> int:
        """The share of needed registers that are there."""
        return 100 * self.supplied // self.needed if self.needed else 100


def build_overview(
    dossier: WorkingDossier, scope: Scope, counts: Mapping[str, int], spots: Sequence[Spot]
) -> Overview:
    """The overview from row counts and faults."""
    park = read_profile(dossier.facts)
    users = _users(park.reporting.editions)
    severities = count_severities(spots)
    lines = tuple(
        _line(one, counts.get(name, 0), severities.get(name, Counter()), name in park.confirmed_empty,
              users.get(name, ()))
        for name, one in scope.registers().items()
    )  # fmt: skip
    needed = [line for line in lines if line.users]
    return Overview(
        lines,
        len(needed),
        sum(line.state in ("filled", "empty") for line in needed),
        sum(one["error"] for one in severities.values()),
        sum(one["warning"] for one in severities.values()),
        tuple(one for one in spots if not one.register and one.fault.severity != "note"),
    )


def _line(register: Register, rows: int, found: Counter[str], is_empty: bool, users: Users) -> Line:
    state: State = "filled" if rows else "empty" if is_empty else "missing" if users else "optional"
    return Line(register, rows, found["error"], found["warning"], state, users)


def _users(editions: Sequence[str]) -> dict[str, Users]:
    """The indicators that need each register, over all editions of the park."""
    found: dict[str, Users] = {}
    for edition in editions:
        for register, codes in _users_of(edition).items():
            found[register] = tuple(dict.fromkeys((*found.get(register, ()), *codes)))
    return found


@cache
def _users_of(edition: str) -> Mapping[str, Users]:
    try:
        loaded = load_edition(edition)
    except LingtanError:  # an edition that is not here is told by the faults of the dossier
        return {}
    gates = {gate.id: (gate.zh, gate.en) for gate in loaded.gates}
    users = find_register_users(loaded)
    return {name: tuple(gates.get(code, (code, code)) for code in codes) for name, codes in users.items()}
