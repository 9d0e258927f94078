"""The greenhouse gas inventory report, in the order of ISO 14064-1 and of the Chinese report forms."""

from lingtan.reports.documents.inventory.building import build_inventory

__all__ = ["build_inventory"]
