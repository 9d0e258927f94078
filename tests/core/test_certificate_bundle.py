"""The bundle behind a certificate: every byte of it is accounted for, and what it says can be repeated."""

import hashlib
import json
import random
import zipfile
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from certificate_parts import make_scheme, other

import lingtan as lt
from lingtan.certificate.bundle import (
    DOSSIER,
    MANIFEST,
    check_bundle,
    disclose,
    without_traces,
    write_bundle,
)
from lingtan.certificate.recomputing import recompute
from lingtan.certificate.records import Certificate
from lingtan.cli import main
from lingtan.dossier.archives import FolderFiles
from lingtan.dossier.findings import Findings
from lingtan.errors import LingtanError
from lingtan.standards.freezing import freeze_edition

PARK = Path(__file__).parents[2] / "examples" / "parks" / "xinghuo"
EDITION = "sh-seesa-zctp-2024"
FILES = {"park.yaml": b"id: a\n", "registers/enterprises.csv": b"id\nE1\n", "evidence/a.txt": b"a"}


@pytest.fixture
def small(tmp_path: Path) -> tuple[Path, str]:
    """A bundle of a few files, and the SHA-256 of its manifest."""
    for name, content in FILES.items():
        path = tmp_path / "park" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    file = tmp_path / "bundle.zip"
    files = FolderFiles(tmp_path / "park", Findings())
    return file, write_bundle(file, files, edition=b"{}\n", result={"stars": 4, "score": Decimal("82.20")})


def told(file: Path, expected: str) -> dict[str, str]:
    """Codes of the faults, with the file each speaks of."""
    with pytest.raises(LingtanError) as caught:
        check_bundle(file, expected)
    return {one.code: one.place.sheet for one in caught.value.faults}


def test_the_manifest_names_every_file_by_its_hash(small: tuple[Path, str]) -> None:
    file, sha256 = small
    with zipfile.ZipFile(file) as archive:
        raw = archive.read(MANIFEST)
        hashes = json.loads(raw)["files"]
        assert hashes == {
            name: hashlib.sha256(archive.read(name)).hexdigest()
            for name in archive.namelist()
            if name != MANIFEST
        }
    assert sha256 == hashlib.sha256(raw).hexdigest()
    assert {DOSSIER + name for name in FILES} | {"edition.json", "result.json"} == set(hashes)
    assert check_bundle(file, sha256).withheld == ()


def test_the_same_content_gives_the_same_bytes(small: tuple[Path, str], tmp_path: Path) -> None:
    again = tmp_path / "again.zip"
    files = FolderFiles(tmp_path / "park", Findings())
    write_bundle(again, files, edition=b"{}\n", result={"score": Decimal("82.2"), "stars": 4})
    assert again.read_bytes() == small[0].read_bytes()


def test_any_changed_byte_is_found(small: tuple[Path, str], tmp_path: Path) -> None:
    file, sha256 = small
    data, lot, spoilt = file.read_bytes(), random.Random(1), tmp_path / "spoilt.zip"
    for at in range(len(data)):
        spoilt.write_bytes(data[:at] + bytes([data[at] ^ (1 << lot.randrange(8))]) + data[at + 1 :])
        assert told(spoilt, sha256), at


@pytest.mark.parametrize("name", [*(DOSSIER + name for name in FILES), "edition.json", "result.json"])
def test_the_altered_file_is_named(small: tuple[Path, str], tmp_path: Path, name: str) -> None:
    file, sha256 = small
    spoilt = tmp_path / "spoilt.zip"
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(spoilt, "w") as new:
        for info in old.infolist():
            new.writestr(info, old.read(info) + (b" " if info.filename == name else b""))
    assert told(spoilt, sha256) == {"certificate.bundle-altered": name}


def test_a_file_that_was_added_is_named(small: tuple[Path, str]) -> None:
    with zipfile.ZipFile(small[0], "a") as archive:
        archive.writestr("dossier/registers/more.csv", b"")
    assert told(*small) == {"certificate.bundle-added": "dossier/registers/more.csv"}


def test_an_archive_packed_again_is_told(small: tuple[Path, str], tmp_path: Path) -> None:
    packed = tmp_path / "packed.zip"
    with zipfile.ZipFile(small[0]) as old, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
    assert told(packed, small[1]) == {"certificate.bundle-container": ""}


def test_another_bundle_is_told(small: tuple[Path, str]) -> None:
    assert told(small[0], "0" * 64) == {"certificate.bundle-other": MANIFEST}


