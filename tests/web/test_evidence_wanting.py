"""What is missing per indicator and gate: from traces by hand, then through the page on a real result."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from tests.web.cockpit_parts import finished, freeze
from tests.web.conftest import World

import lingtan as lt
from lingtan.trace import Node, Origin
from lingtan_web.evidence.wanting import (
    State,
    export_grounds,
    find_grounds,
    find_proofs,
    find_wanting,
    read_grounds,
)

ROOT = Path(__file__).resolve().parents[2]
EMPTY = ROOT / "examples" / "parks" / "cambridge-estate"


def leaf(reference: str) -> Node:
    return Node("x", Decimal(1), origin=Origin("cell", reference))


@pytest.fixture(scope="module")
def assessment() -> lt.Assessment:
    dossier = lt.read_dossier(EMPTY)
    return lt.assess(dossier, lt.load_edition("sh-seesa-zctp-2024"), on=date(2025, 6, 30))


def test_rows_without_evidence_ids_not_listed_and_documents_not_in_order(assessment: lt.Assessment) -> None:
    proofs = {
        "energy_activity[2024-01/E001]": ("EV001", "EV002"),
        "energy_activity[2024-02/E001]": (),
        "buildings[B01]": ("EV003",),
        "checklists[zero/1]": ("EV009",),
        "meters[M1]": (),
    }
    cells = (
        "energy_activity[2024-01/E001].quantity", "energy_activity[2024-01/E001].unit",
        "energy_activity[2024-02/E001].quantity", "buildings[B01].floor_area_m2", "checklists[zero/1]",
        "lighting[L1].count", "boundary.geojson",
    )  # fmt: skip
    leaves = [leaf(reference) for reference in cells]
    node = Node("n", Decimal(1), rule="sum", inputs=tuple((f"i{n}", one) for n, one in enumerate(leaves)))
    first = replace(assessment.indicators[0], applies=True, node=node)
    made = replace(assessment, gates=(), indicators=(first, replace(first, applies=False)))
    (ground,) = find_grounds(made, proofs)
    assert (ground.rows, ground.unproven) == (4, ("energy_activity[2024-02/E001]",))
    assert ground.named == ("EV001", "EV002", "EV003", "EV009")
    states = {"EV001": State.HERE, "EV002": State.EXPIRED, "EV003": State.ABSENT}
    (wanting,) = find_wanting([ground], states)
    assert wanting.unlisted == ("EV009",)
    assert wanting.troubled == (("EV002", State.EXPIRED), ("EV003", State.ABSENT))
    assert not wanting.is_complete
    assert find_wanting([replace(ground, unproven=())], dict.fromkeys(ground.named, State.HERE))[
        0
    ].is_complete


def test_what_lacks_something_comes_first_and_by_points(assessment: lt.Assessment) -> None:
    one = find_grounds(assessment, {})[0]
    grounds = [
        replace(one, code=code, points=points, unproven=rows, named=())
        for code, points, rows in (
            ("A", "3", ()),
            ("B", "1", ("r[1]",)),
            ("C", "2.5", ("r[1]",)),
            ("D", "", ("r[1]",)),
        )
    ]
    assert [each.ground.code for each in find_wanting(grounds, {})] == ["C", "B", "D", "A"]


def test_grounds_are_kept_and_read_alike(assessment: lt.Assessment) -> None:
    dossier = lt.read_dossier(EMPTY)
    data = json.loads(json.dumps(export_grounds([assessment], dossier)))
    assert read_grounds(data, assessment.edition) == find_grounds(assessment, find_proofs(dossier))
    assert read_grounds(data, "none") == ()


def test_the_page_says_it_from_the_latest_result(world: World) -> None:
    address = "/parks/alpha/dossier/2024/evidence/missing/"
    assert "还没有评价结果" in world.park.client.get(address).content.decode()
    finished(freeze(world.dossier, EMPTY))
    page = world.park.client.get(address)
    missing = page.context["missing"]
    assert missing.edition == "sh-seesa-zctp-2024" and len(missing.editions) == 2
    assert any(one.ground.unproven for one in missing.wanting)
    assert (
        world.park.client.get(f"{address}?edition=cn-ndrc-910-2025").context["missing"].edition
        == "cn-ndrc-910-2025"
    )
    assert world.evaluator.client.get(address).context["missing"] is None  # nothing was submitted
