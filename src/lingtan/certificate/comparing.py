"""Several files of one certificate side by side: where one of them says something else.

What is compared is what each file says of itself, believed or not: so a copy that was altered shows,
beside a sound one, what was changed in it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from lingtan.certificate.code import hash_credential, split_code
from lingtan.certificate.papers import find_credential
from lingtan.certificate.tokens import open_unverified
from lingtan.certificate.words import find_fields
from lingtan.errors import Fault, LingtanError, Place, fault

Claims = Mapping[str, str]
_OF_CODE = {
    "number": "n", "stars": "l", "issued_on": "i", "valid_until": "u", "status_index": "x", "credential": "h",
}  # fmt: skip
_ISO_DAY = 10


def compare_files(files: Sequence[tuple[str, bytes]]) -> tuple[Fault, ...]:
    """Where a file differs from the first one of the same number: a fault per fact.

    `files` are names and contents. Files that say no number are passed over.
    """
    first: dict[str, tuple[str, Claims]] = {}
    faults: list[Fault] = []
    for name, data in files:
        claims = find_claims(data)
        if "number" not in claims:
            continue
        beside, sound = first.setdefault(claims["number"], (name, claims))
        faults += _differing(name, claims, beside, sound)
    return tuple(faults)


def find_claims(data: bytes) -> Claims:
    """What a PDF, a credential or the text of a code says, by the name of the fact; unverified."""
    if data.startswith(b"%PDF-"):
        return _of_credential(find_credential(data) or "")
    text = data.decode("ascii", errors="replace").strip()
    return _of_code(text) or _of_credential(text)


def _differing(name: str, claims: Claims, beside: str, sound: Claims) -> Iterator[Fault]:
    both_whole = "park" in claims and "park" in sound
    for key, words in find_fields().items():
        if key == "credential" and both_whole:
            continue  # one certificate may be signed twice; only a code names one of the two
        if key in claims and key in sound and claims[key] != sound[key]:
            yield fault(
                "certificate.files-differ",
                Place(name, column=key),
                zh=words.zh,
                en=words.en,
                here=claims[key],
                there=sound[key],
                other=beside,
            )


def _of_code(text: str) -> Claims:
    parts = split_code(text)
    payload = _payload(parts[1]) if parts else {}
    found = {name: str(payload[key]) for name, key in _OF_CODE.items() if key in payload}
    return {**found, "address": parts[0]} if parts and found else {}


def _of_credential(text: str) -> Claims:
    payload = _payload(text)
    subject, issuer = payload.get("credentialSubject"), payload.get("issuer")
    if not isinstance(subject, Mapping) or not isinstance(issuer, Mapping):
        return {}
    said = {
        **{name: value for name, value in subject.items() if name != "id"},
        "scheme": issuer.get("scheme"),
        "scheme_name": issuer.get("name"),
        "address": issuer.get("id"),
        "valid_from": str(payload.get("validFrom"))[:_ISO_DAY],
        "valid_until": str(payload.get("validUntil"))[:_ISO_DAY],
        "credential": hash_credential(text),
    }
    return {name: str(value) for name, value in said.items()}


def _payload(text: str) -> Mapping[str, Any]:
    try:
        return open_unverified(text)[1]
    except LingtanError:
        return {}
