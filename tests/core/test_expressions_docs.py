"""The formulas that the reference page shows can be read and fit the registers."""

import re
from pathlib import Path

import pytest

from lingtan.expressions import Declared, infer, parse
from lingtan.standards import declared_columns, facts

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "formula-language.md"
BLOCKS = re.findall(r"```formula\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
PARAMETERS = {"lookback_years": Declared("number", "year"), "efficient_grade": Declared("number", "1")}


@pytest.mark.parametrize("text", [line for block in BLOCKS for line in block.splitlines()])
def test_formula_of_the_page(text: str) -> None:
    names = {name: fact.declared for name, fact in facts().items()}
    assert infer(parse(text), {**names, **PARAMETERS}, columns=declared_columns).kind == "number"


def test_the_page_shows_every_aggregate() -> None:
    assert {text.split("(")[0] for block in BLOCKS for text in block.splitlines()} == {
        "sum", "count", "share", "mean",
    }  # fmt: skip
