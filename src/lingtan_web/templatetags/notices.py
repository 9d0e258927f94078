"""How many reminders are unread, and the kinds of what waits."""

from __future__ import annotations

from django import template

from lingtan_web.languages import say
from lingtan_web.notices.queries import count_unread
from lingtan_web.notices.rules import load_terms
from lingtan_web.organisations.models import User

register = template.Library()


@register.simple_tag(takes_context=True)
def unread_notices(context: template.Context) -> int:
    """How many reminders the person of this page has not read: one query, on whole pages only."""
    request = context.get("request")
    user = getattr(request, "user", None)
    if not isinstance(user, User) or getattr(request, "htmx", False):
        return 0
    return count_unread(user)


@register.filter
def waiting_kind(kind: str) -> str:
    """A kind of what waits, in words."""
    term = load_terms().kinds[kind]
    return say(term.zh, term.en)
