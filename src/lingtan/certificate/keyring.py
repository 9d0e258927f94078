"""The keys of a scheme: a root that issues signing keys, rotates and revokes them.

`ring.json` is public: it is what a stranger needs to check a certificate (root, signing keys, the root's
list of revoked ones; each piece is signed by the root, the root is known by its fingerprint). Private keys
are files beside it that only their owner may read; the root's may be taken away until it is needed.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import NameOID

from lingtan.certificate.signers import CURVE, FileSigner, fingerprint, load_certificate, name_key
from lingtan.errors import LingtanError, Place, fault

RING = "ring.json"
FORMAT = "lingtan-keys-1"
ROOT_YEARS, KEY_YEARS = 25, 3
_LIST_YEARS = 25
SCHEME_ID = r"^[a-z0-9-]{1,32}$"
LONGEST_NAME = 64  # X.520 ub-organization-name
_YEAR = timedelta(days=365)
_BROKEN = (
    ValueError, LookupError, TypeError, AttributeError, RecursionError, UnsupportedAlgorithm,
    x509.InvalidVersion,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Ring:
    """The public half: what checks need. `keys` in the order they were made, by name.

    The root issued each of them: `parse_ring` has checked it.
    """

    scheme: str
    name: str
    root: x509.Certificate
    keys: Mapping[str, x509.Certificate]
    revoked: x509.CertificateRevocationList

    @property
    def fingerprint(self) -> str:
        """What the root is known by."""
        return fingerprint(self.root)

    @property
    def current(self) -> str:
        """The name of the key that signs now: the newest that is not revoked. LingtanError for none."""
        good = [kid for kid, made in self.keys.items() if not find_revocation(self, made)]
        if not good:
            raise LingtanError([fault("certificate.no-signing-key")])
        return good[-1]


def make_ring(folder: Path, *, scheme: str, name: str, on: datetime, passphrase: str = "") -> Ring:
    """A new root and a first signing key in `folder`. LingtanError if there are keys already.

    `scheme` is a short id, `name` the name people know (at most 64 characters).
    """
    if (folder / RING).exists():
        raise LingtanError([fault("certificate.keys-exist", Place(str(folder / RING)))])
    if not re.fullmatch(SCHEME_ID, scheme) or not (name.strip() and len(name) <= LONGEST_NAME):
        raise LingtanError([fault("certificate.scheme-name")])
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    key = ec.generate_private_key(CURVE)
    root = _sign_root(key, scheme, name, on)
    _write_key(folder / "root.pem", key, passphrase)
    ring = Ring(scheme, name, root, {}, _list_revoked(root, key, (), on))
    return add_key(folder, ring, on=on, passphrase=passphrase)


def add_key(folder: Path, ring: Ring, *, on: datetime, passphrase: str = "") -> Ring:
    """A new signing key, which signs from now on; what older ones signed stays good."""
    key = ec.generate_private_key(CURVE)
    made = _sign_key(ring, _read_key(folder / "root.pem", passphrase), key.public_key(), on)
    _write_key(folder / f"{name_key(made)}.pem", key, passphrase)  # before the ring says that it signs
    return _admit(folder, ring, made)


def admit_key(
    folder: Path, ring: Ring, key: ec.EllipticCurvePublicKey, *, on: datetime, passphrase: str = ""
) -> tuple[Ring, str]:
    """The root issues a certificate for a key held elsewhere (a PKCS#11 module); the ring and its name."""
    made = _sign_key(ring, _read_key(folder / "root.pem", passphrase), key, on)
    return _admit(folder, ring, made), name_key(made)


def _admit(folder: Path, ring: Ring, made: x509.Certificate) -> Ring:
    ring = replace(ring, keys={**ring.keys, name_key(made): made})
    write_ring(folder / RING, ring)
    return ring


def revoke_key(  # noqa: PLR0913 what a revocation says
    folder: Path, ring: Ring, kid: str, *, on: datetime, passphrase: str = "", since: datetime | None = None
) -> Ring:
    """Put a key on the root's list: nothing signed with it is good any more (see `find_revocation`)."""
    if kid not in ring.keys:
        raise LingtanError([fault("certificate.no-such-key", kid=kid, known="、".join(ring.keys))])
    root_key = _read_key(folder / "root.pem", passphrase)
    entry = (
        x509.RevokedCertificateBuilder()
        .serial_number(ring.keys[kid].serial_number)
        .revocation_date(since or on)
        .add_extension(x509.CRLReason(x509.ReasonFlags.key_compromise), critical=False)
        .build()
    )
    entries = [one for one in ring.revoked if one.serial_number != entry.serial_number]
    ring = replace(ring, revoked=_list_revoked(ring.root, root_key, (*entries, entry), on))
    write_ring(folder / RING, ring)
    return ring


def find_revocation(ring: Ring, made: x509.Certificate) -> date | None:
    """The day since which a key is revoked; None if it is not."""
    found = ring.revoked.get_revoked_certificate_by_serial_number(made.serial_number)
    return found.revocation_date_utc.date() if found else None


def open_signer(folder: Path, ring: Ring, *, passphrase: str = "") -> FileSigner:
    """The key in a file that signs now. LingtanError where it cannot be read."""
    kid = ring.current
    return FileSigner(ring.keys[kid], ring.root, _read_key(folder / f"{kid}.pem", passphrase))


def write_ring(file: Path, ring: Ring) -> None:
    """The public half into `file`, whole or not at all."""
    beside = file.with_suffix(".part")
    beside.write_text(export_ring(ring), "utf-8")
    beside.replace(file)


def export_ring(ring: Ring) -> str:
    """The public half as JSON."""
    data = {
        "format": FORMAT,
        "scheme": ring.scheme,
        "name": ring.name,
        "root": _pem(ring.root),
        "keys": {kid: _pem(made) for kid, made in ring.keys.items()},
        "revoked": _pem(ring.revoked),
    }
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def read_ring(file: Path) -> Ring:
    """The public half of a scheme's keys. LingtanError where it cannot be read or was altered."""
    try:
        return parse_ring(file.read_text("utf-8"), file.name)
    except (OSError, UnicodeDecodeError) as error:
        raise LingtanError([fault("certificate.keys-unreadable", Place(str(file)), reason=error)]) from None


def parse_ring(text: str, name: str = RING) -> Ring:
    """The same from its text: every key must be issued, and the list signed, by the root."""
    try:
        data = json.loads(text)
        if data["format"] != FORMAT:
            raise ValueError(data["format"])
        ring = Ring(
            str(data["scheme"]),
            str(data["name"]),
            load_certificate(data["root"].encode()),
            {kid: load_certificate(pem.encode()) for kid, pem in data["keys"].items()},
            x509.load_pem_x509_crl(data["revoked"].encode()),
        )
        wrong = _find_wrong(ring)
    except _BROKEN as error:
        raise LingtanError([fault("certificate.keys-unreadable", Place(name), reason=error)]) from None
    if wrong or text != export_ring(ring):
        where = Place(name, column="、".join(wrong))
        raise LingtanError([fault("certificate.keys-altered", where, parts="、".join(wrong) or "JSON")])
    return ring


def check_root(ring: Ring, expected: str) -> None:
    """LingtanError unless the root has the SHA-256 `expected` (hexadecimal, colons allowed)."""
    found, wanted = ring.fingerprint, expected.replace(":", "").strip().lower()
    if found != wanted:
        raise LingtanError([fault("certificate.wrong-root", Place(RING), found=found, expected=wanted[:64])])


def _find_wrong(ring: Ring) -> Sequence[str]:
    """The parts of a ring that its root did not sign."""
    wrong = [] if is_issued_by(ring.root, ring.root) else ["root"]
    wrong += [] if ring.root.subject == _subject(ring.scheme, ring.name, "root") else ["scheme, name"]
    wrong += [f"keys.{kid}" for kid, made in ring.keys.items() if kid != name_key(made)]
    wrong += [f"keys.{kid}" for kid, made in ring.keys.items() if not is_issued_by(made, ring.root)]
    root_key = ring.root.public_key()
    signed = isinstance(root_key, ec.EllipticCurvePublicKey) and ring.revoked.is_signature_valid(root_key)
    return wrong if signed else [*wrong, "revoked"]


def is_issued_by(made: x509.Certificate, root: x509.Certificate) -> bool:
    """Whether `root` signed `made` and is named as its issuer."""
    try:
        made.verify_directly_issued_by(root)
    except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm):
        return False
    return True


