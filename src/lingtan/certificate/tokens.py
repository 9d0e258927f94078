"""Signed tokens: compact JWS (RFC 7515) with ES256, as small as they come and read strictly.

Strictly: base64url is taken in its one canonical spelling only, no header that we do not write, no second
algorithm. Otherwise one content would have several spellings, and a changed byte could go unseen.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from joserfc import jws
from joserfc.errors import JoseError

from lingtan.certificate.keyring import Ring, find_revocation, is_issued_by
from lingtan.certificate.signers import Signer, load_certificate, make_jwk, name_key
from lingtan.errors import NOWHERE, LingtanError, Place, fault

ALGORITHM = "ES256"
LARGEST = 4_000_000  # characters; a status list of millions is smaller
_SHAPE = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]{86}\Z")
_REGISTRY = jws.JWSRegistry(algorithms=[ALGORITHM])
_REGISTRY.max_header_length = _REGISTRY.max_payload_length = LARGEST
_HEADERS = ({"alg", "typ", "kid"}, {"alg", "typ", "kid", "x5c"})


@dataclass(frozen=True, slots=True)
class Token:
    """A token whose signature holds: what it says, and the key that said so."""

    header: Mapping[str, Any]
    payload: Mapping[str, Any]
    key: x509.Certificate


def sign_token(payload: Mapping[str, Any], signer: Signer, *, typ: str, with_key: bool = True) -> str:
    """`payload` as a signed token; `with_key` carries the key's certificate: a QR code has no room."""
    header: dict[str, Any] = {"alg": ALGORITHM, "typ": typ, "kid": name_key(signer.certificate)}
    if with_key:
        header["x5c"] = [base64.b64encode(signer.certificate.public_bytes(Encoding.DER)).decode()]
    signed = f"{_encode(_json(header))}.{_encode(_json(payload))}"
    return f"{signed}.{_encode(signer.sign(signed.encode()))}"


def read_token(text: str, ring: Ring, *, typ: str, place: Place = NOWHERE) -> Token:
    """A token of the scheme. LingtanError: it is no token, not the scheme's, altered, or its key revoked."""
    header, payload = open_unverified(text, place)
    if header.get("typ") != typ or header.get("alg") != ALGORITHM or set(header) not in _HEADERS:
        raise LingtanError([fault("certificate.not-a-token", place, expected=typ)])
    key = _find_key(header, ring, place)
    try:
        jws.deserialize_compact(text, make_jwk(key), registry=_REGISTRY)
    except (JoseError, ValueError):
        raise LingtanError([fault("certificate.signature-wrong", place, kid=header["kid"])]) from None
    if since := find_revocation(ring, key):
        raise LingtanError([fault("certificate.key-revoked", place, kid=header["kid"], since=since)])
    return Token(header, payload, key)


def open_unverified(text: str, place: Place = NOWHERE) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """Header and payload of what is shaped as a token; nothing is believed yet."""
    if len(text) > LARGEST or not _SHAPE.match(text):
        raise LingtanError([fault("certificate.not-a-token", place, expected="JWS")])
    head, body, signature = text.split(".")
    try:
        found = [json.loads(_decode(part)) for part in (head, body)]
        _decode(signature)
    except (ValueError, RecursionError):
        raise LingtanError([fault("certificate.token-broken", place)]) from None
    if not all(isinstance(part, dict) for part in found):
        raise LingtanError([fault("certificate.token-broken", place)])
    return found[0], found[1]


def _find_key(header: Mapping[str, Any], ring: Ring, place: Place) -> x509.Certificate:
    """The key a token names: one of the ring, or a newer one that it carries and the root issued."""
    kid = header["kid"]
    carried = _carried(header, place)
    key = ring.keys.get(kid) if isinstance(kid, str) else None
    if key is None and carried is not None and is_issued_by(carried, ring.root):
        key = carried
    if key is None:
        raise LingtanError([fault("certificate.not-ours", place, kid=str(kid)[:40], scheme=ring.name)])
    if name_key(key) != kid or (carried is not None and carried != key):
        raise LingtanError([fault("certificate.signature-wrong", place, kid=kid)])
    return key


def _carried(header: Mapping[str, Any], place: Place) -> x509.Certificate | None:
    if "x5c" not in header:
        return None
    try:
        (one,) = header["x5c"]
        return load_certificate(base64.b64decode(one, validate=True))
    except (ValueError, TypeError):
        raise LingtanError([fault("certificate.token-broken", place)]) from None


def _json(data: Mapping[str, Any]) -> bytes:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()


def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _decode(text: str) -> bytes:
    """ValueError unless `text` is the one spelling of its bytes."""
    data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    if _encode(data) != text:
        raise ValueError("not canonical")
    return data
