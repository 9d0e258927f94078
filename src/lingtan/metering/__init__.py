"""Readings of meters to energy per meter, month and year, with what is wrong with them."""

from lingtan.metering.computing import compute_metering
from lingtan.metering.records import MeteredQuantity, MeterEnergy, Metering
from lingtan.metering.supply import energy_rows, online_supply_meters
from lingtan.metering.tables import energy_table, quality_table

__all__ = [
    "MeterEnergy",
    "MeteredQuantity",
    "Metering",
    "compute_metering",
    "energy_rows",
    "energy_table",
    "online_supply_meters",
    "quality_table",
]
