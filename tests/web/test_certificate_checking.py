"""The page that checks what a stranger hands in: the verdict in one word, and nothing of it kept."""

from __future__ import annotations

import resource
import zlib
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from tests.core.certificate_parts import make_scheme
from tests.web.certificate_world import at, keep_certificate, keys
from tests.web.conftest import World
from tests.web.review_parts import actor_of

from lingtan.certificate import sign_paper
from lingtan.reports.printed import Print, print_certificate
from lingtan.standards import load_edition
from lingtan_web.certificates.checking import LARGEST
from lingtan_web.certificates.facts import load_facts
from lingtan_web.certificates.models import Certificate
from lingtan_web.certificates.scheme import find_ring, find_scheme
from lingtan_web.certificates.services import entering
from lingtan_web.certificates.services.keys import revoke
from lingtan_web.certificates.services.publishing import find_signer, publish_lists

__all__ = ["keys"]

TODAY = timezone.localdate()


@pytest.fixture
def made(world: World, keys: Path) -> Certificate:
    """A certificate of alpha, and lists that tell of it."""
    made = keep_certificate(world.alpha, world.scheme.user, valid_from=TODAY - timedelta(100))
    publish_lists()
    return made


def verdict(client: Client, **given: object) -> tuple[str, str]:
    """The big word, and the page."""
    answer = client.post("/check/", given)
    assert answer.status_code == 200
    page = answer.content.decode()
    return page.partition('id="verdict">')[2].partition("<")[0], page


def as_file(content: bytes | str, name: str = "a.vc.jwt") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content.encode() if isinstance(content, str) else content)


def test_credential_and_code_of_ours(world: World, made: Certificate, client: Client) -> None:
    for given in (
        {"text": made.credential},
        {"file": as_file(made.credential)},
        {"text": f"  {made.code}\n"},
    ):
        word, page = verdict(client, **given)
        assert word == "有效"
        assert made.number in page
    entering.open_case(actor_of(world.scheme), made, "incident", "事件", at=at(TODAY - timedelta(21)))
    entering.decide(actor_of(world.scheme), made, 1, "suspend", "属实")
    assert verdict(client, text=made.credential)[0] == "已暂停"
    assert verdict(client, text=made.code)[0] == "已暂停"


def test_a_number_leads_to_its_page(made: Certificate, client: Client) -> None:
    answer = client.post("/check/", {"text": made.number.lower()})
    assert answer.headers["Location"] == f"/register/{made.number}/"


def test_altered_foreign_and_nonsense(made: Certificate, client: Client, tmp_path: Path) -> None:
    broken = made.credential[:-9] + ("A" if made.credential[-9] != "A" else "B") + made.credential[-8:]
    for given, word in (
        (broken, "已被改动"),
        (made.code.replace(made.number, made.number[:-1] + "Z"), "已被改动"),
        (make_scheme(tmp_path / "other").credential(), "非本计划签发"),
        ("hello", "无法核对"),
        ("中文", "无法核对"),
        ("<script>alert(1)</script>", "无法核对"),
    ):
        found, page = verdict(client, text=given)
        assert found == word, given
        assert "<script>alert" not in page


@pytest.mark.parametrize(
    "content",
    [
        b"\0\xff" * 400, b"%PDF-1.7\n", b"%PDF-1.7\n" + b"[" * 90_000, b"PK\x03\x04" + b"\0" * 99, b" ",
        b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 1 0 R>>endobj\ntrailer<</Root 1 0 R>>\nstartxref\n9\n%%EOF",
    ],
)  # fmt: skip
def test_hostile_files_have_a_verdict(made: Certificate, client: Client, content: bytes) -> None:
    word, _ = verdict(client, file=as_file(content, "../<script>alert(1)</script>.pdf"))
    assert word in ("无法核对", "已被改动")


def test_a_file_that_unfolds_without_end_hurts_nobody(made: Certificate, client: Client) -> None:
    """Two filters one after the other: a few kilobytes of the file would be a gigabyte and a half."""
    inner = zlib.compressobj(9)
    zeros = bytes(1_000_000)
    stream = zlib.compress(b"".join(inner.compress(zeros) for _ in range(1500)) + inner.flush(), 9)
    head = b"1 0 obj\n<</Type/XRef/W[1 2 1]/Size 3/Root 2 0 R/Filter[/FlateDecode/FlateDecode]/Length "
    pdf = b"%PDF-1.7\n" + head + str(len(stream)).encode() + b">>\nstream\n" + stream
    assert len(pdf) < 20_000
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    word, _ = verdict(client, file=as_file(pdf + b"\nendstream\nendobj\nstartxref\n9\n%%EOF", "a.pdf"))
    assert word == "无法核对"
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 300_000  # kilobytes


