"""How well an inventory is known: propagation, Monte Carlo, data quality."""

from lingtan.inventory.uncertainty.compute import compute_uncertainty
from lingtan.inventory.uncertainty.defaults import LEVEL, Defaults, Spread, load_defaults
from lingtan.inventory.uncertainty.export import export_uncertainty
from lingtan.inventory.uncertainty.records import (
    Contribution,
    Grade,
    Input,
    Simulated,
    TotalUncertainty,
    Uncertainty,
)

__all__ = [
    "LEVEL",
    "Contribution",
    "Defaults",
    "Grade",
    "Input",
    "Simulated",
    "Spread",
    "TotalUncertainty",
    "Uncertainty",
    "compute_uncertainty",
    "export_uncertainty",
    "load_defaults",
]
