"""The tree of meters: parents, virtual meters, balances, and that nothing counts twice."""

from lingtan.metering.tree.balance import Balance, check_balances, compute_balances, compute_residuals
from lingtan.metering.tree.building import MeterTree, build_tree
from lingtan.metering.tree.totals import compute_total, compute_virtual, find_double_counts

__all__ = [
    "Balance",
    "MeterTree",
    "build_tree",
    "check_balances",
    "compute_balances",
    "compute_residuals",
    "compute_total",
    "compute_virtual",
    "find_double_counts",
]
