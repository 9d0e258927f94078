"""A certificate in headless Chromium: issued at the desk, scanned with a phone, suspended, scanned again."""

from __future__ import annotations

import re
from pathlib import Path

import pypdfium2
import pytest
import zxingcpp
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer
from tests.web.certificate_world import keys
from tests.web.conftest import World
from tests.web.review_parts import Play, play
from tests.web.test_dossier_browser import browser, enter

from lingtan_web.certificates.scheme import find_scheme
from lingtan_web.reviews.workflow import State

__all__ = ["browser", "keys", "play"]

PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
PATIENCE = 60_000


def scan(paper: Path) -> str:
    """The text of the code on the first printed page."""
    document = pypdfium2.PdfDocument(paper)
    picture = document[0].render(scale=3).to_pil()
    document.close()
    (found,) = zxingcpp.read_barcodes(picture)
    return str(found.text)


def seen(page: Page) -> str:
    """The big word."""
    return str(page.locator("#verdict").inner_text())


@pytest.mark.django_db(transaction=True)
def test_scanned_after_it_was_issued_and_after_it_was_suspended(
    browser: Browser, live_server: LiveServer, world: World, keys: Path, play: Play, tmp_path: Path
) -> None:
    play.to(State.APPEAL_DECIDED)
    scheme = enter(browser, live_server, world.scheme)
    scheme.set_default_timeout(PATIENCE)
    scheme.on("dialog", lambda dialog: dialog.accept())
    scheme.goto(f"{live_server.url}/certificates/")
    scheme.get_by_role("link", name=re.compile("^颁发")).click()
    expect(scheme.locator("main")).to_contain_text("四星（创建）")
    scheme.get_by_role("button", name="签发").click()
    expect(scheme.locator("main h1")).to_contain_text("LZC-", timeout=PATIENCE)
    number = scheme.locator("main h1 .code").inner_text()

    visitor = browser.new_context(**PHONE, accept_downloads=True)  # type: ignore[arg-type]
    phone = visitor.new_page()
    phone.set_default_timeout(PATIENCE)
    phone.goto(f"{live_server.url}/register/{number}/")
    with phone.expect_download() as download:
        phone.get_by_role("link", name="签名的 PDF 证书").click()
    paper = tmp_path / "certificate.pdf"
    download.value.save_as(paper)
    code = scan(paper)
    assert code.startswith(f"{find_scheme().address}/c/{number}?s=")

    address = code.replace(find_scheme().address, live_server.url)
    phone.goto(address)
    assert seen(phone) == "有效"
    expect(phone.locator(".callout.passed")).to_contain_text("未被改动")
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    phone.goto(address[:-40] + ("A" if address[-40] != "A" else "B") + address[-39:])
    expect(phone.locator(".verdict-big")).to_have_text("二维码不可信")
    assert phone.locator("#verdict").count() == 0  # no green word beside it

    phone.goto(f"{live_server.url}/check/")
    phone.set_input_files("#file", paper)
    phone.get_by_role("button", name="核验").click()
    expect(phone.locator("#verdict")).to_have_text("有效", timeout=PATIENCE)

    scheme.locator("#ground").select_option("incident")
    scheme.locator("#case-reasons").fill("发生一起较大环境事件")
    scheme.get_by_role("button", name="立案").click()
    expect(scheme.locator(".case.open")).to_contain_text("起可以处分")
    park = enter(browser, live_server, world.park)
    park.set_default_timeout(PATIENCE)
    park.goto(f"{live_server.url}/parks/alpha/certificates/{number}/")
    park.locator("#statement-1").fill("已停产整改")
    park.get_by_role("button", name="提交意见").click()
    expect(park.locator("main")).to_contain_text("已停产整改")
    scheme.reload()
    scheme.get_by_label("暂停证书").check()
    scheme.locator("#reasons-1").fill("事件属实")
    scheme.get_by_role("button", name="作出决定").click()
    expect(scheme.locator("main")).to_contain_text("已暂停")

    phone.goto(address)
    assert seen(phone) == "已暂停"
    expect(phone.locator("main")).to_contain_text("事件属实")
    phone.context.add_cookies([{"name": "lingtan-language", "value": "en", "url": live_server.url}])
    phone.reload()
    assert seen(phone) == "suspended"
    assert not scheme.complaints and not park.complaints  # type: ignore[attr-defined]
