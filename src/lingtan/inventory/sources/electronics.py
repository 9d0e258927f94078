"""Fluorinated gases of electronics: what the process leaves unused, and what it makes of the rest.

IPCC 2006, volume 3, chapter 6, tier 2a. C consumed, h left in the container, U used in the process,
B by-product per gas, a share through abatement, d destroyed there:
(1-h)·C·(1-U)·(1-a·d) of the gas and (1-h)·C·B·(1-a·d) of each by-product.
"""

from __future__ import annotations

from collections.abc import Iterator

from lingtan.dossier.records import Row
from lingtan.errors import fault
from lingtan.inventory.activities import cell, cell_gap
from lingtan.inventory.completeness import active_months, read_series
from lingtan.inventory.lines import ONE, Draft, Labelled, Part, gas_lines, multiply, number
from lingtan.inventory.misfits import find_outside
from lingtan.inventory.setting import Setting
from lingtan.trace import Gap, Node

REGISTER = "electronics_gases"
MAKERS = ("397", "3825")  # GB/T 4754: electronic devices; photovoltaic equipment and components
_BYPRODUCTS = ("cf4", "c2f6", "c3f8", "hfc23")
_NO_GWP = ("c4f6", "c5f8", "c4f8o", "f2", "cof2")  # neither Kyoto gases nor in our GWP tables
_OWN = ("heel_percent", "use_rate_percent", "destruction_percent")


def compute_electronics(setting: Setting) -> Part:
    """Scope 1 lines. Where the register was not handed in only makers of electronics are asked for it."""
    if setting.method.is_co2_only:
        return Part((), (), tuple(find_outside(setting, REGISTER)))
    draft = Draft()
    if not setting.dossier.is_supplied(REGISTER):
        draft.gaps.extend(_asked(setting))
    for row in read_series(setting.dossier, REGISTER, setting.year, draft):
        _row(setting, row, draft)
    return draft.done()


def _asked(setting: Setting) -> Iterator[Gap]:
    for row in setting.dossier.rows.get("enterprises", ()):
        code = row.text("industry_code").strip().upper().removeprefix("C")
        if code.startswith(MAKERS) and active_months(row, setting.year) != (1, 0):
            yield Gap(f"register {REGISTER}", row.text("enterprise"), row.at("industry_code"))


def _row(setting: Setting, row: Row, draft: Draft) -> None:
    needed = ("industry", "gas", "consumed_kg", *(("cleaning",) if row.text("gas") == "nf3" else ()))
    blank = [column for column in needed if row.values.get(column) is None]
    draft.gaps.extend(cell_gap(row, column) for column in blank)
    if blank:
        return
    own = "、".join(column for column in _OWN if row.number(column) is not None)
    if own and not row.text("evidence"):
        place = row.at("evidence")
        draft.faults.append(fault("inventory.own-value-without-evidence", place, row=row.key, columns=own))
    fed = _fed(setting, row)
    if fed is None:
        draft.gaps.append(cell_gap(row, "heel_percent"))
        return
    abated = _abated(row, draft)
    gas = row.text("gas")
    if gas in _NO_GWP:
        draft.faults.append(fault("inventory.electronics-gas-not-counted", row.at("gas"), row=row.key))
    else:
        _gas_itself(setting, row, fed, abated, draft)
    for other in _BYPRODUCTS:
        made = setting.lookup.factor(f"{_process(row)}_to_{other}", "fgas_byproduct")
        if made is not None:
            _line(setting, row, other, (fed, made), abated, draft)


def _process(row: Row) -> str:
    """Industry, gas and, of NF3, the way of cleaning: what the factors go by."""
    cleaning = (row.text("cleaning"),) if row.text("gas") == "nf3" else ()
    return "_".join((row.text("industry"), row.text("gas"), *cleaning))


def _fed(setting: Setting, row: Row) -> Node | None:
    """Kilograms that reached the tools."""
    heel = _share(row, "heel_percent") or setting.lookup.factor("fgas_container", "fgas_heel")
    if heel is None:
        return None
    consumed = cell(row, "consumed_kg", "kg")
    value, inputs = number(consumed) * (ONE - number(heel)), (("consumed", consumed), ("heel", heel))
    return Node(f"{REGISTER}[{row.key}].fed", value, "kg", rule="consumed * (1 - heel)", inputs=inputs)


def _abated(row: Row, draft: Draft) -> Node | None:
    """The share through abatement; None where none is claimed, or none is proven."""
    if not row.number("abated_percent"):
        return None
    if not row.text("evidence"):
        place = row.at("abated_percent")
        draft.faults.append(fault("inventory.abatement-without-evidence", place, row=row.key))
        return None
    return _share(row, "abated_percent")


def _gas_itself(setting: Setting, row: Row, fed: Node, abated: Node | None, draft: Draft) -> None:
    used = _share(row, "use_rate_percent")
    if used is None:
        left = setting.lookup.factor(_process(row), "fgas_remaining")
    else:
        left = Node("remaining", ONE - number(used), "1", rule="1 - used", inputs=(("used", used),))
    if left is None:
        _lacks(row, "use_rate_percent", ("利用率", "use rate"), draft)
        return
    _line(setting, row, row.text("gas"), (fed, left), abated, draft)


def _line(  # noqa: PLR0913 the parts of one equation
    setting: Setting, row: Row, gas: str, made: tuple[Node, Node], abated: Node | None, draft: Draft
) -> None:
    """`made`: kilograms fed and the share of them that leaves the tool as `gas`."""
    fed, share = made
    value, rule = number(fed) * number(share), "fed * share"
    inputs: tuple[Labelled, ...] = (("fed", fed), ("share", share))
    if abated is not None:
        destroyed = _destroyed(setting, row, gas)
        if destroyed is None:
            _lacks(row, "destruction_percent", ("去除率", "destruction efficiency"), draft)
            return
        value *= ONE - number(abated) * number(destroyed)
        rule = f"{rule} * (1 - abated * destroyed)"
        inputs = (*inputs, ("abated", abated), ("destroyed", destroyed))
    released = Node(f"{REGISTER}[{row.key}].{gas}", value, "kg", rule=rule, inputs=inputs)
    whose, gwp = (row.text("enterprise"), gas), setting.lookup.gwp(gas)
    draft.lines.extend(gas_lines("electronics", gwp, whose=whose, released=released))


def _destroyed(setting: Setting, row: Row, gas: str) -> Node | None:
    """Own value of the gas, else the default. Of a by-product the lower: it was not measured for it."""
    own, default = _share(row, "destruction_percent"), setting.lookup.factor(gas, "fgas_destruction")
    if own is None or (gas != row.text("gas") and default is None):
        return default
    if gas == row.text("gas") or default is None:
        return own
    value, inputs = min(number(own), number(default)), (("own", own), ("default", default))
    return Node("destroyed", value, "1", rule="min(own, default)", inputs=inputs)


def _share(row: Row, column: str) -> Node | None:
    if row.number(column) is None:
        return None
    return multiply(column, (("percent", cell(row, column, "percent")),), "1")


def _lacks(row: Row, column: str, words: tuple[str, str], draft: Draft) -> None:
    zh, en = words
    place = row.at(column)
    draft.faults.append(
        fault("inventory.electronics-without-factor", place, row=row.key, what_zh=zh, what_en=en)
    )
    draft.gaps.append(cell_gap(row, column))
