"""Topic templates and the meter ids made from what they name.

`park/{park}/meter/{meter}/energy`: `{name}` takes one whole level, `+` takes one without a name,
`#` at the end takes the rest. The id of a meter is a pattern of such names: `{park}-{meter}`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from lingtan_live.limits import RefusalError, limit, shown

_NAME = r"[a-z][a-z0-9_]*"
_LEVEL = re.compile(rf"\{{({_NAME})\}}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Topic:
    """A template, the filter to subscribe to, and how to read the names out of a topic."""

    template: str
    subscription: str
    pattern: re.Pattern[str]

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the template, in order."""
        return tuple(self.pattern.groupindex)

    def match(self, topic: str) -> dict[str, str] | None:
        """The names with their levels, or None if `topic` is not of this template."""
        found = self.pattern.fullmatch(topic)
        return None if found is None else found.groupdict()


def parse_topic(template: str) -> Topic:
    """The template; ValueError with the reason if it is none."""
    levels = template.split("/")
    if not template or template.startswith("$"):
        raise ValueError("empty, or begins with $")
    parts = [_level(level, last=index == len(levels) - 1) for index, level in enumerate(levels)]
    text = "/".join(parts)
    if levels[-1] == "#" and len(levels) > 1:
        text = "/".join(parts[:-1]) + "(?:/.*)?"
    try:
        pattern = re.compile(text, re.DOTALL)
    except re.error as error:
        raise ValueError(str(error)) from None
    return Topic(template, "/".join(_LEVEL.sub("+", level) for level in levels), pattern)


def _level(level: str, *, last: bool) -> str:
    named = _LEVEL.fullmatch(level)
    if named:
        return f"(?P<{named[1]}>[^/]+)"
    if level == "+":
        return "[^/]*"
    if level == "#" and last:
        return ".*"
    if any(sign in level for sign in "{}+#\0"):
        raise ValueError(f"'{level}': a name, + or # takes a whole level, # only the last")
    return re.escape(level)


def check_meter(text: object) -> str:
    """The id of a meter; RefusalError if it is empty, too long or holds signs nobody can see."""
    longest = limit("meter_id_length")
    if isinstance(text, str) and 0 < len(text) <= longest and text.isprintable() and text == text.strip():
        return text
    raise RefusalError("live.meter-id-bad", given=shown(text), limit=longest)


@dataclass(frozen=True, slots=True)
class MeterPattern:
    """How the id of a meter is put together: plain text and names, in turn."""

    parts: tuple[str, ...]
    names: tuple[str, ...]

    def build(self, values: Mapping[str, str]) -> str:
        """The id; RefusalError if it cannot be one."""
        text = self.parts[0]
        for name, part in zip(self.names, self.parts[1:], strict=True):
            text += values[name] + part
        return check_meter(text)


def parse_meter(pattern: str, known: Collection[str]) -> MeterPattern:
    """The pattern; ValueError if it uses a name that is not `known`, or a stray brace."""
    pieces = _LEVEL.split(pattern)
    parts, names = tuple(pieces[::2]), tuple(pieces[1::2])
    if any(sign in part for part in parts for sign in "{}"):
        raise ValueError(f"'{pattern}': a stray brace")
    unknown = [name for name in names if name not in known]
    if unknown:
        raise ValueError(f"'{unknown[0]}' is neither in the topic nor among the fields")
    return MeterPattern(parts, names)
