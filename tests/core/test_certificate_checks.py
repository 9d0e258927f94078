"""What a stranger checks: credential, code, paper, status list, keys; and every byte of them."""

import json
import random
import shutil
import subprocess
from collections.abc import Callable
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import jwt
import pytest
from certificate_parts import ADDRESS, MADE, NOW, START, WEEK, Scheme, make_scheme, other
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import given, settings
from hypothesis import strategies as st
from jwcrypto import jwk, jws

import lingtan as lt
from lingtan.certificate import (
    STATES,
    State,
    Verdict,
    add_key,
    check_root,
    export_credential,
    make_ring,
    parse_ring,
    read_code,
    read_credential,
    read_list,
    read_ring,
    revoke_key,
    sign_lists,
    sign_paper,
    verify_file,
)
from lingtan.certificate.keyring import export_ring
from lingtan.certificate.signers import find_public_key
from lingtan.errors import LingtanError
from lingtan.reports.printed import Print, print_certificate


@pytest.fixture(scope="session")
def scheme(tmp_path_factory: pytest.TempPathFactory) -> Scheme:
    return make_scheme(tmp_path_factory.mktemp("scheme") / "keys")


@pytest.fixture(scope="session")
def stranger(tmp_path_factory: pytest.TempPathFactory) -> Scheme:
    return make_scheme(tmp_path_factory.mktemp("stranger") / "keys", "别家评价计划")


@pytest.fixture(scope="session")
def paper(scheme: Scheme) -> bytes:
    return sign_paper(print_paper(scheme), scheme.signer, reason="颁发")


@cache
def _edition() -> lt.Edition:
    return lt.load_edition("sh-seesa-zctp-2024")


def print_paper(scheme: Scheme) -> bytes:
    given_ = Print(MADE, scheme.credential(), scheme.code(), scheme.ring.fingerprint, ADDRESS, _edition())
    return print_certificate(given_)


def check(scheme: Scheme, data: bytes | str, state: State | None = "valid", **changes: object) -> Verdict:
    raw = data.encode() if isinstance(data, str) else data
    lists = scheme.lists(state) if state else ()
    return verify_file(raw, scheme.ring, lists, at=changes.get("at", NOW), name="given")  # type: ignore[arg-type]


def codes(verdict: Verdict) -> set[str]:
    return {one.code for one in verdict.faults}


FORMS: dict[str, Callable[[Scheme, bytes], bytes]] = {
    "credential": lambda scheme, paper: scheme.credential().encode(),
    "code": lambda scheme, paper: scheme.code().encode(),
    "paper": lambda scheme, paper: paper,
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    ("state", "word"),
    [
        ("valid", "valid"), ("suspended", "suspended"), ("withdrawn", "withdrawn"), ("exited", "exited"),
        ("superseded", "superseded"), ("unissued", "not_ours"), (None, "unchecked"),
    ],
)  # fmt: skip
def test_each_state_has_its_word(
    scheme: Scheme, paper: bytes, form: str, state: State | None, word: str
) -> None:
    verdict = check(scheme, FORMS[form](scheme, paper), state)
    assert verdict.word == word
    assert verdict.holds is (word == "valid")
    assert (verdict.status_of == NOW) is (state is not None)


def test_the_faults_of_no_list_and_of_an_unissued_one(scheme: Scheme) -> None:
    assert codes(check(scheme, scheme.credential(), None)) == {"certificate.no-status-list"}
    assert codes(check(scheme, scheme.credential(), "unissued")) == {"certificate.not-issued"}


@pytest.mark.parametrize(
    ("day", "word"),
    [
        (date(2026, 11, 24), "not_yet"), (date(2026, 11, 25), "valid"), (date(2029, 11, 24), "valid"),
        (date(2029, 11, 25), "expired"),
    ],
)  # fmt: skip
def test_days_count_in_shanghai_and_both_ends_are_in(scheme: Scheme, day: date, word: str) -> None:
    for hour in (0, 23):  # the first and the last hour of the day there
        at = NOW.replace(year=day.year, month=day.month, day=day.day, hour=0) + timedelta(hours=hour - 8)
        lists = scheme.lists("valid", at)
        assert verify_file(scheme.credential().encode(), scheme.ring, lists, at=at, name="").word == word


