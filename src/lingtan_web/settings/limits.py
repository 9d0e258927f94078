"""Limits of the interface for programs and of webhooks; each may be set by a variable."""

from __future__ import annotations

import os


def read_rate(name: str, usual: int) -> int:
    """A rate per minute from the variable `name`, else `usual`; at least 1."""
    given = os.environ.get(name, "")
    return max(1, int(given)) if given.isascii() and given.isdigit() else usual


API_READS_PER_MINUTE = read_rate("LINGTAN_API_READS_PER_MINUTE", 600)
API_WRITES_PER_MINUTE = read_rate("LINGTAN_API_WRITES_PER_MINUTE", 120)
WEBHOOK_LOOPBACK = os.environ.get("LINGTAN_WEBHOOK_LOOPBACK", "") == "1"
"""For tests: webhooks may lead to this machine."""
