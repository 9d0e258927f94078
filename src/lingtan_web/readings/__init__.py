"""Readings that programs push, and the lakes they are kept in: one per park."""