def test_what_has_ended_for_good_comes_before_the_days(scheme: Scheme) -> None:
    at = NOW + timedelta(days=4 * 365)
    for state, word in (("withdrawn", "withdrawn"), ("suspended", "expired"), ("valid", "expired")):
        lists = scheme.lists(state, at)  # type: ignore[arg-type]
        assert verify_file(scheme.credential().encode(), scheme.ring, lists, at=at, name="").word == word


@pytest.mark.parametrize(
    ("age", "word"),
    [
        (timedelta(0), "valid"), (WEEK, "valid"), (WEEK + timedelta(seconds=1), "unchecked"),
        (-timedelta(seconds=1), "unchecked"),
    ],
)  # fmt: skip
def test_a_list_is_relied_on_as_long_as_it_says(scheme: Scheme, age: timedelta, word: str) -> None:
    verdict = verify_file(
        scheme.credential().encode(), scheme.ring, scheme.lists("valid", NOW - age), at=NOW, name=""
    )
    assert verdict.word == word
    assert codes(verdict) == (set() if word == "valid" else {"certificate.status-stale"})


def test_of_two_lists_the_newer_counts(scheme: Scheme) -> None:
    lists = (*scheme.lists("valid", NOW - timedelta(days=1)), *scheme.lists("withdrawn"))
    for order in (lists, lists[::-1]):
        assert (
            verify_file(scheme.credential().encode(), scheme.ring, order, at=NOW, name="").word == "withdrawn"
        )


def test_another_schemes_list_says_nothing(scheme: Scheme) -> None:
    tokens = sign_lists(["valid"] * 8, 0, "https://other.example.org", scheme.signer, at=NOW, fresh=WEEK)
    lists = (read_list(tokens["message"], scheme.ring),)
    assert verify_file(scheme.credential().encode(), scheme.ring, lists, at=NOW, name="").word == "unchecked"


def test_a_credential_says_every_fact(scheme: Scheme) -> None:
    assert read_credential(scheme.credential(), scheme.ring) == (MADE, ADDRESS)


def test_a_code_says_the_essence(scheme: Scheme) -> None:
    code = read_code(scheme.code(), scheme.ring)
    assert (code.number, code.stars, code.valid_until) == (MADE.number, 4, date(2029, 11, 24))


def test_what_a_stranger_signed_is_not_ours(scheme: Scheme, stranger: Scheme) -> None:
    forged = sign_paper(print_paper(stranger), stranger.signer, reason="颁发")
    for data in (stranger.credential().encode(), stranger.code().encode(), forged):
        verdict = check(scheme, data)
        assert verdict.word == "not_ours"
        assert codes(verdict) == {"certificate.not-ours"}


def test_a_stranger_may_not_use_our_keys_name(scheme: Scheme, stranger: Scheme) -> None:
    """Their signature, our key's name: it does not fit."""
    _, body, signature = stranger.credential().split(".")
    ours = scheme.credential().split(".")[0]
    verdict = check(scheme, f"{ours}.{body}.{signature}")
    assert verdict.word == "altered"
    assert codes(verdict) == {"certificate.signature-wrong"}


@settings(max_examples=200)
@given(data=st.data())
@pytest.mark.parametrize("form", ["credential", "code"])
def test_any_changed_character_is_found(scheme: Scheme, form: str, data: st.DataObject) -> None:
    text = FORMS[form](scheme, b"")
    at = data.draw(st.integers(0, len(text) - 1))
    byte = data.draw(st.integers(0, 255).filter(lambda one: one != text[at]))
    spoilt = text[:at] + bytes([byte]) + text[at + 1 :]
    verdict = check(scheme, spoilt)
    assert verdict.word in ("altered", "not_ours", "unreadable")
    assert verdict.faults


