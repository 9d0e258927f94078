"""Electricity proven to be green: what the instruments of the year that count are worth, in MWh."""

from __future__ import annotations

from lingtan.errors import Fault
from lingtan.instruments import Screening, load_rules, screen_green
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
    """MWh at zero by contract or certificate of the year, each once; what is refused adds nothing."""
    screening = Screening(setting.dossier, load_rules())
    claims = screen_green(screening)
    nodes = [claim.node for claim in claims if not claim.refused]
    return total("green_mwh", nodes, "MWh"), tuple(screening.faults)
