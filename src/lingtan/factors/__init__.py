"""The factor for an activity, a place, a date: found, explained, or said to be missing."""

from lingtan.factors.checking import check_factors
from lingtan.factors.gwp import find_gas, find_gwp
from lingtan.factors.records import Equipment, Factor, FactorKind, FoundFactor, Gwp, GwpSet, Region
from lingtan.factors.registry import Registry, load_registry
from lingtan.factors.steam import find_enthalpy
from lingtan.factors.tables import equipment, factor_kinds, find_equipment, place_chain, regions

__all__ = [
    "Equipment",
    "Factor",
    "FactorKind",
    "FoundFactor",
    "Gwp",
    "GwpSet",
    "Region",
    "Registry",
    "check_factors",
    "equipment",
    "factor_kinds",
    "find_enthalpy",
    "find_equipment",
    "find_gas",
    "find_gwp",
    "load_registry",
    "place_chain",
    "regions",
]
