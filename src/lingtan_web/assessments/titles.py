"""What the numbers of a trace are called for people: the edition's words, the form's, or none."""

from __future__ import annotations

import re
from collections.abc import Iterable

from lingtan.dossier.registers import registers
from lingtan.errors import Language, LingtanError
from lingtan.factors import load_registry
from lingtan.reports.words import phrases
from lingtan.standards import facts
from lingtan.standards.records import Edition, Indicator
from lingtan.trace import Node
from lingtan_web.assessments.naming import find_place, name_short, say_key
from lingtan_web.assessments.records import Said
from lingtan_web.assessments.trace_words import INPUTS

LIMITS = ("score_none_at", "score_full_at", "pass_at", "target", "points")
_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_.]*")
_COMPOUND = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:[_.][A-Za-z0-9]+)+")
_NAMED = re.compile(r"(?P<head>\w+)\[(?P<key>.*)\](?:\.(?P<rest>.*))?", re.DOTALL)
_GWP = re.compile(r"gwp\.(?P<set>\w+)\.(?P<gas>\w+)")
_SUM = re.compile(r"(?P<what>sum|count)_of_(?P<rest>\w+)")
_JUDGED = re.compile(r"(?P<code>.+)\.(?P<what>earned|passed|target|rounded)")
_JUDGED_WORDS = {
    "earned": Said("得分", "points earned"),
    "passed": Said("是否达标", "whether passed"),
    "target": Said("目标值", "target"),
    "rounded": Said("修约值", "rounded value"),
}
_BALANCES = ("park.", "ndrc.", "ledger.")


class Titles:
    """Names of nodes under the editions of one calculation; the first edition wins."""

    def __init__(self, editions: Iterable[Edition]) -> None:
        self._words: dict[str, Said] = dict(INPUTS)
        for edition in editions:
            self._learn(edition)
        for name, fact in facts().items():
            self._words.setdefault(name, Said(fact.zh, fact.en))
        for name in LIMITS:
            declared = Indicator.model_fields[name]
            self._words.setdefault(name, Said(str(declared.title), str(declared.description)))

    def _learn(self, edition: Edition) -> None:
        for indicator in edition.indicators:
            named = Said(indicator.zh, indicator.en)
            self._words.setdefault(indicator.id, named)
            coded = Said(f"{indicator.code} {named.zh}", f"{indicator.code} {named.en}")
            self._words.setdefault(indicator.code, coded)
        for gate in edition.gates:
            self._words.setdefault(f"gate.{gate.id}", Said(gate.zh, gate.en))
        pairs = {name: (one.zh, one.en) for name, one in edition.terms.items()}
        pairs |= {name: (one.zh, one.en) for name, one in edition.parameters.items()}
        for name, (zh, en) in pairs.items():
            if zh:
                self._words.setdefault(name, Said(zh, en or zh))

    def find(self, node: Node) -> Said | None:
        """What `node` is called; None where there is nothing better than its name."""
        if node.origin and node.origin.kind == "factor" and (named := _factor(node.origin.reference)):
            return named
        return self.name(node.name) or _composed(node)

    def name(self, name: str) -> Said | None:
        """The words for a name of a node or of an input of a formula."""
        return self._words.get(name) or _total(name) or self._judged(name) or _sum(name) or _keyed(name)

    def translate(self, formula: str, language: Language) -> str:
        """`formula` with words for the names in it that are left.

        English keeps single words as they are: they cannot be told from words of the language.
        """
        pattern = _IDENTIFIER if language == "zh" else _COMPOUND

        def say(found: re.Match[str]) -> str:
            named = self.name(found[0])
            return (named.zh if language == "zh" else named.en) if named else found[0]

        return pattern.sub(say, formula)

    def _judged(self, name: str) -> Said | None:
        match = _JUDGED.fullmatch(name)
        subject = self._words.get(match["code"]) if match else None
        if match is None or subject is None:
            return None
        what = _JUDGED_WORDS[match["what"]]
        return Said(f"{subject.zh}·{what.zh}", f"{subject.en}: {what.en}")


def _composed(node: Node) -> Said | None:
    """A factor made of others, a warming potential."""
    if match := _GWP.fullmatch(node.name):
        gas = match["gas"].upper()
        return Said(
            f"{gas} 的全球增温潜势（{match['set']}）", f"Global warming potential of {gas} ({match['set']})"
        )
    if "×" in node.name and "carbon_content" in node.rule:
        return Said(
            "燃料排放因子（热值、含碳量与碳氧化率之积）",
            "Factor of the fuel from its heat, carbon and oxidation",
        )
    return None


def _total(name: str) -> Said | None:
    for prefix in _BALANCES:
        name = name.removeprefix(prefix)
    return _phrase(f"labels.total_{name}")


def _sum(name: str) -> Said | None:
    """`sum_of_buildings_floor_area_m2`: a column of a register; `count_of_buildings`: its rows."""
    match = _SUM.fullmatch(name)
    for key, register in registers().items() if match else ():
        assert match is not None
        if match["what"] == "count" and match["rest"] == key:
            return Said(f"{register.zh}·行数", f"{register.en}: rows")
        column = register.columns.get(match["rest"].removeprefix(f"{key}_"))
        if column and match["rest"] == f"{key}_{column.name}":
            return Said(f"{register.zh}·{column.zh}合计", f"{register.en}: sum of {column.en}")
    return None


def _keyed(name: str) -> Said | None:
    match = _NAMED.fullmatch(name)
    if match is None:
        return None
    place, key = find_place(name), match["key"]
    if place.register and place.column in registers()[place.register].columns:
        return name_short(name)
    subject = _phrase(f"labels.source_{match['head']}") or INPUTS.get(match["head"])
    if subject is None and place.register:
        subject = Said(registers()[place.register].zh, registers()[place.register].en)
    if subject is None:
        return None
    what = Said("排放", " emissions") if match["rest"] and "emissions" in match["rest"] else Said("", "")
    zh, en = say_key(key, "zh"), say_key(key, "en")
    return Said(f"{subject.zh}{what.zh}（{zh}）", f"{subject.en}{what.en} ({en})")


def _factor(reference: str) -> Said | None:
    try:
        factor = load_registry().get(reference)
    except LingtanError:  # a product of factors, or a convention of a method
        return None
    return Said(factor.name_zh, factor.name_en)


def _phrase(key: str) -> Said | None:
    found = phrases().get(key)
    return Said(found.zh, found.en) if found else None