def test_any_changed_byte_of_the_paper_is_found(scheme: Scheme, paper: bytes) -> None:
    """Of the signature's own place and around it every fifth byte, and 300 of the others by lot."""
    lot = random.Random(20261201)
    start = paper.rindex(b"/Contents")
    places = [*range(start - 60, start + 2900, 5), *lot.sample(range(len(paper)), 300)]
    places += range(len(paper) - 60, len(paper), 3)
    for at in places:
        changed = paper[at] ^ (1 << lot.randrange(8))
        verdict = check(scheme, paper[:at] + bytes([changed]) + paper[at + 1 :])
        assert verdict.word in ("altered", "unreadable", "not_ours"), at


@pytest.mark.parametrize("tail", [b"\n", b"%", b"\n%%EOF\n"])
def test_nothing_may_stand_behind_the_paper(scheme: Scheme, paper: bytes, tail: bytes) -> None:
    verdict = check(scheme, paper + tail)
    assert verdict.word in ("altered", "unreadable")
    assert codes(verdict) <= {"certificate.paper-altered", "certificate.paper-unreadable"}


def test_a_paper_without_signature_is_none(scheme: Scheme) -> None:
    verdict = check(scheme, print_paper(scheme))
    assert verdict.word == "unreadable"
    assert codes(verdict) == {"certificate.paper-unreadable"}


def test_a_second_signature_of_ours_is_refused(scheme: Scheme, paper: bytes) -> None:
    from lingtan.certificate import papers

    papers.FIELD, kept = "Another", papers.FIELD
    try:
        twice = sign_paper(paper, scheme.signer, reason="again")
    finally:
        papers.FIELD = kept
    assert check(scheme, twice).word == "unreadable"


@pytest.mark.parametrize(
    "data",
    [
        b"", b"hello", b"%PDF-1.7\n", b"\xff\xfe", b"a.b.c", "证书".encode(), b"{}", b"PK\x03\x04",
        b"." * 5_000_000,
        b"https://zero.example.org/c/LZC-2026-00001-H",
    ],
)  # fmt: skip
def test_anything_else_is_told_so(scheme: Scheme, data: bytes) -> None:
    verdict = check(scheme, data)
    assert verdict.word == "unreadable"
    assert verdict.faults


def test_a_code_that_is_none(scheme: Scheme) -> None:
    with pytest.raises(LingtanError) as caught:
        read_code("https://zero.example.org/", scheme.ring)
    assert caught.value.faults[0].code == "certificate.not-a-code"


def test_the_number_in_the_address_is_the_signed_one(scheme: Scheme) -> None:
    from lingtan.certificate import make_number

    verdict = check(scheme, scheme.code().replace(MADE.number, make_number("LZC", 2026, 2)))
    assert codes(verdict) == {"certificate.number-differs"}


def test_the_address_is_the_signed_one(scheme: Scheme) -> None:
    verdict = check(scheme, scheme.code().replace("zero.example.org", "zer0.example.org"))
    assert verdict.word == "altered"
    assert codes(verdict) == {"certificate.address-differs"}


def test_files_that_are_no_text(scheme: Scheme) -> None:
    assert codes(check(scheme, b"\xff")) == {"certificate.not-a-file"}


def test_a_token_with_a_second_spelling_is_refused(scheme: Scheme) -> None:
    """The last character of 86 carries two bits; the other four spellings mean the same bytes."""
    text = scheme.credential()
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    last = alphabet.index(text[-1])
    for other_ in range(last - last % 16, last - last % 16 + 16):
        if other_ != last:
            assert codes(check(scheme, text[:-1] + alphabet[other_])) == {"certificate.token-broken"}


# -- status lists


