"""Years of certificates, played at random: register, newest status list and audit log always agree."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, ClassVar

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from tests.web.certificate_world import FIRST, TERMS, at, facts_of, keys
from tests.web.conftest import World
from tests.web.review_parts import actor_of

from lingtan.certificate import read_list
from lingtan.certificate.lifecycle.records import find_grounds
from lingtan.errors import LingtanError
from lingtan.standards import load_edition
from lingtan_web.audit.models import Entry
from lingtan_web.audit.services import find_broken_entry
from lingtan_web.certificates import queries
from lingtan_web.certificates.events import load_life
from lingtan_web.certificates.models import Certificate, CertificateEvent
from lingtan_web.certificates.register import Filter, list_all, list_register
from lingtan_web.certificates.scheme import find_ring
from lingtan_web.certificates.services import entering, issuing
from lingtan_web.certificates.services.keys import rotate
from lingtan_web.certificates.services.publishing import publish_lists
from lingtan_web.certificates.services.watching import watch_all
from lingtan_web.certificates.words import STANDINGS

__all__ = ["keys"]

PICK = st.integers(0, 5)
GROUNDS = st.sampled_from(sorted(find_grounds()))
HEARING = 15  # days, by the edition


class Years(RuleBasedStateMachine):
    """Two parks over some years; every act is tried on every day, in any order."""

    world: ClassVar[World]

    def __init__(self) -> None:
        super().__init__()
        self.day = FIRST
        self.around = transaction.atomic()
        self.around.__enter__()
        self.scheme, self.park = actor_of(self.world.scheme), actor_of(self.world.park)

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.around.__exit__(None, None, None)

    def attempt(self, act: Callable[[], object]) -> bool:
        """Whether it was done; what was refused has left nothing behind."""
        before = (CertificateEvent.objects.count(), Certificate.objects.count(), Entry.objects.count())
        try:
            act()
        except LingtanError:
            after = (CertificateEvent.objects.count(), Certificate.objects.count(), Entry.objects.count())
            assert after == before
            return False
        return True

    def pick(self, number: int) -> Certificate:
        rows = list(Certificate.objects.select_related("park").order_by("-status_index"))
        return rows[number % len(rows)]

    def order(self, follow: issuing.Follow | None) -> issuing.Order:
        park = self.world.alpha
        facts = facts_of(park, 1, self.day)
        return issuing.Order(park, None, facts, TERMS, load_edition(facts.edition), "0" * 64, follow)

    @initialize()
    def begin(self) -> None:
        issuing._issue(self.scheme, self.order(None), at(self.day))

    @rule(days=st.one_of(st.integers(1, 40), st.integers(150, 400)))
    def time_passes(self, days: int) -> None:
        """The daily job of the day that has come."""
        self.day += timedelta(days)
        watch_all(at(self.day, 0))
        publish_lists(at(self.day, 0))

    @rule(number=PICK)
    def survey(self, number: int) -> None:
        self.attempt(lambda: entering.survey(self.scheme, self.pick(number), at=at(self.day)))

    @rule(number=PICK, days=st.integers(-10, 400))
    def extend(self, number: int, days: int) -> None:
        until = self.day + timedelta(days)
        self.attempt(
            lambda: entering.extend(self.scheme, self.pick(number), until, "给予展期", at=at(self.day))
        )

    @rule(number=PICK, ground=GROUNDS)
    def open(self, number: int, ground: str) -> None:
        self.attempt(
            lambda: entering.open_case(self.scheme, self.pick(number), ground, "查见如上", at=at(self.day))
        )

    @rule(number=PICK, case=st.integers(1, 3))
    def hear(self, number: int, case: int) -> None:
        self.attempt(lambda: entering.hear(self.park, self.pick(number), case, "无异议", at=at(self.day)))

    @rule(number=PICK, case=st.integers(1, 3), outcome=st.sampled_from(["dismiss", "suspend", "withdraw"]))
    def decide(self, number: int, case: int, outcome: Any) -> None:
        self.attempt(
            lambda: entering.decide(self.scheme, self.pick(number), case, outcome, "已查实", at=at(self.day))
        )

    @rule(number=PICK)
    def reinstate(self, number: int) -> None:
        self.attempt(lambda: entering.reinstate(self.scheme, self.pick(number), "整改完成", at=at(self.day)))

    @rule(number=PICK, really=st.integers(0, 3))
    def leave(self, number: int, really: int) -> None:
        if not really:
            self.attempt(
                lambda: entering.exit_certificate(self.park, self.pick(number), "自愿退出", at=at(self.day))
            )

    @rule(number=PICK, case=st.one_of(st.none(), st.integers(1, 3)))
    def replace(self, number: int, case: int | None) -> None:
        """A new certificate in the place of one: certified anew, or by the decision of a case."""
        follow = issuing.Follow(self.pick(number), case, "调整星级")
        self.attempt(lambda: issuing._issue(self.scheme, self.order(follow), at(self.day)))

    @rule(number=PICK)
    def sign_anew(self, number: int) -> None:
        self.attempt(lambda: issuing.reissue(self.scheme, self.pick(number), "运营主体变更", at=at(self.day)))

    @rule()
    def rotate(self) -> None:
        rotate(self.scheme, at=at(self.day))

    @invariant()
    def register_list_and_log_agree(self) -> None:
        rows = list(Certificate.objects.order_by("status_index"))
        if not rows:
            return
        newest = queries.find_list(0, "message")
        assert newest is not None
        published = read_list(newest.token, find_ring())
        register = {one.certificate.pk: one.state for one in list_all(Filter(), self.day)}
        assert len(register) == len(rows)
        for row in rows:
            said = published.state(row.status_index)
            by_days = "expired" if self.day > row.valid_until else said
            assert register[row.pk] == (said if said in ENDED else by_days)
            assert said == self.said_by_log(row)

    def said_by_log(self, row: Certificate) -> str:
        """How the certificate stands by what the audit log alone tells of it."""
        entries = Entry.objects.filter(act="certificate.event", subject=row.number).order_by("number")
        told = [one.details for one in entries]
        lines = [
            SimpleNamespace(
                kind=one["event"], on=date.fromisoformat(one["on"]), data=one["data"], number=one["number"]
            )
            for one in told
        ]
        assert [one.number for one in lines] == [one.number for one in row.events.all()]
        days = {"valid_from": row.valid_from, "valid_until": row.valid_until, "terms": asdict(TERMS)}
        state = queries.stands_on(load_life(SimpleNamespace(**days), lines), min(self.day, row.valid_until))
        return str(state)

    @invariant()
    def every_state_is_found_by_its_filter(self) -> None:
        lines = {one.certificate.pk: one.state for one in list_all(Filter(), self.day)}
        for state in STANDINGS:
            found = list_register(Filter(state=state), self.day)
            expected = {pk for pk, stands in lines.items() if stands == state}
            assert {one.certificate.pk for one in found.lines} == expected and found.total == len(expected)

    @invariant()
    def nothing_is_taken_without_ground_and_hearing(self) -> None:
        for row in CertificateEvent.objects.filter(kind="decided").exclude(data__outcome="dismiss"):
            of_case = CertificateEvent.objects.filter(
                certificate=row.certificate_id, number__lt=row.number, data__case=row.data["case"]
            )
            opened = of_case.get(kind="opened")
            heard = of_case.filter(kind="heard").exists()
            assert opened.data["ground"] in find_grounds() and row.reasons and opened.reasons
            assert heard or row.on > opened.on + timedelta(HEARING)

    @invariant()
    def nothing_is_valid_without_surveillance(self) -> None:
        for line in list_all(Filter(state="valid"), self.day):
            row = line.certificate
            since = [row.valid_from, *(one.on for one in row.events.all() if one.kind == "surveyed")]
            longer = [
                date.fromisoformat(one.data["until"]) for one in row.events.all() if one.kind == "extended"
            ]
            latest = max([max(since) + timedelta(366), *longer])
            assert self.day <= latest + timedelta(TERMS.surveillance_grace)

    @invariant()
    def numbers_have_no_gaps(self) -> None:
        rows = list(Certificate.objects.order_by("status_index").values_list("status_index", "number"))
        assert [index for index, _ in rows] == list(range(len(rows)))
        counts: dict[str, list[int]] = {}
        for _, number in rows:
            counts.setdefault(number[:8], []).append(int(number[9:14]))
        assert all(found == list(range(1, len(found) + 1)) for found in counts.values())


ENDED = ("withdrawn", "exited", "superseded")


@pytest.fixture
def unprinted(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Setting pages takes seconds and is tested elsewhere."""
    monkeypatch.setattr(issuing, "print_certificate", lambda given: b"%PDF-")
    monkeypatch.setattr(issuing, "sign_paper", lambda pdf, signer, **_: pdf)
    yield


def test_years_at_random(world: World, keys: Path, unprinted: None) -> None:
    Years.world = world
    ring = (keys / "ring.json").read_text("utf-8")
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        Years,
        settings=settings(
            max_examples=12, stateful_step_count=25, deadline=None,
            suppress_health_check=list(HealthCheck), print_blob=False,
        ),
    )  # fmt: skip
    (keys / "ring.json").write_text(ring, "utf-8")
    assert find_broken_entry() is None
