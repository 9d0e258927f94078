"""Checks for whoever asks: a file, a text, or a scanned code, against the newest published lists."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db.models import Max

from lingtan.certificate.code import PARAMETER, hash_credential, read_code
from lingtan.certificate.keyring import Ring, export_ring, parse_ring
from lingtan.certificate.status import StatusList, read_list
from lingtan.certificate.verifying import Verdict, Word, verify_file
from lingtan.errors import Fault, LingtanError, Place, fault
from lingtan_web.apart import run_apart
from lingtan_web.certificates.models import Certificate, PublishedList
from lingtan_web.certificates.scheme import find_ring

LARGEST = 900_000  # bytes; whoever is not signed in may send no more than a megabyte
_MESSAGE = "message"
_PATIENCE = 60  # seconds for a PDF, the start of the program included


@dataclass(frozen=True, slots=True)
class CodeFound:
    """What a scanned code is worth: None where it is as the scheme signed it."""

    word: Word | None
    faults: tuple[Fault, ...] = ()


def find_lists(ring: Ring) -> tuple[StatusList, ...]:
    """The newest list of each number that can be read."""
    newest = PublishedList.objects.filter(purpose=_MESSAGE).values("list").annotate(newest=Max("pk"))
    keys = export_ring(ring)
    found = (_read(one["newest"], keys) for one in newest.order_by("list"))
    return tuple(one for one in found if one is not None)


@lru_cache(maxsize=16)
def _read(pk: int, keys: str) -> StatusList | None:
    """A published list; None where it does not stand under these keys (they may have been revoked since)."""
    try:
        return read_list(PublishedList.objects.values_list("token", flat=True).get(pk=pk), parse_ring(keys))
    except LingtanError:
        return None


def check_bytes(data: bytes, *, name: str, at: datetime) -> Verdict:
    """The verdict on a file or text that somebody handed in. LingtanError where the site has no keys."""
    ring = find_ring()
    if data.startswith(b"%PDF-"):
        found = _check_apart(data, ring, name)
        if "credential" not in found:
            return Verdict(found["word"], faults=tuple(_load_fault(*one) for one in found["faults"]))
        data = found["credential"].encode()
    return verify_file(data, ring, find_lists(ring), at=at, name=name)


def _check_apart(data: bytes, ring: Ring, name: str) -> dict[str, Any]:
    """What the program beside us found in a PDF; that it cannot be read where the program was stopped."""
    asked = json.dumps({"ring": export_ring(ring), "name": name}).encode()
    told = run_apart("lingtan_web.certificates.check_paper", asked + b"\n" + data, seconds=_PATIENCE)
    if told is None:
        return {"word": "unreadable", "faults": [["certificate.paper-unreadable", [name, ""], {}]]}
    return dict(json.loads(told))


def _load_fault(code: str, place: list[str], context: dict[str, str]) -> Fault:
    return fault(code, Place(place[0], column=place[1]), **context)


def check_code(certificate: Certificate, number: str, token: str) -> CodeFound:
    """Whether a scanned code is the one that was signed for this certificate."""
    address = certificate.code.partition("/c/")[0]
    place = Place(column=number)
    try:
        code = read_code(f"{address}/c/{number}?{PARAMETER}={token}", find_ring(), place)
    except LingtanError as error:
        codes = {one.code for one in error.faults}
        return CodeFound("not_ours" if "certificate.not-ours" in codes else "altered", error.faults)
    if code.credential != hash_credential(certificate.credential):
        return CodeFound("altered", (fault("certificate.code-other", place, number=number),))
    return CodeFound(None)
