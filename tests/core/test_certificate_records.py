"""Numbers with a check character, by ISO/IEC 7064 MOD 37,36."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lingtan.certificate.records import compute_check_character, is_number, make_number, read_number

CHARACTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def test_the_published_example() -> None:
    """GRid, IFPI's handbook: A1-2425G-ABC1234002-M."""
    assert compute_check_character("A1-2425G-ABC1234002") == "M"


def test_by_hand() -> None:
    """Of `1`: 36 + 1 = 37, 37 mod 36 = 1, doubled 2; the check makes 2 + c = 1 mod 36, c = 35 = Z."""
    assert compute_check_character("1") == "Z"


def test_a_number_holds() -> None:
    number = make_number("LZC", 2026, 1)
    assert number.startswith("LZC-2026-00001-")
    assert is_number(number)


@pytest.mark.parametrize(
    "typed",
    [
        "LZC-2026-00001-H",
        " lzc-2026-00001-h\n",
        "ＬＺＣ－２０２６－００００１－Ｈ",
        "LZC – 2026 – 00001 – H",
        "LZC—2026—00001—H",
    ],
)
def test_a_number_is_taken_as_people_type_it(typed: str) -> None:
    assert read_number(typed) == "LZC-2026-00001-H"


@pytest.mark.parametrize(
    "text", ["", "LZC-2026-00001", "lzc-2026-00001-h", "LZC-2026-00001-H\n", "LZC-26-1-X"]
)
def test_other_shapes_do_not(text: str) -> None:
    assert not is_number(text)


@given(st.integers(2020, 2099), st.integers(1, 9_999_999), st.data())
def test_every_slip_of_one_character_is_found(year: int, count: int, data: st.DataObject) -> None:
    number = make_number("LZC", year, count)
    at = data.draw(st.sampled_from([i for i, one in enumerate(number) if one != "-"]))
    other = data.draw(st.sampled_from([one for one in CHARACTERS if one != number[at]]))
    assert is_number(number)
    assert not is_number(number[:at] + other + number[at + 1 :])
