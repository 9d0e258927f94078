"""Activity x factor: the park's emissions and energy balance by a named method."""

from lingtan.inventory.compute import compute_inventory
from lingtan.inventory.export import export_inventory
from lingtan.inventory.lines import multiply
from lingtan.inventory.methods import Method, load_method, method_names
from lingtan.inventory.online import compute_online_energy
from lingtan.inventory.published import compare_published
from lingtan.inventory.records import Inventory, Line, Member
from lingtan.inventory.slips.finding import find_slips

__all__ = [
    "Inventory",
    "Line",
    "Member",
    "Method",
    "compare_published",
    "compute_inventory",
    "compute_online_energy",
    "export_inventory",
    "find_slips",
    "load_method",
    "method_names",
    "multiply",
]
