"""Readings from files of any common layout: plan, look row by row, hand on in batches.

plan = plan_import([path], meters=rows, options=ImportOptions(zone="Asia/Shanghai"))
plan.tables, plan.faults          what was recognised and decided, and what is wrong
for frame in read_rows(plan): …   what would become of every cell
for batch in read_batches(plan): …   whole numbers for the lake
"""

from lingtan.metering.importing.batches import ROWS, read_batches, read_rows
from lingtan.metering.importing.planning import ImportPlan, plan_import
from lingtan.metering.importing.records import Batch, ColumnUse, Decision, ImportOptions, MeterPlan, TablePlan

__all__ = [
    "ROWS",
    "Batch",
    "ColumnUse",
    "Decision",
    "ImportOptions",
    "ImportPlan",
    "MeterPlan",
    "TablePlan",
    "plan_import",
    "read_batches",
    "read_rows",
]
