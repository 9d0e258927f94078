"""The work queue, reminders, and the calendar."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from lingtan.errors import Language
from lingtan_web.fields import read_id
from lingtan_web.languages import current_language
from lingtan_web.notices import queries, services
from lingtan_web.notices.calendar import build_calendar
from lingtan_web.notices.sources import find_waiting
from lingtan_web.permissions import Request, page

PER_PAGE = 50


@page("GET", scope="signed-in")
def work(request: Request) -> HttpResponse:
    """Everything that waits for the person across all parks, by due day, and unread reminders."""
    today = timezone.localdate()
    waiting = find_waiting(today, request.user)
    found = Paginator(waiting, PER_PAGE).get_page(request.GET.get("page"))
    shown = {
        "page": found,
        "groups": queries.build_groups(list(found.object_list), today),
        "unread": queries.find_unread(request.user),
        "today": today,
    }
    return render(request, "notices/work.html", shown)


@page("POST", scope="signed-in")
def read(request: Request) -> HttpResponse:
    """Mark a reminder as read, or (without a number) all of them."""
    number = read_id(request, "notice")
    services.read_notices(request.actor, user=request.user, numbers=None if number is None else [number])
    return redirect("work")


@page("GET", scope="signed-in")
def channels(request: Request) -> HttpResponse:
    """How the person hears of what is due: letters, calendar."""
    return render(request, "notices/channels.html", {"channel": queries.find_channel(request.user)})


@page("POST", scope="signed-in")
def choose_letters(request: Request) -> HttpResponse:
    """Letters, or none."""
    services.choose_letters(request.actor, user=request.user, wants=request.POST.get("letters") == "yes")
    return redirect("channels")


@page("POST", scope="signed-in")
def make_calendar(request: Request) -> HttpResponse:
    """A calendar address, shown once; the one before stops working."""
    secret = services.make_calendar(request.actor, user=request.user)
    link = request.build_absolute_uri(f"/calendar/{secret}.ics")
    if current_language() == "en":
        link += "?language=en"
    return render(
        request, "notices/channels.html", {"channel": queries.find_channel(request.user), "link": link}
    )


@page("POST", scope="signed-in")
def revoke_calendar(request: Request) -> HttpResponse:
    """The calendar address stops working."""
    services.revoke_calendar(request.actor, user=request.user)
    return redirect("channels")


@page("GET", scope="public")
def calendar(request: Request, secret: str) -> HttpResponse:
    """A person's calendar, for the program that has its address; it shows what they may see now."""
    person = queries.find_calendar_owner(secret)
    if person is None:
        raise Http404
    waiting = find_waiting(timezone.localdate(), person)
    site = request.build_absolute_uri("/").rstrip("/")
    language: Language = "en" if request.GET.get("language") == "en" else "zh"
    body = build_calendar(waiting, timezone.now(), site, language)
    headers = {
        "Cache-Control": "private, no-store", "Content-Disposition": 'inline; filename="lingtan.ics"',
        "Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex",
    }  # fmt: skip
    return HttpResponse(body, content_type="text/calendar; charset=utf-8", headers=headers)
