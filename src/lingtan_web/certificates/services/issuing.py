"""Issuing: from a decision that stands to a certificate that is numbered, signed, printed and published.

All that takes long is done before the transaction, for the number that is next; whoever finds it taken
begins again with the one after. So numbers have no gaps, and nobody waits for a page to be set.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from dataclasses import replace as changed
from datetime import date, datetime

from django.conf import settings
from django.db import IntegrityError
from django.db.models import Max
from django.utils import timezone

from lingtan.certificate import make_number, sign_code, sign_credential, sign_paper
from lingtan.certificate.lifecycle.records import Decided, Event, Extended, Life, Replaced, Surveyed, Terms
from lingtan.certificate.lifecycle.rules import check_event, find_standing
from lingtan.certificate.records import Certificate as Facts
from lingtan.certificate.signers import name_key
from lingtan.certificate.status import place_in_list
from lingtan.errors import LingtanError, fault
from lingtan.reports.printed import Print, print_certificate
from lingtan.standards import load_edition
from lingtan.standards.records import Edition
from lingtan_web.audit.services import Actor
from lingtan_web.certificates.facts import load_facts
from lingtan_web.certificates.granting import check_predecessors, find_grant
from lingtan_web.certificates.models import Certificate
from lingtan_web.certificates.queries import read_life
from lingtan_web.certificates.scheme import check_address, find_ring, find_scheme
from lingtan_web.certificates.services.acting import find_person, one_at_a_time
from lingtan_web.certificates.services.drafting import draft
from lingtan_web.certificates.services.entering import keep_event
from lingtan_web.certificates.services.publishing import find_signer, publish_list
from lingtan_web.certificates.services.telling import tell_issued
from lingtan_web.certificates.stamping import find_stamper
from lingtan_web.organisations.models import User
from lingtan_web.parks.models import Park
from lingtan_web.process.models import Task
from lingtan_web.process.services import move_task
from lingtan_web.process.workflow import UNFINISHED, Act, Standing
from lingtan_web.reviews.models import Submission
from lingtan_web.reviews.services.acting import check_text, refuse
from lingtan_web.roles import Role
from lingtan_web.storage import put

TRIES = 5
STEP = "decision"
"""The step of the process that ends with the certificate (`lingtan_data/process/creation.yaml`)."""


@dataclass(frozen=True, slots=True)
class Follow:
    """The certificate whose place a new one takes; `case` where a decision on it says so."""

    certificate: Certificate
    case: int | None = None
    reasons: str = ""


@dataclass(frozen=True, slots=True)
class Signed:
    """A certificate with its number and everything that is signed."""

    facts: Facts
    credential: str
    code: str
    key: str
    paper: bytes


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be issued, on what, and what is entered with it. `due`: a surveillance day carried over.

    `check` is asked once more when nobody else writes.
    """

    park: Park
    submission: Submission | None
    facts: Facts
    terms: Terms
    edition: Edition
    bundle: str
    follow: Follow | None = None
    due: date | None = None
    check: Callable[[], None] = lambda: None


def issue(
    actor: Actor, submission: Submission, *, follow: Follow | None = None, at: datetime | None = None
) -> Certificate:
    """A certificate of what a review has decided; `follow`: it takes the place of the one before.

    LingtanError: not decided or still appealable, no star, issued already, another one runs and is not
    followed, the case of `follow` may not be decided yet, this site cannot sign.
    """
    find_person(actor, submission.park, Role.SCHEME)
    moment = at or timezone.now()
    day = timezone.localdate(moment)
    grant = find_grant(submission, day)

    def check() -> None:
        refuse(check_predecessors(grant, day, follow.certificate if follow else None))

    check()
    _check_follow(follow, day)
    made = draft(grant, find_ring(), day)
    order = Order(
        submission.park, submission, made.facts, made.terms, made.edition, made.bundle, follow, check=check
    )
    return _issue(actor, order, moment)


def reissue(
    actor: Actor, certificate: Certificate, reasons: str, *, at: datetime | None = None
) -> Certificate:
    """The same facts signed anew, under a new number: another operator or name, or a key that was revoked.

    Last day and next surveillance stay what they were. LingtanError where it has ended, is suspended, or
    has an open case: a new paper settles nothing.
    """
    find_person(actor, certificate.park, Role.SCHEME)
    refuse(check_text(reasons, "公示的理由", "Published reasons", column="reasons"))
    moment = at or timezone.now()
    day, life = timezone.localdate(moment), read_life(certificate)
    standing = find_standing(life)
    if standing.suspended_on or any(not one.decided for one in standing.cases.values()):
        raise LingtanError([fault("certificate.not-free", number=certificate.number)])
    follow = Follow(certificate, reasons=reasons)
    _check_follow(follow, day)
    since = max((one.on for one in life.events if isinstance(one, Surveyed)), default=life.valid_from)
    park = certificate.park
    facts = changed(
        load_facts(certificate), issued_on=day, valid_from=since, park_name=park.name_zh,
        park_name_en=park.name_en,
    )  # fmt: skip
    due = standing.due if any(isinstance(one, Extended) for one in life.events) else None
    edition = load_edition(certificate.edition)
    order = Order(park, certificate.submission, facts, life.terms, edition, certificate.bundle, follow, due)
    return _issue(actor, order, moment)


