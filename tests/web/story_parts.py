"""A stage for whole stories: one site, and people who each sit at a browser of their own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, Response, expect, sync_playwright
from tests.web.sites import Site

CHROMIUM = Path("/usr/bin/chromium")
SWITCHES = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--no-first-run",
]  # fmt: skip
SECRET = "one more long enough secret"
PATIENCE = 15_000  # milliseconds: a loaded machine is no fault of a page
CALCULATION = 300_000


@dataclass
class Person:
    """Somebody at a browser: reads pages, follows links, presses buttons, all by what is written there."""

    name: str
    email: str
    page: Page
    address: str

    def open(self, path: str) -> None:
        """Go to a path of the site."""
        self.page.goto(self.address + path)

    def follow(self, text: str, *, within: str = "main") -> None:
        """Click the link that reads `text`."""
        self.page.locator(within).get_by_role("link", name=text, exact=True).first.click()

    def turn_to(self, section: str) -> None:
        """Click an entry of the park's own navigation."""
        self.follow(section, within="aside.side")

    def press(self, text: str) -> None:
        """Press the button that reads `text`."""
        self.page.locator("main").get_by_role("button", name=text, exact=True).first.click()

    def fill(self, **fields: str) -> None:
        """Write into fields of the page, by their ids."""
        for name, text in fields.items():
            self.page.locator(f"main [id='{name}']").fill(text)

    def choose(self, field_id: str, words: str) -> None:
        """Choose what reads `words` in a list."""
        self.page.locator(f"main [id='{field_id}']").select_option(label=words)

    def send(self, button: str, **fields: str) -> None:
        """Fill in the fields of a form and press its button."""
        self.fill(**fields)
        form = self.page.locator("main form").filter(has=self.page.locator(f"[id='{next(iter(fields))}']"))
        form.get_by_role("button", name=button, exact=True).click()

    def answer_no(self) -> None:
        """No to every point of a declaration."""
        for one in self.page.locator("main .points input[value=no]").all():
            one.check()

    def sees(self, *texts: str) -> None:
        """Each text stands on the page."""
        for text in texts:
            expect(self.page.locator("main")).to_contain_text(text)

    def sees_not(self, *texts: str) -> None:
        """None of the texts is anywhere in what was sent, shown or not."""
        content = self.page.content()
        assert [text for text in texts if text in content] == []

    def sections(self) -> list[str]:
        """The park's navigation as this person has it."""
        return self.page.locator("aside.side nav a").all_inner_texts()

    def status(self, path: str) -> int:
        """What the site answers to this person at `path`, without leaving the page."""
        return int(self.page.context.request.get(self.address + path).status)

    def text(self, path: str) -> str:
        """The whole source of a page as this person gets it, with escapes of JSON undone."""
        source = self.page.context.request.get(self.address + path).text()
        return re.sub(r"\\u([0-9A-Fa-f]{4})", lambda found: chr(int(found[1], 16)), source)

    def here(self) -> str:
        """The path of the page."""
        return self.page.url.removeprefix(self.address)

    def waits_for_result(self) -> None:
        """Until the page of a calculation has turned into its result."""
        expect(self.page.locator("#verdict")).to_be_visible(timeout=CALCULATION)


@dataclass
class Stage:
    """The site, its people, and everything that browsers and site complained of."""

    site: Site
    browser: Browser
    people: dict[str, Person] = field(default_factory=dict)
    complaints: list[str] = field(default_factory=list)

    def enter(self, role: str, name: str, email: str) -> Person:
        """A person with an empty browser."""
        context = self.browser.new_context(viewport={"width": 1280, "height": 900}, locale="zh-CN")
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.on("dialog", lambda dialog: dialog.accept())
        page.on("pageerror", lambda error: self.complaints.append(f"{name}: {page.url}: {error}"))
        page.on("console", lambda said: said.type == "error" and self._complain(name, page, said.text))
        page.on("response", lambda answer: self._look_at(name, answer))
        self.people[role] = Person(name, email, page, self.site.address)
        return self.people[role]

    def _complain(self, name: str, page: Page, text: str) -> None:
        self.complaints.append(f"{name}: {page.url}: {text}")

    def _look_at(self, name: str, answer: Response) -> None:
        if answer.status >= 500:
            self.complaints.append(f"{name}: {answer.status} {answer.url}")

    def __getitem__(self, role: str) -> Person:
        return self.people[role]


@contextmanager
def build_stage(site: Site) -> Iterator[Stage]:
    """A stage on a running site; skips, and says so, where there is no Chromium."""
    if not CHROMIUM.exists():
        pytest.skip(f"no Chromium at {CHROMIUM}: apt-get install chromium")
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        try:
            yield Stage(site, browser)
        finally:
            browser.close()


def find_link(person: Person) -> str:
    """The path of the invitation that the page shows."""
    shown = person.page.locator("#link").inner_text()
    found = re.search(r"(/invitations/\S+)", shown)
    assert found, shown
    return found[1]


def write_cell(person: Person, words: str, text: str) -> None:
    """Write into the cell that has the focus, by keyboard only. `words`: how a screen reader says it."""
    focused = person.page.locator(":focus")
    expect(focused).to_have_attribute("aria-label", re.compile(re.escape(words)))
    person.page.keyboard.type(text)
    person.page.keyboard.press("Enter")
    expect(person.page.locator(".grid-state")).to_have_text("已全部保存")


def row_of(person: Person, text: str) -> Locator:
    """The row of a table that has `text`."""
    return person.page.locator("main tr").filter(has_text=text).first
