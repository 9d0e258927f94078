"""Taking pushes: all that can be stored is in the lake when the answer goes out, and twice is once."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet

from lingtan.errors import LingtanError, Place, fault
from lingtan_live.lakes import LakeSink
from lingtan_live.limits import limit
from lingtan_live.push import Push, PushAnswer, parse_push
from lingtan_live.readings import Reading
from lingtan_web.audit.services import Actor, recorded
from lingtan_web.dossiers.models import RegisterRow
from lingtan_web.organisations.models import User
from lingtan_web.parks.access import Access
from lingtan_web.parks.models import Park
from lingtan_web.readings.lakes import folder_of, one_at_a_time
from lingtan_web.readings.models import AnsweredPush
from lingtan_web.roles import Role

if TYPE_CHECKING:
    from lingtan.metering.lake import Receipt


@dataclass(frozen=True, slots=True)
class Sender:
    """Who pushes, for which park, and what they are there."""

    park: Park
    user: User
    access: Access


def find_meters(sender: Sender) -> frozenset[str]:
    """The registered meters one may push for: the operator all, an enterprise its own."""
    rows = RegisterRow.objects.filter(dossier__park=sender.park, register="meters").exclude(ident="")
    if not sender.access.has(Role.PARK):
        rows = rows.filter(enterprise__in=sender.access.enterprise_keys)
    return frozenset(rows.values_list("ident", flat=True))


def take_push(
    actor: Actor, *, sender: Sender, body: bytes, received: datetime, key: str | None = None
) -> dict[str, Any]:
    """Store the readings of a push; what became of it. The same push again gives the same answer.

    `key`: what a header says the key is. LingtanError: the form of the push is wrong; its key is another
    than `key`, or was used for another body; the lake cannot be written now. Then nothing is stored. Bad
    items are told in the answer and the others stored. A process killed at any point leaves the whole push
    in the lake or nothing of it, and the push may be sent again.
    """
    push = parse_push(body, received=received, known=find_meters(sender))
    if push.is_refused:
        raise LingtanError(one for _, one in push.faults)
    if key is not None and key != push.key:
        raise LingtanError([fault("api.key-differs", Place(column="key"))])
    with one_at_a_time(sender.park):
        before = _pushes(sender).filter(key=push.key).first()
        if before is not None:
            return _repeat(before, _hash(body))
        return _take(actor, sender, push, received, _hash(body))


def _hash(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def _pushes(sender: Sender) -> QuerySet[AnsweredPush]:
    return AnsweredPush.objects.filter(park=sender.park, user=sender.user)


def _take(actor: Actor, sender: Sender, push: Push, received: datetime, sha256: str) -> dict[str, Any]:
    """Into the lake first, then the answer with its entry: between the two the push may be sent again."""
    receipt = _store(sender, push.readings, received) if push.readings else None
    answer = _answer(push, receipt)
    counts = {name: answer[name] for name in ("stored", "equal", "conflicts", "blank", "refused")}
    with recorded(actor, "readings.pushed", park=sender.park, subject=push.key, details=counts):
        _forget_old(received)
        AnsweredPush.objects.create(
            park=sender.park, user=sender.user, key=push.key, sha256=sha256, answer=answer, at=received
        )
    return answer


def _repeat(before: AnsweredPush, sha256: str) -> dict[str, Any]:
    if before.sha256 != sha256:
        told = fault("api.key-used-otherwise", Place(column="key"), key=before.key)
        raise LingtanError([told])
    return dict(before.answer)


def _store(sender: Sender, readings: Sequence[Reading], received: datetime) -> Receipt:
    sink = LakeSink(folder_of(sender.park), f"api:{sender.user.pk}", now=lambda: received)
    try:
        return sink.add(readings)
    except ValueError as error:
        raise LingtanError([fault("live.not-stored", reason=error)]) from None
    except OSError as error:
        if isinstance(error.__cause__, LingtanError):
            raise error.__cause__ from None
        raise


def _answer(push: Push, receipt: Receipt | None) -> dict[str, Any]:
    """As the form of pushes has it; of very many faults the first are told and all are counted."""
    new, equal, conflicts = (receipt.new, receipt.equal, receipt.conflicts) if receipt else (0, 0, 0)
    refused = len({index for index, _ in push.faults})
    told = Push(push.key, push.readings, push.faults[: limit("push_faults")], push.blanks)
    return {**PushAnswer(told, new, equal, conflicts).as_dict(), "refused": refused}


def _forget_old(now: datetime) -> None:
    """Keys are kept for `push_days`: nobody sends a push again after that."""
    AnsweredPush.objects.filter(at__lt=now - timedelta(days=limit("push_days"))).delete()
