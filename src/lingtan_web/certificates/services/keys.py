"""The keys of the scheme: rotated and revoked by its people, each with its entry in the audit log.

Which key signed a certificate stands in its row; who had it signed, in the entry of its issue.
"""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.conf import settings
from django.utils import timezone

from lingtan.certificate.keyring import Ring, add_key, revoke_key
from lingtan.certificate.modules import add_module_key
from lingtan_web.audit.services import Actor
from lingtan_web.certificates.models import Certificate
from lingtan_web.certificates.scheme import find_folder, find_ring, find_scheme
from lingtan_web.certificates.services.acting import find_scheme_person, one_at_a_time
from lingtan_web.reviews.services.acting import check_text, refuse

LOCK = "ring.lock"


def rotate(actor: Actor, *, at: datetime | None = None) -> Ring:
    """A new signing key, in a file or in the PKCS#11 module where one is set; the ring with it.

    What older keys signed stays good. LingtanError where the root's key is not at hand.
    """
    find_scheme_person(actor)
    moment, said = at or timezone.now(), settings.SCHEME
    with one_at_a_time(actor, "certificate.key-added", subject=find_scheme().id) as details, _held():
        ring = find_ring()
        if said.module:
            ring = add_module_key(
                find_folder(), ring, module=said.module, token=said.token, pin=said.pin, on=moment,
                passphrase=said.passphrase,
            )  # fmt: skip
        else:
            ring = add_key(find_folder(), ring, on=moment, passphrase=said.passphrase)
        details |= {"key": ring.current, "module": bool(said.module), "root": ring.fingerprint}
    return ring


def revoke(
    actor: Actor, kid: str, reasons: str, *, since: datetime | None = None, at: datetime | None = None
) -> Ring:
    """Revoke a key: nothing it signed is good any more (see `issuing.reissue`). The ring without it.

    If it was the one that signs, a new one must be made: lists signed with it are refused from now on.
    """
    find_scheme_person(actor)
    refuse(check_text(reasons, "吊销理由", "Reasons", column="reasons"))
    moment = at or timezone.now()
    with one_at_a_time(actor, "certificate.key-revoked", subject=find_scheme().id) as details, _held():
        passphrase = settings.SCHEME.passphrase
        ring = revoke_key(find_folder(), find_ring(), kid, on=moment, passphrase=passphrase, since=since)
        details |= {"key": kid, "reasons": reasons.strip(), "certificates": count_signed(kid)}
    return ring


def count_signed(kid: str) -> int:
    """How many certificates a key has signed."""
    return Certificate.objects.filter(key=kid).count()


@contextmanager
def _held() -> Iterator[None]:
    """The ring is one file: two processes do not write it at once."""
    with (find_folder() / LOCK).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
