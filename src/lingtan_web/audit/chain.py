"""The chain of hashes, as pure functions."""

from __future__ import annotations

import hashlib
import ipaddress
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

START = "0" * 64


@dataclass(frozen=True, slots=True)
class Link:
    """What is hashed of an entry, and the hashes it states."""

    number: int
    at: datetime
    actor: int | None
    via: str
    address: str
    request: str
    act: str
    park: str
    subject: str
    details: Mapping[str, Any]
    previous: str
    hash: str = ""


def compute_hash(link: Link) -> str:
    """SHA-256 in hexadecimal over the canonical JSON of the entry and the hash before it."""
    content = [
        link.number, link.at.astimezone(UTC).isoformat(timespec="microseconds"), link.actor, link.via,
        link.address, link.request, link.act, link.park, link.subject, link.details, link.previous,
    ]  # fmt: skip
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()


def find_break(links: Iterable[Link]) -> int | None:
    """The number of the first entry that does not follow from the one before it; None if all do."""
    number, previous = 0, START
    for link in links:
        if link.number != number + 1 or link.previous != previous or compute_hash(link) != link.hash:
            return link.number
        number, previous = link.number, link.hash
    return None


def masked(address: str) -> str:
    """The network of an address (/24, /48): enough to see where from, too little to follow a person."""
    try:
        one = ipaddress.ip_address(address)
    except ValueError:
        return ""
    bits = 24 if one.version == 4 else 48
    return str(ipaddress.ip_network(f"{one}/{bits}", strict=False).network_address)
