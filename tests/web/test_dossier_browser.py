"""The grid in headless Chromium: keyboard, clipboard, undo, faults, conflicts, 20,000 rows."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer
from tests.web.conftest import Someone, World, build_world
from tests.web.dossier_parts import add, cells, edit, mark

from lingtan_web.audit.services import Actor
from lingtan_web.dossiers.models import RegisterRow, WorkingDossier

CHROMIUM = "/usr/bin/chromium"
SWITCHES = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--no-first-run",
]  # fmt: skip
ONE = {"vehicle": "V1", "enterprise": "E001", "service": "official", "vehicles": "3"}
TWO = {"vehicle": "V2", "enterprise": "E001", "service": "logistics", "vehicles": "5"}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # the browser keeps a loop in this thread
    with sync_playwright() as play:
        one = play.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        yield one
        one.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def people(browser: Browser, transactional_db: None) -> World:
    world = build_world()
    edit(Actor(world.park.user.pk), world.dossier, "enterprises", add(900, enterprise="E001", name="甲厂"))
    return world


def enter(browser: Browser, server: LiveServer, who: Someone, **more: Any) -> Page:
    """A page of a browser in which somebody is signed in; whatever it complains of fails the test."""
    context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **more})
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    cookie = who.client.cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": cookie, "url": server.url}])
    page = context.new_page()
    page.complaints = []  # type: ignore[attr-defined]
    page.on("pageerror", lambda error: page.complaints.append(str(error)))  # type: ignore[attr-defined]
    page.on("console", lambda said: said.type == "error" and page.complaints.append(said.text))  # type: ignore[attr-defined]
    return page


def open_grid(page: Page, server: LiveServer, register: str, query: str = "") -> None:
    page.goto(f"{server.url}/parks/alpha/dossier/2024/registers/{register}/{query}")
    expect(page.locator(".grid-row").first).to_be_visible()


def active(page: Page) -> str:
    return str(page.evaluate("document.activeElement.getAttribute('aria-label')"))


def saved(page: Page) -> None:
    expect(page.locator(".grid-state")).to_have_text("已全部保存")
    page.wait_for_timeout(350)
    expect(page.locator(".grid-state")).to_have_text("已全部保存")


def paste(page: Page, text: str) -> None:
    page.evaluate("text => navigator.clipboard.writeText(text)", text)
    page.keyboard.press("Control+v")
    saved(page)


def fill(dossier: WorkingDossier, world: World) -> None:
    edit(Actor(world.park.user.pk), dossier, "vehicles", add(1, **ONE), add(2, **TWO))


def test_a_block_of_excel_is_pasted_undone_and_redone(
    people: World, browser: Browser, live_server: LiveServer
) -> None:
    page = enter(browser, live_server, people.park)
    open_grid(page, live_server, "vehicles")
    page.locator(".grid-row[data-row='0'] .grid-cell").first.click()
    paste(page, 'V1\tE001\t物流\t柴油\t3\r\nV2\tE999\tx\t柴油\t"1,000"\r\n')
    expected = [
        {"vehicle": "V1", "enterprise": "E001", "service": "logistics", "energy": "diesel", "vehicles": "3"},
        {"vehicle": "V2", "enterprise": "E999", "service": "x", "energy": "diesel", "vehicles": "1,000"},
    ]
    got = cells(people.dossier, "vehicles")
    assert [set(row.values()) for row in got] == [set(row.values()) for row in expected]
    wrong = page.locator(".grid-row[data-row='1'] .grid-error")
    expect(wrong).to_have_count(2)  # an unknown enterprise, an unknown service
    page.keyboard.press("Control+z")
    saved(page)
    assert cells(people.dossier, "vehicles") == []
    page.keyboard.press("Control+y")
    saved(page)
    assert len(cells(people.dossier, "vehicles")) == 2
    assert page.complaints == []  # type: ignore[attr-defined]


def test_the_keyboard_does_it_all(people: World, browser: Browser, live_server: LiveServer) -> None:
    fill(people.dossier, people)
    page = enter(browser, live_server, people.park)
    open_grid(page, live_server, "vehicles", "?row=1&column=vehicle")
    assert active(page) == "车辆编号：V1，第 1 行"
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    assert active(page) == "所属企业：E001，第 2 行"
    page.keyboard.press("Shift+Tab")
    page.keyboard.type("V9")
    page.keyboard.press("Escape")
    assert active(page) == "车辆编号：V2，第 2 行"
    page.keyboard.press("F2")
    page.keyboard.type("x")
    page.keyboard.press("Enter")
    saved(page)
    assert [row["vehicle"] for row in cells(people.dossier, "vehicles")] == ["V1", "V2x"]
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Control+Delete")
    saved(page)
    assert [row["vehicle"] for row in cells(people.dossier, "vehicles")] == ["V1"]
    page.keyboard.press("Control+z")
    saved(page)
    assert [row["vehicle"] for row in cells(people.dossier, "vehicles")] == ["V1", "V2x"]
    page.keyboard.press("Control+Home")
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("Control+c")
    assert page.evaluate("navigator.clipboard.readText()") == "V1\r\nV2x"
    page.keyboard.press("Delete")
    saved(page)
    assert ["vehicle" in row for row in cells(people.dossier, "vehicles")] == [False, False]
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('.grid-scroll') === null")


def test_choices_are_shown_in_words_and_kept_as_their_names(
    people: World, browser: Browser, live_server: LiveServer
) -> None:
    fill(people.dossier, people)
    page = enter(browser, live_server, people.park)
    open_grid(page, live_server, "vehicles", "?row=1&column=service")
    assert active(page) == "用途：公务通勤，第 1 行"
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")  # nothing was written: nothing changes
    page.keyboard.press("ArrowUp")
    page.keyboard.type("物流")
    page.keyboard.press("Tab")
    saved(page)
    assert cells(people.dossier, "vehicles")[0]["service"] == "logistics"


def test_a_fault_is_read_out_with_its_cell(people: World, browser: Browser, live_server: LiveServer) -> None:
    edit(
        Actor(people.park.user.pk),
        people.dossier,
        "vehicles",
        add(1, **ONE),
        add(2, **{**TWO, "vehicles": "many"}),
    )
    page = enter(browser, live_server, people.park)
    open_grid(page, live_server, "vehicles", "?row=1&column=vehicle")
    page.keyboard.press("F8")
    page.wait_for_function("() => document.activeElement.ariaLabel === '数量：many，第 2 行'")
    field = page.locator(":focus")
    expect(field).to_have_attribute("aria-invalid", "true")
    told = page.locator(f"#{field.get_attribute('aria-describedby')}")
    expect(told).to_contain_text("应填")
    grid = page.locator("[role=grid]")
    expect(grid).to_have_attribute("aria-rowcount", "4")  # heading, two rows, a blank one
    expect(page.locator("[role=gridcell][aria-invalid=true]")).to_have_count(1)


def test_the_next_problem_is_found_in_rows_that_were_not_fetched(
    people: World, browser: Browser, live_server: LiveServer
) -> None:
    actor = Actor(people.park.user.pk)
    lines = [{**ONE, "vehicle": f"V{n}", "vehicles": "x" if n in (1, 700) else "3"} for n in range(900)]
    edit(actor, people.dossier, "vehicles", *(add(n + 1_000, **line) for n, line in enumerate(lines)))
    page = enter(browser, live_server, people.park)
    open_grid(page, live_server, "vehicles", "?row=1&column=vehicle")
    for row in (2, 701, 2):  # and round again
        page.keyboard.press("F8")
        page.wait_for_function("row => document.activeElement.ariaLabel.endsWith(`第 ${row} 行`)", arg=row)
        assert active(page) == f"数量：x，第 {row} 行"


def test_chinese_is_typed_into_a_cell_without_ado(
    people: World, browser: Browser, live_server: LiveServer
) -> None:
    page = enter(browser, live_server, people.park)
    open_grid(page, live_server, "enterprises", "?row=1&column=name")
    keys = page.context.new_cdp_session(page)
    keys.send("Input.imeSetComposition", {"text": "jia", "selectionStart": 3, "selectionEnd": 3})
    keys.send("Input.insertText", {"text": "乙厂"})
    page.keyboard.press("Enter")
    saved(page)
    assert cells(people.dossier, "enterprises")[0]["name"] == "乙厂"


def test_on_a_phone_a_second_tap_writes(people: World, browser: Browser, live_server: LiveServer) -> None:
    fill(people.dossier, people)
    page = enter(browser, live_server, people.park, has_touch=True, is_mobile=True)
    page.set_viewport_size({"width": 390, "height": 844})
    open_grid(page, live_server, "vehicles")
    cell = page.locator(".grid-row[data-row='1'] .grid-cell").first
    cell.tap()
    assert active(page) == "车辆编号：V2，第 2 行"
    expect(page.locator(":focus")).to_have_attribute("inputmode", "none")  # no keyboard in the way yet
    cell.tap()
    expect(page.locator(":focus")).to_have_attribute("inputmode", "text")
    page.keyboard.type("b")
    page.keyboard.press("Enter")
    saved(page)
    assert cells(people.dossier, "vehicles")[1]["vehicle"] == "V2b"


def test_what_is_copied_comes_apart_into_the_same_cells(
    people: World, browser: Browser, live_server: LiveServer
) -> None:
    page = enter(browser, live_server, people.park)
    page.goto(f"{live_server.url}/healthz")
    blocks = [
        [["a", "b"], ["", "c"]], [["两行\n文字", 'say "so"']], [["tab\there", ""], ["", ""]], [[""]],
        [['"', '""'], ["\n", "\t"]], [["5\" pipe", "x"]],
    ]  # fmt: skip
    script = """async (blocks) => {
      const { parse, format } = await import("/static/lingtan/grid/tsv.js");
      return blocks.map((block) => parse(format(block) + "\\r\\n"));
    }"""
    assert page.evaluate(script, blocks) == blocks
    by_hand = """async () => {
      const { parse } = await import("/static/lingtan/grid/tsv.js");
      const texts = ['a\\t"x\\ny"\\n1\\t2', '5" pipe\\tz', '"open\\tz', "a\\r\\n\\r\\nb"];
      return texts.map(parse);
    }"""
    assert page.evaluate(by_hand) == [
        [["a", "x\ny"], ["1", "2"]], [['5" pipe', "z"]], [['"open', "z"]], [["a"], [""], ["b"]],
    ]  # fmt: skip


def test_two_people_at_one_cell_are_shown_both_values(
    people: World, browser: Browser, live_server: LiveServer
) -> None:
    fill(people.dossier, people)
    page = enter(browser, live_server, people.park)
    open_grid(page, live_server, "vehicles", "?row=1&column=vehicles")
    change = {"kind": "cell", "row": mark(1), "column": "vehicles", "old": "3", "new": "7"}
    edit(Actor(people.scheme.user.pk), people.dossier, "vehicles", change)
    page.keyboard.type("9")
    page.keyboard.press("Enter")
    dialog = page.locator("dialog[open]")
    expect(dialog).to_contain_text("9")
    expect(dialog).to_contain_text("7")
    expect(dialog).to_contain_text("scheme")
    assert cells(people.dossier, "vehicles")[0]["vehicles"] == "7"
    dialog.get_by_role("button", name="改用我填的").click()
    saved(page)
    assert cells(people.dossier, "vehicles")[0]["vehicles"] == "9"


def test_what_could_not_be_sent_is_sent_when_the_line_is_back(
    people: World, browser: Browser, live_server: LiveServer
) -> None:
    fill(people.dossier, people)
    page = enter(browser, live_server, people.park)
    open_grid(page, live_server, "vehicles", "?row=1&column=vehicles")
    page.context.set_offline(True)
    page.keyboard.type("8")
    page.keyboard.press("Enter")
    expect(page.locator(".grid-state")).to_contain_text("连不上服务器")
    page.context.set_offline(False)
    expect(page.locator(".grid-state")).to_have_text("已全部保存", timeout=15_000)
    assert cells(people.dossier, "vehicles")[0]["vehicles"] == "8"


def test_an_enterprise_cannot_change_whose_row_it_is(
    people: World, browser: Browser, live_server: LiveServer
) -> None:
    fill(people.dossier, people)
    page = enter(browser, live_server, people.enterprise)
    open_grid(page, live_server, "vehicles", "?row=1&column=enterprise")
    page.keyboard.type("E002")
    page.keyboard.press("Enter")
    page.keyboard.press("Control+End")
    page.keyboard.press("Home")
    page.keyboard.type("V7")
    page.keyboard.press("Enter")
    saved(page)
    assert [row["enterprise"] for row in cells(people.dossier, "vehicles")] == ["E001"] * 3


def test_who_only_looks_cannot_write(people: World, browser: Browser, live_server: LiveServer) -> None:
    fill(people.dossier, people)
    page = enter(browser, live_server, people.evaluator)
    open_grid(page, live_server, "vehicles", "?row=1&column=vehicles")
    page.keyboard.type("8")
    page.keyboard.press("Delete")
    page.wait_for_timeout(600)
    assert cells(people.dossier, "vehicles") == [ONE, TWO]
    expect(page.get_by_role("button", name="添加一行")).to_have_count(0)


def test_twenty_thousand_rows_scroll_and_take_a_paste_at_the_end(
    people: World, browser: Browser, live_server: LiveServer
) -> None:
    rows = (
        RegisterRow(
            dossier=people.dossier, register="vehicles", position=n, cells={**ONE, "vehicle": f"V{n}"},
            key=f"V{n}", ident=f"V{n}", enterprise="E001",
        )
        for n in range(20_000)
    )  # fmt: skip
    RegisterRow.objects.bulk_create(rows, batch_size=1_000)
    page = enter(browser, live_server, people.park)
    open_grid(page, live_server, "vehicles")
    page.locator(".grid-row[data-row='0'] .grid-cell").first.click()
    page.keyboard.press("Control+End")
    page.keyboard.press("Home")
    assert active(page) == "车辆编号：空白，新的一行"
    paste(page, "".join(f"W{n}\tE001\n" for n in range(1_200)))
    assert RegisterRow.objects.filter(register="vehicles").count() == 21_200
    assert page.locator(".grid-row").count() < 60
    page.keyboard.press("Control+Home")
    page.wait_for_timeout(300)
    assert active(page) == "车辆编号：V0，第 1 行"
    page.evaluate("document.querySelector('.grid-scroll').scrollTop = 10000 * 32")
    expect(page.locator(".grid-row[data-row='10005'] .grid-cell").first).to_have_text("V10005")
