"""What waits for a person as an iCalendar (RFC 5545): one all-day entry for each due day."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta

from icalendar import Calendar, Event, Timezone

from lingtan.errors import Language
from lingtan.version import VERSION
from lingtan_web.notices.rules import Waiting, load_terms

ZONE = "Asia/Shanghai"
REFRESH = timedelta(hours=6)


def build_calendar(
    waiting: Iterable[Waiting], now: datetime, site: str, language: Language = "zh"
) -> bytes:  # fmt: skip
    """The calendar as programs subscribe to it; `site` goes before the links; what has no day is left out."""
    calendar = Calendar()
    calendar.add("prodid", f"-//Lingtan//Lingtan {VERSION}//ZH")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("name", "零碳待办" if language == "zh" else "Lingtan: my work")
    calendar.add("x-wr-calname", "零碳待办" if language == "zh" else "Lingtan: my work")
    calendar.add("x-wr-timezone", ZONE)
    calendar.add("refresh-interval", REFRESH, parameters={"value": "DURATION"})
    calendar.add("x-published-ttl", "PT6H")
    calendar.add_component(Timezone.from_tzid(ZONE))
    for one in waiting:
        if one.due is not None:
            calendar.add_component(_event(one, now, site, language))
    return bytes(calendar.to_ical())


def _event(one: Waiting, now: datetime, site: str, language: Language) -> Event:
    kind = getattr(load_terms().kinds[one.kind], language)
    park = (one.park_en if language == "en" else "") or one.park_zh
    event = Event()
    # the same thing keeps its name when its day moves, so that the entry moves too
    event.add("uid", f"{hashlib.sha256(f'{one.kind}/{one.key}'.encode()).hexdigest()[:32]}@lingtan")
    event.add("dtstamp", now)
    event.add("dtstart", one.due)
    event.add("dtend", one.due + timedelta(days=1) if one.due else None)
    event.add("summary", f"{getattr(one, language)} · {park}" if park else getattr(one, language))
    event.add("description", f"{kind}\n{park}\n{site}{one.link}")
    event.add("url", f"{site}{one.link}")
    event.add("transp", "TRANSPARENT")
    event.add("categories", [kind])
    return event
