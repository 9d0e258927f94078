"""A signing key in a PKCS#11 module: made there, admitted by the root, and what it signs is good anywhere."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from certificate_parts import ADDRESS, MADE, START, Scheme, make_scheme

from lingtan.certificate import modules, read_credential, read_paper, read_ring, sign_credential, sign_paper
from lingtan.certificate.modules import ModuleSigner, add_module_key
from lingtan.certificate.papers import ATTACHMENT
from lingtan.errors import LingtanError

LIBRARY = next(
    (
        one
        for one in ("/usr/lib/softhsm/libsofthsm2.so", "/usr/lib64/softhsm/libsofthsm2.so")
        if Path(one).exists()
    ),
    "",
)
TOKEN, PIN = "lingtan-test", "482913"
needs_module = pytest.mark.skipif(
    not LIBRARY or not shutil.which("softhsm2-util"), reason="SoftHSM2 is not installed (apt: softhsm2)"
)


@pytest.fixture(scope="module")
def token(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A token in a module of software, in a folder of its own."""
    pytest.importorskip("pkcs11")
    room = tmp_path_factory.mktemp("softhsm")
    (room / "tokens").mkdir()
    (room / "softhsm2.conf").write_text(f"directories.tokendir = {room / 'tokens'}\nlog.level = ERROR\n")
    os.environ["SOFTHSM2_CONF"] = str(room / "softhsm2.conf")
    command = [
        "softhsm2-util",
        "--init-token",
        "--free",
        "--label",
        TOKEN,
        "--pin",
        PIN,
        "--so-pin",
        "900817",
    ]
    subprocess.run(command, check=True, capture_output=True)
    yield TOKEN
    del os.environ["SOFTHSM2_CONF"]


@pytest.fixture
def scheme(tmp_path: Path) -> Scheme:
    return make_scheme(tmp_path / "keys")


def add(scheme: Scheme, token: str, pin: str = PIN) -> None:
    scheme.ring = add_module_key(
        scheme.folder, scheme.ring, module=LIBRARY, token=token, pin=pin, on=START + timedelta(hours=1)
    )


def refused(act: Any) -> set[str]:
    with pytest.raises(LingtanError) as caught:
        act()
    return {one.code for one in caught.value.faults}


@needs_module
def test_what_the_module_signs_is_good_anywhere(scheme: Scheme, token: str) -> None:
    before = scheme.ring.current
    add(scheme, token)
    kid = scheme.ring.current
    assert kid != before and not (scheme.folder / f"{kid}.pem").exists()  # the key never leaves the module
    ring = read_ring(scheme.folder / "ring.json")
    signer = ModuleSigner.open(LIBRARY, token, PIN, ring)
    credential = sign_credential(MADE, ADDRESS, signer)
    assert read_credential(credential, ring) == (MADE, ADDRESS)
    paper = read_paper(sign_paper(_pdf(credential), signer, reason="t"), ring)
    assert paper.credential == credential


def _pdf(credential: str) -> bytes:
    """A page with a credential attached."""
    import pikepdf

    pdf, out = pikepdf.new(), io.BytesIO()
    pdf.add_blank_page()
    pdf.attachments[ATTACHMENT] = credential.encode()
    pdf.save(out)
    return out.getvalue()


@needs_module
def test_each_rotation_makes_its_own_key(scheme: Scheme, token: str) -> None:
    add(scheme, token)
    first, old = scheme.ring.current, ModuleSigner.open(LIBRARY, token, PIN, scheme.ring)
    made = sign_credential(MADE, ADDRESS, old)
    add(scheme, token)
    assert scheme.ring.current != first
    assert read_credential(made, scheme.ring)[0] == MADE
    new = ModuleSigner.open(LIBRARY, token, PIN, scheme.ring)
    assert read_credential(sign_credential(MADE, ADDRESS, new), scheme.ring)[0] == MADE


@needs_module
def test_a_key_that_is_elsewhere_is_said_to_be(scheme: Scheme, token: str) -> None:
    open_ = lambda: ModuleSigner.open(LIBRARY, token, PIN, scheme.ring)  # noqa: E731 the key in the file signs now
    assert refused(open_) == {"certificate.key-not-in-module"}


@needs_module
@pytest.mark.parametrize(
    ("module", "token_name", "pin"),
    [(LIBRARY, TOKEN, "000000"), (LIBRARY, "another", PIN), ("/nowhere/module.so", TOKEN, PIN)],
)
def test_what_the_module_refuses_is_said(
    scheme: Scheme, token: str, module: str, token_name: str, pin: str
) -> None:
    ring = scheme.ring
    open_ = lambda: ModuleSigner.open(module, token_name, pin, ring)  # noqa: E731
    assert refused(open_) == {"certificate.module-refuses"}
    assert scheme.ring.current == read_ring(scheme.folder / "ring.json").current


def test_where_it_is_not_installed_that_is_said(scheme: Scheme, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str, *rest: Any) -> Any:
        raise ImportError(name)

    monkeypatch.setattr(modules, "import_module", missing)
    open_ = lambda: ModuleSigner.open("m", "t", "p", scheme.ring)  # noqa: E731
    assert refused(open_) == {"certificate.no-pkcs11"}


def test_the_pin_is_not_shown(scheme: Scheme) -> None:
    signer = ModuleSigner(scheme.signer.certificate, scheme.ring.root, "m", "t", "482913", "k")
    assert "482913" not in repr(signer)