@settings(max_examples=20)
@given(states=st.lists(st.sampled_from(STATES), max_size=300))
def test_the_three_lists_agree(scheme: Scheme, states: list[State]) -> None:
    """Read back by hand: gzip, base64url, the first bit is the highest."""
    import base64
    import gzip

    tokens = sign_lists(states, 0, ADDRESS, scheme.signer, at=NOW, fresh=WEEK)
    found = read_list(tokens["message"], scheme.ring)
    bits = {}
    for purpose in ("revocation", "suspension"):
        body = tokens[purpose].split(".")[1]
        subject = json.loads(base64.urlsafe_b64decode(body + "=="))["credentialSubject"]
        assert subject["statusPurpose"] == purpose
        raw = gzip.decompress(base64.urlsafe_b64decode(subject["encodedList"][1:] + "=="))
        assert len(raw) == 16_384
        bits[purpose] = raw
    for index, state in enumerate([*states, "unissued"]):
        assert found.state(index) == state
        is_set = {name: bool(raw[index // 8] >> (7 - index % 8) & 1) for name, raw in bits.items()}
        assert is_set == {
            "revocation": state in ("withdrawn", "exited", "superseded"),
            "suspension": state == "suspended",
        }


@settings(max_examples=200)
@given(data=st.data())
def test_any_changed_character_of_a_list_is_found(scheme: Scheme, data: st.DataObject) -> None:
    text = _token(scheme)
    at = data.draw(st.integers(0, len(text) - 1))
    byte = data.draw(st.characters(exclude_characters=text[at], codec="latin-1"))
    with pytest.raises(LingtanError) as caught:
        read_list(text[:at] + byte + text[at + 1 :], scheme.ring)
    assert caught.value.faults


def _token(scheme: Scheme, kept: dict[int, str] = {}) -> str:  # noqa: B006 the same list for every example
    return kept.setdefault(id(scheme), scheme.tokens("valid")["message"])


def test_another_thing_of_ours_is_no_list(scheme: Scheme) -> None:
    for text in (scheme.credential(), scheme.tokens("valid")["revocation"]):
        with pytest.raises(LingtanError) as caught:
            read_list(text, scheme.ring)
        assert caught.value.faults[0].code == "certificate.not-a-status-list"


def test_a_list_is_no_certificate(scheme: Scheme) -> None:
    assert codes(check(scheme, scheme.tokens("valid")["message"])) == {"certificate.not-a-certificate"}


def test_a_list_that_unpacks_without_end_is_refused(scheme: Scheme) -> None:
    from lingtan.certificate import status

    bomb = status._encode(bytes(50_000_000))
    data = status._export(bomb, 0, "message", ADDRESS, NOW, WEEK)
    from lingtan.certificate.tokens import sign_token

    with pytest.raises(LingtanError) as caught:
        read_list(sign_token(data, scheme.signer, typ="vc+jwt"), scheme.ring)
    assert caught.value.faults[0].code == "certificate.not-a-status-list"


# -- keys


def test_what_was_signed_before_a_rotation_stays_good(tmp_path: Path) -> None:
    scheme = make_scheme(tmp_path / "keys")
    old, first = scheme.credential(), scheme.ring
    code, paper = scheme.code(), sign_paper(print_paper(scheme), scheme.signer, reason="颁发")
    scheme.ring = add_key(scheme.folder, scheme.ring, on=NOW)
    assert scheme.ring.current != first.current
    for data in (old.encode(), code.encode(), paper):
        assert check(scheme, data).word == "valid"
    late = other(issued_on=date(2026, 12, 2), valid_from=date(2026, 12, 2), valid_until=date(2029, 12, 1))
    new = scheme.credential(late)
    at = NOW + timedelta(days=2)
    lists = (read_list(scheme.tokens("valid", at)["message"], first),)
    assert (
        verify_file(new.encode(), first, lists, at=at, name="").word == "valid"
    )  # who has the old file of keys


def test_nothing_signed_with_a_revoked_key_is_good(tmp_path: Path) -> None:
    scheme = make_scheme(tmp_path / "keys")
    old, paper = scheme.credential(), sign_paper(print_paper(scheme), scheme.signer, reason="颁发")
    leaked = scheme.ring.current
    scheme.ring = add_key(scheme.folder, scheme.ring, on=NOW)
    scheme.ring = revoke_key(scheme.folder, scheme.ring, leaked, on=NOW)
    for data in (old.encode(), paper):
        verdict = check(scheme, data)
        assert verdict.word == "altered"
        assert codes(verdict) == {"certificate.key-revoked"}
    late = other(issued_on=date(2026, 12, 1), valid_from=date(2026, 12, 1), valid_until=date(2029, 11, 30))
    assert check(scheme, scheme.credential(late)).word == "valid"
    assert read_ring(scheme.folder / "ring.json") == scheme.ring


def test_a_key_signs_within_its_days_only(scheme: Scheme) -> None:
    """Keys are good for three years from 2026-01-01; a certificate dated before or after is refused."""
    for day in (date(2025, 12, 30), date(2029, 1, 1)):
        dated = other(issued_on=day, valid_from=day, valid_until=day + timedelta(days=1000))
        assert codes(check(scheme, scheme.credential(dated))) == {"certificate.key-not-good"}


def test_no_key_is_left(tmp_path: Path) -> None:
    scheme = make_scheme(tmp_path / "keys")
    scheme.ring = revoke_key(scheme.folder, scheme.ring, scheme.ring.current, on=NOW)
    with pytest.raises(LingtanError) as caught:
        scheme.signer  # noqa: B018
    assert caught.value.faults[0].code == "certificate.no-signing-key"
    with pytest.raises(LingtanError) as caught:
        revoke_key(scheme.folder, scheme.ring, "nothing", on=NOW)
    assert caught.value.faults[0].code == "certificate.no-such-key"


def test_a_rotation_that_was_cut_off_leaves_the_old_key_signing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from lingtan.certificate import keyring

    scheme = make_scheme(tmp_path / "keys")

    def cut_off(*_: object) -> None:
        raise OSError("no space left")

    with monkeypatch.context() as patch, pytest.raises(OSError, match="no space"):
        patch.setattr(keyring, "write_ring", cut_off)
        add_key(scheme.folder, scheme.ring, on=NOW)
    assert read_ring(scheme.folder / "ring.json") == scheme.ring
    assert check(scheme, scheme.credential()).word == "valid"


def test_private_keys_are_their_owners(tmp_path: Path) -> None:
    scheme = make_scheme(tmp_path / "keys")
    private = sorted(scheme.folder.glob("*.pem"))
    assert len(private) == 2
    assert all(file.stat().st_mode & 0o777 == 0o600 for file in private)
    assert "PRIVATE" not in (scheme.folder / "ring.json").read_text("utf-8")
    with pytest.raises(LingtanError) as caught:
        make_ring(scheme.folder, scheme="lzc", name="x", on=START)
    assert caught.value.faults[0].code == "certificate.keys-exist"


def test_a_passphrase_locks_them(tmp_path: Path) -> None:
    ring = make_ring(tmp_path / "keys", scheme="lzc", name="计划", on=START, passphrase="open sesame")
    from lingtan.certificate import open_signer

    assert open_signer(tmp_path / "keys", ring, passphrase="open sesame").certificate
    for wrong in ("", "sesame"):
        with pytest.raises(LingtanError) as caught:
            open_signer(tmp_path / "keys", ring, passphrase=wrong)
        assert caught.value.faults[0].code == "certificate.key-locked"
    (tmp_path / "keys" / f"{ring.current}.pem").unlink()
    with pytest.raises(LingtanError) as caught:
        open_signer(tmp_path / "keys", ring, passphrase="open sesame")
    assert caught.value.faults[0].code == "certificate.key-unreadable"


def test_only_keys_of_our_kind_sign(tmp_path: Path) -> None:
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import NoEncryption, PrivateFormat

    scheme = make_scheme(tmp_path / "keys")
    other_ = ec.generate_private_key(ec.SECP384R1())
    pem = other_.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (scheme.folder / f"{scheme.ring.current}.pem").write_bytes(pem)
    with pytest.raises(LingtanError) as caught:
        scheme.signer  # noqa: B018
    assert caught.value.faults[0].code == "certificate.key-kind"


@settings(max_examples=300)
@given(data=st.data())
def test_any_changed_character_of_the_keys_is_found(scheme: Scheme, data: st.DataObject) -> None:
    text = export_ring(scheme.ring)
    at = data.draw(st.integers(0, len(text) - 1))
    character = data.draw(st.characters(min_codepoint=32, max_codepoint=126, exclude_characters=text[at]))
    with pytest.raises(LingtanError) as caught:
        parse_ring(text[:at] + character + text[at + 1 :])
    assert caught.value.faults[0].code in ("certificate.keys-altered", "certificate.keys-unreadable")


def test_a_root_is_known_by_its_fingerprint(scheme: Scheme, stranger: Scheme) -> None:
    spelled = scheme.ring.fingerprint.upper()
    check_root(scheme.ring, ":".join(spelled[i : i + 2] for i in range(0, 64, 2)))
    with pytest.raises(LingtanError) as caught:
        check_root(stranger.ring, scheme.ring.fingerprint)
    assert caught.value.faults[0].code == "certificate.wrong-root"


def test_a_token_of_another_kind_is_none(scheme: Scheme) -> None:
    from lingtan.certificate.tokens import sign_token

    verdict = check(scheme, sign_token({"a": 1}, scheme.signer, typ="JWT"))
    assert codes(verdict) == {"certificate.not-a-token"}


def test_keys_that_are_not_there(tmp_path: Path) -> None:
    with pytest.raises(LingtanError) as caught:
        read_ring(tmp_path / "ring.json")
    assert caught.value.faults[0].code == "certificate.keys-unreadable"


# -- others' programs


def test_other_libraries_accept_the_credential(scheme: Scheme) -> None:
    """PyJWT and jwcrypto check the signature with the public key alone; what they read is the credential."""
    expected = export_credential(MADE, ADDRESS)
    key = find_public_key(scheme.signer.certificate)
    assert jwt.decode(scheme.credential(), key, algorithms=["ES256"]) == expected  # type: ignore[arg-type]
    token = jws.JWS()
    token.deserialize(scheme.credential())
    token.verify(jwk.JWK.from_pyca(key))
    assert json.loads(token.payload) == expected
    assert jwt.get_unverified_header(scheme.credential())["typ"] == "vc+jwt"


def test_the_credential_has_the_shape_of_the_data_model() -> None:
    """W3C VC Data Model 2.0, sections 4.1 to 4.10: what must be there, of which kind, in which order."""
    data = export_credential(MADE, ADDRESS)
    assert data["@context"][0] == "https://www.w3.org/ns/credentials/v2"
    assert "VerifiableCredential" in data["type"]
    assert data["issuer"]["id"].startswith("https://")
    assert data["validFrom"] == "2026-11-25T00:00:00+08:00"
    assert data["validUntil"] == "2029-11-24T23:59:59+08:00"
    assert {one["type"] for one in data["credentialStatus"]} == {"BitstringStatusListEntry"}
    assert [one["statusListIndex"] for one in data["credentialStatus"]] == ["7", "7", "7"]
    assert data["credentialSubject"]["stars"] == 4


@pytest.mark.skipif(shutil.which("pdfsig") is None, reason="pdfsig (poppler-utils) is not installed")
def test_pdfsig_accepts_the_paper(paper: bytes, tmp_path: Path) -> None:
    file = tmp_path / "certificate.pdf"
    file.write_bytes(paper)
    told = subprocess.run(["pdfsig", str(file)], capture_output=True, text=True, check=False).stdout
    assert "Signature is Valid" in told
    assert "Total document signed" in told
    assert "ETSI.CAdES.detached" in told


def test_the_code_is_read_back_from_the_printed_page(scheme: Scheme, paper: bytes) -> None:
    """At 150 dots per inch, as a screen or a plain printer has it, and turned by seven degrees."""
    import pypdfium2
    import zxingcpp

    page = pypdfium2.PdfDocument(paper)[0].render(scale=150 / 72).to_pil()
    for picture in (page, page.rotate(7, fillcolor="white")):
        (found,) = zxingcpp.read_barcodes(picture)
        assert check(scheme, found.text).word == "valid"