def _check_follow(follow: Follow | None, day: date) -> None:
    """What is entered of the one before may be entered; its successor has no number yet."""
    if follow is not None:
        refuse(list(check_event(read_life(follow.certificate), _ending(follow, "*")(day))))


def _ending(follow: Follow, number: str) -> Callable[[date], Event]:
    case = follow.case
    if case is None:
        return lambda day: Replaced(day, number)
    return lambda day: Decided(day, case, "supersede", number)


def _issue(actor: Actor, order: Order, at: datetime) -> Certificate:
    check_address(find_scheme())
    for _ in range(TRIES):
        signed = _sign(order, at)
        try:
            with one_at_a_time(
                actor, "certificate.issued", park=order.park, subject=signed.facts.number
            ) as details:
                row = _keep(actor, order, signed, at)
                details |= _describe(order, signed)
            return row
        except IntegrityError:
            continue  # somebody else has taken the number
    raise LingtanError([fault("certificate.changed-meanwhile")])


def _sign(order: Order, at: datetime) -> Signed:
    """Everything for the number that is next."""
    scheme, ring, signer = find_scheme(), find_ring(), find_signer()
    year = timezone.localdate(at).year
    count = Certificate.objects.filter(number__startswith=f"{scheme.prefix}-{year}-").count() + 1
    last = Certificate.objects.aggregate(last=Max("status_index"))["last"]
    facts = changed(
        order.facts, number=make_number(scheme.prefix, year, count),
        status_index=0 if last is None else last + 1, scheme=ring.scheme, scheme_name=ring.name,
        supersedes=order.follow.certificate.number if order.follow else None,
    )  # fmt: skip
    credential = sign_credential(facts, scheme.address, signer)
    code = sign_code(facts, credential, scheme.address, signer)
    printed = print_certificate(
        Print(facts, credential, code, ring.fingerprint, scheme.address, order.edition)
    )
    stamper = find_stamper(settings.SCHEME.stamper)
    paper = sign_paper(printed, signer, reason=f"颁发 {facts.number}", stamper=stamper)
    return Signed(facts, credential, code, name_key(signer.certificate), paper)


def _keep(actor: Actor, order: Order, signed: Signed, at: datetime) -> Certificate:
    facts = signed.facts
    order.check()
    row = Certificate.objects.create(
        number=facts.number, status_index=facts.status_index, park=order.park, submission=order.submission,
        edition=facts.edition, stars=facts.stars, valid_from=facts.valid_from, valid_until=facts.valid_until,
        facts=json.loads(json.dumps(asdict(facts), default=str)), terms=asdict(order.terms),
        credential=signed.credential, code=signed.code, key=signed.key, paper=put(io.BytesIO(signed.paper)),
        bundle=order.bundle, by=User.objects.get(pk=actor.user_id or 0), at=at,
    )  # fmt: skip
    lists = {place_in_list(facts.status_index)[0]}
    if order.follow is not None:
        lists.add(place_in_list(order.follow.certificate.status_index)[0])
        _keep_ending(actor, order.follow, facts.number, at)
    if order.due is not None:
        _keep_due(actor, row, order.due, at)
    for number in sorted(lists):
        publish_list(number, at)
    tell_issued(row)
    if order.submission is not None:
        _finish_task(actor, order.submission)
    return row


def _finish_task(actor: Actor, submission: Submission) -> None:
    """The step of the plan of that year that ends with the certificate is done, if there is one."""
    tasks = Task.objects.filter(plan__park=submission.park, plan__year=submission.year, step=STEP)
    for one in tasks.filter(state__in=UNFINISHED).select_related("plan__park"):
        move_task(actor, task=one, act=Act.FINISH, standings={Standing.OWNER})


def _keep_ending(actor: Actor, follow: Follow, number: str, at: datetime) -> None:
    def make(life: Life, day: date) -> Event:
        return _ending(follow, number)(day)

    keep_event(actor, follow.certificate, make, follow.reasons, at)


def _keep_due(actor: Actor, row: Certificate, due: date, at: datetime) -> None:
    """A surveillance that was given longer is given it still."""

    def make(life: Life, day: date) -> Event:
        return Extended(day, due)

    if find_standing(read_life(row)).due < due:
        keep_event(actor, row, make, "沿用原证书的监督评价期限 as the certificate before", at)


def _describe(order: Order, signed: Signed) -> dict[str, object]:
    facts = signed.facts
    return {
        "certificate": facts.number, "stars": facts.stars, "score": facts.score, "key": signed.key,
        "valid_until": facts.valid_until.isoformat(), "supersedes": facts.supersedes,
        "bundle": facts.bundle_sha256, "submission": order.submission.number if order.submission else None,
    }  # fmt: skip
