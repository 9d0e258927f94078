"""One POST to an address that was looked at: no redirect is followed, little is read, time is short."""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from lingtan_web.webhooks.addresses import Target, find_address

SECONDS = 10.0
MOST_READ = 4096


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was answered: `status`, or the reason why nothing was.

    `not-public`: the name stands for an address we do not send to; `no-name`: for none; `no-answer`:
    refused, broken off, not HTTP, or too slow; `not-trusted`: its certificate.
    """

    status: int | None
    reason: str = ""
    milliseconds: int = 0

    @property
    def is_taken(self) -> bool:
        """Whether the receiver has it."""
        return self.status is not None and 200 <= self.status < 300


def send(
    target: Target,
    headers: Mapping[str, str],
    body: bytes,
    *,
    loopback: bool = False,
    seconds: float = SECONDS,
) -> Outcome:
    """POST `body`; never raises for what the other side does."""
    begun = time.monotonic()
    status, reason = _try(target, headers, body, loopback, seconds)
    return Outcome(status, reason, int((time.monotonic() - begun) * 1000))


def _try(
    target: Target, headers: Mapping[str, str], body: bytes, loopback: bool, seconds: float
) -> tuple[int | None, str]:
    try:
        address = find_address(target, loopback=loopback)
    except (OSError, UnicodeError):
        return None, "no-name"
    if address is None:
        return None, "not-public"
    try:
        with _connection(target, address, seconds) as connection:
            connection.request("POST", target.path, body, dict(headers))
            answer = connection.getresponse()
            answer.read(MOST_READ)
            return answer.status, ""
    except ssl.SSLError:
        return None, "not-trusted"
    except (OSError, http.client.HTTPException, ValueError):
        return None, "no-answer"


@contextmanager
def _connection(target: Target, address: str, seconds: float) -> Iterator[http.client.HTTPConnection]:
    """A connection to `address` itself: the name is not looked up again, so that it cannot change meanwhile.

    After `seconds` it is cut off, whatever the other side is doing.
    """
    connection = http.client.HTTPConnection(target.host, target.port, timeout=seconds)
    connection.sock = socket.create_connection((address, target.port), timeout=seconds)
    end = threading.Timer(seconds, _cut, [connection])
    end.daemon = True
    end.start()
    try:
        if target.is_https:
            _secure(connection, target.host)
        yield connection
    finally:
        end.cancel()
        connection.close()


def _secure(connection: http.client.HTTPConnection, host: str) -> None:
    """TLS with the certificate of `host`. The handshake comes after the socket is in its place, to be cut."""
    context = ssl.create_default_context()
    wrapped = context.wrap_socket(connection.sock, server_hostname=host, do_handshake_on_connect=False)
    connection.sock = wrapped
    wrapped.do_handshake()


def _cut(connection: http.client.HTTPConnection) -> None:
    with suppress(OSError, AttributeError):
        connection.sock.shutdown(socket.SHUT_RDWR)
