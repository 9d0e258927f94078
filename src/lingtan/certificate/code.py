"""What the QR code on a certificate says: the address of its page, and the essence of it, signed.

Without the internet the code alone shows whether number, stars and last day on the paper are the scheme's,
and which credential belongs to it. Whether it still holds is the status list's to say.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import date, datetime, time

from lingtan.certificate.credential import ZONE, check_time
from lingtan.certificate.keyring import Ring
from lingtan.certificate.records import Certificate, is_number
from lingtan.certificate.signers import Signer
from lingtan.certificate.tokens import read_token, sign_token
from lingtan.errors import NOWHERE, LingtanError, Place, fault

TYP = "lzc-code"
PARAMETER = "s"
_SHAPE = re.compile(
    r"(?P<address>https?://[^\s?#]+)/c/(?P<number>[A-Z0-9-]+)\?s=(?P<token>[A-Za-z0-9_.-]+)\Z"
)
_HASH_LENGTH = 32


@dataclass(frozen=True, slots=True)
class Code:
    """A code as read: days of the park; `credential` is the first half of its SHA-256."""

    number: str
    address: str
    stars: int
    issued_on: date
    valid_until: date
    status_index: int
    credential: str


def sign_code(made: Certificate, credential: str, address: str, signer: Signer) -> str:
    """The text of the QR code of a certificate and its signed credential."""
    payload = {
        "n": made.number,
        "l": made.stars,
        "i": made.issued_on.isoformat(),
        "u": made.valid_until.isoformat(),
        "x": made.status_index,
        "h": hash_credential(credential),
        "a": _hash_address(address),
    }
    token = sign_token(payload, signer, typ=TYP, with_key=False)
    return f"{address}/c/{made.number}?{PARAMETER}={token}"


def hash_credential(credential: str) -> str:
    """The first half of the SHA-256 of a signed credential, in hexadecimal."""
    return hashlib.sha256(credential.encode()).hexdigest()[:_HASH_LENGTH]


def _hash_address(address: str) -> str:
    """Enough of its SHA-256 to see that the address is the one that was signed."""
    return hashlib.sha256(address.encode()).hexdigest()[:8]


def split_code(text: str) -> tuple[str, str] | None:
    """Address and token in the text of a code, neither believed yet; None where it has another shape."""
    found = _SHAPE.match(text)
    return (found["address"], found["token"]) if found else None


def is_code(text: str) -> bool:
    """Whether `text` is shaped as the text of a code."""
    return bool(_SHAPE.match(text))


def read_code(text: str, ring: Ring, place: Place = NOWHERE) -> Code:
    """What a code says. LingtanError where it is no code, altered, or not the scheme's."""
    found = _SHAPE.match(text)
    if not found:
        raise LingtanError([fault("certificate.not-a-code", place)])
    token = read_token(found["token"], ring, typ=TYP, place=place)
    try:
        data = dict(token.payload)
        code = Code(
            data["n"],
            found["address"],
            int(data["l"]),
            date.fromisoformat(data["i"]),
            date.fromisoformat(data["u"]),
            int(data["x"]),
            str(data["h"]),
        )
        is_at_home = data["a"] == _hash_address(code.address)
    except (KeyError, TypeError, ValueError):
        raise LingtanError([fault("certificate.not-a-code", place)]) from None
    if not is_at_home:
        raise LingtanError([fault("certificate.address-differs", place, shown=code.address)])
    if code.number != found["number"] or not is_number(code.number):
        raise LingtanError(
            [fault("certificate.number-differs", place, shown=found["number"], signed=code.number)]
        )
    check_time(token, datetime.combine(code.issued_on, time.min, ZONE), place)
    return code
