"""Who signs: a key in a file, or one in a PKCS#11 module. The rest knows only `Signer`.

Keys are ECDSA on P-256 (ES256): what JOSE, PAdES and every reader of PDF understand. SM2 would be another
`Signer` with its own algorithm; no library of ours has it.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.utils import CryptographyDeprecationWarning
from joserfc.jwk import ECKey

CURVE = ec.SECP256R1()
_HALF = 32
KID_LENGTH = 16
_UNSOUND = (
    ValueError,
    TypeError,
    UnsupportedAlgorithm,
    x509.InvalidVersion,
    CryptographyDeprecationWarning,  # where warnings are errors
)
_KEYS_KEPT = 64  # a scheme has a few, and each signs and checks very often


class Signer(Protocol):
    """A signing key of the scheme with its X.509 certificate, issued by the scheme's root."""

    @property
    def certificate(self) -> x509.Certificate:
        """The certificate of the key."""
        ...

    @property
    def root(self) -> x509.Certificate:
        """The certificate of the root that issued it."""
        ...

    def sign(self, data: bytes) -> bytes:
        """The ES256 signature of `data`: r and s, 32 bytes each."""
        ...


@dataclass(frozen=True, slots=True)
class FileSigner:
    """A key that this process holds."""

    certificate: x509.Certificate
    root: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    def sign(self, data: bytes) -> bytes:
        """The ES256 signature of `data`."""
        return join_signature(*decode_dss_signature(self.key.sign(data, ec.ECDSA(hashes.SHA256()))))


def join_signature(r: int, s: int) -> bytes:
    """r and s, 32 bytes each, as JOSE has them."""
    return r.to_bytes(_HALF, "big") + s.to_bytes(_HALF, "big")


def split_signature(raw: bytes) -> tuple[int, int]:
    """r and s of a signature as JOSE has it (64 bytes)."""
    return int.from_bytes(raw[:_HALF], "big"), int.from_bytes(raw[_HALF:], "big")


def find_public_key(certificate: x509.Certificate) -> ec.EllipticCurvePublicKey:
    """The P-256 key of a certificate; ValueError for any other kind."""
    key = certificate.public_key()
    if not isinstance(key, ec.EllipticCurvePublicKey) or key.curve.name != CURVE.name:
        raise ValueError("not a P-256 key")
    return key


def load_certificate(data: bytes) -> x509.Certificate:
    """A certificate from its DER or PEM; ValueError for whatever is none, or not a sound one."""
    load = x509.load_pem_x509_certificate if data.startswith(b"-----") else x509.load_der_x509_certificate
    try:
        return load(data)
    except _UNSOUND as error:
        raise ValueError(str(error)) from None


@lru_cache(maxsize=_KEYS_KEPT)
def make_jwk(certificate: x509.Certificate) -> ECKey:
    """The public key of a certificate as a JSON Web Key."""
    return ECKey.import_key(find_public_key(certificate))


@lru_cache(maxsize=_KEYS_KEPT)
def name_key(certificate: x509.Certificate) -> str:
    """The name of a key: the first 16 characters of its RFC 7638 thumbprint."""
    return make_jwk(certificate).thumbprint()[:KID_LENGTH]


def fingerprint(certificate: x509.Certificate) -> str:
    """SHA-256 over the DER of a certificate, in hexadecimal."""
    return hashlib.sha256(certificate.public_bytes(Encoding.DER)).hexdigest()