@pytest.mark.parametrize("content", [b"", b"PK", b"hello" * 100])
def test_what_is_no_bundle_is_told(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "b.zip"
    file.write_bytes(content)
    assert told(file, "0" * 64) == {"certificate.bundle-unreadable": ""}


def test_a_part_is_disclosed_and_what_is_withheld_is_named(small: tuple[Path, str], tmp_path: Path) -> None:
    part = tmp_path / "part.zip"
    disclose(small[0], part, ["dossier/evidence/", "result.json", MANIFEST])
    found = check_bundle(part, small[1])
    assert found.withheld == ("dossier/evidence/a.txt", "result.json")
    assert found.names == {"edition.json", "dossier/park.yaml", "dossier/registers/enterprises.csv"}


@pytest.fixture(scope="module")
def issued(tmp_path_factory: pytest.TempPathFactory) -> tuple[Certificate, Path]:
    """A certificate of the example park with its bundle."""
    edition = lt.load_edition(EDITION)
    result = lt.export_assessment(lt.assess(lt.read_dossier(PARK), edition, on=date(2025, 6, 30)))
    file = tmp_path_factory.mktemp("bundle") / "bundle.zip"
    frozen = freeze_edition(edition).content
    sha256 = write_bundle(file, FolderFiles(PARK, Findings()), edition=frozen, result=without_traces(result))
    said: dict[str, Any] = {
        name: result[name] for name in ("edition_sha256", "dossier_sha256", "stars", "score")
    }
    return other(**said, bundle_sha256=sha256, software=result["software"]), file


def test_anyone_repeats_the_assessment(issued: tuple[Certificate, Path]) -> None:
    found = recompute(*issued)
    assert found.agrees
    names = {line.name for line in found.lines}
    assert {"stars", "score", "dossier_sha256", "readings_sha256", "certificate.stars"} <= names
    assert len([name for name in names if name.endswith(".earned")]) == 32
    assert len([name for name in names if name.endswith(".passed")]) == 32 + 8


def test_the_result_in_it_opens_no_enterprise(issued: tuple[Certificate, Path]) -> None:
    with zipfile.ZipFile(issued[1]) as archive:
        text = archive.read("result.json")
    assert b'"trace"' not in text
    assert len(json.loads(text)["indicators"]) == 32


def test_a_certificate_that_says_more_is_seen(issued: tuple[Certificate, Path]) -> None:
    """The scheme signed both: what it granted otherwise is named as its decision."""
    made, file = issued
    found = recompute(replace(made, stars=5, score="95"), file)
    assert {line.name for line in found.decided} == {"certificate.stars", "certificate.score"}
    assert not found.agrees
    assert not found.differs


def test_a_certificate_of_another_park_differs(issued: tuple[Certificate, Path]) -> None:
    made, file = issued
    found = recompute(replace(made, park="other"), file)
    assert [line.name for line in found.differs] == ["certificate.park"]
    assert not found.decided


def test_what_rests_on_the_withheld_is_said_so(issued: tuple[Certificate, Path], tmp_path: Path) -> None:
    """Without the register of lighting, A1.5 cannot be repeated; nothing is called different."""
    part = tmp_path / "part.zip"
    disclose(issued[1], part, ["dossier/registers/lighting.csv"])
    found = recompute(issued[0], part)
    assert found.withheld == ("dossier/registers/lighting.csv",)
    assert not found.agrees
    assert not found.differs
    withheld = {line.name for line in found.lines if line.agreement == "withheld"}
    assert "score" in withheld
    assert {name.split(".earned")[0] for name in withheld if name.endswith(".earned")} == {"A1.5"}


def test_the_command_repeats_it(
    issued: tuple[Certificate, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """As it was issued it agrees; of a certificate with a star more the figure is named."""
    made, file = issued
    scheme = make_scheme(tmp_path / "keys")
    credential = tmp_path / "c.jwt"
    arguments = ["certificate", "recompute", str(credential), "--bundle", str(file)]
    arguments += ["--keys", str(scheme.folder / "ring.json")]
    for stars, code in ((made.stars, 0), (made.stars + 1, 1)):
        credential.write_text(scheme.credential(replace(made, stars=stars)), "ascii")
        with pytest.raises(SystemExit) as left:
            main(arguments)
        assert int(left.value.code or 0) == code
        out = capsys.readouterr().out
        assert ("certificate.stars" in out) is bool(code)
        assert ("以评审决定为准 as the review decided 1" in out) is bool(code)
        assert ("证书的星级或得分由评审更正" in out) is bool(code)
        assert "一致 agrees" in out
