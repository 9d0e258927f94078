"""Register maps of Modbus devices as data, and what registers say."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Literal

from pydantic import Field

import lingtan_data
from lingtan.documents import Document, Record, read_document, validate
from lingtan.errors import Fault, LingtanError, Place, fault

Kind = Literal["u16", "i16", "u32", "i32", "u64", "i64", "f32"]
Order = Literal["big", "little"]

_FORMATS: Mapping[Kind, str] = {
    "u16": ">H",
    "i16": ">h",
    "u32": ">I",
    "i32": ">i",
    "u64": ">Q",
    "i64": ">q",
    "f32": ">f",
}
_ADDRESSES = 65536
_FLOAT32_DIGITS = (6, 7, 8, 9)  # nine digits tell any two float32 apart


class Register(Record):
    """One value of a device: where it stands, how it is written, what it is multiplied with.

    `function` 3 reads holding registers, 4 input registers. `blank` are the raw bits (before sign
    and scale) that stand for no value. The orders of the map hold where none is given here.
    """

    function: Literal[3, 4]
    address: int = Field(ge=0, lt=_ADDRESSES)
    type: Kind
    scale: Decimal = Field(default=Decimal(1), gt=0)
    unit: str = Field(min_length=1)
    blank: int | None = Field(default=None, ge=0)
    word_order: Order | None = None
    byte_order: Order | None = None

    @property
    def count(self) -> int:
        """How many registers of 16 bits it takes."""
        return struct.calcsize(_FORMATS[self.type]) // 2


class RegisterMap(Record):
    """The values of a kind of device, and the document they were taken from."""

    title: str
    source: str
    word_order: Order = "big"
    byte_order: Order = "big"
    values: dict[str, Register] = Field(min_length=1)

    def orders(self, register: Register) -> tuple[Order, Order]:
        """Word order and byte order that hold for a register."""
        return register.word_order or self.word_order, register.byte_order or self.byte_order


def load_map(name: str, folder: Path) -> RegisterMap:
    """A map: a file below `folder` if one is called so, else one of ours; LingtanError with its faults."""
    ours = {file.stem: file for file in sorted(lingtan_data.path("live", "maps").glob("*.yaml"))}
    file = folder / name if (folder / name).is_file() else ours.get(name)
    if file is None:
        raise LingtanError([fault("live.map-unknown", Place(name), name=name, known="、".join(ours))])
    document, faults = read_document(file)
    if document is None:
        raise LingtanError(faults)
    found, faults = validate(document, RegisterMap)
    if found is None:
        raise LingtanError(faults)
    beyond = _beyond(document, found)
    if beyond:
        raise LingtanError(beyond)
    return found


def _beyond(document: Document, found: RegisterMap) -> list[Fault]:
    return [
        fault(
            "live.map-beyond-end",
            document.place(("values", name, "address")),
            value=name,
            kind=register.type,
            count=register.count,
        )
        for name, register in found.values.items()
        if register.address + register.count > _ADDRESSES
    ]


@dataclass(frozen=True, slots=True)
class Shown:
    """What a register shows: a value in its unit, or none and the raw bits that say so."""

    value: Decimal | None
    raw: int
    is_blank: bool = False


def read_registers(registers: Sequence[int], register: Register, orders: tuple[Order, Order]) -> Shown:
    """The exact value: whole number times scale; a float32 as the shortest decimal that names it.

    `registers` are the 16-bit words in the order of their addresses. NaN and infinity have no value.
    """
    word_order, byte_order = orders
    words = list(registers) if word_order == "big" else list(reversed(registers))
    raw = b"".join(word.to_bytes(2, byte_order) for word in words)
    bits = int.from_bytes(raw, "big")
    if register.blank is not None and bits == register.blank:
        return Shown(None, bits, is_blank=True)
    (number,) = struct.unpack(_FORMATS[register.type], raw)
    if register.type != "f32":
        return Shown(Decimal(number) * register.scale, bits)
    exact = _shortest(number, raw)
    return Shown(exact if exact is None else exact * register.scale, bits)


def _shortest(number: float, raw: bytes) -> Decimal | None:
    """The decimal of fewest digits that is this float32; None for NaN and infinity."""
    for digits in _FLOAT32_DIGITS:
        text = format(number, f".{digits}g")
        value = Decimal(text)
        if not value.is_finite():
            return None
        if struct.pack(">f", float(text)) == raw:
            return value
    raise AssertionError("nine digits name every float32")
