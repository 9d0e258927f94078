"""What changed between two editions, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from pydantic import BaseModel

from lingtan.errors import Language
from lingtan.standards.records import Case, Edition

ChangeKind = Literal["added", "removed", "changed", "moved"]


@dataclass(frozen=True, slots=True)
class Change:
    """One difference. `section` is a field of Edition (`edition` for its own fields), `name` what changed
    (code, id or name), `field` what of it; `old` and `new` as text, empty where there is none.
    """

    section: str
    name: str
    kind: ChangeKind
    field: str
    old: str
    new: str
    zh: str
    en: str

    @property
    def key(self) -> str:
        """Section, name and field as one dotted key: `indicators.A1.1.points`."""
        return ".".join(part for part in (self.section, self.name, self.field) if part)


@dataclass(frozen=True, slots=True)
class _Section:
    """A group of records: words for one of them, the field that identifies it, the one people call it by."""

    field: str
    zh: str
    en: str
    key: str
    label: str


_SECTIONS = (
    _Section("levels", "上级指标", "level", "code", "code"),
    _Section("gates", "基本要求", "gate", "id", "id"),
    _Section("indicators", "指标", "indicator", "id", "code"),
    _Section("parameters", "参数", "parameter", "", ""),
    _Section("terms", "计算项", "term", "", ""),
    _Section("awards", "等级", "award", "id", "id"),
    _Section("lifecycle", "有效期与监督", "lifecycle term", "", ""),
)
_GROUPED = frozenset(section.field for section in _SECTIONS)
_NOTHING = {"zh": "（无）", "en": "(none)"}


def diff_editions(old: Edition, new: Edition) -> tuple[Change, ...]:
    """Every difference between two editions, section by section; empty if their content is equal.

    Records are matched by id (indicators too, so that a new code is a change, not another indicator).
    Cases are told as a whole: they say what the other changes mean.
    """
    changes = list(_fields("edition", "", ("版本", "edition"), old, new, skip=_GROUPED))
    for section in _SECTIONS:
        changes.extend(_section(section, getattr(old, section.field), getattr(new, section.field)))
    return tuple(changes)


def render_diff(changes: Sequence[Change], language: Language = "zh") -> str:
    """The changes as lines of text."""
    if not changes:
        return "两个版本内容相同\n" if language == "zh" else "the two editions have the same content\n"
    return "".join(f"{change.zh if language == 'zh' else change.en}\n" for change in changes)


def _section(section: _Section, old: Any, new: Any) -> Iterator[Change]:
    before, after = _by_key(section, old), _by_key(section, new)
    for key, record in before.items():
        if key not in after:
            yield _whole(section, key, record, "removed")
    for key, record in after.items():
        if key not in before:
            yield _whole(section, key, record, "added")
    kept = [key for key in before if key in after]
    if kept != [key for key in after if key in before] and section.key:
        zh, en = f"{section.zh}的次序有变", f"the order of {section.en}s changed"
        yield Change(section.field, "", "moved", "", "", "", zh, en)
    for key in kept:
        called = _label(section, key, after[key])
        words = (f"{section.zh} {called[0]}", f"{section.en} {called[1]}")
        yield from _fields(section.field, called[2], words, before[key], after[key], skip=frozenset())


def _by_key(section: _Section, records: Any) -> dict[str, BaseModel]:
    if isinstance(records, Mapping):
        return dict(sorted(records.items()))
    return {getattr(record, section.key): record for record in records}


def _label(section: _Section, key: str, record: BaseModel) -> tuple[str, str, str]:
    """What people call a record: code and name in Chinese, in English, and the code alone."""
    code = getattr(record, section.label) if section.label else key
    zh, en = getattr(record, "zh", ""), getattr(record, "en", "")
    return f"{code} {zh}".strip(), f"{code} {en}".strip(), code


def _whole(section: _Section, key: str, record: BaseModel, kind: Literal["added", "removed"]) -> Change:
    zh, en, code = _label(section, key, record)
    verb_zh, verb_en = ("新增", "added") if kind == "added" else ("删去", "removed")
    told_zh, told_en = f"{verb_zh}{section.zh} {zh}", f"{section.en} {en} {verb_en}"
    return Change(section.field, code, kind, "", "", "", told_zh, told_en)


def _fields(  # noqa: PLR0913
    section: str,
    name: str,
    called: tuple[str, str],
    old: BaseModel,
    new: BaseModel,
    *,
    skip: frozenset[str],
) -> Iterator[Change]:
    for field, declared in type(new).model_fields.items():
        before, after = getattr(old, field), getattr(new, field)
        if field in skip or field == "sha256" or before == after:
            continue
        title, description = declared.title or field, declared.description or field
        if _is_long(before) or _is_long(after):
            zh, en = f"{called[0]}：{title}有变", f"{called[1]}: {description} changed"
        else:
            zh = f"{called[0]}：{title}由 {_shown(before, 'zh')} 改为 {_shown(after, 'zh')}"
            en = f"{called[1]}: {description} from {_shown(before, 'en')} to {_shown(after, 'en')}"
        yield Change(section, name, "changed", field, _text(before), _text(after), zh, en)


def _is_long(value: Any) -> bool:
    """Whether a value is told as changed only: cases and lists of records."""
    return isinstance(value, tuple) and any(isinstance(below, Case) for below in value)


def _shown(value: Any, language: Language) -> str:
    if value is None or value in ("", ()):
        return _NOTHING[language]
    if isinstance(value, bool):
        return {"zh": "是" if value else "否", "en": "yes" if value else "no"}[language]
    text = _text(value)
    return f"“{text}”" if " " in text and language == "zh" else f"'{text}'" if " " in text else text


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, BaseModel):
        return " ".join(_text(getattr(value, name)) for name in type(value).model_fields)
    if isinstance(value, tuple):
        return "; ".join(_text(below) for below in value)
    return str(value)
