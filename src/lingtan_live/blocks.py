"""Which registers are asked for together: as few questions as the device allows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lingtan_live.limits import limit
from lingtan_live.registers import Register


@dataclass(frozen=True, slots=True)
class Block:
    """`count` registers from `address`, read by one `function`, and the values they hold."""

    function: int
    address: int
    count: int
    names: tuple[str, ...]


def build_blocks(values: Mapping[str, Register], gap: int = 0) -> tuple[Block, ...]:
    """The values in blocks: neighbours together, at most 125 registers, never across functions.

    `gap` is how many registers nobody asked for may lie between two values of a block: reading such
    ones is quicker than a second question, but some devices refuse it.
    """
    blocks: list[Block] = []
    for name in sorted(values, key=lambda name: (values[name].function, values[name].address, name)):
        register = values[name]
        end = register.address + register.count
        last = blocks[-1] if blocks else None
        if last is not None and _belongs(register, last, gap):
            count = max(last.count, end - last.address)
            blocks[-1] = Block(last.function, last.address, count, (*last.names, name))
        else:
            blocks.append(Block(register.function, register.address, register.count, (name,)))
    return tuple(blocks)


def _belongs(register: Register, block: Block, gap: int) -> bool:
    end = register.address + register.count
    return (
        register.function == block.function
        and register.address <= block.address + block.count + gap
        and end - block.address <= limit("modbus_registers")
    )
