"""The public pages of certificates: register, page of a certificate, scanned code, published files."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta
from pathlib import Path
from xml.etree import ElementTree

import pytest
from django.test import Client
from django.utils import timezone
from tests.web.certificate_world import at, facts_of, keep_certificate, keys
from tests.web.conftest import World
from tests.web.review_parts import actor_of

from lingtan.certificate import make_number, parse_ring, read_list, sign_code
from lingtan_web.certificates import pacing
from lingtan_web.certificates.models import Certificate
from lingtan_web.certificates.scheme import find_ring, find_scheme
from lingtan_web.certificates.services import entering
from lingtan_web.certificates.services.publishing import find_signer, publish_lists

__all__ = ["keys"]

TODAY = timezone.localdate()
BAD_NAME = "<script>alert(1)</script>\u202e=2+3"
ATOM = {"a": "http://www.w3.org/2005/Atom"}


@pytest.fixture
def made(world: World, keys: Path) -> Certificate:
    """A certificate of alpha, and lists that tell of it."""
    made = keep_certificate(world.alpha, world.scheme.user, valid_from=TODAY - timedelta(100))
    publish_lists()
    return made


def text_of(answer: object) -> str:
    content = b"".join(answer) if getattr(answer, "streaming", False) else answer.content  # type: ignore
    return content.decode()


def suspend(world: World, made: Certificate) -> None:
    """A case three weeks ago, decided today: fifteen days to be heard are over."""
    scheme = actor_of(world.scheme)
    entering.open_case(scheme, made, "incident", "发生一起较大事件", at=at(TODAY - timedelta(21)))
    entering.decide(scheme, made, 1, "suspend", "事件属实，暂停证书")


def test_the_register_finds_by_every_filter(world: World, made: Certificate, client: Client) -> None:
    other = keep_certificate(world.beta, world.scheme.user, 2, TODAY - timedelta(50), stars=3)
    suspend(world, made)
    for asked, found in (
        ("", {made, other}),
        ("?state=suspended", {made}),
        ("?state=valid", {other}),
        ("?state=withdrawn", set()),
        ("?stars=3", {other}),
        ("?text=甲园", {made}),
        (f"?text={other.number.lower()}", {other}),
        (f"?year={other.valid_from.year - 1}", set()),
        ("?edition=sh-seesa-zctp-2024", {made, other}),
        ("?page=2", set()),
        ("?page=x&stars=²&state=nonsense&year=%00", {made, other}),
    ):
        page = text_of(client.get(f"/register/{asked}"))
        assert {one for one in (made, other) if f"/register/{one.number}/" in page} == found, asked


def test_the_page_says_how_it_stands_and_why(world: World, made: Certificate, client: Client) -> None:
    address = f"/register/{made.number}/"
    assert "verdict-word passed" in text_of(client.get(address))
    suspend(world, made)
    page = text_of(client.get(address))
    assert "verdict-word failed" in page
    assert ">已暂停<" in page
    assert f"自 {TODAY}" in page
    for said in (
        "发生一起较大事件",
        "事件属实，暂停证书",
        made.facts["edition_sha256"][:16],
        find_ring().fingerprint,
    ):
        assert said in page
    client.cookies["lingtan-language"] = "en"
    assert ">suspended<" in text_of(client.get(address))


def test_a_number_is_found_however_it_is_typed(made: Certificate, client: Client) -> None:
    assert client.get(f"/register/{made.number.lower()}/").status_code == 200


def test_numbers_that_are_not_ours(made: Certificate, client: Client) -> None:
    never = make_number("LZC", 2026, 99)
    answer = client.get(f"/register/{never}/")
    assert answer.status_code == 404
    assert "不是本计划签发" in text_of(answer)
    mistyped = made.number[:-1] + ("A" if made.number[-1] != "A" else "B")
    for address in (f"/register/{mistyped}/", f"/c/{mistyped}", "/c/%3Cscript%3E?s=a"):
        answer = client.get(address)
        assert answer.status_code == 404
        assert "编号有误" in text_of(answer)
        assert "<script>" not in text_of(answer).replace('<script src="/static', "").replace(
            "<script type", ""
        )
    for part in ("certificate.pdf", "certificate.vc.jwt"):
        assert client.get(f"/register/{never}/{part}").status_code == 404


def test_a_scanned_code_is_genuine_or_not(world: World, made: Certificate, client: Client) -> None:
    path = made.code[made.code.index("/c/") :]
    genuine = text_of(client.get(path))
    assert "callout passed" in genuine
    assert "二维码不可信" not in genuine
    altered = path[:-3] + ("A" if path[-3] != "A" else "B") + path[-2:]
    other = keep_certificate(world.beta, world.scheme.user, 2, TODAY)
    foreign = path.replace(made.number, other.number)
    for wrong, why in (
        (altered, "签名不符"),
        (foreign, "编号被改动"),
        (f"/c/{made.number}?s=x", "不是签名凭证"),
    ):  # certificate.not-a-token
        page = text_of(client.get(wrong))
        assert "二维码不可信" in page, wrong
        assert "callout passed" not in page
        assert why in page
    assert "二维码" not in text_of(client.get(f"/c/{made.number}")).split("<main")[1].split("不上网")[0]


def test_a_code_of_another_credential(made: Certificate, client: Client) -> None:
    """Signed by us for the same number, but not for the credential we have on record."""
    facts = facts_of(made.park, 1, made.valid_from)
    code = sign_code(facts, "another", find_scheme().address, find_signer())
    page = text_of(client.get(code[code.index("/c/") :]))
    assert "二维码不可信" in page
    assert "不符" in page  # certificate.code-other


def test_files_of_a_certificate(made: Certificate, client: Client) -> None:
    answer = client.get(f"/register/{made.number}/certificate.vc.jwt")
    assert text_of(answer) == made.credential
    assert answer["Content-Type"] == "application/vc+jwt"
    answer = client.get(f"/register/{made.number}/certificate.pdf")
    assert text_of(answer) == "%PDF-"
    assert made.number in answer["Content-Disposition"]


def test_lists_and_keys_are_for_programs(world: World, made: Certificate, client: Client) -> None:
    answer = client.get("/status/0/message")
    assert answer["Content-Type"] == "application/vc+jwt"
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert answer["Cache-Control"] == "public, max-age=3600"  # fresh for days, kept for an hour
    ring = parse_ring(text_of(client.get("/.well-known/lingtan-keys.json")))
    assert read_list(text_of(answer), ring).state(0) == "valid"
    again = client.get("/status/0/message", headers={"If-None-Match": answer["ETag"]})
    assert again.status_code == 304
    suspend(world, made)
    answer = client.get("/status/0/message", headers={"If-None-Match": answer["ETag"]})
    assert read_list(text_of(answer), ring).state(0) == "suspended"
    for unknown in ("/status/1/message", "/status/0/other", "/status/0/<script>"):
        assert client.get(unknown).status_code == 404


def test_a_list_that_is_stale_is_not_to_be_kept(world: World, keys: Path, client: Client) -> None:
    publish_lists(timezone.now() - timedelta(days=400))
    assert client.get("/status/0/message")["Cache-Control"] == "no-cache"


def test_without_keys_there_is_nothing_to_fetch(db: None, client: Client) -> None:
    assert client.get("/.well-known/lingtan-keys.json").status_code == 404
    assert client.get("/register/open.json").status_code == 200
    assert "还没有签发" in text_of(client.get("/check/"))


def test_open_data_is_whole_and_harmless(world: World, made: Certificate, client: Client) -> None:
    world.beta.name_zh = "=HYPERLINK(1)"
    world.beta.save()
    other = keep_certificate(world.beta, world.scheme.user, 2, TODAY)
    suspend(world, made)
    answer = client.get("/register/open.csv")
    assert 'rel="license"' in answer["Link"]
    rows = list(csv.DictReader(io.StringIO(text_of(answer).removeprefix("\ufeff"))))
    assert [(row["number"], row["state"]) for row in rows] == [
        (made.number, "suspended"), (other.number, "valid"),
    ]  # fmt: skip
    assert rows[0]["state_since"] == TODAY.isoformat()
    assert rows[1]["park_name_zh"] == "'=HYPERLINK(1)"
    data = json.loads(text_of(client.get("/register/open.json")))
    assert data["licence"] == "CC BY 4.0"
    assert [one["state"] for one in data["certificates"]] == ["suspended", "valid"]
    assert data["certificates"][1]["park_name_zh"] == "=HYPERLINK(1)"


def test_the_feed_tells_of_changes_the_newest_first(world: World, made: Certificate, client: Client) -> None:
    world.alpha.name_zh = BAD_NAME
    world.alpha.save()
    suspend(world, made)
    feed = ElementTree.fromstring(text_of(client.get("/register/feed.atom")))
    titles = [one.text or "" for one in feed.findall("a:entry/a:title", ATOM)]
    assert len(titles) == 3
    assert "暂停证书" in titles[0]
    assert "<script>" in titles[0]  # as text: it was escaped
    assert "\u202e" not in titles[0]
    assert made.number in titles[2]


def test_hostile_names_are_text_on_pages(world: World, made: Certificate, client: Client) -> None:
    world.alpha.name_zh = BAD_NAME
    world.alpha.save()
    for address in (
        "/register/",
        f"/register/{made.number}/",
        f"/c/{made.number}",
        "/register/?text=<script>",
    ):
        page = text_of(client.get(address))
        assert "<script>alert" not in page, address
        assert "&lt;script&gt;" in page, address


def test_whoever_asks_too_often_is_asked_to_wait(
    made: Certificate, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pacing.time, "time", lambda: 1_800_000_030.0)
    answers = [client.get("/register/open.csv").status_code for _ in range(7)]
    assert answers == [200] * 6 + [429]
    refused = client.get("/register/open.csv")
    assert refused["Retry-After"] == "30"
    assert client.get("/register/").status_code == 200
    monkeypatch.setattr(pacing.time, "time", lambda: 1_800_000_060.0)
    assert client.get("/register/open.csv").status_code == 200
