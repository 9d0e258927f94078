"""The trace index says what `lingtan.explain` says; who may open which number; covers of names."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from inventory_parks import energy, enterprise, park
from report_parks import ALL, ON, results_of

import lingtan as lt
from lingtan.assessment import explainable
from lingtan.dossier.records import Dossier
from lingtan.errors import LingtanError, Place
from lingtan.reports.results import Results, compute_results
from lingtan.trace import Node, Origin, as_dict
from lingtan_web.assessments.artefacts import TRACE
from lingtan_web.assessments.covers import Covers, build_people_sheet
from lingtan_web.assessments.owners import MANY, PARK, Owners
from lingtan_web.assessments.rules import Viewer
from lingtan_web.assessments.snapshots import write_snapshot
from lingtan_web.assessments.templatetags.cockpit import instant
from lingtan_web.assessments.titles import Titles
from lingtan_web.assessments.trace_index import TraceIndex, TraceNode, export_node
from lingtan_web.assessments.traces import write_traces


def three_enterprises() -> Dossier:
    """E001 and E002 open, E003 confidential; each bought electricity."""
    names = (enterprise("E001"), enterprise("E002"), enterprise("E003", confidential=True))
    placed = [replace(one, place=Place("", "enterprises", n)) for n, one in enumerate(names, 2)]
    bought = [
        energy(n, enterprise=name, quantity=quantity)
        for n, (name, quantity) in enumerate((("E001", 100), ("E002", 50), ("E003", 7)), 2)
    ]
    return park(*placed, *bought)


@pytest.fixture(scope="module")
def results() -> Results:
    return compute_results(three_enterprises(), [lt.load_edition(ALL[0]), lt.load_edition(ALL[1])], on=ON)


@pytest.fixture(scope="module")
def index(results: Results, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("traces") / TRACE
    write_traces(results, file)
    return file


@pytest.mark.parametrize("source", ["made up", "cambridge-estate"])
def test_every_explainable_number_is_told_as_explain_tells_it(
    source: str, results: Results, tmp_path: Path
) -> None:
    told = results if source == "made up" else results_of(source, *ALL)
    file = tmp_path / TRACE
    write_traces(told, file)
    with TraceIndex(file) as index:
        for result in told.assessments:
            names = explainable(result)
            assert set(names) <= {*index.names(result.edition)} | {
                name for name in names if name.casefold() != name
            }
            for name in names:
                found = export_node(index, index.find(name, result.edition))
                assert found == as_dict(lt.explain(result, name), depth=1), (result.edition, name)


def test_a_name_that_nothing_is_called_by_is_answered_with_near_ones(index: Path) -> None:
    with TraceIndex(index) as opened:
        assert opened.find("SCORE").name == "score"
        with pytest.raises(LingtanError) as refused:
            opened.find("scor")
        assert refused.value.faults[0].code == "assessment.unknown-name"
        assert "score" in refused.value.faults[0].context["hint"]


def test_inputs_come_in_order_by_size_and_by_page(index: Path) -> None:
    with TraceIndex(index) as opened:
        total = opened.find("park.electricity_mwh")
        assert opened.count_inputs(total) == 3
        sizes = [one.node.size for one in opened.read_inputs(total, largest=True)]
        assert sizes == [100.0, 50.0, 7.0]
        second = opened.read_inputs(total, limit=1, offset=1, largest=True)
        assert [one.node.size for one in second] == [50.0]
        assert total.id in [one.id for one in opened.find_users(second[0].node, 20)]


def test_formulas_are_said_in_words(index: Path) -> None:
    with TraceIndex(index) as opened:
        node = opened.find("park.gross_tco2e")
        said = opened.say_rule(node.body["rule"])
        assert said and said.zh == "范围一排放 + 范围二排放（基于位置）"
        assert opened.say_rule("sum") is None
        assert opened.read(10**8) is None


def leaf(name: str, kind: str = "cell", row: int = 0) -> Node:
    return Node(name, Decimal(1), origin=Origin(kind, name, Place("", "enterprises", row)))  # type: ignore[arg-type]


def made_of(name: str, *inputs: Node) -> Node:
    return Node(name, Decimal(1), rule="sum", inputs=tuple((f"p{n}", one) for n, one in enumerate(inputs)))


def test_owners_are_named_by_name_by_row_or_by_what_a_number_is_made_of() -> None:
    owners = Owners(three_enterprises())
    first, second = leaf("energy[2024/E001/electricity]"), leaf("enterprises[E002].name", row=3)
    third, whole, factor = leaf("x[2024/E003/y]"), leaf("profile.area_m2", "profile"), leaf("f", "factor")
    assert owners.add(first) == ({"E001"}, False)
    assert owners.add(second) == ({"E002"}, False)
    assert owners.add(third) == ({"E003"}, True)
    assert owners.add(whole) == ({PARK}, False)
    assert owners.add(factor) == (frozenset(), False)
    assert owners.add(made_of("a", first, factor)) == ({"E001"}, False)
    assert owners.add(made_of("b", first, second)) == ({"E001", "E002"}, False)
    assert owners.add(made_of("c", third, factor)) == ({"E003"}, True)  # of the confidential one alone
    assert owners.add(made_of("d", third, whole)) == ({"E003", PARK}, True)
    assert owners.add(made_of("e", third, first)) == ({"E001", "E003"}, False)  # a sum over several is shown
    assert owners.add(made_of("internal[2024/E001/E003/heat]", first)) == ({"E001", "E003"}, True)
    assert owners.add(made_of("all", first, second, third, whole)) == (MANY, False)


def shown(owners: set[str], is_sealed: bool = False) -> TraceNode:
    return TraceNode(1, "n", None, 1.0, frozenset(owners), is_sealed, {})


@pytest.mark.parametrize(
    ("owners", "is_sealed", "operator", "scheme", "own", "neighbour"),
    [
        (set(), False, True, True, True, True),  # a factor
        ({"E001"}, False, True, True, True, False),
        ({"E001", PARK}, False, True, True, False, False),
        ({"E001", "E002"}, False, True, True, False, False),
        ({"*"}, False, True, True, False, False),
        ({"E001"}, True, True, False, True, False),  # confidential: its own people see it
        ({"E001", "E002"}, True, True, False, False, False),
    ],
)
def test_who_may_open_a_number(
    owners: set[str], is_sealed: bool, operator: bool, scheme: bool, own: bool, neighbour: bool
) -> None:
    node = shown(owners, is_sealed)
    assert Viewer(True, True).can_open(node) is operator
    assert Viewer(True, False).can_open(node) is scheme
    assert Viewer(enterprises=frozenset({"E001"})).can_open(node) is own
    assert Viewer(enterprises=frozenset({"E009"})).can_open(node) is neighbour


@pytest.mark.parametrize(
    ("viewer", "is_confidential", "may"),
    [
        (Viewer(True, True), True, True),
        (Viewer(True, False), True, False),
        (Viewer(True, False), False, True),
        (Viewer(enterprises=frozenset({"E001"})), True, True),
        (Viewer(enterprises=frozenset({"E009"})), False, False),
        (Viewer(), False, False),
    ],
)
def test_who_may_see_the_lines_of_an_enterprise(viewer: Viewer, is_confidential: bool, may: bool) -> None:
    assert viewer.can_open_enterprise("E001", is_confidential=is_confidential) is may


def test_covers_hide_names_and_ids_of_confidential_enterprises_only(results: Results) -> None:
    people = build_people_sheet(results)
    assert people["E003"]["cover"] == {"zh": "保密企业 1", "en": "Confidential enterprise 1"}
    closed, opened = Covers(people, "zh", False), Covers(people, "zh", True)
    text = {"a": ["buildings[B/E003]", "E0031 E001"], "n": 3}
    assert closed.clean(text) == {"a": ["buildings[B/保密企业 1]", "E0031 E001"], "n": 3}
    assert opened.clean(text) is text
    assert [closed.name(one) for one in ("E001", "E003", "E999", "park", "")] == [
        "E001", "保密企业 1", "E999", "园区运营方", "园区整体",
    ]  # fmt: skip
    assert (closed.is_covered("E003"), opened.is_covered("E003"), closed.is_covered("E001")) == (
        True,
        False,
        False,
    )


def test_a_snapshot_is_the_same_bytes_again(results: Results, tmp_path: Path) -> None:
    folders = []
    for name in ("one", "two"):
        folder = tmp_path / name
        folder.mkdir()
        snapshot = write_snapshot(results, folder)
        assert {file.name for file in folder.iterdir()} == set(snapshot.files)
        folders.append({file.name: file.read_bytes() for file in folder.iterdir()})
    assert folders[0] == folders[1]
    assert {"assessment-sh-seesa-zctp-2024.json", "sheet-lines.json", "scopes.en.svg"} <= set(folders[0])
    assert not [
        name for name, content in folders[0].items() if name.endswith(".svg") and b"<script" in content
    ]


def test_lines_open_their_own_node_not_that_of_the_national_method(results: Results, tmp_path: Path) -> None:
    import json

    write_snapshot(results, tmp_path)
    lines = json.loads((tmp_path / "sheet-lines.json").read_bytes())
    with TraceIndex(tmp_path / TRACE) as index:
        for of_one in lines.values():
            for line in of_one:
                node = index.read(line["node"])
                assert node and (node.body["value"], node.body["unit"]) == (line["emissions"], "tCO2e")


@pytest.mark.parametrize(
    ("name", "zh", "en"),
    [
        (
            "energy[2024/E900/natural_gas/supply/metered]",
            "能源消费（2024 · E900 · 天然气 · 总表 · 计量）",
            "Energy (2024 · E900 · Natural gas · Supply · metered)",
        ),
        ("metered[E900].natural_gas.supply", "表计合计（E900）", "Sum of meters (E900)"),
        ("energy[2024/我们的/unheard_of]", "能源消费（2024 · 我们的 · unheard_of）", None),
        ("nobody[2024/E900]", None, None),
    ],
)
def test_keys_of_computed_lines_are_said_in_words(name: str, zh: str | None, en: str | None) -> None:
    said = Titles([]).name(name)
    assert (said.zh if said else None) == zh
    assert en is None or (said is not None and said.en == en)


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("2023-12-31T16:00:00+00:00", "2024-01-01 00:00"),
        ("2024-12-31T23:00:00+08:00", "2024-12-31 23:00"),
        ("每月抄表", "每月抄表"),
    ],
)
def test_an_instant_is_told_in_the_time_of_shanghai(given: str, shown: str) -> None:
    assert instant(given) == shown
