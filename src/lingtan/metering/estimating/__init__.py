"""What was probably used while nothing was read: estimates with a named method and an uncertainty.

Only meters of intervals and of power have gaps without energy: what a register used over a gap was
measured, and is only spread. Estimates never enter what was measured.
"""

from lingtan.metering.estimating.gaps import ESTIMATES, METHODS, estimate_gaps

__all__ = ["ESTIMATES", "METHODS", "estimate_gaps"]
