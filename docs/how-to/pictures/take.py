"""Take the pictures of `find-your-way.md` again, from a site that `make serve` has started.

    LINGTAN_ADMIN_EMAIL=… LINGTAN_ADMIN_PASSWORD=… .venv/bin/python docs/how-to/pictures/take.py [ADDRESS]

It clicks what the text says a person clicks, so that a path that is broken fails here.
"""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

HERE = Path(__file__).parent
ADDRESS = sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000"
SWITCHES = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
COLOURS = 128  # of a picture: enough for pages, a quarter of the size


def take(page: Page, name: str, *, height: int = 0) -> None:
    """The page as it stands, from its top, as a small PNG."""
    page.wait_for_load_state("networkidle")
    width = page.viewport_size["width"] if page.viewport_size else 0
    shot = page.screenshot(clip={"x": 0, "y": 0, "width": width, "height": height or 900}, full_page=True)
    picture = Image.open(io.BytesIO(shot)).convert("RGB").quantize(COLOURS)
    picture.save(HERE / f"{name}.png", optimize=True)


def enter(browser: Browser, width: int, height: int) -> Page:
    """A window in which the administrator is signed in."""
    page = browser.new_context(viewport={"width": width, "height": height}, locale="zh-CN").new_page()
    page.goto(f"{ADDRESS}/accounts/login/")
    page.fill("#id_login", os.environ["LINGTAN_ADMIN_EMAIL"])
    page.fill("#id_password", os.environ["LINGTAN_ADMIN_PASSWORD"])
    page.keyboard.press("Enter")
    page.wait_for_url(f"{ADDRESS}/")
    page.goto(f"{ADDRESS}/")  # once more, without the greeting
    return page


def follow(page: Page, text: str) -> None:
    """Click the first link of the page proper that has `text`."""
    page.locator("main").get_by_role("link", name=text).first.click()
    page.wait_for_load_state()


def show_path(page: Page) -> None:
    """From the parks to the stars, what to do next, and down from a number to its readings."""
    take(page, "1-parks", height=420)
    follow(page, "星火")
    take(page, "2-results", height=720)
    follow(page, "2024 年度第 1 版")
    take(page, "3-why", height=1000)
    follow(page, "缺少的资料")
    take(page, "4-missing", height=760)
    follow(page, "基本要求与指标")
    follow(page, "B2.1")
    take(page, "5-points", height=860)
    follow(page, "能碳管理平台在线监测覆盖率")
    take(page, "6-formula", height=760)
    follow(page, "在线采集能源量")
    follow(page, "能源消费")
    follow(page, "表计合计")
    follow(page, "计量器具（")
    take(page, "7-readings", height=740)


def show_cell(page: Page) -> None:
    """From a number that was filled in to its cell in the grid."""
    page.goto(f"{ADDRESS}/parks/xinghuo/results/1/explain/A2.2")
    for text in ("清洁能源配套设施占比", "配清洁能源设施车位数", "合计", "（CP1）"):
        follow(page, text)
    page.locator("main dd a").first.click()
    page.locator(".grid-row").first.wait_for()
    take(page, "8-cell", height=640)


def show_phone(page: Page) -> None:
    """The same on a phone."""
    follow(page, "星火")
    follow(page, "2024 年度第 1 版")
    take(page, "9-phone-why", height=1100)
    follow(page, "缺少的资料")
    take(page, "10-phone-missing", height=1000)


def main() -> None:
    """All pictures."""
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path="/usr/bin/chromium", args=SWITCHES)
        page = enter(browser, 1280, 900)
        show_path(page)
        show_cell(page)
        show_phone(enter(browser, 390, 844))
        browser.close()


if __name__ == "__main__":
    main()
