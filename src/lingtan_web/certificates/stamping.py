"""Time stamps (RFC 3161) from the authority that is set, for printed certificates."""

from __future__ import annotations

import asyncio
import urllib.error
import urllib.request
from http.client import HTTPException

from asn1crypto import tsp
from pyhanko.sign.timestamps import TimeStamper

from lingtan.errors import LingtanError, Place, fault

SECONDS, MOST_READ = 10, 1_000_000
_QUERY, _REPLY = "application/timestamp-query", "application/timestamp-reply"


class HttpStamper(TimeStamper):
    """Asks the authority at `url`; LingtanError where it does not answer as RFC 3161 has it."""

    def __init__(self, url: str) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._url = url

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        """The answer to one request."""
        return tsp.TimeStampResp.load(await asyncio.to_thread(self._ask, req.dump()))

    def _ask(self, body: bytes) -> bytes:
        try:
            request = urllib.request.Request(self._url, body, {"Content-Type": _QUERY, "Accept": _REPLY})
            if request.type not in ("http", "https"):
                raise ValueError(request.type)
            with urllib.request.urlopen(request, timeout=SECONDS) as answer:
                if answer.headers.get_content_type() != _REPLY:
                    raise ValueError(answer.headers.get_content_type())
                return bytes(answer.read(MOST_READ))
        except (OSError, HTTPException, ValueError) as error:
            raise LingtanError([fault("certificate.no-time-stamp", Place(self._url), reason=error)]) from None


def find_stamper(url: str) -> TimeStamper | None:
    """The stamper of an address; None where none is set."""
    return HttpStamper(url) if url else None
