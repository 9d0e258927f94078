"""Signed status lists: what the scheme says of every certificate, dated, and good for some days."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import cache

from django.conf import settings
from django.db.models import Max
from django.utils import timezone

from lingtan.certificate.keyring import open_signer
from lingtan.certificate.lifecycle.rules import state_on
from lingtan.certificate.modules import ModuleSigner
from lingtan.certificate.records import STATES, State
from lingtan.certificate.signers import Signer
from lingtan.certificate.status import CAPACITY, sign_lists
from lingtan.documents import load_shipped
from lingtan_web.audit.services import SYSTEM, Actor
from lingtan_web.certificates.events import load_life
from lingtan_web.certificates.models import Certificate, CertificateEvent, PublishedList
from lingtan_web.certificates.scheme import check_address, find_folder, find_ring, find_scheme
from lingtan_web.certificates.services.acting import one_at_a_time


@cache
def find_freshness() -> timedelta:
    """How long a list is good for, from its moment on."""
    return timedelta(days=int(load_shipped("certificates", "publishing.yaml")["freshness"]["value"]))


def find_signer() -> Signer:
    """The key that signs now: in a file, or in the PKCS#11 module where one is set."""
    said, ring = settings.SCHEME, find_ring()
    if said.module:
        return ModuleSigner.open(said.module, said.token, said.pin, ring)
    return open_signer(find_folder(), ring, passphrase=said.passphrase)


def publish_lists(at: datetime | None = None, actor: Actor = SYSTEM) -> int:
    """Sign and publish every list as things stand at `at` (now); how many certificates they tell of.

    LingtanError where this site cannot sign.
    """
    moment = at or timezone.now()
    with one_at_a_time(actor, "certificate.lists-published") as details:
        told = sum(publish_list(number, moment) for number in range(_count_lists()))
        details |= {"certificates": told, "at": moment.isoformat(timespec="seconds")}
    return told


def publish_list(number: int, at: datetime) -> int:
    """The three lists with one number, to be called within a change; how many certificates they tell of."""
    scheme = find_scheme()
    check_address(scheme)
    moment, fresh = at.replace(microsecond=0), find_freshness()
    states = list(_states(number, timezone.localdate(at)))
    signed = sign_lists(states, number, scheme.address, find_signer(), at=moment, fresh=fresh)
    PublishedList.objects.bulk_create(
        PublishedList(list=number, purpose=purpose, token=token, fresh_until=moment + fresh, at=moment)
        for purpose, token in signed.items()
    )
    return len(states)


def _count_lists() -> int:
    """One at least, so that a check of a certificate that does not exist has a list to look at."""
    last = Certificate.objects.aggregate(last=Max("status_index"))["last"]
    return 1 + (last or 0) // CAPACITY


def _states(number: int, day: date) -> Iterator[State]:
    """The state of every certificate of a list on a day, in the order of their places: two queries."""
    place = {"status_index__gte": number * CAPACITY, "status_index__lt": (number + 1) * CAPACITY}
    rows = Certificate.objects.filter(**place).only("status_index", "valid_from", "valid_until", "terms")
    happened: dict[int, list[CertificateEvent]] = defaultdict(list)
    within = {f"certificate__{name}": value for name, value in place.items()}
    for event in CertificateEvent.objects.filter(**within).order_by("number").iterator():
        happened[event.certificate_id].append(event)
    following = number * CAPACITY
    for row in rows.order_by("status_index").iterator(chunk_size=5000):
        yield from [STATES[0]] * (row.status_index - following)  # places are given without gaps; see issuing
        yield state_on(load_life(row, happened[row.pk]), day)
        following = row.status_index + 1
