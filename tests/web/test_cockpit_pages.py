"""What each role sees of a result, and that no page asks the database more than it must."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from dossier_files import energy
from tests.web.cockpit_parts import NDRC, ON, SEESA, finished, small_park
from tests.web.conftest import World

from lingtan_web.assessments import queries, services
from lingtan_web.assessments.models import Calculation, State
from lingtan_web.audit.services import SYSTEM
from lingtan_web.dossiers.models import DossierVersion

NAMES = {"E001": "甲材料公司", "E002": "乙保密公司", "E003": "丙物业公司"}
ENTERPRISES = "enterprise,name,role,above_scale,key_enterprise,confidential\n" + "".join(
    f"{key},{name},tenant,yes,no,{'yes' if key == 'E002' else 'no'}\n" for key, name in NAMES.items()
)
FILES: dict[str, str | bytes | None] = {
    "registers/enterprises.csv": ENTERPRISES,
    "registers/energy_activity.csv": energy(
        "2024,E001,electricity,purchased,,1000,MWh,bill",
        "2024,E002,electricity,purchased,,300,MWh,bill",
        "2024,E003,natural_gas,combustion,,5,万Nm3,bill",
    ),
}
INSIDE = ("", "indicators/", "missing/", "inventory/", "energy/", "meters/", "balance/", "editions/",
          "documents/", "explain/score", "explain/park.gross_tco2e", "inventory/E001/",
          "sources/electricity/")  # fmt: skip
MOST_QUERIES = 30


@pytest.fixture
def result(world: World, tmp_path: Path) -> Calculation:
    return finished(small_park(world, tmp_path, FILES))


@pytest.fixture
def submitted() -> Iterator[None]:
    """As if every version had been handed in."""
    queries.SUBMITTED.append(DossierVersion.objects.all)
    yield
    queries.SUBMITTED.pop()


def root(result: Calculation) -> str:
    return f"/parks/alpha/results/{result.pk}/"


def read(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return b"".join(answer).decode() if answer.streaming else answer.content.decode()


def test_the_operator_sees_all_of_it(world: World, result: Calculation) -> None:
    first = read(world.park.client, root(result))
    assert "暂无星级" in first and "距三星（基础）还差" in first and "下一步" in first
    assert "综合得分还差" in first
    for page in INSIDE:
        assert "评价结果" in read(world.park.client, root(result) + page)
    inventory = read(world.park.client, root(result) + "inventory/")
    assert all(name in inventory for name in NAMES.values())
    assert "300" in read(world.park.client, root(result) + "inventory/E002/")
    listed = read(world.park.client, "/parks/alpha/results/")
    assert "2024 年度第 1 版" in listed and "开始计算" in listed


@pytest.mark.parametrize("role", ["scheme", "body", "evaluator"])
def test_others_see_nothing_before_it_is_submitted(world: World, result: Calculation, role: str) -> None:
    client = world.someone(role).client
    for page in INSIDE:
        assert client.get(root(result) + page).status_code == 404
    assert "还没有向您开放的结果" in read(client, "/parks/alpha/results/")


@pytest.mark.parametrize("role", ["body", "evaluator"])
def test_evaluators_see_what_was_submitted_with_confidential_names(
    world: World, result: Calculation, submitted: None, role: str
) -> None:
    client = world.someone(role).client
    for page in INSIDE:
        read(client, root(result) + page)
    assert NAMES["E002"] in read(client, root(result) + "inventory/")
    assert client.post("/parks/alpha/results/ask/", {"version": result.version_id}).status_code == 403


def test_lines_of_a_source_leave_out_confidential_enterprises(
    world: World, result: Calculation, submitted: None
) -> None:
    address = root(result) + "sources/electricity/"
    for someone, seen in ((world.park, {"E001", "E002"}), (world.scheme, {"E001"})):
        lines = someone.client.get(address).context["lines"]
        assert {line["enterprise"] for line in lines} - {""} == seen
    assert world.park.client.get(root(result) + "sources/nothing/").status_code == 404


def test_a_mandate_is_for_its_year_only(world: World, result: Calculation, submitted: None) -> None:
    world.mandate.year = 2023
    world.mandate.save()
    assert world.evaluator.client.get(root(result)).status_code == 404


def test_the_scheme_sees_what_was_submitted_with_covers(
    world: World, result: Calculation, submitted: None
) -> None:
    client = world.scheme.client
    for page in INSIDE:
        shown = read(client, root(result) + page)
        assert NAMES["E002"] not in shown and "E002" not in shown, page
    assert "保密企业 1" in read(client, root(result) + "inventory/")
    assert client.get(root(result) + "inventory/E002/").status_code == 404
    name = quote("energy_activity[2024/E002/electricity/purchased].quantity", safe="")
    assert client.get(f"{root(result)}explain/{name}").status_code == 404
    assert "300" in read(world.park.client, f"{root(result)}explain/{name}")
    parts = read(client, f"{root(result)}explain/park.electricity_mwh")
    assert "保密企业的明细，不对外显示" in parts and "1,000" in parts


def test_an_enterprise_sees_its_own_part_and_no_neighbour(world: World, result: Calculation) -> None:
    client = world.enterprise.client
    assert client.get(root(result)).headers["Location"].endswith("/mine/")
    mine = read(client, root(result) + "mine/")
    assert NAMES["E001"] in mine
    for other in ("E002", "E003"):
        assert other not in mine and NAMES[other] not in mine
        assert client.get(f"{root(result)}inventory/{other}/").status_code == 404
    for page in INSIDE[1:9]:
        assert client.get(root(result) + page).status_code == 403
    own = quote("energy_activity[2024/E001/electricity/purchased].quantity", safe="")
    theirs = quote("energy_activity[2024/E003/natural_gas/combustion].quantity", safe="")
    told = read(client, f"{root(result)}explain/{own}")
    assert "1,000" in told and "E003" not in told
    for closed in (theirs, "score", "park.gross_tco2e", "nothing"):
        assert client.get(f"{root(result)}explain/{closed}").status_code == 404
    assert client.get(f"{root(result)}charts/enterprises.zh.svg").status_code == 403


def test_every_number_of_the_index_is_closed_to_an_enterprise_unless_it_is_its_own(
    world: World, result: Calculation
) -> None:
    opened = queries.Opened(result, queries.Viewer())
    with opened.open_traces() as index:
        foreign = [one for n in range(1, 400) if (one := index.read(n)) and one.owners - {"E001"}]
    assert foreign
    for node in foreign[:40]:
        answer = world.enterprise.client.get(f"{root(result)}explain/x?node={node.id}")
        assert answer.status_code == 404, node.name


def test_a_confidential_enterprise_sees_itself(world: World, result: Calculation) -> None:
    mine = read(world.neighbour.client, root(result) + "mine/")
    assert NAMES["E002"] in mine or "保密企业 1" in mine
    assert "300" in mine and NAMES["E001"] not in mine


def test_other_parks_and_strangers_find_nothing(world: World, result: Calculation) -> None:
    for who in (world.other_park, world.stranger):
        for page in (*INSIDE, "mine/"):
            assert who.client.get(root(result) + page).status_code == 404
    assert world.park.client.get(f"/parks/beta/results/{result.pk}/").status_code == 404
    assert world.other_park.client.get(f"/parks/beta/results/{result.pk}/").status_code == 404


def test_asking_for_a_calculation(world: World, tmp_path: Path) -> None:
    version = small_park(world, tmp_path, FILES)
    given = {"version": version.pk, "on": ON.isoformat(), "editions": [SEESA, NDRC]}
    sent = world.park.client.post("/parks/alpha/results/ask/", given)
    asked = Calculation.objects.get()
    assert sent.headers["Location"] == f"/parks/alpha/results/{asked.pk}/"
    waiting = read(world.park.client, root(asked))
    assert "排队中" in waiting and 'hx-trigger="every 3s"' in waiting
    assert world.enterprise.client.get(root(asked)).status_code == 404  # not done yet
    assert world.park.client.get(root(asked) + "indicators/").status_code == 404
    Calculation.objects.update(state=State.FAILED, faults=[])
    assert "重新计算" in read(world.park.client, root(asked))
    finished(version)
    polled = world.park.client.get(root(asked), headers={"HX-Request": "true"})
    assert polled.headers["HX-Refresh"] == "true"


@pytest.mark.parametrize(
    ("given", "status"),
    [({"version": "0"}, 404), ({"version": "x"}, 404), ({}, 404), ({"on": "2025-13-01"}, 422),
     ({"editions": ["nobody"]}, 422)],
)  # fmt: skip
def test_asking_for_what_is_not_there(
    world: World, tmp_path: Path, given: dict[str, object], status: int
) -> None:
    version = small_park(world, tmp_path)
    sent = world.park.client.post("/parks/alpha/results/ask/", {"version": version.pk, **given})
    assert sent.status_code == (status if "version" in given or status == 422 else 302)
    foreign = world.other_park.client.post("/parks/beta/results/ask/", {"version": version.pk})
    assert foreign.status_code == 404


def test_a_name_that_is_no_number_is_answered_with_near_ones(world: World, result: Calculation) -> None:
    answer = world.park.client.get(root(result) + "explain/C1.11")
    assert answer.status_code == 422 and "C1.1" in answer.content.decode()
    assert world.park.client.get(root(result) + "explain/x?node=99999999").status_code == 404
    for wrong in ("node=-1", "node=abc", "page=999999", "node=99999999999999999999"):
        assert world.park.client.get(f"{root(result)}explain/score?{wrong}").status_code in (200, 404)


def test_charts_cannot_run_anything(world: World, result: Calculation) -> None:
    answer = world.park.client.get(root(result) + "charts/scopes.zh.svg")
    assert answer.headers["Content-Type"] == "image/svg+xml"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    b"".join(answer)  # type: ignore[arg-type]
    for name in ("nothing.zh", "..%2F..%2Fdb", "trace.sqlite"):
        assert world.park.client.get(f"{root(result)}charts/{name}.svg").status_code == 404


def test_every_edition_and_both_languages(world: World, result: Calculation) -> None:
    client = world.park.client
    national = read(client, root(result) + f"?edition={NDRC}")
    assert "尚无“达到验收条件”的结论" in national
    assert "零碳特色产业园区" in read(client, root(result) + "?edition=nobody")
    client.cookies["lingtan-language"] = "en"
    english = read(client, root(result))
    assert "No stars yet" in english and "What to do next" in english
    for page in INSIDE:
        assert "下一步" not in read(client, root(result) + page)


def test_years_side_by_side(world: World, tmp_path: Path) -> None:
    assert "还没有算完的结果" in read(world.park.client, "/parks/alpha/results/years/")
    finished(small_park(world, tmp_path, FILES))
    finished(small_park(world, tmp_path / "newer", FILES | {"registers/energy_activity.csv": energy(
        "2024,E001,electricity,purchased,,2000,MWh,bill")}))  # fmt: skip
    shown = read(world.park.client, "/parks/alpha/results/years/")
    assert shown.count('<th scope="col" class="right">') == 1  # the newest version of the year


def test_queries_are_few_and_do_not_grow(world: World, result: Calculation, tmp_path: Path) -> None:
    pages = [root(result) + page for page in INSIDE]
    pages += ["/parks/alpha/results/", "/parks/alpha/results/years/"]
    counts = [_count(world.park.client, page) for page in pages]
    assert max(counts) <= MOST_QUERIES
    version = small_park(world, tmp_path / "more", FILES)
    for day in range(1, 8):
        services.ask_calculation(SYSTEM, version=version, on=ON.replace(day=day))
    assert [_count(world.park.client, page) for page in pages] == counts


def _count(client: Client, address: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as queries_made:
        read(client, address)
    return len(queries_made)


def test_a_cell_opens_where_it_is_filled_in(world: World, result: Calculation) -> None:
    name = quote("energy_activity[2024/E002/electricity/purchased].quantity", safe="")
    told = read(world.park.client, f"{root(result)}explain/{name}")
    assert "/parks/alpha/dossier/2024/registers/energy_activity/?row=2&amp;column=quantity" in told
    profile = read(world.park.client, root(result) + "explain/profile.area_m2")
    assert "/parks/alpha/dossier/2024/profile/" in profile
