"""Global warming potentials: gas names as people write them, blends from their components."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import cast

from lingtan.errors import FactorError, fault
from lingtan.factors.records import Factor, Gwp, GwpSet
from lingtan.factors.registry import Registry, load_registry
from lingtan.factors.tables import folded, read_table, split
from lingtan.quantities import exactly

SETS: tuple[GwpSet, ...] = ("AR4", "AR5", "AR6")
_ONE = Decimal(1)


@dataclass(frozen=True, slots=True)
class Gas:
    """A gas or blend. `is_kyoto` None: a blend, whose parts decide. `blend`: mass share of each component."""

    id: str
    name: str
    zh: str
    is_kyoto: bool | None
    aliases: tuple[str, ...]
    blend: tuple[tuple[str, Decimal], ...] = ()


@cache
def gases() -> Mapping[str, Gas]:
    """Every gas and blend by id."""
    shares: dict[str, list[tuple[str, Decimal]]] = {}
    for row in read_table("blends"):
        shares.setdefault(row["blend"], []).append((row["component"], Decimal(row["mass_share"])))
    kyoto = {"yes": True, "no": False, "blend": None}
    return {
        row["id"]: Gas(
            row["id"],
            row["name"],
            row["zh"],
            kyoto[row["kyoto"]],
            split(row["aliases"]),
            tuple(shares.get(row["id"], ())),
        )
        for row in read_table("gases")
    }


@cache
def _names() -> Mapping[str, str]:
    names: dict[str, str] = {}
    for gas in gases().values():
        for name in (gas.id, gas.name, gas.zh, *gas.aliases):
            names.setdefault(folded(name), gas.id)
    return names


def find_gas(name: str) -> Gas:
    """The gas that `name` means: `R410A`, `R-134a`, `HFC-134a`, `sf6`, `甲烷`.

    FactorError `factor.unknown-gas` with the nearest names.
    """
    found = _names().get(folded(name))
    if found is None:
        near = difflib.get_close_matches(folded(name), _names(), n=3)
        words = [gases()[_names()[one]].name for one in near]
        raise FactorError([fault("factor.unknown-gas", gas=name, near="、".join(words) or "-")])
    return gases()[found]


@exactly
def find_gwp(gas: str, *, gwp_set: str, registry: Registry | None = None) -> Gwp:
    """GWP100 of `gas` in kgCO2e/kg by `gwp_set` (AR4, AR5, AR6), Kyoto and other gases apart.

    A blend is the mass-weighted sum of its components, not rounded; where its composition is
    not known, the value printed for the whole blend. FactorError: unknown gas, no value in
    this set.
    """
    known = registry or load_registry()
    one = find_gas(gas)
    if gwp_set.upper() not in SETS:
        raise _none(one, gwp_set, known)
    chosen = cast(GwpSet, gwp_set.upper())
    if not one.blend and one.is_kyoto is None:
        return _printed(one, chosen, known)
    shares = one.blend or ((one.id, _ONE),)
    parts = tuple((gases()[name], share, _factor(one, name, chosen, known)) for name, share in shares)
    kyoto = sum((s * _value(f) for g, s, f in parts if g.is_kyoto), Decimal(0))
    other = sum((s * _value(f) for g, s, f in parts if not g.is_kyoto), Decimal(0))
    zh, en = f"{chosen} 百年值", f"100-year value of {chosen}"
    if one.blend:
        mix = " + ".join(f"{s:f} × {g.name}" for g, s, _ in parts)
        zh, en = f"{zh}，按组分质量加权：{mix}", f"{en}, by mass: {mix}"
    return Gwp(one.id, one.name, chosen, kyoto, other, tuple((s, f) for _, s, f in parts), zh, en)


def _printed(gas: Gas, gwp_set: GwpSet, registry: Registry) -> Gwp:
    """A blend known only by the values printed for it as a whole."""
    kind = f"gwp100_{gwp_set.lower()}"
    kyoto = _by_kind(gas.id, kind, registry)
    other = _by_kind(gas.id, f"{kind}_non_kyoto", registry)
    if kyoto is None and other is None:
        raise _none(gas, gwp_set, registry)
    zh, en = f"{gwp_set} 百年值，原表所印整体值", f"100-year value of {gwp_set}, printed for the blend"
    found = tuple((_ONE, f) for f in (kyoto, other) if f is not None)
    zero = Decimal(0)
    values = (_value(kyoto) if kyoto else zero, _value(other) if other else zero)
    return Gwp(gas.id, gas.name, gwp_set, *values, found, zh, en)


def _factor(asked: Gas, component: str, gwp_set: GwpSet, registry: Registry) -> Factor:
    factor = _by_kind(component, f"gwp100_{gwp_set.lower()}", registry)
    if factor is None:
        raise _none(asked, gwp_set, registry)
    return factor


def _by_kind(activity: str, kind: str, registry: Registry) -> Factor | None:
    """The factor in force of one gas: the one no other replaces."""
    found = [
        f
        for f in registry.list_factors(activity=activity, kind=kind)
        if f.value is not None and not f.replaced_by
    ]
    return found[-1] if found else None


def _value(factor: Factor) -> Decimal:
    return factor.value if factor.value is not None else Decimal(0)


def _none(gas: Gas, gwp_set: str, registry: Registry) -> FactorError:
    names = [name for name, _ in gas.blend] or [gas.id]
    held = [{f.kind for f in registry.list_factors(activity=name)} for name in names]
    exist = [one for one in SETS if all(f"gwp100_{one.lower()}" in kinds for kinds in held)]
    return FactorError(
        [fault("factor.no-gwp", gas=gas.name, gwp_set=gwp_set, existing="、".join(exist) or "—")]
    )
