"""Where a webhook may lead: https to public addresses, and nowhere else.

A site must not be made to talk to its own neighbours, so an address is looked at twice: when it is typed,
and again, with what its name stands for then, each time something is sent. Loopback is for tests only.
"""

from __future__ import annotations

import ipaddress
import re
import socket
from dataclasses import dataclass
from urllib.parse import urlsplit

from lingtan.errors import Fault, LingtanError, Place, fault

LONGEST = 500
_HOST = re.compile(
    r"(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*\.?"
)
_WRAPPED = (ipaddress.ip_network("64:ff9b::/96"), ipaddress.ip_network("64:ff9b:1::/48"))
"""IPv6 that is translated to IPv4: it may stand for anything."""
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(frozen=True, slots=True)
class Target:
    """Where to send to."""

    host: str
    port: int
    path: str
    is_https: bool


def read_target(url: str, *, loopback: bool = False) -> Target:
    """The parts of `url`. LingtanError: no address, not https, with a password, not to be sent to.

    `loopback`: this machine may be named, also without encryption.
    """
    refused = _find_fault(url, loopback)
    if refused is not None:
        raise LingtanError([refused])
    parts = urlsplit(url)
    is_https = parts.scheme == "https"
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(str(parts.hostname), parts.port or (443 if is_https else 80), path, is_https)


def _find_fault(url: str, loopback: bool) -> Fault | None:
    place = Place(column="url")
    is_plain = url.isascii() and url.isprintable() and " " not in url and "\\" not in url
    if not is_plain or not 0 < len(url) <= LONGEST:
        return fault("webhook.bad-address", place, given=url[:80])
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return fault("webhook.bad-address", place, given=url[:80])
    if "@" in parts.netloc or parts.fragment or port == 0 or not _is_host(host):
        return fault("webhook.bad-address", place, given=url[:80])
    if _is_here(host):
        return None if loopback and parts.scheme in ("http", "https") else fault("webhook.not-public", place)
    if parts.scheme != "https":
        return fault("webhook.not-https", place)
    number = _number(host)
    return fault("webhook.not-public", place) if number and not is_allowed(number) else None


def _is_host(host: str) -> bool:
    return _number(host) is not None or bool(_HOST.fullmatch(host) and not host.replace(".", "").isdigit())


def _number(host: str) -> Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _is_here(host: str) -> bool:
    number = _number(host)
    return host == "localhost" if number is None else number.is_loopback


def is_allowed(address: Address, *, loopback: bool = False) -> bool:
    """Whether something may be sent to `address`: public ones, and loopback where it is asked for."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if inner is not None:
            return is_allowed(inner, loopback=loopback and address.ipv4_mapped is not None)
        if address.teredo is not None or any(address in network for network in _WRAPPED):
            return False
    if address.is_loopback:
        return loopback
    return address.is_global and not (
        address.is_multicast or address.is_reserved or address.is_unspecified or address.is_private
    )


def find_address(target: Target, *, loopback: bool = False) -> str | None:
    """The first address of the host, if all of its addresses may be sent to; None if one may not.

    OSError if the name stands for nothing.
    """
    found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    numbers = [str(one[4][0]).partition("%")[0] for one in found]
    if not all(is_allowed(ipaddress.ip_address(one), loopback=loopback) for one in numbers):
        return None
    return numbers[0]
