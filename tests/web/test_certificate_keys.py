"""The scheme of a site and its keys: made at set-up, rotated, revoked; who did it stands in the log."""

from __future__ import annotations

import stat
import threading
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from asn1crypto import keys as asn1_keys
from asn1crypto import tsp
from asn1crypto import x509 as asn1_x509
from certificate_parts import MADE
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from django.conf import settings as site
from django.core.exceptions import PermissionDenied
from pyhanko.sign.timestamps import DummyTimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore
from tests.web.certificate_world import KEYS_MADE, at, keep_certificate, keys
from tests.web.conftest import World
from tests.web.review_parts import actor_of

from lingtan.certificate import read_credential, read_paper, sign_credential, sign_paper
from lingtan.certificate.keyring import find_revocation
from lingtan.errors import LingtanError
from lingtan.reports.printed import Print, print_certificate
from lingtan.standards import load_edition
from lingtan_web.audit.models import Entry
from lingtan_web.certificates import scheme
from lingtan_web.certificates.services import keys as keyring
from lingtan_web.certificates.services import publishing
from lingtan_web.certificates.stamping import HttpStamper, find_stamper
from lingtan_web.environment import SchemeVariables, read_scheme_variables

__all__ = ["keys"]


def refused(act: Callable[[], Any]) -> set[str]:
    with pytest.raises(LingtanError) as caught:
        act()
    return {one.code for one in caught.value.faults}


def test_keys_are_made_once_and_only_their_owner_reads_them(world: World, keys: Path) -> None:
    ring = scheme.find_ring()
    assert (ring.scheme, ring.name) == ("zero-carbon-park", scheme.DEFAULT_NAME)
    assert scheme.find_scheme().prefix == "LZC"
    assert {stat.S_IMODE(one.stat().st_mode) for one in keys.glob("*.pem")} == {0o600}
    assert not scheme.set_up_scheme(KEYS_MADE)
    assert scheme.find_ring().fingerprint == ring.fingerprint
    (entry,) = Entry.objects.filter(act="certificate.keys-made")
    assert entry.details == {"root": ring.fingerprint, "key": ring.current} and entry.actor is None


def test_the_variables_say_who_the_scheme_is(monkeypatch: pytest.MonkeyPatch) -> None:
    given = {
        "LINGTAN_PUBLIC_URL": "https://zero.example.org/", "LINGTAN_SCHEME_ID": "sh-zero",
        "LINGTAN_SCHEME_NAME": "上海零碳园区评价", "LINGTAN_SCHEME_PREFIX": "SHZ",
        "LINGTAN_KEY_PASSPHRASE": "open sesame", "LINGTAN_TIMESTAMP_URL": "http://127.0.0.1:1/",
        "LINGTAN_PKCS11_MODULE": "/m.so", "LINGTAN_PKCS11_TOKEN": "t", "LINGTAN_PKCS11_PIN": "1234",
    }  # fmt: skip
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    said = read_scheme_variables()
    assert said == SchemeVariables(
        "https://zero.example.org", "sh-zero", "上海零碳园区评价", "SHZ", "open sesame", "http://127.0.0.1:1/",
        "/m.so", "t", "1234",
    )  # fmt: skip
    assert "sesame" not in repr(said) and "1234" not in repr(said)
    monkeypatch.delenv("LINGTAN_PUBLIC_URL")
    monkeypatch.setenv("LINGTAN_ADDRESS", "https://site.example.org")
    assert read_scheme_variables().address == "https://site.example.org"


def test_they_stand_in_the_file_and_a_wrong_file_is_refused(world: World, keys: Path, settings: Any) -> None:
    file = Path(site.HOME) / scheme.FILE
    file.unlink()
    assert refused(scheme.find_scheme) == {"certificate.no-scheme"}
    settings.SCHEME = SchemeVariables("https://zero.example.org", "sh-zero", "上海零碳", "SHZ")
    scheme.set_up_scheme(KEYS_MADE)
    assert scheme.find_scheme().model_dump() == {
        "id": "sh-zero", "name": "上海零碳", "prefix": "SHZ", "address": "https://zero.example.org",
    }  # fmt: skip
    file.write_text(file.read_text("utf-8").replace("SHZ", "shz"), "utf-8")
    assert refused(scheme.find_scheme) == {"document.bad-value"}


def test_another_address_after_the_first_certificate_is_refused(world: World, keys: Path) -> None:
    keep_certificate(world.alpha, world.scheme.user)
    file = Path(site.HOME) / scheme.FILE
    file.write_text(file.read_text("utf-8").replace("localhost:8000", "elsewhere:8000"), "utf-8")
    assert refused(publishing.publish_lists) == {"certificate.address-changed"}


def test_a_new_key_signs_and_the_old_ones_stay_good(world: World, keys: Path) -> None:
    made = keep_certificate(world.alpha, world.scheme.user)
    ring = keyring.rotate(actor_of(world.scheme), at=at(date(2026, 6, 1)))
    assert ring.current != made.key and publishing.find_signer().certificate == ring.keys[ring.current]
    assert read_credential(made.credential, scheme.find_ring())[0].number == made.number
    (entry,) = Entry.objects.filter(act="certificate.key-added")
    assert (entry.actor, entry.details["key"]) == (world.scheme.user, ring.current)


