"""Missing data in words: what `buildings[B01].energy_class` is called on the form.

Cells of one column are named together, with how many there are.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from lingtan.dossier.registers import registers
from lingtan.errors import Language
from lingtan.standards import facts

NAMED_AT_MOST = 5
_REGISTER = re.compile(r"register (?P<register>\w+)")
_CELL = re.compile(r"(?P<register>\w+)\[(?P<key>.*)\]\.(?P<column>\w+)")


def name_data(data: Iterable[str], language: Language) -> str:
    """The first few data in words, cells of one column together, and how many more kinds there are."""
    given = list(dict.fromkeys(data))
    alike = Counter(kind_of_datum(datum) for datum in given)
    first = {kind_of_datum(datum): datum for datum in reversed(given)}
    kinds = list(dict.fromkeys(kind_of_datum(datum) for datum in given))
    named = [name_datum(first[kind], language, count=alike[kind]) for kind in kinds[:NAMED_AT_MOST]]
    joined = ("、" if language == "zh" else ", ").join(named) or "—"
    return f"{joined} (+{len(kinds) - NAMED_AT_MOST})" if len(kinds) > NAMED_AT_MOST else joined


def kind_of_datum(datum: str) -> str:
    """The datum without the key of its row: equal for cells of one column."""
    match = _CELL.fullmatch(datum)
    return f"{match['register']}[…].{match['column']}" if match else datum


def name_datum(datum: str, language: Language, *, count: int = 1) -> str:
    """What a datum (or `count` cells of its column) is called; the id where there is no name.

    `register freight` is `登记表“物流运输”（freight）`, or `register "Freight" (freight)`.
    """
    shown = datum if count == 1 else kind_of_datum(datum)
    if match := _REGISTER.fullmatch(datum):
        return _register(match["register"], language) or datum
    if match := _CELL.fullmatch(datum):
        return _cell(match["register"], match["column"], shown, count, language)
    fact = facts().get(datum)
    if fact is None:
        return datum
    return f"{fact.zh}（{datum}）" if language == "zh" else f"{fact.en} ({datum})"


def _register(name: str, language: Language) -> str:
    register = registers().get(name)
    if register is None:
        return ""
    return f"登记表“{register.zh}”（{name}）" if language == "zh" else f'register "{register.en}" ({name})'


def _cell(register: str, column: str, shown: str, count: int, language: Language) -> str:
    declared = registers().get(register)
    if declared is None or column not in declared.columns:
        return shown
    found = declared.columns[column]
    if language == "zh":
        many = "" if count == 1 else f"，{count} 处"
        return f"{declared.zh}·{found.zh}（{shown}{many}）"
    many = "" if count == 1 else f", {count} cells"
    return f"{declared.en}: {found.en} ({shown}{many})"
