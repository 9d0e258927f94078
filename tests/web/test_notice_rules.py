"""Reminders: on the day, around it, long after it, without one; and each of them once."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from lingtan_web.notices.calendar import build_calendar
from lingtan_web.notices.rules import Term, Waiting, find_reminders, find_stage, load_terms

DUE = date(2026, 12, 15)
TERM = Term(zh="任务", en="Task", before=(14, 3, 0), again=7, most=2)
TERMS = {"task": TERM}


def waiting(due: date | None = DUE, **other: object) -> Waiting:
    return Waiting("task", "task/1", "整理证明材料", "Put the evidence in order", "/my-work/", due, "alpha",
                   "甲园区", "Alpha", frozenset([1, 2]), **other)  # fmt: skip


@pytest.mark.parametrize(
    ("days", "stage"),
    [
        (-15, None), (-14, 14), (-13, 14), (-4, 14), (-3, 3), (-1, 3), (0, 0), (1, 0), (6, 0), (7, -7),
        (13, -7), (14, -14), (15, -14), (400, -14),
    ],
)  # fmt: skip
def test_the_stage_that_has_come(days: int, stage: int | None) -> None:
    assert find_stage(TERM, DUE, DUE + timedelta(days=days)) == stage


def test_nothing_is_reminded_of_without_a_due_day() -> None:
    assert not list(find_reminders([waiting(None)], DUE, TERMS))


@pytest.mark.parametrize(
    ("days", "zh", "en"),
    [
        (0, "今天到期，2026-12-15", "due today, 2026-12-15"),
        (-1, "明天到期，2026-12-15", "due tomorrow, 2026-12-15"),
        (-2, "还有 2 天到期，2026-12-15", "due in 2 days, 2026-12-15"),
        (1, "已逾期 1 天，应于 2026-12-15 完成", "1 day late, was due 2026-12-15"),
        (8, "已逾期 8 天，应于 2026-12-15 完成", "8 days late, was due 2026-12-15"),
    ],
)
def test_the_words_say_how_near_it_is(days: int, zh: str, en: str) -> None:
    first, second = find_reminders([waiting()], DUE + timedelta(days=days), TERMS)
    assert (first.to, second.to) == (1, 2)
    assert first.zh == f"整理证明材料（{zh}）"
    assert first.en == f"Put the evidence in order ({en})"


def test_another_day_is_another_reminder() -> None:
    (before, *_), (after, *_) = (
        find_reminders([waiting(due)], due, TERMS) for due in (DUE, DUE + timedelta(1))
    )
    assert before.key != after.key


def test_a_kind_without_terms_is_our_bug() -> None:
    with pytest.raises(KeyError):
        list(find_reminders([Waiting("no-such", "1", "", "", "/", DUE)], DUE, TERMS))


@given(st.sets(st.integers(-40, 60)))
def test_however_often_it_runs_each_reminder_comes_once_and_missed_days_are_made_up_for(
    runs: set[int],
) -> None:
    sent: dict[str, int] = {}
    for days in sorted(runs):
        for one in find_reminders([waiting()], DUE + timedelta(days=days), TERMS):
            if one.to == 1:
                sent.setdefault(one.key, days)
    stages = {find_stage(TERM, DUE, DUE + timedelta(days=days)) for days in runs} - {None}
    assert len(sent) == len(stages) <= 5  # 14, 3, 0 days before, 7 and 14 after


def test_every_kind_has_terms_that_say_what_they_rest_on() -> None:
    terms = load_terms()
    assert terms.basis == "operator-set"
    assert set(terms.kinds) >= {"task", "question", "mandate", "document", "part", "measure", "surveillance"}
    for term in terms.kinds.values():
        assert list(term.before) == sorted(set(term.before), reverse=True) and term.before


NOW = datetime(2026, 12, 1, 1, 2, 3, tzinfo=UTC)


def test_a_calendar_reads_back_as_it_was_written() -> None:
    long = "逐项核对八项基本要求，" * 12 + "包括; 分号, 逗号\\反斜杠"
    one = Waiting("task", "task/9", long, "Check", "/parks/a/", DUE, "a", "甲园区", "")
    body = build_calendar([one, waiting(None)], NOW, "https://example.org")
    read = Calendar.from_ical(body)
    (event,) = read.walk("VEVENT")
    assert event["SUMMARY"] == f"{long} · 甲园区"
    assert event.decoded("DTSTART") == DUE and event.decoded("DTEND") == DUE + timedelta(days=1)
    assert event.decoded("DTSTAMP") == NOW
    assert event["URL"] == "https://example.org/parks/a/"
    assert event["DESCRIPTION"] == "任务\n甲园区\nhttps://example.org/parks/a/"
    assert [zone["TZID"] for zone in read.walk("VTIMEZONE")] == ["Asia/Shanghai"]
    assert read["X-WR-TIMEZONE"] == "Asia/Shanghai" and read["VERSION"] == "2.0"


def test_lines_of_a_calendar_are_folded_by_bytes_and_whole_letters() -> None:
    body = build_calendar([waiting()], NOW, "https://example.org" + "/长" * 80)
    lines = body.split(b"\r\n")
    assert b"\n" not in body.replace(b"\r\n", b"") and lines[-1] == b""
    assert max(map(len, lines)) <= 75
    for line in lines:
        line.decode("utf-8")  # no letter is cut in two


def test_what_a_title_says_cannot_become_a_line_of_the_calendar() -> None:
    hostile = "x\r\nEND:VEVENT\r\nBEGIN:VALARM\nTRIGGER:PT0S"
    body = build_calendar([Waiting("task", "1", hostile, hostile, "/", DUE)], NOW, "")
    read = Calendar.from_ical(body)
    assert len(read.walk("VEVENT")) == 1 and not read.walk("VALARM")


def test_an_entry_keeps_its_name_when_its_day_moves() -> None:
    def uid(due: date) -> str:
        (event,) = Calendar.from_ical(build_calendar([waiting(due)], NOW, "")).walk("VEVENT")
        return str(event["UID"])

    assert uid(DUE) == uid(DUE + timedelta(days=30))
