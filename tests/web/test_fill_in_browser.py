"""From what is missing to the very cell where it is filled in, followed in headless Chromium."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer
from tests.web.cockpit_parts import finished, small_park
from tests.web.conftest import World
from tests.web.dossier_parts import add, cells, edit
from tests.web.test_cockpit_pages import FILES
from tests.web.test_dossier_browser import active, browser, enter, people, saved

from lingtan_web.audit.services import Actor

__all__ = ["browser", "people"]

BUILDINGS = "building,enterprise,name,floor_area_m2\nB1,E001,一号楼,\n"
GRID = "/parks/alpha/dossier/2024/registers/buildings/"


def focus(world: World, query: str, who: str = "park") -> Any:
    return world.someone(who).client.get(f"{GRID}{query}").context["given"]["focus"]


@pytest.fixture
def three(world: World) -> World:
    """Three buildings; the middle one belongs to another enterprise, the last has the key of the first."""
    edit(
        Actor(world.park.user.pk), world.dossier, "buildings",
        add(1, building="B0", enterprise="E001"), add(2, building="B1", enterprise="E002"),
        add(3, building="B2", enterprise="E001"), add(4, building="B2", enterprise="E001"),
    )  # fmt: skip
    return world


@pytest.mark.parametrize(
    ("query", "index"),
    [
        ("?key=B0&column=floor_area_m2", 0),
        ("?key=B2&column=floor_area_m2", 2),  # of two alike the first
        ("?key=B9&column=floor_area_m2", 4),  # no such row yet: the blank one at the end
        ("?key=&column=floor_area_m2", None),
        ("?row=2&column=floor_area_m2", 1),
        ("?row=5&column=floor_area_m2", None),
    ],
)
def test_the_cell_that_an_address_names(three: World, query: str, index: int | None) -> None:
    expected = None if index is None else {"index": index, "column": "floor_area_m2"}
    assert focus(three, query) == expected


def test_an_enterprise_is_led_within_its_own_rows(three: World) -> None:
    """Its second row is the third of the park; of other people's rows it learns nothing."""
    assert focus(three, "?key=B2&column=name", "enterprise") == {"index": 1, "column": "name"}
    assert focus(three, "?key=B1&column=name", "enterprise") == {"index": 3, "column": "name"}
    assert focus(three, "?key=B99&column=name", "enterprise") == {"index": 3, "column": "name"}


def test_who_cannot_add_rows_is_led_to_none_that_is_not_there(three: World) -> None:
    assert focus(three, "?key=B9&column=name", "evaluator") is None


def test_from_missing_data_to_the_cell(
    people: World, browser: Browser, live_server: LiveServer, tmp_path: Path
) -> None:
    """Since the calculation two buildings were put before the one that lacks its area."""
    version = small_park(people, tmp_path, {**FILES, "registers/buildings.csv": BUILDINGS})
    result = finished(version)
    rows = [add(n, building=f"A{n}", name="新楼", enterprise="E001") for n in (1, 2)]
    edit(
        Actor(people.park.user.pk), people.dossier, "buildings",
        *rows, add(3, building="B1", name="一号楼", enterprise="E001"),
    )  # fmt: skip
    page = enter(browser, live_server, people.park)
    page.goto(f"{live_server.url}/parks/alpha/results/{result.pk}/missing/")
    line = page.locator("tr", has=page.get_by_role("rowheader", name="建筑面积"))
    line.get_by_role("link", name="建筑", exact=True).click()
    expect(page.locator(".grid-row").first).to_be_visible()
    assert page.url.endswith(f"{GRID}?key=B1&column=floor_area_m2")
    assert active(page) == "建筑面积：空白，第 3 行"
    page.keyboard.type("310")
    page.keyboard.press("Enter")
    saved(page)
    assert [row.get("floor_area_m2") for row in cells(people.dossier, "buildings")] == [None, None, "310"]
    page.goto(f"{live_server.url}/parks/alpha/results/{result.pk}/missing/")
    page.get_by_role("row", name="工业增加值").get_by_role("link", name="园区档案").click()
    expect(page).to_have_url(
        f"{live_server.url}/parks/alpha/dossier/2024/profile/#f-profile.industrial_value_added_wan_cny"
    )
    expect(page.locator("[id='f-profile.industrial_value_added_wan_cny']")).to_be_in_viewport()
    assert page.complaints == []  # type: ignore[attr-defined]


def test_of_several_cells_each_has_its_own_link(
    people: World, browser: Browser, live_server: LiveServer, tmp_path: Path
) -> None:
    result = finished(small_park(people, tmp_path, FILES))
    told = people.park.client.get(f"/parks/alpha/results/{result.pk}/missing/").content.decode()
    for key in ("E001", "E002", "E003"):
        assert f"registers/enterprises/?key={key}&amp;column=green_manufacturing" in told
    shown = people.park.client.get(f"/parks/alpha/results/{result.pk}/indicators/").content.decode()
    assert "registers/enterprises/?key=E001&amp;column=" in shown