def _sign_root(key: ec.EllipticCurvePrivateKey, scheme: str, name: str, on: datetime) -> x509.Certificate:
    subject = _subject(scheme, name, "root")
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(on)
        .not_valid_after(on + ROOT_YEARS * _YEAR)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_keys=True), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )


def _sign_key(
    ring: Ring, root_key: ec.EllipticCurvePrivateKey, key: ec.EllipticCurvePublicKey, on: datetime
) -> x509.Certificate:
    root = ring.root
    subject = _subject(ring.scheme, ring.name, f"{on:%Y-%m}")
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(root.subject)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(on)
        .not_valid_after(min(on + KEY_YEARS * _YEAR, root.not_valid_after_utc))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_keys=False), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key()), critical=False
        )
        .sign(root_key, hashes.SHA256())
    )


def _subject(scheme: str, name: str, which: str) -> x509.Name:
    """Who a key belongs to; the ring's own words about the scheme are checked against the root's."""
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, name),
            x509.NameAttribute(NameOID.COMMON_NAME, f"{scheme} {which}"),
        ]
    )


def _usage(*, signs_keys: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_keys,
        content_commitment=not signs_keys,
        key_cert_sign=signs_keys,
        crl_sign=signs_keys,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _list_revoked(
    root: x509.Certificate,
    key: ec.EllipticCurvePrivateKey,
    entries: Sequence[x509.RevokedCertificate],
    on: datetime,
) -> x509.CertificateRevocationList:
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(root.subject)
        .last_update(on)
        .next_update(on + _LIST_YEARS * _YEAR)
    )
    for entry in entries:
        builder = builder.add_revoked_certificate(entry)
    return builder.sign(key, hashes.SHA256())


def _pem(made: x509.Certificate | x509.CertificateRevocationList) -> str:
    return made.public_bytes(Encoding.PEM).decode()


def _write_key(file: Path, key: ec.EllipticCurvePrivateKey, passphrase: str) -> None:
    locked = BestAvailableEncryption(passphrase.encode()) if passphrase else NoEncryption()
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, locked)
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as sink:
        sink.write(pem)


def _read_key(file: Path, passphrase: str) -> ec.EllipticCurvePrivateKey:
    try:
        key = load_pem_private_key(file.read_bytes(), passphrase.encode() or None)
    except OSError as error:
        raise LingtanError([fault("certificate.key-unreadable", Place(str(file)), reason=error)]) from None
    except (ValueError, TypeError):
        raise LingtanError([fault("certificate.key-locked", Place(str(file)))]) from None
    if not isinstance(key, ec.EllipticCurvePrivateKey) or key.curve.name != CURVE.name:
        raise LingtanError([fault("certificate.key-kind", Place(str(file)))])
    return key
