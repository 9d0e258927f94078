"""Lingtan 零碳: from meter readings to a zero-carbon star."""
