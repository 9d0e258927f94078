"""`lingtan certificate …`: the answer, its exit code, and bad input that never ends in a traceback."""

import dataclasses
import io
import json
import sys
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from certificate_parts import ADDRESS, MADE, NOW, Scheme, make_scheme, other

import lingtan as lt
from lingtan.certificate import WORDS, Certificate, sign_code, sign_credential, sign_paper, verify_file
from lingtan.certificate.bundle import write_bundle
from lingtan.certificate.comparing import find_claims
from lingtan.certificate.papers import LARGEST
from lingtan.certificate.words import find_fields, find_words
from lingtan.cli import main
from lingtan.dossier.archives import FolderFiles
from lingtan.dossier.findings import Findings
from lingtan.reports.printed import Print, print_certificate

ON = ("--on", "2026-12-01T12:00")  # NOW, as people in Shanghai say it
FILES = {"park.yaml": b"id: a\n", "evidence/a.txt": b"a"}


@dataclasses.dataclass
class Desk:
    """What lies on the desk of someone who checks: files, and the options that name them."""

    folder: Path
    scheme: Scheme
    made: Certificate

    def keep(self, name: str, content: bytes | str) -> Path:
        file = self.folder / name
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        return file

    @property
    def keys(self) -> tuple[object, ...]:
        return "--keys", self.scheme.folder / "ring.json"

    @property
    def checks(self) -> tuple[object, ...]:
        return *self.keys, "--status", self.folder / "list", *ON


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    folder = tmp_path_factory.mktemp("desk")
    scheme = make_scheme(folder / "keys")
    for name, content in FILES.items():
        path = folder / "park" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    files = FolderFiles(folder / "park", Findings())
    sha256 = write_bundle(folder / "bundle.zip", files, edition=b"{}\n", result={"stars": 4})
    made = other(bundle_sha256=sha256)
    desk = Desk(folder, scheme, made)
    credential = sign_credential(made, ADDRESS, scheme.signer)
    code = sign_code(made, credential, ADDRESS, scheme.signer)
    desk.keep("c.jwt", credential + "\n")
    desk.keep("c.txt", code)
    desk.keep("list", scheme.tokens("valid")["message"])
    edition = lt.load_edition("sh-seesa-zctp-2024")
    given = Print(made, credential, code, scheme.ring.fingerprint, ADDRESS, edition)
    desk.keep("unsigned.pdf", print_certificate(given))
    desk.keep("c.pdf", sign_paper((folder / "unsigned.pdf").read_bytes(), scheme.signer, reason="颁发"))
    return desk


def run(*arguments: object) -> int:
    """The exit code of a command of the group."""
    with pytest.raises(SystemExit) as left:
        main(["certificate", *(str(one) for one in arguments)])
    return int(left.value.code or 0)


def out_json(capsys: pytest.CaptureFixture[str]) -> Any:
    return json.loads(capsys.readouterr().out)


def told(capsys: pytest.CaptureFixture[str], *codes: str) -> str:
    """Standard error, which names all of `codes` and holds no traceback."""
    err = capsys.readouterr().err
    assert all(f"[certificate.{code}]" in err for code in codes), err
    assert "Traceback" not in err
    return err


# -- words


def test_every_word_and_every_fact_has_its_text() -> None:
    assert tuple(find_words()) == WORDS
    facts = {one.name for one in dataclasses.fields(Certificate)}
    assert set(find_fields()) == facts | {"address", "credential"}


def test_only_valid_is_good() -> None:
    assert {name for name, one in find_words().items() if one.tone == "good"} == {"valid"}
    assert {name for name, one in find_words().items() if one.tone == "open"} == {"unchecked"}


# -- verify


