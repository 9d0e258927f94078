"""Every fault code has words in both languages, is raised somewhere, and has a test."""

import ast
import dataclasses
import re
import string
from collections.abc import Iterator
from pathlib import Path

import pytest

from lingtan.errors import catalogue, fault

ROOT = Path(__file__).resolve().parents[2]
SOURCES = sorted(
    file
    for name in ("lingtan", "lingtan_live", "lingtan_web")
    for file in (ROOT / "src" / name).rglob("*.py")
)
TESTS = "\n".join(file.read_text("utf-8") for file in sorted((ROOT / "tests").rglob("*.py")))
CHINESE = re.compile(r"[\u4e00-\u9fff]")
QUOTED_MARKS = re.compile("示例|年")  # what stands in the user's own cells is named as it stands there


def literals() -> Iterator[str]:
    for file in SOURCES:
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value


def acts() -> Iterator[str]:
    """Names of changes in the audit log, which look like codes: `recorded(actor, "park.created")`."""
    for file in SOURCES:
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "").lstrip("_") in (
                "recorded",
                "changing",
                "one_at_a_time",
            ):
                yield from (one.value for one in node.args[1:2] if isinstance(one, ast.Constant))


LITERALS = set(literals())
FAMILIES = {code.split(".")[0] for code in catalogue()}


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("code", sorted(catalogue()))
def test_words_are_complete(code: str) -> None:
    entry = catalogue()[code]
    assert entry.severity in ("error", "warning", "note")
    for zh, en in zip(entry.zh, entry.en, strict=True):
        assert zh.strip() and en.strip()
        assert not CHINESE.search(QUOTED_MARKS.sub("", en)), "English words hold Chinese"
    assert CHINESE.search(entry.zh[0])
    names = placeholders("".join((*entry.zh, *entry.en)))
    rendered = fault(code, **dict.fromkeys(names, "…"))
    assert "{" not in "".join(
        dataclasses.astuple(rendered.words("zh")) + dataclasses.astuple(rendered.words("en"))
    )


@pytest.mark.parametrize("code", sorted(catalogue()))
def test_code_is_raised_somewhere(code: str) -> None:
    family, name = code.split(".", 1)
    # codes that end in a direction or a kind are put together from their beginning
    stems = {f"{code.rsplit('-', n)[0]}-" for n in range(1, code.count("-") + 1)}
    made = any(literal in stems or f"{family}.{literal}" in stems for literal in LITERALS)
    assert code in LITERALS or name in LITERALS or made, f"no source raises {code}"


@pytest.mark.parametrize("code", sorted(catalogue()))
def test_code_has_a_test(code: str) -> None:
    assert code in TESTS or f'"{code.split(".", 1)[1]}"' in TESTS, f"no test speaks of {code}"


def test_every_code_in_the_source_has_words() -> None:
    pattern = re.compile(rf"(?:{'|'.join(sorted(FAMILIES))})\.[a-z0-9]+(?:-[a-z0-9]+)+")
    unknown = {text for text in LITERALS if pattern.fullmatch(text)} - set(catalogue()) - set(acts())
    assert not unknown


def test_a_code_without_words_is_our_bug() -> None:
    with pytest.raises(KeyError):
        fault("dossier.no-such-code")