def test_a_revoked_key_is_good_for_nothing(world: World, keys: Path) -> None:
    made = keep_certificate(world.alpha, world.scheme.user)
    who = actor_of(world.scheme)
    assert refused(lambda: keyring.revoke(who, made.key, " ")) == {"review.text-lacking"}
    assert refused(lambda: keyring.revoke(who, "nokey", "泄露")) == {"certificate.no-such-key"}
    keyring.revoke(who, made.key, "备份介质遗失", at=at(date(2026, 6, 1)))
    ring = scheme.find_ring()
    assert find_revocation(ring, ring.keys[made.key]) == date(2026, 6, 1)
    assert refused(lambda: read_credential(made.credential, ring)) == {"certificate.key-revoked"}
    assert refused(publishing.publish_lists) == {"certificate.no-signing-key"}
    (entry,) = Entry.objects.filter(act="certificate.key-revoked")
    assert (entry.details["key"], entry.details["certificates"]) == (made.key, 1)
    keyring.rotate(who, at=at(date(2026, 6, 2)))
    assert publishing.publish_lists(at(date(2026, 6, 2))) == 1


@pytest.mark.parametrize("role", ["park", "body", "evaluator", "expert", "enterprise", "stranger"])
def test_keys_are_the_schemes_alone(world: World, keys: Path, role: str) -> None:
    who, kid = actor_of(world.someone(role)), scheme.find_ring().current
    for act in (lambda: keyring.rotate(who), lambda: keyring.revoke(who, kid, "泄露")):
        with pytest.raises(PermissionDenied):
            act()
    assert scheme.find_ring().current == kid


class _Authority(BaseHTTPRequestHandler):
    """A time-stamp authority on this machine."""

    stamper: Any = None
    answers = "application/timestamp-reply"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        answer = self.stamper.request_tsa_response(tsp.TimeStampReq.load(body)).dump()
        self.send_response(200)
        self.send_header("Content-Type", self.answers)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


def _make_stamper() -> DummyTimeStamper:
    key = rsa.generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test authority")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(KEYS_MADE)
        .not_valid_after(KEYS_MADE + timedelta(days=3650))
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
        .sign(key, hashes.SHA256())
    )
    raw = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    return DummyTimeStamper(
        tsa_cert=asn1_x509.Certificate.load(made.public_bytes(Encoding.DER)),
        tsa_key=asn1_keys.PrivateKeyInfo.load(raw),
        certs_to_embed=SimpleCertificateStore(),
    )


@pytest.fixture
def authority() -> Iterator[str]:
    """Its address, for as long as a test runs."""
    _Authority.stamper, _Authority.answers = _make_stamper(), "application/timestamp-reply"
    server = HTTPServer(("127.0.0.1", 0), _Authority)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_paper_with_a_time_stamp(world: World, keys: Path, authority: str) -> None:
    signer, ring = publishing.find_signer(), scheme.find_ring()
    credential = sign_credential(MADE, "http://localhost:8000", signer)
    code = "http://localhost:8000/c/X?s=y"
    edition = load_edition("sh-seesa-zctp-2024")
    pdf = print_certificate(Print(MADE, credential, code, ring.fingerprint, "http://localhost:8000", edition))
    stamped = sign_paper(pdf, signer, reason="t", stamper=find_stamper(authority))
    found = read_paper(stamped, ring)
    assert found.is_stamped and found.credential == credential
    assert not read_paper(sign_paper(pdf, signer, reason="t", stamper=find_stamper("")), ring).is_stamped


def test_an_authority_that_does_not_answer_is_said(authority: str) -> None:
    request = tsp.TimeStampReq({"version": 1, "message_imprint": tsp.MessageImprint(
        {"hash_algorithm": {"algorithm": "sha256"}, "hashed_message": b"1" * 32})})  # fmt: skip
    _Authority.answers = "text/html"
    for url in (authority, "http://127.0.0.1:9/", "file:///etc/hostname", "nonsense"):
        act = lambda url=url: HttpStamper(url)._ask(request.dump())  # noqa: E731
        assert refused(act) == {"certificate.no-time-stamp"}


@pytest.mark.parametrize(
    ("address", "is_local"),
    [
        ("http://localhost:8000", True), ("https://LOCALHOST", True), ("http://park.localhost", True),
        ("http://127.0.0.1:8124", True), ("http://127.3.2.1", True), ("http://[::1]:8000", True),
        ("http://0.0.0.0:8000", True), ("https://lingtan.example.org", False),
        ("https://localhost.cn", False), ("http://192.168.1.9", False), ("https://127.example.org", False),
    ],
)  # fmt: skip
def test_an_address_that_only_this_machine_has(address: str, is_local: bool) -> None:
    found = scheme.Scheme(id="lzc", name="甲", prefix="LZC", address=address)
    assert found.is_local is is_local
