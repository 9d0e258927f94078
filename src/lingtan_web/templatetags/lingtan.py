"""Words in two languages, numbers and days for people."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from django import template
from django.utils import timezone

from lingtan.errors import Fault, Words
from lingtan.texts import number, visible
from lingtan_web.dossiers.wording import register_label
from lingtan_web.languages import current_language, say
from lingtan_web.roles import KIND_WORDS, ROLE_WORDS, Kind, Role

register = template.Library()


@register.simple_tag
def t(zh: str, en: str, **values: object) -> str:
    """`{% t "中文" "English" %}`; `{name}` in the texts is filled from keywords."""
    text = say(zh, en)
    return text.format(**values) if values else text


@register.filter
def named(thing: object) -> str:
    """The name of a record that has one in each language; English falls back on Chinese."""
    zh, en = getattr(thing, "name_zh", ""), getattr(thing, "name_en", "")
    return visible(str(en if en and current_language() == "en" else zh))


@register.filter
def role_name(role: str) -> str:
    """A role in words."""
    return say(*ROLE_WORDS[Role(role)])


@register.filter
def kind_name(kind: str) -> str:
    """A kind of organisation in words."""
    return say(*KIND_WORDS[Kind(kind)])


@register.filter
def figure(value: object, digits: int = 2) -> str:
    """A number for people (exact decimals come as text); a dash where it is not known."""
    if value is None or value == "":
        return "—"
    try:
        return number(Decimal(str(value)), digits)
    except InvalidOperation:
        return str(value)


@register.filter
def day(value: date | None) -> str:
    """A day as 2026-11-30."""
    if isinstance(value, datetime):
        value = timezone.localtime(value).date()
    return value.isoformat() if value else "—"


@register.filter
def moment(value: datetime | None) -> str:
    """A moment in Shanghai as 2026-11-30 09:05."""
    return timezone.localtime(value).strftime("%Y-%m-%d %H:%M") if value else "—"


@register.filter
def words(fault: Fault) -> Words:
    """What, why and how to mend, in the language of the page."""
    return fault.words(current_language())


@register.filter
def register_title(name: str) -> str:
    """A register by its title; other words as they are."""
    return register_label(name, current_language())
