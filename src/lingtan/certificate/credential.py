"""A certificate as a W3C Verifiable Credential (data model 2.0), secured as `vc+jwt` (VC-JOSE-COSE).

Own terms stand below one vocabulary, so that JSON-LD readers keep them apart from others'. Every fact of
the certificate stands in the credential, and reading one back gives the same certificate or a fault.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter, ValidationError

from lingtan.certificate.keyring import Ring
from lingtan.certificate.records import Certificate, is_number
from lingtan.certificate.signers import Signer
from lingtan.certificate.status import PURPOSES, name_list, place_in_list
from lingtan.certificate.tokens import Token, read_token, sign_token
from lingtan.errors import NOWHERE, LingtanError, Place, fault

TYP = "vc+jwt"
KIND = "ZeroCarbonParkCertificate"
VOCABULARY = "urn:lingtan:certificate:1#"
CONTEXT = ["https://www.w3.org/ns/credentials/v2", {"@vocab": VOCABULARY}]
ZONE = ZoneInfo("Asia/Shanghai")
_FACTS = TypeAdapter(Certificate)
_NOT_SUBJECT = {"scheme", "scheme_name", "valid_from", "valid_until"}


def export_credential(made: Certificate, address: str) -> dict[str, Any]:
    """The certificate as a credential; `address` is where the scheme publishes (no slash at its end)."""
    return {
        "@context": CONTEXT,
        "id": f"{address}/certificates/{made.number}",
        "type": ["VerifiableCredential", KIND],
        "issuer": {"id": address, "scheme": made.scheme, "name": made.scheme_name},
        "name": f"{made.park_name} {made.stage}",
        "validFrom": _instant(made.valid_from, time.min),
        "validUntil": _instant(made.valid_until, time(23, 59, 59)),
        "credentialSubject": {
            "id": f"{address}/parks/{made.park}",
            **{name: _plain(value) for name, value in _facts(made).items() if name not in _NOT_SUBJECT},
        },
        "credentialStatus": [_entry(made, address, purpose) for purpose in PURPOSES],
    }


def sign_credential(made: Certificate, address: str, signer: Signer) -> str:
    """The certificate as a signed credential (compact JWS of type `vc+jwt`)."""
    return sign_token(export_credential(made, address), signer, typ=TYP)


def read_credential(text: str, ring: Ring, place: Place = NOWHERE) -> tuple[Certificate, str]:
    """The certificate in a signed credential and its address; LingtanError says what is wrong with it."""
    token = read_token(text, ring, typ=TYP, place=place)
    made, address = parse_credential(token.payload, place)
    check_time(token, datetime.combine(made.issued_on, time.min, ZONE), place)
    return made, address


def parse_credential(data: Mapping[str, Any], place: Place = NOWHERE) -> tuple[Certificate, str]:
    """The certificate that a credential says, and the address of its scheme."""
    try:
        subject = {name: value for name, value in data["credentialSubject"].items() if name != "id"}
        issuer = data["issuer"]
        made = _FACTS.validate_python(
            {
                **subject,
                "scheme": issuer["scheme"],
                "scheme_name": issuer["name"],
                "valid_from": datetime.fromisoformat(data["validFrom"]).astimezone(ZONE).date(),
                "valid_until": datetime.fromisoformat(data["validUntil"]).astimezone(ZONE).date(),
            }
        )
        address = str(issuer["id"])
    except (KeyError, TypeError, ValueError, AttributeError, ValidationError):
        raise LingtanError([fault("certificate.not-a-certificate", place)]) from None
    if not is_number(made.number) or export_credential(made, address) != data:
        raise LingtanError([fault("certificate.not-a-certificate", place)])
    return made, address


def check_time(token: Token, at: datetime, place: Place) -> None:
    """LingtanError unless the key that signed was good at `at`; whole days, as keys are issued by the day."""
    first, last = token.key.not_valid_before_utc, token.key.not_valid_after_utc
    if not first - timedelta(days=1) <= at.astimezone(UTC) <= last:
        raise LingtanError(
            [fault("certificate.key-not-good", place, at=at.date(), first=first.date(), last=last.date())]
        )


def _entry(made: Certificate, address: str, purpose: str) -> dict[str, Any]:
    number, index = place_in_list(made.status_index)
    where = f"{address}/{name_list(number, purpose)}"
    return {
        "id": f"{where}#{index}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": purpose,
        "statusListIndex": str(index),
        "statusListCredential": where,
        **PURPOSES[purpose],
    }


def _facts(made: Certificate) -> dict[str, Any]:
    return {one.name: getattr(made, one.name) for one in fields(made)}


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value


def _instant(day: date, at: time) -> str:
    return datetime.combine(day, at, ZONE).isoformat()
