"""Missing data in words: what `buildings[B01].energy_class` is called on the form.

Cells of one column are named together, with how many there are.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping

from lingtan.dossier.registers import registers
from lingtan.errors import Language
from lingtan.standards import facts

NAMED_AT_MOST = 5
NAMES: Mapping[str, tuple[str, str]] = {
    "boundary.geojson": ("物理边界坐标", "Coordinates of the boundary"),
    "readings": ("计量器具读数", "Meter readings"),
    "electricity in the inventory": (
        "外购电力的用量或排放因子",
        "Amount or factor of bought electricity",
    ),
    "factor electricity": ("电力排放因子", "Factor of electricity"),
}
_REGISTER = re.compile(r"register (?P<register>\w+)")
_ROW = re.compile(r"(?P<register>\w+)\[(?P<key>.*)\]")
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
    if match := _ROW.fullmatch(datum):
        row = registers().get(match["register"])
        return _with_id((row.zh, row.en), datum, language) if row else datum
    fact = facts().get(datum)
    named = (fact.zh, fact.en) if fact else NAMES.get(datum)
    return _with_id(named, datum, language) if named else datum


def _with_id(names: tuple[str, str], datum: str, language: Language) -> str:
    return f"{names[0]}（{datum}）" if language == "zh" else f"{names[1]} ({datum})"


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
