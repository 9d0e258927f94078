"""What registers say: hand-made words, and pymodbus' own decoding as a second opinion."""

from __future__ import annotations

import struct
from decimal import Decimal
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pymodbus.client import ModbusTcpClient

from lingtan.errors import LingtanError
from lingtan_live.blocks import Block, build_blocks
from lingtan_live.registers import Kind, Order, Register, load_map, read_registers

WORDS = st.lists(st.integers(0, 0xFFFF), min_size=4, max_size=4)
OTHERS = {
    "u16": ModbusTcpClient.DATATYPE.UINT16,
    "i16": ModbusTcpClient.DATATYPE.INT16,
    "u32": ModbusTcpClient.DATATYPE.UINT32,
    "i32": ModbusTcpClient.DATATYPE.INT32,
    "u64": ModbusTcpClient.DATATYPE.UINT64,
    "i64": ModbusTcpClient.DATATYPE.INT64,
    "f32": ModbusTcpClient.DATATYPE.FLOAT32,
}


def register(kind: Kind, *, address: int = 0, scale: str = "1", blank: int | None = None) -> Register:
    return Register(function=3, address=address, type=kind, scale=Decimal(scale), unit="kWh", blank=blank)


@pytest.mark.parametrize(
    ("kind", "words", "orders", "scale", "value"),
    [
        ("u16", [0xFFFF], ("big", "big"), "1", "65535"),
        ("u16", [0x1234], ("big", "little"), "1", "13330"),  # 0x3412
        ("i16", [0xFFFF], ("big", "big"), "0.1", "-0.1"),
        ("i16", [0x8000], ("big", "big"), "1", "-32768"),
        ("u32", [0x0001, 0x0000], ("big", "big"), "0.01", "655.36"),
        ("u32", [0x0000, 0x0001], ("little", "big"), "0.01", "655.36"),
        ("u32", [0x0100, 0x0000], ("big", "little"), "1", "65536"),
        ("u32", [0xFFFF, 0xFFFF], ("big", "big"), "0.001", "4294967.295"),
        ("i32", [0xFFFF, 0xFFFE], ("big", "big"), "1", "-2"),
        ("u64", [0, 0, 1, 0], ("big", "big"), "0.001", "65.536"),
        ("u64", [0xFFFF] * 4, ("big", "big"), "1", "18446744073709551615"),
        ("i64", [0xFFFF] * 4, ("big", "big"), "1", "-1"),
        ("f32", [0x4216, 0x0000], ("big", "big"), "1", "37.5"),
        ("f32", [0x3DCC, 0xCCCD], ("big", "big"), "1", "0.1"),
        ("f32", [0xCCCD, 0x3DCC], ("little", "big"), "10", "1"),
        ("f32", [0x8000, 0x0000], ("big", "big"), "1", "0"),
    ],
)
def test_by_hand(kind: Kind, words: list[int], orders: tuple[Order, Order], scale: str, value: str) -> None:
    shown = read_registers(words, register(kind, scale=scale), orders)
    assert shown.value == Decimal(value)
    assert not shown.is_blank


@pytest.mark.parametrize("words", [[0x7FC0, 0], [0x7F80, 0], [0xFF80, 0], [0xFFFF, 0xFFFF]])
def test_nan_and_infinity_have_no_value(words: list[int]) -> None:
    shown = read_registers(words, register("f32"), ("big", "big"))
    assert (shown.value, shown.is_blank) == (None, False)


def test_the_mark_for_no_value_is_compared_before_sign_and_scale() -> None:
    blank = register("i16", scale="0.1", blank=0x8000)
    assert read_registers([0x8000], blank, ("big", "big")).is_blank
    assert read_registers([0x7FFF], blank, ("big", "big")).value == Decimal("3276.7")
    assert read_registers([0x0080], blank, ("big", "little")).is_blank  # the order of the bytes first


@given(WORDS, st.sampled_from(sorted(OTHERS)), st.sampled_from(["big", "little"]))
def test_pymodbus_reads_the_same(words: list[int], kind: Kind, word_order: Order) -> None:
    one = register(kind)
    words = words[: one.count]
    other = ModbusTcpClient.convert_from_registers(words, OTHERS[kind], word_order)
    shown = read_registers(words, one, (word_order, "big"))
    assert isinstance(other, int | float)
    if kind != "f32":
        assert shown.value == other
    elif shown.value is None:
        assert other != other or abs(other) == float("inf")
    else:
        assert struct.pack(">f", float(shown.value)) == struct.pack(">f", other)


