"""Certificates, contracts, credits, own reductions: what each must pass to count, judged once.

The inventory (electricity at zero by contract) and the ledger (ordered cancellation) ask here, so
that a certificate refused by one is refused by the other.
"""

from lingtan.instruments.green import screen_green
from lingtan.instruments.rules import CancellationRules, load_rules
from lingtan.instruments.screening import Claim, Screening, Step

__all__ = ["CancellationRules", "Claim", "Screening", "Step", "load_rules", "screen_green"]
