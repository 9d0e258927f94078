"""A person with mouse and keys at the map: `boundary_browser.py ADDRESS COOKIE` prints what they see.

A process of its own, because a browser's loop and Django's database do not go together in one.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from playwright.sync_api import Page, sync_playwright

ARGUMENTS = (
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--no-first-run",
)  # fmt: skip


def text(page: Page) -> str:
    return page.locator("#text").input_value()


def area(page: Page) -> int:
    return int(page.locator("[data-area]").inner_text().replace(",", "").removesuffix(" m²"))


def draw(page: Page, points: list[tuple[int, int]]) -> None:
    box = page.locator("[data-map]").bounding_box()
    assert box is not None
    for x, y in points:
        page.mouse.click(box["x"] + x, box["y"] + y)


def play(page: Page) -> dict[str, Any]:
    seen: dict[str, Any] = {"first": area(page), "corners": page.locator(".corner").count()}
    page.locator(".corner").first.focus()
    for key in ("ArrowRight", "Shift+ArrowUp", "n", "Insert"):
        page.keyboard.press(key)
    seen["keys"] = text(page)
    seen["corners_after"] = page.locator(".corner").count()
    page.locator('[data-do="undo"]').click()
    page.locator('[data-do="undo"]').click()
    page.locator('[data-do="undo"]').click()
    seen["undone"] = text(page)
    page.locator('[data-do="hole"]').click()
    draw(page, [(250, 200), (300, 200), (280, 240)])
    page.keyboard.press("Enter")
    seen["hole"] = text(page)
    lines = text(page).split("\n")
    page.locator("#text").fill("\n".join([lines[1], lines[0], *lines[2:4]]))
    page.wait_for_selector("[data-faults] li[data-mark]")
    seen["crossing"] = page.locator("[data-faults] li").first.inner_text()
    seen["marks"] = page.locator("svg .mark").count()
    page.locator("#text").fill(seen["undone"])
    page.wait_for_selector("[data-faults] li", state="detached")
    page.locator("form[data-form] button:not([type=button])").click()
    page.wait_for_load_state()
    seen["saved"] = text(page)
    return seen


def main(address: str, cookie: str) -> None:
    errors: list[str] = []
    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path="/usr/bin/chromium", args=list(ARGUMENTS))
        context = browser.new_context(viewport={"width": 1280, "height": 900})
        context.add_cookies([{"name": "sessionid", "value": cookie, "url": address}])
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
        page.goto(address)
        seen = play(page)
        browser.close()
    print(json.dumps({**seen, "errors": errors}))


if __name__ == "__main__":
    main(*sys.argv[1:])
