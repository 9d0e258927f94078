"""Why an award is withheld, in words of both languages; and what `explain` answers."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from seesa_limits import EDITION, FULL, GATES_OPEN, JUDGED_FULL, VARIED, judge, standing, worse

import lingtan as lt
from lingtan.assessment import explainable
from lingtan.assessment.naming import name_data
from lingtan.assessment.records import GateResult
from lingtan.assessment.standing import Judged, Standing, find_award
from lingtan.assessment.withheld import find_withheld, shown
from lingtan.errors import Fault, LingtanError
from lingtan.expressions import replay
from lingtan.standards import load_edition
from lingtan.trace import Gap, Node, walk

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "parks" / "xinghuo"
ON = date(2025, 6, 30)


def gate_results(gates: dict[str, bool | None]) -> list[GateResult]:
    names = {gate.id: gate for gate in EDITION.gates}
    return [
        GateResult(
            id=id_,
            zh=names[id_].zh,
            en=names[id_].en,
            passed=passed,
            reason_zh=names[id_].reason_zh,
            reason_en=names[id_].reason_en,
            missing=() if passed is not None else (Gap("register incidents", "park"),),
            node=Node(id_, passed),
        )
        for id_, passed in gates.items()
    ]


def withheld(judged: tuple[Judged, ...], gates: dict[str, bool | None] = GATES_OPEN) -> list[Fault]:
    stood = standing(judged, gates)
    return list(find_withheld(stood, gate_results(gates), find_award(stood)))


def test_nothing_is_withheld_from_five_stars() -> None:
    assert withheld(JUDGED_FULL) == []


@pytest.mark.parametrize(("passed", "code"), [(False, "gate-failed"), (None, "gate-unknown")])
def test_a_shut_gate_is_named_with_its_reason(passed: bool | None, code: str) -> None:
    (fault,) = withheld(JUDGED_FULL, {**GATES_OPEN, "no_grave_incident": passed})
    assert fault.code == f"assessment.{code}"
    assert "近三年" in fault.words("zh").what and "last three years" in fault.words("en").what
    if passed is None:
        assert 'register "Incidents" (incidents)' in fault.words("en").why


def test_a_failed_constraint_says_value_and_line() -> None:
    judged = judge({**FULL, "A1.1": Decimal("9.99")})
    (fault,) = withheld(judged)
    assert fault.code == "assessment.required-failed"
    assert "9.99 %" in fault.words("zh").why and "10 %" in fault.words("zh").why
    assert "约束性" in fault.words("zh").what and "constraint" in fault.words("en").what


def test_a_constraint_without_data_names_what_is_lacking() -> None:
    (fault,) = withheld(judge({**FULL, "B1.2": None}))
    assert fault.code == "assessment.required-unknown"
    assert "datum of pathway_report_fulfilled" in fault.words("zh").why


def test_a_miss_by_the_last_decimal_never_reads_like_a_hit() -> None:
    assert shown(Decimal("79.99999999")) == "79.9999"
    assert shown(worse("A1.1", Decimal(10))) == "9.9999"
    assert shown(Decimal(80)) == "80"
    assert shown(None) == "—"


def test_four_stars_are_told_what_five_need() -> None:
    weaker = {**FULL, "C1.1": Decimal(10), "C1.2": Decimal(210), "E1.3": Decimal(1)}
    faults = {fault.code: fault for fault in withheld(judge(weaker))}
    assert set(faults) == {"assessment.score-too-low", "assessment.condition-unmet"}
    assert "87.95" in faults["assessment.score-too-low"].words("en").why  # 100 - 6 - 6 - 0.05
    assert "99 %" in faults["assessment.condition-unmet"].words("en").why


def test_a_target_that_the_document_does_not_state_is_said_so() -> None:
    ndrc = load_edition("cn-ndrc-910-2025")
    core = next(indicator for indicator in ndrc.indicators if indicator.kind == "core")
    node = Node("passed", None, inputs=(("value", Node("v", Decimal("0.1"))), ("target", Node("t", None))))
    zero = JUDGED_FULL[0].earned * 0
    judged = Judged(core, True, Decimal("0.1"), zero, zero, None, node)
    gates: dict[str, bool | None] = {gate.id: True for gate in ndrc.gates}
    (fault,) = find_withheld(Standing(ndrc, gates, (judged,)), [], None)
    assert fault.code == "assessment.target-unknown"
    assert "核心" in fault.words("zh").what


def test_a_group_with_too_few_passed() -> None:
    edition = load_edition("sd-eco-park-2017")
    rest = JUDGED_FULL[0].earned * 0
    judged = tuple(
        Judged(i, True, Decimal(0), rest, rest, i.level2 != "1", Node(i.code, False))
        for i in edition.indicators
    )
    group = next(level for level in edition.levels if level.at_least)
    judged = tuple(replace(j, passed=j.indicator.level2 != group.code) for j in judged)
    gates: dict[str, bool | None] = {gate.id: True for gate in edition.gates}
    faults = find_withheld(Standing(edition, gates, judged), [], None)
    assert "assessment.group-unmet" in [fault.code for fault in faults]


@pytest.fixture(scope="module")
def example() -> lt.Assessment:
    return lt.assess(lt.read_dossier(EXAMPLE), "sh-seesa-zctp-2024", on=ON)


def test_a_faulty_dossier_gets_no_star() -> None:
    dossier = lt.read_dossier(EXAMPLE)
    row = replace(dossier.rows["lighting"][0], key="again")
    faulty = replace(dossier, faults=(Fault("dossier.duplicate-row", row.place, {}),))
    result = lt.assess(faulty, "sh-seesa-zctp-2024", on=ON)
    assert result.stars is None and result.stage is None
    assert result.withheld[0].code == "assessment.dossier-faulty"
    assert result.score == lt.assess(dossier, "sh-seesa-zctp-2024", on=ON).score


@pytest.mark.parametrize(
    "name",
    ["score", "a1.1", "net_zero_rate", "ghg_report", "park.scope1_tco2e", "ndrc.energy_tce",
     "ledger.residual_tco2e", "building_floor_area", "lookback_years", "grid.cn.prov.shanghai.2023"],
)  # fmt: skip
def test_explain_knows(example: lt.Assessment, name: str) -> None:
    node = lt.explain(example, name)
    assert replay(node) == node.value


def test_every_node_of_a_total_can_be_asked_for_and_leaves_have_origins(example: lt.Assessment) -> None:
    totals = [example.inventory.totals, example.national.totals, example.ledger.totals]
    roots = [node for named in totals for node in named.values()]
    assert {node.name for node in walk(*roots)} <= explainable(example).keys()
    judged = [one.node for one in (*example.gates, *example.indicators)]
    assert [node.name for node in walk(*roots, *judged) if not node.inputs and node.origin is None] == []


def test_explain_suggests_what_was_meant(example: lt.Assessment) -> None:
    with pytest.raises(LingtanError) as raised:
        lt.explain(example, "net_zero_rat")
    (fault,) = raised.value.faults
    assert fault.code == "assessment.unknown-name"
    assert "net_zero_rate" in fault.words("en").mend


def test_every_node_of_the_example_replays(example: lt.Assessment) -> None:
    roots = [example.score_node, *(gate.node for gate in example.gates)]
    roots += [node for result in (example.inventory, example.national) for node in result.totals.values()]
    roots += [line.node for line in example.inventory.lines]
    roots += list(example.ledger.totals.values())
    values: dict[int, object] = {}
    for node in walk(*roots):
        values[id(node)] = node.value
        assert node.rule or node.origin or node.value is not None or node.gaps, node.name
    for root in roots:
        assert replay(root) == root.value, root.name
    assert len(values) > 10_000


def test_the_varied_names_are_terms_or_facts_of_the_edition() -> None:
    assert {row[0] for row in VARIED.values()} <= {*EDITION.terms, *lt.assessment.facts.declared_facts()}


@pytest.mark.parametrize(
    ("data", "zh", "en"),
    [
        (["register freight"], "登记表“物流运输”（freight）", 'register "Freight" (freight)'),
        (
            ["buildings[B1].energy_class", "buildings[B2].energy_class"],
            "建筑·节能认定（buildings[…].energy_class，2 处）",
            "Buildings: Certified energy class (buildings[…].energy_class, 2 cells)",
        ),
        (["profile.area_m2"], "园区面积（profile.area_m2）", "Area of the park (profile.area_m2)"),
        (["something else"], "something else", "something else"),
        (["nowhere[1].x"], "nowhere[1].x", "nowhere[1].x"),
        ([], "—", "—"),
        (list("abcdefg"), "a、b、c、d、e (+2)", "a, b, c, d, e (+2)"),
    ],
)
def test_missing_data_in_words(data: list[str], zh: str, en: str) -> None:
    assert (name_data(data, "zh"), name_data(data, "en")) == (zh, en)