@pytest.mark.parametrize("file", ["c.pdf", "c.jwt", "c.txt"])
def test_each_form_is_checked(desk: Desk, file: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("verify", desk.folder / file, *desk.checks, "--json") == 0
    said = out_json(capsys)
    assert said["holds"] is True
    assert said["root_sha256"] == desk.scheme.ring.fingerprint
    (one,) = said["files"]
    assert (one["file"], one["word"], one["faults"]) == (file, "valid", [])
    assert (one["certificate"] or one["code"])["number"] == desk.made.number


def test_people_read_word_meaning_and_facts(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("verify", desk.folder / "c.pdf", *desk.checks) == 0
    out = capsys.readouterr().out
    for text in ("有效 valid", "内容未被改动", MADE.number, "星火零碳特色产业园区", "2026-12-01 12:00"):
        assert text in out


def test_all_three_together_say_the_same(desk: Desk) -> None:
    files = [desk.folder / name for name in ("c.pdf", "c.jwt", "c.txt")]
    assert run("verify", *files, *desk.checks) == 0


@pytest.mark.parametrize("word", WORDS)
def test_each_word_is_told_with_its_meaning(
    desk: Desk, word: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from lingtan.certificate import Verdict
    from lingtan.cli import certifying

    monkeypatch.setattr(certifying, "verify_file", lambda *_, **__: Verdict(word))  # type: ignore[arg-type]
    assert run("verify", desk.folder / "c.jwt", *desk.checks) == (0 if word == "valid" else 1)
    out = capsys.readouterr().out.replace("\n", "")
    assert find_words()[word].zh in out  # type: ignore[index]
    assert find_words()[word].means_zh in out  # type: ignore[index]


@pytest.mark.parametrize("state", ["suspended", "withdrawn", "superseded", "exited"])
def test_what_does_not_hold_is_answered_no(
    desk: Desk, state: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    file = desk.keep(f"list-{state}", desk.scheme.tokens(state)["message"])
    assert run("verify", desk.folder / "c.pdf", *desk.keys, "--status", file, *ON) == 1
    assert find_words()[state].zh in capsys.readouterr().out


def test_without_a_list_it_is_unchecked(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("verify", desk.folder / "c.jwt", *desk.keys, *ON) == 1
    assert ADDRESS in told(capsys, "no-status-list")


def test_a_stale_list_is_told(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    file = desk.keep("old", desk.scheme.tokens("valid", NOW - timedelta(days=8))["message"])
    assert run("verify", desk.folder / "c.jwt", *desk.keys, "--status", file, *ON) == 1
    told(capsys, "status-stale")
    fresh = ("--status", file, "--status", desk.folder / "list")
    assert run("verify", desk.folder / "c.jwt", *desk.keys, *fresh, *ON) == 0


@pytest.mark.parametrize(
    ("on", "word"),
    [
        ("2026-12-01", "valid"), ("2026-12-01T04:00Z", "valid"), ("2026-12-01T11:59:59", "unchecked"),
        ("2026-12-08", "unchecked"), ("2026-11-24", "not_yet"), ("2029-11-25T00:00+08:00", "expired"),
    ],
)  # fmt: skip
def test_a_day_is_its_end_and_times_are_shanghais(
    desk: Desk, on: str, word: str, capsys: pytest.CaptureFixture[str]
) -> None:
    run("verify", desk.folder / "c.jwt", *desk.checks[:4], "--on", on, "--json")
    assert out_json(capsys)["files"][0]["word"] == word


@pytest.mark.parametrize("on", ["soon", "2026-13-01", "0001-01-01T00:00+14:00", "9999-12-31T23:59-10:00", ""])
def test_a_time_that_is_none(desk: Desk, on: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("verify", desk.folder / "c.jwt", *desk.keys, "--on", on) == 2
    told(capsys)


def test_the_root_is_compared_with_the_printed_one(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    printed = desk.scheme.ring.fingerprint.upper()
    spaced = " ".join(printed[at : at + 8] for at in range(0, 64, 8))
    for root in (printed, spaced):
        assert run("verify", desk.folder / "c.jwt", *desk.checks, "--root", root) == 0
    for root in ("0" * 64, "", printed[:63]):
        assert run("verify", desk.folder / "c.jwt", *desk.checks, "--root", root) == 2
        told(capsys, "wrong-root")
    bundle = ("--bundle", desk.folder / "bundle.zip", "--root", "0" * 64)
    assert run("recompute", desk.folder / "c.jwt", *desk.keys, *bundle) == 2
    told(capsys, "wrong-root")


def test_standard_input_is_taken(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    raw = (desk.folder / "c.pdf").read_bytes()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(raw)))
    assert run("verify", "-", *desk.checks, "--json") == 0
    assert out_json(capsys)["files"][0]["file"] == "stdin"


def test_the_difference_between_two_files_is_named(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    """A credential of the same number with five stars, ours too: the code says four."""
    made = dataclasses.replace(desk.made, stars=5)
    file = desk.keep("five.jwt", sign_credential(made, ADDRESS, desk.scheme.signer))
    assert run("verify", desk.folder / "c.pdf", file, desk.folder / "c.txt", *desk.checks, "--json") == 1
    (one,) = out_json(capsys)["differences"]
    assert (one["code"], one["file"], one["column"]) == ("certificate.files-differ", "five.jwt", "stars")
    assert (one["context"]["here"], one["context"]["there"]) == ("5", "4")
    assert run("verify", file, desk.folder / "c.txt", *desk.checks) == 1
    err = told(capsys, "files-differ")
    assert "星级" in err
    assert "凭证指纹" in err  # the code names the other credential


def test_what_was_altered_shows_beside_a_sound_copy(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    """Someone put five stars into the credential; its signature is broken, and the change is named."""
    import base64

    head, body, signature = (desk.folder / "c.jwt").read_text("ascii").strip().split(".")
    said = json.loads(base64.urlsafe_b64decode(body + "=="))
    said["credentialSubject"]["stars"] = 5
    raw = json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()
    forged = base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
    file = desk.keep("forged.jwt", f"{head}.{forged}.{signature}")
    assert run("verify", desk.folder / "c.pdf", file, *desk.checks, "--json") == 1
    answer = out_json(capsys)
    assert [one["word"] for one in answer["files"]] == ["valid", "altered"]
    assert [one["column"] for one in answer["differences"]] == ["stars"]


@pytest.mark.parametrize("data", [b"", b"\xff", b"%PDF-1.7", b"a.b.c", b"e30.e30." + b"A" * 86])
def test_what_says_nothing_claims_nothing(data: bytes) -> None:
    assert find_claims(data) == {}


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("证书".encode("gbk"), "not-a-file"), ("证书".encode(), "not-a-file"), (b"", "not-a-token"),
        (b"hello", "not-a-token"), (b"%PDF-1.7\n%%EOF", "paper-unreadable"), (b"PK\x03\x04", "not-a-token"),
        (b"a" * (LARGEST + 2), "not-a-token"), (b"%PDF-" + bytes(LARGEST), "paper-unreadable"),
    ],
    ids=lambda one: one if isinstance(one, str) else repr(one[:12]),
)  # fmt: skip
def test_what_is_no_certificate(
    desk: Desk, content: bytes, code: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("verify", desk.keep("other", content), *desk.checks) == 1
    told(capsys, code)


def test_a_pdf_without_signature(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("verify", desk.folder / "unsigned.pdf", *desk.checks) == 1
    told(capsys, "paper-unreadable")


def test_files_that_are_not_there_or_no_files(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    for file in (desk.folder / "none.pdf", desk.folder):
        assert run("verify", file, *desk.checks) == 2
        told(capsys, "file-unreadable")
    for arguments in (
        (desk.folder / "c.jwt", "--keys", desk.folder / "none.json"),
        (desk.folder / "c.jwt", "--keys", desk.folder),
        (desk.folder / "c.jwt",),
        (desk.folder / "c.jwt", *desk.keys, "--status", desk.folder / "none"),
    ):
        assert run("verify", *arguments) == 2
        told(capsys)


def test_a_file_that_does_not_open(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    monkeypatch.setattr("lingtan.cli.handed.read_ring", lambda _: desk.scheme.ring)
    assert run("verify", desk.folder / "c.jwt", *desk.keys) == 2
    told(capsys, "file-unreadable")


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b"null", "公钥".encode("gbk"), b"[" * 100_000])
def test_keys_that_are_none(desk: Desk, content: bytes, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("verify", desk.folder / "c.jwt", "--keys", desk.keep("bad.json", content)) == 2
    told(capsys, "keys-unreadable")


@pytest.mark.parametrize(("part", "kind"), [("root", "CERTIFICATE"), ("revoked", "X509 CRL")])
def test_keys_of_a_version_that_is_none(
    desk: Desk, part: str, kind: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Version 7 instead of 3 (of a list: 2) of X.509, an error of a kind of its own in the library."""
    import base64

    data = json.loads((desk.scheme.folder / "ring.json").read_text("utf-8"))
    raw = base64.b64decode("".join(data[part].splitlines()[1:-1]))
    mark = b"\xa0\x03\x02\x01\x02" if part == "root" else b"\x02\x01\x01"
    assert mark in raw
    text = base64.b64encode(raw.replace(mark, mark[:-1] + b"\x06", 1)).decode()
    data[part] = f"-----BEGIN {kind}-----\n{text}\n-----END {kind}-----\n"
    assert run("verify", desk.folder / "c.jwt", "--keys", desk.keep("v7.json", json.dumps(data))) == 2
    told(capsys, "keys-unreadable")


@pytest.mark.parametrize("content", [b"", b"hello", "状态".encode("gbk"), b"a.b." + b"A" * 86])
def test_a_list_that_is_none(desk: Desk, content: bytes, capsys: pytest.CaptureFixture[str]) -> None:
    file = desk.keep("bad-list", content)
    assert run("verify", desk.folder / "c.jwt", *desk.keys, "--status", file) == 2
    assert "bad-list" in told(capsys)


def test_an_altered_list_is_told(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    text = (desk.folder / "list").read_text("ascii")
    at = text.index(".") + 100
    swapped = "A" if text[at] != "A" else "B"
    file = desk.keep("spoilt-list", text[:at] + swapped + text[at + 1 :])
    assert run("verify", desk.folder / "c.jwt", *desk.keys, "--status", file) == 2
    told(capsys, "signature-wrong")


# -- bundles


def test_the_bundle_is_held_against_the_certificate(
    desk: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    whole, part = desk.folder / "bundle.zip", tmp_path / "part.zip"
    assert run("verify", desk.folder / "c.pdf", *desk.checks, "--bundle", whole, "--json") == 0
    assert out_json(capsys)["bundle"] == {"sha256": desk.made.bundle_sha256, "withheld": []}
    assert run("disclose", whole, part, "--without", "dossier/evidence/") == 0
    assert "dossier/evidence/a.txt" in capsys.readouterr().out
    assert run("verify", desk.folder / "c.jwt", *desk.checks, "--bundle", part) == 0
    assert "dossier/evidence/a.txt" in capsys.readouterr().out


def test_a_changed_bundle_is_answered_no(
    desk: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spoilt = tmp_path / "spoilt.zip"
    with zipfile.ZipFile(desk.folder / "bundle.zip") as old, zipfile.ZipFile(spoilt, "w") as new:
        for info in old.infolist():
            new.writestr(info, old.read(info) + (b" " if info.filename == "result.json" else b""))
    assert run("verify", desk.folder / "c.pdf", *desk.checks, "--bundle", spoilt) == 1
    assert "result.json" in told(capsys, "bundle-altered")
    assert run("recompute", desk.folder / "c.pdf", *desk.keys, "--bundle", spoilt) == 1
    told(capsys, "bundle-altered")


def test_a_code_has_no_bundle(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    bundle = ("--bundle", desk.folder / "bundle.zip")
    assert run("verify", desk.folder / "c.txt", *desk.checks, *bundle) == 1
    told(capsys, "bundle-needs-certificate")
    assert run("recompute", desk.folder / "c.txt", *desk.keys, *bundle) == 1
    told(capsys, "bundle-needs-certificate")
    assert run("recompute", desk.folder / "c.txt", *desk.keys, *bundle, "--json") == 1
    assert out_json(capsys)["agrees"] is False


def test_nothing_is_repeated_without_the_result(
    desk: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    part = tmp_path / "part.zip"
    without = ("--without", "edition.json", "--without", "result.json")
    assert run("disclose", desk.folder / "bundle.zip", part, *without) == 0
    assert run("recompute", desk.folder / "c.jwt", *desk.keys, "--bundle", part) == 1
    err = told(capsys, "bundle-lacks")
    assert "edition.json" in err
    assert "result.json" in err


def test_a_bundle_that_holds_no_dossier(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("recompute", desk.folder / "c.jwt", *desk.keys, "--bundle", desk.folder / "bundle.zip") == 2
    assert "edition.not-frozen" in told(capsys)
    assert run("recompute", desk.folder / "c.jwt", *desk.keys, "--bundle", desk.folder / "c.pdf") == 2
    told(capsys, "bundle-unreadable")


def test_a_slip_in_a_name_discloses_nothing(
    desk: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "part.zip"
    assert run("disclose", desk.folder / "bundle.zip", target, "--without", "dossier/evidense/") == 2
    assert "dossier/evidense/" in told(capsys, "nothing-withheld")
    assert not target.exists()


@pytest.mark.parametrize("manifest", [b"[]", b"{}", b'{"files": []}', b"\xff", b"[" * 100_000])
def test_a_source_that_is_no_bundle(
    desk: Desk, tmp_path: Path, manifest: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    source = tmp_path / "source.zip"
    with zipfile.ZipFile(source, "w") as archive:
        archive.writestr("manifest.json", manifest)
    assert run("disclose", source, tmp_path / "t.zip", "--without", "a") == 2
    told(capsys, "bundle-unreadable")
    assert run("disclose", desk.folder / "c.pdf", tmp_path / "t.zip", "--without", "a") == 2
    told(capsys, "bundle-unreadable")


def test_a_target_that_exists_stays(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    before = (desk.folder / "c.pdf").read_bytes()
    source = desk.folder / "bundle.zip"
    assert run("disclose", source, desk.folder / "c.pdf", "--without", "result.json") == 2
    assert "Traceback" not in capsys.readouterr().err
    assert (desk.folder / "c.pdf").read_bytes() == before


# -- keys


def test_keys_live(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "keys"
    monkeypatch.setenv("LINGTAN_KEY_PASSPHRASE", "open sesame")
    assert run("keys", "new", folder, "--scheme", "lzc", "--name", "零碳园区评价计划", "--json") == 0
    first = out_json(capsys)
    assert (first["scheme"], len(first["keys"])) == ("lzc", 1)
    assert b"ENCRYPTED" in (folder / "root.pem").read_bytes()
    assert run("keys", "rotate", folder, "--json") == 0
    second = out_json(capsys)
    assert second["current"] != first["current"]
    assert [one["kid"] for one in second["keys"]] == [first["current"], second["current"]]
    assert run("keys", "revoke", folder, first["current"]) == 0
    assert "已吊销 revoked" in capsys.readouterr().out
    for place in (folder, folder / "ring.json"):
        assert run("keys", "show", place, "--json") == 0
        shown = out_json(capsys)
        assert [one["revoked_since"] is None for one in shown["keys"]] == [False, True]
        assert shown["root_sha256"] == first["root_sha256"]
    assert run("keys", "revoke", folder, second["current"], "--json") == 0
    assert out_json(capsys)["current"] is None
    assert run("keys", "show", folder) == 0


def test_what_the_made_keys_sign_is_checked(tmp_path: Path) -> None:
    """The clock of the command is the machine's: a certificate issued today by a key made today."""
    from datetime import UTC, datetime

    from lingtan.certificate import open_signer, read_ring

    assert run("keys", "new", tmp_path, "--scheme", "a", "--name", "b") == 0
    ring, now = read_ring(tmp_path / "ring.json"), datetime.now(UTC)
    today = (now + timedelta(hours=8)).date()
    made = other(issued_on=today, valid_from=today, valid_until=today, scheme="a", scheme_name="b")
    text = sign_credential(made, ADDRESS, open_signer(tmp_path, ring))
    assert verify_file(text.encode(), ring, (), at=now, name="").word == "unchecked"


def test_keys_are_not_made_twice(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("keys", "new", desk.scheme.folder, "--scheme", "lzc", "--name", "x") == 2
    told(capsys, "keys-exist")


@pytest.mark.parametrize(
    ("scheme", "name"), [("", "x"), ("LZC", "x"), ("l" * 33, "x"), ("lzc", " "), ("lzc", "x" * 65)]
)
def test_names_that_will_not_do(
    tmp_path: Path, scheme: str, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("keys", "new", tmp_path / "k", "--scheme", scheme, "--name", name) == 2
    told(capsys, "scheme-name")
    assert not (tmp_path / "k").exists()
    assert run("keys", "new", tmp_path / "k", "--scheme", "l" * 32, "--name", "园" * 64) == 0


def test_keys_that_cannot_be_changed(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("LINGTAN_KEY_PASSPHRASE", raising=False)
    (tmp_path / "file").write_bytes(b"")
    assert run("keys", "new", tmp_path / "file", "--scheme", "lzc", "--name", "x") == 2
    told(capsys, "keys-unwritable")
    for command in (("rotate", tmp_path / "none"), ("revoke", tmp_path / "none", "k"), ("show", tmp_path)):
        assert run("keys", *command) == 2
        told(capsys, "keys-unreadable")
    assert run("keys", "revoke", desk.scheme.folder, "nothing") == 2
    told(capsys, "no-such-key")
    for since in ("1900-01-01", "2999-01-01"):
        assert run("keys", "revoke", desk.scheme.folder, desk.scheme.ring.current, "--since", since) == 2
        told(capsys)
    kept = tmp_path / "kept"
    assert run("keys", "new", kept, "--scheme", "lzc", "--name", "x") == 0
    (kept / "root.pem").unlink()
    assert run("keys", "rotate", kept) == 2
    told(capsys, "key-unreadable")
    monkeypatch.setenv("LINGTAN_KEY_PASSPHRASE", "wrong")
    assert run("keys", "rotate", desk.scheme.folder) == 2
    told(capsys, "key-locked")
