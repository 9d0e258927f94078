"""A printed certificate with a time stamp beside its signature: no byte of that may change either."""

import logging
from datetime import UTC, datetime, timedelta

import pytest
from asn1crypto import keys
from asn1crypto import x509 as asn1_x509
from certificate_parts import ADDRESS, MADE, NOW, Scheme, make_scheme
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.sign.timestamps import DummyTimeStamper

import lingtan as lt
from lingtan.certificate import read_paper, sign_paper, verify_file
from lingtan.reports.printed import Print, print_certificate


def make_authority() -> DummyTimeStamper:
    """A time-stamping authority of nobody's trust."""
    key = rsa.generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "TSA")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=30))
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    return DummyTimeStamper(
        asn1_x509.Certificate.load(made.public_bytes(Encoding.DER)), keys.PrivateKeyInfo.load(private)
    )


@pytest.fixture(scope="module")
def scheme(tmp_path_factory: pytest.TempPathFactory) -> Scheme:
    return make_scheme(tmp_path_factory.mktemp("scheme") / "keys")


@pytest.fixture(scope="module")
def stamped(scheme: Scheme) -> bytes:
    edition = lt.load_edition("sh-seesa-zctp-2024")
    credential, code = scheme.credential(), scheme.code()
    printed = print_certificate(Print(MADE, credential, code, scheme.ring.fingerprint, ADDRESS, edition))
    return sign_paper(printed, scheme.signer, reason="颁发", stamper=make_authority())


def word(scheme: Scheme, data: bytes) -> str:
    return verify_file(data, scheme.ring, scheme.lists("valid"), at=NOW, name="given").word


def test_a_stamp_is_read(scheme: Scheme, stamped: bytes) -> None:
    assert read_paper(stamped, scheme.ring).is_stamped
    assert word(scheme, stamped) == "valid"


def test_no_byte_of_signature_and_stamp_may_change(scheme: Scheme, stamped: bytes) -> None:
    """Of the hexadecimal digits every thirteenth; what stands there first holds about 2,400 bytes."""
    start = stamped.rindex(b"/Contents")
    for at in range(start, stamped.index(b">", start), 13):
        spoilt = stamped[:at] + bytes([stamped[at] ^ 1]) + stamped[at + 1 :]
        assert word(scheme, spoilt) in ("altered", "unreadable", "not_ours"), at


def test_the_time_of_a_stamp_may_not_change(scheme: Scheme, stamped: bytes) -> None:
    """The year in it, as hexadecimal of its digits, put back by ten years."""
    year = str(datetime.now(UTC).year)
    back = str(int(year) - 10)
    start = stamped.rindex(b"/Contents")
    seen = stamped.index(year.encode().hex().encode(), start)
    spoilt = stamped[:seen] + back.encode().hex().encode() + stamped[seen + 8 :]
    assert len(spoilt) == len(stamped)
    assert word(scheme, spoilt) in ("altered", "unreadable")


def test_nothing_is_written_where_no_one_asked(
    scheme: Scheme, stamped: bytes, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The library notes with a traceback that it does not trust the authority: not on standard error."""
    monkeypatch.setattr(logging.getLogger(), "handlers", [])  # what other tests have set up for their logs
    assert any(isinstance(one, logging.NullHandler) for one in logging.getLogger("pyhanko").handlers)
    word(scheme, stamped)
    assert capsys.readouterr().err == ""
