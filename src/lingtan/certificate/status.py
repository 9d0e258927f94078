"""The status list: what the scheme says of every certificate now, signed and dated.

The shape is W3C Bitstring Status List 1.0.

Three lists are written from one table, so that they always agree: `message` has the state of each
certificate in four bits and is what we read; `revocation` and `suspension` say the same in one bit each,
for programs that know no more. A list holds 131,072 entries; the next certificate begins another list.
"""

from __future__ import annotations

import base64
import gzip
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from lingtan.certificate.keyring import Ring
from lingtan.certificate.records import STATES, State
from lingtan.certificate.signers import Signer
from lingtan.certificate.tokens import read_token, sign_token
from lingtan.errors import NOWHERE, LingtanError, Place, fault

TYP = "vc+jwt"
CAPACITY = 131_072  # entries of a list: the least length the recommendation allows, for privacy of holders
_BITS = 4
_LARGEST = CAPACITY * _BITS // 8
_ENDED = frozenset({"withdrawn", "exited", "superseded"})
PURPOSES: Mapping[str, Mapping[str, Any]] = {
    "message": {
        "statusSize": _BITS,
        "statusMessage": [{"status": f"0x{code:x}", "message": state} for code, state in enumerate(STATES)],
    },
    "revocation": {},
    "suspension": {},
}
"""Purpose → what an entry of a credential says of it beside its place."""


@dataclass(frozen=True, slots=True)
class StatusList:
    """A list as read: states by index within the list, and how long they may be relied on."""

    number: int
    address: str
    states: bytes
    issued_at: datetime
    fresh_until: datetime

    def state(self, index: int) -> State:
        """The state at an index of this list."""
        return STATES[self.states[index]]


def place_in_list(status_index: int) -> tuple[int, int]:
    """The number of the list and the index in it of a certificate's place over all lists."""
    return status_index // CAPACITY, status_index % CAPACITY


def name_list(number: int, purpose: str) -> str:
    """The path of a list below the scheme's address."""
    return f"status/{number}/{purpose}"


def sign_lists(  # noqa: PLR0913 what a list says
    states: Iterable[State], number: int, address: str, signer: Signer, *, at: datetime, fresh: timedelta
) -> dict[str, str]:
    """The three signed lists with the `number`-th 131,072 certificates; `states` in order of their index."""
    codes = bytearray(CAPACITY)
    given = bytes(STATES.index(state) for state in states)
    codes[: len(given)] = given
    packed = {
        "message": _pack(codes),
        "revocation": _bits(codes, _ENDED),
        "suspension": _bits(codes, frozenset({"suspended"})),
    }
    return {
        purpose: sign_token(
            _export(_encode(packed[purpose]), number, purpose, address, at, fresh), signer, typ=TYP
        )
        for purpose in PURPOSES
    }


def read_list(text: str, ring: Ring, place: Place = NOWHERE) -> StatusList:
    """A signed `message` list. LingtanError where it is another thing, altered, or not the scheme's."""
    data = read_token(text, ring, typ=TYP, place=place).payload
    try:
        subject = data["credentialSubject"]
        address, _, rest = str(data["id"]).partition("/status/")
        number = int(rest.removesuffix("/message"))
        packed = _decode(subject["encodedList"])
        found = StatusList(
            number,
            address,
            bytes(half for byte in packed for half in (byte >> 4, byte & 15)),
            datetime.fromisoformat(data["validFrom"]),
            datetime.fromisoformat(data["validUntil"]),
        )
        is_ours = data == _export(
            subject["encodedList"],
            number,
            "message",
            address,
            found.issued_at,
            found.fresh_until - found.issued_at,
        )
    except (KeyError, TypeError, ValueError, AttributeError, EOFError, OSError, zlib.error):
        raise LingtanError([fault("certificate.not-a-status-list", place)]) from None
    if not is_ours or len(found.states) != CAPACITY or max(found.states) >= len(STATES):
        raise LingtanError([fault("certificate.not-a-status-list", place)])
    return found


def _export(  # noqa: PLR0913 what a list says
    encoded: str, number: int, purpose: str, address: str, at: datetime, fresh: timedelta
) -> dict[str, Any]:
    where = f"{address}/{name_list(number, purpose)}"
    return {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "id": where,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": {"id": address},
        "validFrom": at.isoformat(timespec="seconds"),
        "validUntil": (at + fresh).isoformat(timespec="seconds"),
        "credentialSubject": {
            "id": f"{where}#list",
            "type": "BitstringStatusList",
            "statusPurpose": purpose,
            "encodedList": encoded,
        },
    }


def _pack(codes: bytes | bytearray) -> bytes:
    """Two codes of four bits to the byte, the first in the upper half."""
    return bytes(upper << 4 | lower for upper, lower in zip(codes[::2], codes[1::2], strict=True))


def _bits(codes: bytes | bytearray, states: frozenset[str]) -> bytes:
    """One bit per code, set where the state is one of `states`; the first is the highest bit."""
    is_set = bytes(state in states for state in STATES)
    bits = "".join("1" if is_set[code] else "0" for code in codes)
    return int(bits, 2).to_bytes(CAPACITY // 8, "big")


def _encode(packed: bytes) -> str:
    """Multibase (`u`: base64url) of the packed list."""
    return "u" + base64.urlsafe_b64encode(gzip.compress(packed, mtime=0)).rstrip(b"=").decode()


def _decode(text: str) -> bytes:
    """The list unpacked; ValueError where it is larger than any of ours."""
    packed = base64.urlsafe_b64decode(text.removeprefix("u") + "=" * (-(len(text) - 1) % 4))
    unpacker = zlib.decompressobj(wbits=31)
    data = unpacker.decompress(packed, _LARGEST + 1)
    if len(data) > _LARGEST or not unpacker.eof:
        raise ValueError("too large")
    return data
