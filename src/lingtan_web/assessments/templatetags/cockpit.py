"""Numbers that open, verdicts, stars, texts in two languages."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import ROUND_FLOOR, Decimal, InvalidOperation
from typing import Any

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from lingtan.reports.documents.cover import BASES
from lingtan.reports.documents.labels import Labels
from lingtan.reports.documents.sources import translate
from lingtan.reports.words import Words, glossary
from lingtan.texts import number
from lingtan_web.assessments.addresses import explain_url, fill_url
from lingtan_web.assessments.naming import DatumPlace, find_place, name_short, say_unit
from lingtan_web.languages import current_language, say

register = template.Library()
_MARKS = {True: ("passed", "✓", "通过", "passed"), False: ("failed", "✗", "未通过", "not met"),
          None: ("warned", "?", "无法判定", "not known")}  # fmt: skip


@register.filter
def said(pair: Mapping[str, str] | None) -> str:
    """A text in the language of the page."""
    return str(pair[current_language()]) if pair else ""


@register.filter
def unit(name: str) -> str:
    """A unit behind a number, with the space before it."""
    return say_unit(name, current_language())


@register.filter
def points(value: object) -> str:
    """Points with two digits, rounded down: a miss never looks like a hit."""
    if value in (None, ""):
        return "—"
    return number(Decimal(str(value)).quantize(Decimal("0.01"), rounding=ROUND_FLOOR), 2)


@register.filter
def share(part: object, whole: object) -> str:
    """How much of `whole` a part is, from 0 to 1, for a bar."""
    if part in (None, "") or not whole or not Decimal(str(whole)):
        return "0"
    return f"{min(max(Decimal(str(part)) / Decimal(str(whole)), Decimal(0)), Decimal(1)):.4f}"


@register.simple_tag
def bar(part: object, whole: object) -> SafeString:
    """A bar as long as a part is of the whole; the numbers stand beside it."""
    width = f"{Decimal(share(part, whole)) * 100:.2f}"
    return format_html(
        '<svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="track" width="100" height="8"/><rect class="fill" width="{}" height="8"/></svg>',
        width,
    )


@register.filter
def verdict(passed: bool | None) -> SafeString:
    """✓ passed, ✗ not met, ? not known: a mark and a word."""
    look, mark, zh, en = _MARKS[passed]
    return format_html(
        '<span class="tag {}"><span aria-hidden="true">{} </span>{}</span>', look, mark, say(zh, en)
    )


@register.simple_tag
def stars(given: int | None, most: int) -> SafeString:
    """Stars given, and the empty places up to the most there are."""
    filled = given or 0
    words = say(f"{most} 颗星中得 {filled} 颗", f"{filled} of {most} stars")
    marks = "★" * filled + "☆" * (most - filled)
    return format_html('<span class="stars" role="img" aria-label="{}">{}</span>', words, marks)


@register.filter
def basis(name: str | None) -> str:
    """Standard, inferred, precedent or operator-set, in words."""
    return str(glossary()[BASES[name]][current_language()]) if name in BASES else "—"


@register.filter
def datum(name: str) -> str:
    """A missing datum in words."""
    return str(getattr(name_short(name), current_language()))


@register.filter
def register_name(name: str) -> str:
    """A register of the dossier in words."""
    from lingtan_web.assessments.labels import say_register

    return say_register(name)[current_language()]


@register.simple_tag(takes_context=True)
def trace(context: template.Context, name: str, node: int | None = None) -> str:
    """The address of the trace of a number."""
    opened = context["opened"]
    edition = opened.chosen.edition if opened.chosen.position else ""
    return explain_url(context["park"].slug, opened.calculation.pk, name, edition=edition, node=node)


@register.simple_tag(takes_context=True)
def fill_in(context: template.Context, form: str, name: str = "", cell: tuple[int, str] | None = None) -> str:
    """Where something is filled in."""
    return _fill_in(context, DatumPlace(form, name), cell)  # type: ignore[arg-type]


@register.simple_tag(takes_context=True)
def fill_in_datum(context: template.Context, name: str) -> str:
    """The cell or the field that the datum of that name is filled into."""
    return _fill_in(context, find_place(name))


def _fill_in(context: template.Context, place: DatumPlace, cell: tuple[int, str] | None = None) -> str:
    return fill_url(context["park"].slug, context["opened"].calculation.version.dossier.year, place, cell)


@register.simple_tag(takes_context=True)
def who(context: template.Context, id: str) -> str:
    """An enterprise, the operator, or the park as a whole, as this viewer may know them."""
    return str(context["opened"].covers.name(id))


@register.simple_tag(takes_context=True)
def picture(context: template.Context, name: str) -> dict[str, Any] | None:
    """The words of a chart; None where nothing was to be drawn."""
    return context["opened"].pictures.get(name)  # type: ignore[no-any-return]


@register.filter
def phrase(key: str) -> str:
    """A phrase of the documents."""
    return Words(current_language()).text(key)


@register.filter
def in_language(both: Mapping[str, Any]) -> Any:
    """The part of something told in both languages: the words of a fault."""
    return both[current_language()]


@register.filter
def spoken(pair: Any) -> str:
    """A text in both languages (a record) in that of the page."""
    return str(getattr(pair, current_language())) if pair else ""


@register.filter
def percent(part: object) -> str:
    """A share from 0 to 1 as percent with two digits, rounded down."""
    if part in (None, ""):
        return "—"
    return f"{points(Decimal(str(part)) * 100)} %"


@register.filter
def value(given: object) -> str:
    """A value of the trace with up to ten digits; yes and no in words."""
    if given is None:
        return say("未知", "not known")
    if isinstance(given, bool):
        return say("是", "yes") if given else say("否", "no")
    try:
        return number(Decimal(str(given)), 10)
    except InvalidOperation:
        return str(given)


@register.filter
def clause(text: str) -> str:
    """A source or clause in the language of the page, where we have it."""
    return translate(text, current_language())


_ORIGINS = {
    "cell": ("登记表的单元格", "a cell of a register"),
    "profile": ("园区概况", "the profile of the park"),
    "readings": ("表计读数", "readings of meters"),
    "factor": ("因子", "a factor"),
    "parameter": ("标准或方法的规定值", "a value of the standard or method"),
    "confirmed": ("已确认为零", "confirmed to be nothing"),
    "missing": ("缺少", "missing"),
}
_DETAILS = {
    "source": ("出处", "Source"),
    "year": ("年份", "Year"),
    "region": ("地区", "Region"),
    "because": ("为何取这个值", ""),
    "because_en": ("", "Why this one"),
    "second_hand": ("核对", "Checked"),
    "expected": ("应有读数", "Readings expected"),
    "present": ("实有读数", "Readings present"),
    "suspect_zeros": ("存疑的零", "Doubtful zeros"),
    "first": ("首个读数", "First reading"),
    "last": ("末个读数", "Last reading"),
    "sha256": ("读数指纹", "Fingerprint"),
}


@register.filter
def instant(text: str) -> str:
    """A moment of the trace (ISO, UTC) in the time of the site."""
    try:
        return timezone.localtime(datetime.fromisoformat(text)).strftime("%Y-%m-%d %H:%M")
    except ValueError:
        return text


@register.filter
def region_name(code: str) -> str:
    """The region of a factor in words."""
    return Labels(Words(current_language())).region(code)


@register.filter
def origin_name(kind: str) -> str:
    """What a leaf of the trace rests on, in words."""
    return say(*_ORIGINS.get(kind, (kind, kind)))


@register.filter
def detail_name(key: str) -> str:
    """A detail of an origin in words; empty where it is for the other language."""
    return say(*_DETAILS.get(key, (key, key)))