@given(st.floats(width=32, allow_nan=False, allow_infinity=False))
def test_a_float_is_the_shortest_decimal_that_names_it(number: float) -> None:
    raw = struct.pack(">f", number)
    words = [int.from_bytes(raw[i : i + 2], "big") for i in (0, 2)]
    value = read_registers(words, register("f32"), ("big", "big")).value
    assert value is not None
    assert struct.pack(">f", float(value)) == raw
    assert len(value.normalize().as_tuple().digits) <= 9


def test_neighbours_are_asked_for_together() -> None:
    values = {"a": register("u32"), "b": register("u16", address=2), "c": register("u32", address=5)}
    assert build_blocks(values) == (Block(3, 0, 3, ("a", "b")), Block(3, 5, 2, ("c",)))
    assert build_blocks(values, gap=2) == (Block(3, 0, 7, ("a", "b", "c")),)


def test_functions_are_never_mixed_and_overlaps_stay_in_one() -> None:
    inputs = register("u16").model_copy(update={"function": 4})
    values = {"whole": register("u32"), "low": register("u16", address=1), "other": inputs}
    assert build_blocks(values) == (Block(3, 0, 2, ("whole", "low")), Block(4, 0, 1, ("other",)))


@pytest.mark.parametrize(("last", "blocks"), [(124, 1), (125, 2)])  # 125 registers at most
def test_a_block_has_125_registers_at_most(last: int, blocks: int) -> None:
    values = {f"r{address}": register("u16", address=address) for address in range(last + 1)}
    assert len(build_blocks(values)) == blocks


@given(
    st.dictionaries(
        st.text("abcdef", min_size=1, max_size=3),
        st.builds(register, st.sampled_from(sorted(OTHERS)), address=st.integers(0, 400)),
        min_size=1,
    ),
    st.integers(0, 10),
)
def test_every_value_lies_in_one_block(values: dict[str, Register], gap: int) -> None:
    blocks = build_blocks(values, gap)
    assert sorted(name for block in blocks for name in block.names) == sorted(values)
    assert max(block.count for block in blocks) <= 125
    for block, name in [(one, name) for one in blocks for name in one.names]:
        assert block.address <= values[name].address
        assert values[name].address + values[name].count <= block.address + block.count


def test_our_map_is_read_and_a_file_beside_the_settings_goes_first(tmp_path: Path) -> None:
    ours = load_map("simulated-meter", tmp_path)
    assert ours.values["energy"].scale == Decimal("0.01")
    assert ours.values["energy"].blank == 2**32 - 1
    (tmp_path / "simulated-meter").write_text(
        "{title: mine, source: test, values: {x: {function: 4, address: 65535, type: u16, unit: kWh}}}",
        encoding="utf-8",
    )
    assert load_map("simulated-meter", tmp_path).title == "mine"


@pytest.mark.parametrize("name", ["nothing", "../live/limits", ".", ""])
def test_a_map_that_is_not_there(name: str, tmp_path: Path) -> None:
    with pytest.raises(LingtanError) as caught:
        load_map(name, tmp_path)
    assert [fault.code for fault in caught.value.faults] == ["live.map-unknown"]


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ("{x: {function: 3, address: 65535, type: u32, unit: kWh}}", "live.map-beyond-end"),
        ("{x: {function: 3, address: 65536, type: u16, unit: kWh}}", "document.bad-value"),
        ("{x: {function: 1, address: 0, type: u16, unit: kWh}}", "document.bad-value"),
        ("{x: {function: 3, address: 0, type: u8, unit: kWh}}", "document.bad-value"),
        ("{x: {function: 3, address: 0, type: u16, unit: kWh, scale: 0}}", "document.bad-value"),
        ("{x: {function: 3, adress: 0, type: u16, unit: kWh}}", "document.unknown-key"),
        ("{}", "document.bad-value"),
    ],
)
def test_a_map_that_cannot_be(values: str, code: str, tmp_path: Path) -> None:
    (tmp_path / "m.yaml").write_text(f"{{title: t, source: s, values: {values}}}", encoding="utf-8")
    with pytest.raises(LingtanError) as caught:
        load_map("m.yaml", tmp_path)
    assert code in [fault.code for fault in caught.value.faults]


def test_every_order_of_a_map_can_be_overruled() -> None:
    found = load_map("simulated-meter", Path())
    for word, byte in product(("big", "little"), repeat=2):
        one = found.values["energy"].model_copy(update={"word_order": word, "byte_order": byte})
        assert found.orders(one) == (word, byte)
    assert found.orders(found.values["energy"]) == ("big", "big")
