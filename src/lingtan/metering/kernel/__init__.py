"""Energy from whole meters of readings: one function, several places to run."""

from lingtan.metering.kernel.compute import Energy, compute_energy
from lingtan.metering.kernel.setting import KINDS, UNKNOWN, MeterFacts, Setting, build_setting
from lingtan.metering.kernel.steps import compute_steps

__all__ = [
    "KINDS",
    "UNKNOWN",
    "Energy",
    "MeterFacts",
    "Setting",
    "build_setting",
    "compute_energy",
    "compute_steps",
]
