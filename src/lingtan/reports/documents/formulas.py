"""A formula of an edition in words: `绿地面积 ÷ 园区面积`."""

from __future__ import annotations

import re
from collections.abc import Mapping

from lingtan.reports.documents.desk import Desk
from lingtan.standards import facts

_TOKEN = re.compile(r"'[^']*'|[A-Za-z_][A-Za-z0-9_.]*|>=|<=|==|!=|[^\sA-Za-z_']")
_BETWEEN_CHINESE = re.compile(r"(?<=[\u4e00-\u9fff，；]) +(?=[\u4e00-\u9fff])")
_SIGNS: Mapping[str, str] = {"*": "×", "/": "÷", ">=": "≥", "<=": "≤", "==": "=", "!=": "≠", "-": "−"}
_WORDS = ("if", "then", "else", "and", "or", "not", "unknown", "yes", "no", "known", "min", "max")


def say_formula(formula: str, desk: Desk) -> str:
    """The formula with the names of its terms, facts and parameters instead of their ids."""
    said = " ".join(_say(token, desk) for token in _TOKEN.findall(formula))
    said = re.sub(r"\(\s+", "(", re.sub(r"\s+([),，；])", r"\1", said))
    return re.sub(_BETWEEN_CHINESE, "", said).strip()


def _say(token: str, desk: Desk) -> str:
    if token == ",":
        return desk.text("formulas.comma")
    if token in _SIGNS:
        return _SIGNS[token]
    if token in _WORDS:
        return desk.text(f"formulas.{token}")
    return name_input(token, desk)


def name_input(name: str, desk: Desk) -> str:
    """What a term, parameter or fact of the main edition is called; the name itself if it is none."""
    edition = desk.results.edition
    found = edition.terms.get(name) or edition.parameters.get(name) or facts().get(name)
    return name if found is None else desk.pick(found.zh, found.en) or name
