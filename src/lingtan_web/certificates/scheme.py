"""Who issues: `scheme.yaml` in LINGTAN_HOME, and the keys beside it. Made once, when the site is set up.

Id and name stand in the root key, the address in every certificate: what was issued keeps them for ever,
so the file is not to be edited after the first certificate (`check_address` refuses to go on).
"""

from __future__ import annotations

from datetime import datetime
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from django.conf import settings
from pydantic import Field
from ruamel.yaml import YAML

from lingtan.certificate.keyring import LONGEST_NAME, RING, SCHEME_ID, Ring, make_ring, read_ring
from lingtan.documents import Record, read_document, validate
from lingtan.errors import LingtanError, Place, fault
from lingtan_web.audit.services import SYSTEM, recorded
from lingtan_web.certificates.models import Certificate

FILE, KEYS = "scheme.yaml", "keys"
DEFAULT_ADDRESS = "http://localhost:8000"
DEFAULT_NAME = "零碳园区评价管理方"


class Scheme(Record):
    """The scheme as it stands in certificates. `prefix` begins their numbers, `address` has no last slash."""

    id: Annotated[str, Field(pattern=SCHEME_ID)]
    name: Annotated[str, Field(min_length=1, max_length=LONGEST_NAME)]
    prefix: Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9]{1,11}$")]
    address: Annotated[str, Field(pattern=r"^https?://[^\s?#]*[^\s?#/]$")]

    @property
    def is_local(self) -> bool:
        """Whether the address names this very machine: who scans a code elsewhere finds nothing there."""
        host = (urlsplit(self.address).hostname or "").rstrip(".")
        return host == "localhost" or host.endswith(".localhost") or _is_loopback(host)


def _is_loopback(host: str) -> bool:
    try:
        address = ip_address(host)
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def find_folder() -> Path:
    """Where the keys are."""
    return Path(settings.HOME) / KEYS


def find_scheme() -> Scheme:
    """The scheme of this site. LingtanError with every fault of its file, or where it was not made yet."""
    file = Path(settings.HOME) / FILE
    if not file.exists():
        raise LingtanError([fault("certificate.no-scheme", Place(str(file)))])
    document, faults = read_document(file)
    scheme, wrong = validate(document, Scheme) if document else (None, [])
    if scheme is None:
        raise LingtanError([*faults, *wrong])
    return scheme


def has_keys() -> bool:
    """Whether this site can sign."""
    return (find_folder() / RING).exists()


def find_ring() -> Ring:
    """The public half of the keys. LingtanError where there are none, or they were altered."""
    return read_ring(find_folder() / RING)


def set_up_scheme(on: datetime) -> bool:
    """Make what is not there: `scheme.yaml` from the variables and defaults, root and first signing key.

    False if both were there. LingtanError where a variable is not good enough for a scheme.
    """
    file = Path(settings.HOME) / FILE
    is_new = not file.exists()
    if is_new:
        _write(file, _first_scheme())
    scheme = find_scheme()
    if has_keys():
        return is_new
    with recorded(SYSTEM, "certificate.keys-made", subject=scheme.id) as details:
        passphrase = settings.SCHEME.passphrase
        ring = make_ring(find_folder(), scheme=scheme.id, name=scheme.name, on=on, passphrase=passphrase)
        details |= {"root": ring.fingerprint, "key": ring.current}
    return True


def check_address(scheme: Scheme) -> None:
    """LingtanError where certificates were issued under another address: nobody would find their status."""
    newest = Certificate.objects.order_by("-status_index").values_list("code", flat=True).first()
    if newest is not None and not newest.startswith(f"{scheme.address}/c/"):
        was = newest.partition("/c/")[0]
        raise LingtanError([fault("certificate.address-changed", Place(FILE), was=was, now=scheme.address)])


def _first_scheme() -> Scheme:
    said = settings.SCHEME
    given = {
        "id": said.id or "zero-carbon-park",
        "name": said.name or DEFAULT_NAME,
        "prefix": said.prefix or "LZC",
        "address": said.address or DEFAULT_ADDRESS,
    }
    return Scheme.model_validate(given)


def _write(file: Path, scheme: Scheme) -> None:
    """The file whole or not at all."""
    beside = file.with_suffix(".part")
    with beside.open("w", encoding="utf-8") as sink:
        YAML(typ="safe", pure=True).dump(scheme.model_dump(), sink)
    beside.replace(file)
