"""Strict YAML: exact numbers, duplicates and unknown keys refused with line and suggestion."""

from decimal import Decimal
from pathlib import Path

import pytest
from pydantic import Field

from lingtan.documents import Record, parse_document, read_document, validate
from lingtan.errors import Place


class Leaf(Record):
    limit: Decimal
    name: str


class Tree(Record):
    leaves: tuple[Leaf, ...]
    by_name: dict[str, Leaf] = Field(default_factory=dict)


def codes(raw: bytes) -> list[str]:
    return [fault.code for fault in parse_document(raw, "x.yaml")[1]]


def test_numbers_are_exact_and_words_stay_words() -> None:
    document, faults = parse_document(b"a: 0.10\nb: NO\nc: 12:30\nd: 2024-01-05\ne: 7\nf: yes\n", "x.yaml")
    assert not faults and document
    assert document.data == {
        "a": Decimal("0.10"),
        "b": "NO",
        "c": "12:30",
        "d": "2024-01-05",
        "e": 7,
        "f": "yes",
    }


def test_duplicate_key_names_the_line() -> None:
    _, faults = parse_document(b"a: 1\nb: 2\na: 3\n", "x.yaml")
    assert [(f.code, f.place) for f in faults] == [("document.duplicate-key", Place("x.yaml", "", 3, "a"))]


def test_unknown_key_is_suggested() -> None:
    document, _ = parse_document(b"leaves:\n- limit: 1\n  nmae: x\n", "x.yaml")
    assert document
    faults = {f.code: f for f in validate(document, Tree)[1]}
    assert faults["document.unknown-key"].place.row == 3
    assert "name" in faults["document.unknown-key"].words("en").mend
    assert faults["document.missing-key"].place.column == "leaves[0].name"


def test_bad_value_in_a_mapping_is_placed() -> None:
    document, _ = parse_document(b"leaves: []\nby_name:\n  a: {limit: x, name: y}\n", "x.yaml")
    assert document
    (fault,) = validate(document, Tree)[1]
    assert (fault.code, fault.place.row, fault.place.column) == ("document.bad-value", 3, "by_name.a.limit")


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"a: [1\n", "document.not-yaml"),
        (b"\xb5\xe7: 1\n", "document.not-utf8"),
        (b"x" * 20_000_001, "document.too-large"),
        (b"a: *nowhere\n", "document.not-yaml"),
        (b"a: !!python/object/apply:os.system [ls]\n", "document.not-yaml"),
    ],
)
def test_unreadable_bytes_are_faults(raw: bytes, code: str) -> None:
    assert codes(raw) == [code]


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    _, faults = read_document(tmp_path / "none.yaml")
    assert [f.code for f in faults] == ["document.unreadable"]


def test_an_alias_that_holds_itself_ends() -> None:
    document, _ = parse_document(b"a: &a [*a]\n", "x.yaml")
    assert document and document.data == {"a": [None]}