def test_a_signed_paper(world: World, made: Certificate, client: Client) -> None:
    facts = load_facts(made)
    printed = Print(facts, made.credential, made.code, find_ring().fingerprint, find_scheme().address,
                    load_edition(made.edition))  # fmt: skip
    paper = sign_paper(print_certificate(printed), find_signer(), reason="test")
    word, page = verdict(client, file=as_file(paper, "a.pdf"))
    assert word == "有效"
    assert made.number in page
    broken = (
        paper.replace(b"/Producer", b"/Produces")
        if b"/Producer" in paper
        else paper[:2000] + b" " + paper[2001:]
    )
    assert verdict(client, file=as_file(broken, "a.pdf"))[0] == "已被改动"


def test_the_name_of_a_file_is_text(made: Certificate, client: Client) -> None:
    _, page = verdict(client, file=as_file(b"x", "<img src=x onerror=alert(1)>.pdf"))
    assert "<img src=x" not in page


def test_nothing_and_too_much_are_refused(made: Certificate, client: Client) -> None:
    answer = client.post("/check/", {"text": "  "})
    assert answer.status_code == 422
    assert "没有交来可核验的内容" in answer.content.decode()  # certificate.nothing-to-check
    just = verdict(client, file=as_file(b"x" * LARGEST))
    assert just[0] == "无法核对"
    answer = client.post("/check/", {"file": as_file(b"x" * (LARGEST + 1))})
    assert answer.status_code == 422
    assert "文件超过 900 KB" in answer.content.decode()  # certificate.too-large-to-check
    assert client.post("/check/", {"file": as_file(b"x" * (2 << 20))}).status_code == 413


def test_what_a_revoked_key_signed_is_not_good(world: World, made: Certificate, client: Client) -> None:
    revoke(actor_of(world.scheme), made.key, "私钥泄露")
    word, page = verdict(client, text=made.credential)
    assert word == "已被改动"
    assert "吊销" in page


def test_without_a_list_nothing_is_valid(world: World, keys: Path, client: Client) -> None:
    made = keep_certificate(world.alpha, world.scheme.user, valid_from=TODAY - timedelta(100))
    assert verdict(client, text=made.credential)[0] == "状态未核实"
    publish_lists(timezone.now() - timedelta(days=60))
    assert verdict(client, text=made.credential)[0] == "状态未核实"
    publish_lists()
    assert verdict(client, text=made.credential)[0] == "有效"


def test_checks_are_counted(made: Certificate, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lingtan_web.certificates.pacing.time.time", lambda: 1_800_000_030.0)
    assert [client.post("/check/", {"text": "x"}).status_code for _ in range(21)] == [200] * 20 + [429]
    assert client.get("/check/").status_code == 200


def test_a_file_that_is_too_large_is_told_so(client: Client, db: None) -> None:
    """Whoever is not signed in may send a megabyte; more is refused, with what to do, in both languages."""
    large = SimpleUploadedFile("c.pdf", b"%PDF-1.7\n" + b"0" * (1 << 20))
    answer = client.post("/check/", {"file": large})
    assert answer.status_code == 413
    assert "文件太大，没有收下" in answer.content.decode() and "怎么办" in answer.content.decode()
    client.post("/language/", {"language": "en", "next": "/"})
    large.seek(0)
    assert "To mend" in client.post("/check/", {"file": large}).content.decode()


def test_a_form_that_was_cut_off_is_told_so(client: Client, db: None) -> None:
    answer = client.generic("POST", "/check/", b"--x", content_type="multipart/form-data; boundary=")
    assert answer.status_code == 400
    assert "没有收下" in answer.content.decode()


def test_a_number_may_be_typed_in_full_width(world: World, keys: Path, client: Client) -> None:
    kept = keep_certificate(world.alpha, world.scheme.user)
    typed = "".join(chr(ord(one) + 0xFEE0) for one in kept.number)
    answer = client.post("/check/", {"text": typed})
    assert answer.headers["Location"].endswith(f"/{kept.number}/")
    other = keep_certificate(world.alpha, world.scheme.user, 2)
    shown = client.get("/register/", {"text": typed}).content.decode()
    assert kept.number in shown
    assert other.number not in shown
