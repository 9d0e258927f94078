"""Carbon by the hour: intensity per slot, emissions against one annual factor, carbon-free matching."""

from lingtan.metering.carbon.emissions import HourlyEmissions, compute_emissions
from lingtan.metering.carbon.matching import SHARE_PARTS, Matching, compute_matching
from lingtan.metering.carbon.series import INTENSITY_DIGITS, UNKNOWN, Factors, build_factors

__all__ = [
    "INTENSITY_DIGITS",
    "SHARE_PARTS",
    "UNKNOWN",
    "Factors",
    "HourlyEmissions",
    "Matching",
    "build_factors",
    "compute_emissions",
    "compute_matching",
]
