"""WCAG 2.2 AA, as far as axe-core can tell: every page, in both languages, on a desk and on a phone.

Pages are found by walking the matrix of addresses and the pages of the library; each is opened by the
role that sees most of it. What axe cannot tell (is a text plain, is an order sensible) stays with people.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer
from tests.web.certificate_matrix import FILES as CERTIFICATE_FILES
from tests.web.certificate_world import keys
from tests.web.cockpit_parts import ON, finished, small_park
from tests.web.conftest import PASSWORD, World
from tests.web.matrix import MATRIX
from tests.web.review_matrix import FORMS, PAGES
from tests.web.review_parts import Play, give_password, play
from tests.web.test_cockpit_pages import FILES
from tests.web.test_dossier_browser import browser, enter
from tests.web.test_matrix import BARE, numbers

from lingtan_web.permissions import LIBRARY_VIEWS
from lingtan_web.reviews.workflow import State

axe_playwright = pytest.importorskip("axe_playwright_python.sync_playwright")

__all__ = ["browser", "keys", "numbers", "play"]

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
OPTIONS = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"]}
WIDTHS = (1280, 390)
SEES_MOST = ("park", "scheme", "evaluator", "body", "enterprise", "public")
FILES_NOT_PAGES = {
    "register-rows", "export-dossier", "version-file", "evidence-file", "evidence-preview", "result-chart",
    "calendar", "health", "metrics", "api-openapi", "review-photo", "document", *CERTIFICATE_FILES,
}  # fmt: skip
"""Addresses that answer with no page of ours."""


def violations(page: Page, address: str, languages: Iterable[str] = ("zh", "en")) -> Iterator[str]:
    """What axe finds on a page in every view."""
    for language in languages:
        page.context.add_cookies([{"name": "lingtan-language", "value": language, "url": page.site}])  # type: ignore[attr-defined]
        page.goto(page.site + address)  # type: ignore[attr-defined]
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            found = axe_playwright.Axe().run(page, options=OPTIONS).response["violations"]
            for rule in found:
                for node in rule["nodes"]:
                    yield f"{rule['id']} {language} {width} {address} {node['target']} {node['html'][:160]}"


def open_page(browser: Browser, server: LiveServer, world: World, role: str) -> Page:
    """A page of a browser of somebody, or of nobody in particular."""
    if role == "public":
        page = browser.new_context().new_page()
    else:
        page = enter(browser, server, world.someone(role))
    page.site = server.url  # type: ignore[attr-defined]
    for picture in ("charts", "preview", "photos"):  # fetched side by side they block a database in memory
        page.route(f"**/{picture}/**", lambda route: route.abort())
    return page


def check(browser: Browser, server: LiveServer, world: World, asked: Iterable[tuple[str, str]]) -> None:
    """Nothing is found at any of the addresses, each seen by a role."""
    pages: dict[str, Page] = {}
    found: list[str] = []
    for role, address in asked:
        page = pages.get(role) or pages.setdefault(role, open_page(browser, server, world, role))
        found += violations(page, address)
    for page in pages.values():
        page.context.close()
    assert not found, "\n".join(found)


def most(may: Iterable[str]) -> str:
    """The role among those that sees most."""
    return next(role for role in SEES_MOST if role in may)


def test_every_page_of_the_matrix(
    world: World, numbers: dict[str, Any], browser: Browser, live_server: LiveServer, tmp_path: Path
) -> None:
    result = finished(small_park(world, tmp_path, FILES), on=ON)
    asked = []
    for name, lines in MATRIX.items():
        for line in lines:
            if line.method != "GET" or name in FILES_NOT_PAGES or name in {**PAGES, **FORMS}:
                continue
            address = line.address.format(**numbers).replace("/999999/", f"/{result.pk}/")
            asked.append((most(line.may), address.replace("/results/0/", f"/results/{result.pk}/")))
    asked += [("scheme", "/parks/alpha/people/"), ("body", "/parks/alpha/people/")]
    asked += [("enterprise", "/parks/alpha/dossier/2024/"), ("park", "/no-such-page/")]
    asked += [("park", "/parks/alpha/dossier/2024/registers/meters/?row=1&column=meter")]
    check(browser, live_server, world, asked)


def test_pages_of_the_library(world: World, browser: Browser, live_server: LiveServer) -> None:
    """Signed in by the password just now, so that nothing asks for it again."""
    give_password(world.park)
    given = {"login": world.park.user.email, "password": PASSWORD}
    assert world.park.client.post("/accounts/login/", given).status_code == 302
    names = [name for name in LIBRARY_VIEWS if name in BARE and "download" not in name]
    roles = {name: "public" if LIBRARY_VIEWS[name] == "public" else "park" for name in names}
    check(browser, live_server, world, [(role, reverse(name)) for name, role in roles.items()])


REVIEW = [
    *(
        (role, f"/parks/alpha/{address}")
        for address, may in {**PAGES, **FORMS}.values()
        for role in may.split()
    ),
    ("evaluator", "/parks/alpha/reviews/1/findings/physical_boundary/"),
]


@pytest.mark.parametrize(
    "state", [State.SUBMITTED, State.QUESTIONED, State.SIGNED, State.PANEL, State.APPEALED]
)
def test_a_review_in(state: State, play: Play, browser: Browser, live_server: LiveServer) -> None:
    play.to(state)
    asked = []
    for role, address in [*REVIEW, ("expert", "/parks/alpha/reviews/1/panel/"), ("park", "/reviews/")]:
        answer = play.world.someone(role).client.get(address)
        if answer.status_code == 200:
            asked.append((role, address))
    if state is State.QUESTIONED:
        asked += [(role, "/parks/alpha/reviews/1/questions/1/") for role in ("park", "evaluator")]
    check(browser, live_server, play.world, asked)
