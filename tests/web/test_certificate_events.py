"""What happens to a certificate: entered by who may, kept, in the log, told, and published at once."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied
from tests.web.certificate_world import FIRST, at, keep_certificate, keys
from tests.web.conftest import World
from tests.web.review_parts import actor_of

from lingtan.certificate import read_list
from lingtan.errors import LingtanError
from lingtan_web.audit.models import Entry
from lingtan_web.audit.services import SYSTEM
from lingtan_web.certificates import queries
from lingtan_web.certificates.models import Certificate, CertificateEvent, PublishedList
from lingtan_web.certificates.register import Filter, list_register
from lingtan_web.certificates.scheme import find_ring
from lingtan_web.certificates.services import entering
from lingtan_web.certificates.services.publishing import publish_lists
from lingtan_web.notices.models import Notice

__all__ = ["keys"]

DAY = date(2026, 3, 2)


@pytest.fixture
def made(world: World, keys: Path) -> Certificate:
    """A certificate of alpha."""
    return keep_certificate(world.alpha, world.scheme.user)


def published(index: int = 0) -> str:
    """The state of a place in the newest list, as a stranger reads it."""
    row = queries.find_list(0, "message")
    assert row is not None
    return read_list(row.token, find_ring()).state(index)


def codes(caught: pytest.ExceptionInfo[LingtanError]) -> set[str]:
    return {one.code for one in caught.value.faults}


def test_a_case_from_its_ground_to_the_withdrawal(world: World, made: Certificate) -> None:
    scheme, park = actor_of(world.scheme), actor_of(world.park)
    entering.open_case(scheme, made, "false_data", "能耗数据与电网结算单不符", at=at(DAY))
    assert published() == "valid"
    with pytest.raises(LingtanError) as caught:
        entering.decide(scheme, made, 1, "withdraw", "查实", at=at(DAY + timedelta(1)))
    assert codes(caught) == {"certificate.not-heard"}
    entering.hear(park, made, 1, "系抄表差错，已更正", at=at(DAY + timedelta(2)))
    entering.decide(scheme, made, 1, "withdraw", "查实，撤销证书", at=at(DAY + timedelta(3)))
    assert published() == "withdrawn"
    told = queries.find_history(made)
    assert [(one.on, one.zh) for one in told] == [
        (FIRST, "颁发证书"),
        (DAY, "立案：数据造假"),
        (DAY + timedelta(2), "听取园区意见"),
        (DAY + timedelta(3), "作出处理决定：撤销证书"),
    ]
    assert told[3].reasons == "查实，撤销证书"
    (entry,) = Entry.objects.filter(act="certificate.event", details__event="decided")
    assert (entry.subject, entry.actor, entry.park) == (made.number, world.scheme.user, "alpha")
    assert entry.details["state"] == "withdrawn"
    assert CertificateEvent.objects.count() == 3 and PublishedList.objects.count() == 3 * 3


def test_the_park_is_told_and_when_it_may_be_decided(world: World, made: Certificate) -> None:
    entering.open_case(actor_of(world.scheme), made, "incident", "发生较大安全事件", at=at(DAY))
    (notice,) = Notice.objects.filter(kind="certificate", user=world.park.user)
    assert "2026-03-18" in notice.text_zh and notice.link == f"/c/{made.number}"  # 15 days, then the next
    assert not Notice.objects.filter(kind="certificate", user=world.scheme.user)  # who entered it


WHO = ("scheme", "park", "body", "evaluator", "enterprise", "expert", "other_park", "stranger")


@pytest.mark.parametrize(
    ("act", "able"),
    [
        (lambda a, c: entering.open_case(a, c, "incident", "有事件", at=at(DAY)), {"scheme"}),
        (lambda a, c: entering.survey(a, c, at=at(DAY)), {"scheme"}),
        (lambda a, c: entering.extend(a, c, date(2027, 3, 1), "疫情", at=at(DAY)), {"scheme"}),
        (lambda a, c: entering.exit_certificate(a, c, "园区搬迁", at=at(DAY)), {"park"}),
    ],
)
def test_each_by_its_role(world: World, made: Certificate, act: object, able: set[str]) -> None:
    for role in WHO:
        if role in able:
            continue
        with pytest.raises(PermissionDenied):
            act(actor_of(world.someone(role)), made)  # type: ignore[operator]
    assert not CertificateEvent.objects.exists() and not PublishedList.objects.exists()
    for role in able:
        act(actor_of(world.someone(role)), made)  # type: ignore[operator]


def test_the_software_opens_cases_and_does_no_more(made: Certificate) -> None:
    row = entering.open_case(SYSTEM, made, "gate_failed", "最新评价中一项基本要求不满足", at=at(DAY))
    assert row.by is None
    for act in (
        lambda: entering.decide(SYSTEM, made, 1, "dismiss", "误报", at=at(DAY)),
        lambda: entering.survey(SYSTEM, made, at=at(DAY)),
        lambda: entering.hear(SYSTEM, made, 1, "", at=at(DAY)),
    ):
        with pytest.raises(PermissionDenied):
            act()


def test_nothing_is_entered_for_another_day(world: World, made: Certificate) -> None:
    from lingtan.certificate.lifecycle.records import Opened

    for day in (DAY - timedelta(1), DAY + timedelta(1)):
        with pytest.raises(LingtanError) as caught:
            entering.enter_event(
                actor_of(world.scheme), made, Opened(day, 1, "incident"), "有事件", at=at(DAY)
            )
        assert codes(caught) == {"certificate.not-today"}


def test_reasons_are_given(world: World, made: Certificate) -> None:
    with pytest.raises(LingtanError) as caught:
        entering.open_case(actor_of(world.scheme), made, "incident", "  ", at=at(DAY))
    assert codes(caught) == {"review.text-lacking"}


def test_a_successor_is_a_later_one_of_the_same_park(world: World, made: Certificate) -> None:
    scheme = actor_of(world.scheme)
    other = keep_certificate(world.beta, world.scheme.user, 2)
    for by in (made.number, other.number, "LZC-2026-00009-X"):
        with pytest.raises(LingtanError) as caught:
            entering.replace(scheme, made, by, at=at(DAY))
        assert codes(caught) == {"certificate.not-a-successor"}
    later = keep_certificate(world.alpha, world.scheme.user, 3)
    entering.replace(scheme, made, later.number, at=at(DAY))
    assert (published(0), published(2)) == ("superseded", "valid")


def test_somebody_quicker_is_noticed(
    world: World, made: Certificate, monkeypatch: pytest.MonkeyPatch
) -> None:
    life = queries.read_life(made)
    entering.open_case(actor_of(world.scheme), made, "incident", "有事件", at=at(DAY))
    monkeypatch.setattr(entering, "read_life", lambda one: life)
    with pytest.raises(LingtanError) as caught:
        entering.open_case(actor_of(world.scheme), made, "false_data", "不符", at=at(DAY))
    assert codes(caught) == {"certificate.changed-meanwhile"}


def test_the_register_filters_and_does_not_ask_for_each_row(
    world: World, keys: Path, django_assert_num_queries: object
) -> None:
    scheme, park = actor_of(world.scheme), actor_of(world.park)
    rows = [
        keep_certificate(world.alpha if n % 2 else world.beta, world.scheme.user, n, stars=3 + n % 3)
        for n in range(1, 8)
    ]
    entering.exit_certificate(park, rows[0], "园区搬迁", at=at(DAY))
    entering.open_case(scheme, rows[1], "incident", "有事件", at=at(DAY))
    later = DAY + timedelta(16)
    entering.decide(scheme, rows[1], 1, "suspend", "整改", at=at(later))

    def numbers(day: date = later, **wanted: object) -> list[int]:
        found = list_register(Filter(**wanted), day)  # type: ignore[arg-type]
        assert found.total == len(found.lines)
        return [one.certificate.status_index for one in found.lines]

    assert numbers() == [6, 5, 4, 3, 2, 1, 0]
    assert numbers(state="exited") == [0] and numbers(state="suspended") == [1]
    assert numbers(state="valid") == [6, 5, 4, 3, 2]
    assert numbers(day=DAY, state="suspended") == [] and numbers(day=FIRST, state="exited") == []
    assert numbers(park="beta") == [5, 3, 1] and numbers(stars=5) == [4, 1]
    assert numbers(year=2025) == [] and numbers(edition="x") == [] and numbers(text="00004") == [3]
    assert numbers(text="甲园") == [6, 4, 2, 0] and numbers(state="not_yet") == []
    # a year and sixty days after the first day nobody has been surveyed: all that run are suspended
    lapsed = date(2027, 1, 10) + timedelta(60)
    assert numbers(day=lapsed, state="suspended") == [1]
    assert numbers(day=lapsed + timedelta(1), state="suspended") == [6, 5, 4, 3, 2, 1]
    assert numbers(day=date(2029, 1, 10), state="expired") == [6, 5, 4, 3, 2, 1]
    assert numbers(day=date(2029, 1, 9), state="expired") == []
    page = list_register(Filter(), later, page=2, per_page=3)
    assert [one.certificate.status_index for one in page.lines] == [3, 2, 1] and page.pages == 3
    for state, queries_made in ((None, 3), ("valid", 4), ("expired", 2)):  # none expired: no events asked for
        with django_assert_num_queries(queries_made):  # type: ignore[operator]
            list_register(Filter(state=state), later)  # type: ignore[arg-type]


def test_the_calendar(world: World, made: Certificate) -> None:
    entering.open_case(actor_of(world.scheme), made, "incident", "有事件", at=at(DAY))
    certificates = Certificate.objects.all()
    found = queries.find_coming(certificates, date(2026, 1, 1), date(2027, 12, 31))
    assert [(one.date.on.isoformat(), one.date.what) for one in found] == [
        ("2026-03-17", "hearing"),
        ("2027-01-10", "surveillance"),
        ("2027-03-11", "lapse"),
    ]
    assert queries.find_coming(certificates, date(2026, 3, 18), date(2027, 1, 9)) == []


def test_lists_are_good_for_seven_days_and_follow_the_calendar(world: World, made: Certificate) -> None:
    assert publish_lists(at(DAY)) == 1
    row = queries.find_list(0, "message")
    assert row is not None and (row.at, row.fresh_until) == (at(DAY), at(DAY + timedelta(7)))
    found = read_list(row.token, find_ring())
    assert (found.issued_at, found.fresh_until) == (at(DAY), at(DAY + timedelta(7)))
    assert (found.state(0), found.state(1)) == ("valid", "unissued")
    lapsed = date(2027, 1, 10) + timedelta(60)  # nobody surveyed: the last day of grace
    publish_lists(at(lapsed))
    assert published() == "valid"
    publish_lists(at(lapsed + timedelta(1), 0))
    assert published() == "suspended"
    entering.survey(actor_of(world.scheme), made, at=at(lapsed + timedelta(1)))
    assert published() == "valid"
    assert {one.purpose for one in PublishedList.objects.all()} == {"message", "revocation", "suspension"}
    entries = Entry.objects.filter(act="certificate.lists-published")
    assert [one.details["certificates"] for one in entries] == [1, 1, 1]


def test_a_list_is_there_before_the_first_certificate(world: World, keys: Path) -> None:
    assert publish_lists(at(DAY)) == 0
    assert published() == "unissued"


def test_a_place_that_was_not_given_stays_unissued(world: World, keys: Path) -> None:
    keep_certificate(world.alpha, world.scheme.user, 1)
    keep_certificate(world.beta, world.scheme.user, 4)
    publish_lists(at(DAY))
    assert [published(n) for n in range(5)] == ["valid", "unissued", "unissued", "valid", "unissued"]
