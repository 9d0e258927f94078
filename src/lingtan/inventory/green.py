"""Electricity proven to be green: what the instruments of the year that count are worth, in MWh."""

from __future__ import annotations

from lingtan.errors import Fault, fault
from lingtan.instruments import Claim, Screening, load_rules, screen_green
from lingtan.instruments.green import REGISTERS
from lingtan.inventory.lines import total
from lingtan.inventory.setting import Setting
from lingtan.trace import Gap, Node


def find_unanswered(setting: Setting) -> tuple[Gap, ...]:
    """Registers of green electricity that were neither handed in nor confirmed to be empty."""
    return tuple(
        Gap(f"register {name}", "park") for name in REGISTERS if not setting.dossier.is_supplied(name)
    )


def find_green(setting: Setting) -> tuple[Node, tuple[Fault, ...]]:
    """MWh at zero by contract or certificate of the year, each once; what is refused adds nothing.

    Instruments of a kind that the method does not know add nothing either, and are named.
    """
    screening = Screening(setting.dossier, load_rules())
    counted = [claim for claim in screen_green(screening) if not claim.refused]
    known = setting.method.green_instruments.value
    outside = [claim for claim in counted if _kind(claim) not in known]
    nodes = [claim.node for claim in counted if _kind(claim) in known]
    method = setting.method.id
    faults = [
        fault("inventory.instrument-outside-method", claim.row.place, id=claim.id, method=method)
        for claim in outside
    ]
    return total("green_mwh", nodes, "MWh"), (*screening.faults, *faults)


def _kind(claim: Claim) -> str:
    """Direct supply, green-power trade, or certificates."""
    return claim.row.text("kind") if claim.row.register == "green_electricity" else claim.row.register
